"""What the sections of the training lab share: the panel of its settings, and the training itself."""
