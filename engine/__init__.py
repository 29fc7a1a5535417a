"""The mathematics of neural networks in NumPy: every number the pages show is computed here."""
