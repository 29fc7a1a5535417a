"""Results of the engine as LaTeX: symbols first, then the same with the numbers in."""
