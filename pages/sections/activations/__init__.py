"""The lesson on activation functions, a module a section."""
