"""The lesson on weight initialization, a module a section."""
