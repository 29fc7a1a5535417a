"""Training as a textbook writes it: separate biases, new arrays at every step, the mean of the loss at every epoch.

In the manner of lecture note 003, for any number of layers. This is what the engine is measured against.
"""

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def sigmoid_derivative(a):
    return a * (1 - a)


def tanh_derivative(a):
    return 1 - a**2


FUNCTIONS = {"sigmoid": (sigmoid, sigmoid_derivative), "tanh": (np.tanh, tanh_derivative)}


def forward(X, weights, biases, names):
    activations = [X]
    for W, b, name in zip(weights, biases, names, strict=True):
        activations.append(FUNCTIONS[name][0](np.dot(activations[-1], W) + b))
    return activations


def step(X, Y, weights, biases, names, learning_rate):
    activations = forward(X, weights, biases, names)
    da = 2 * (activations[-1] - Y) / Y.size
    updates = []
    for layer in reversed(range(len(weights))):
        dz = da * FUNCTIONS[names[layer]][1](activations[layer + 1])
        updates.append((layer, np.dot(activations[layer].T, dz), np.sum(dz, axis=0, keepdims=True)))
        da = np.dot(dz, weights[layer].T)
    for layer, dW, db in updates:
        weights[layer] -= learning_rate * dW
        biases[layer] -= learning_rate * db
    return activations[-1]


def copies(weights, biases):
    return [W.copy() for W in weights], [b.reshape(1, -1).copy() for b in biases]


def full_batch(X, Y, weights, biases, names, learning_rate, epochs):
    """The mean squared error before each epoch."""
    weights, biases = copies(weights, biases)
    return [np.mean((step(X, Y, weights, biases, names, learning_rate) - Y) ** 2) for _ in range(epochs)]


def mini_batches(X, Y, weights, biases, names, learning_rate, epochs, batch_size, rng, test=None):
    """The mean squared error after each epoch; with a test set (X, Y) a pair of both."""
    weights, biases = copies(weights, biases)
    losses, parts = [], [test] if test else []
    for _ in range(epochs):
        order = rng.permutation(len(X))
        for first in range(0, len(X), batch_size):
            rows = order[first : first + batch_size]
            step(X[rows], Y[rows], weights, biases, names, learning_rate)
        measured = [np.mean((forward(A, weights, biases, names)[-1] - B) ** 2) for A, B in [(X, Y), *parts]]
        losses.append(measured if parts else measured[0])
    return losses


def decision_grid(weights, biases, names, side):
    """The output at side x side points of the square from -1 to 1, float64."""
    x, y = np.meshgrid(np.linspace(-1, 1, side), np.linspace(1, -1, side))
    points = np.column_stack([x.ravel(), y.ravel()])
    return forward(points, weights, biases, names)[-1].reshape(side, side)
