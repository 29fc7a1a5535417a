"""The sections of the lesson on the perceptron."""
