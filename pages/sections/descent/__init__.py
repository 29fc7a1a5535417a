"""The gradient descent lesson, a module a section."""
