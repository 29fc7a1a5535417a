"""The backpropagation lesson, a module a section."""
