"""The lesson on the perceptron and logic gates, a module a section."""
