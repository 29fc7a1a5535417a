"""The lesson in which everything comes together, a module a section."""
