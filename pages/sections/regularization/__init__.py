"""The lesson on dropout and batch normalization, a module a section."""
