"""The same training in PyTorch, eager mode, autograd and torch.optim, float64, one thread."""

import torch

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)


def full_batch(X, Y, weights, biases, epochs, make_optimizer):
    """The mean squared error before each epoch, of a sigmoid network."""
    X, Y = torch.tensor(X), torch.tensor(Y)
    model, criterion = _model(weights, biases, torch.nn.Sigmoid), torch.nn.MSELoss()
    optimizer = make_optimizer(model.parameters())
    losses = []
    for _ in range(epochs):
        optimizer.zero_grad()
        loss = criterion(model(X), Y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def mini_batches(X, Y, X_test, Y_test, weights, biases, epochs, batch_size, rng, make_optimizer):
    """The mean squared errors of a tanh network after each epoch: of the training samples, of the test samples."""
    X, Y, X_test, Y_test = (torch.tensor(array.copy()) for array in (X, Y, X_test, Y_test))
    model, criterion = _model(weights, biases, torch.nn.Tanh), torch.nn.MSELoss()
    optimizer = make_optimizer(model.parameters())
    losses = []
    for _ in range(epochs):
        for rows in torch.tensor(rng.permutation(len(X))).split(batch_size):
            optimizer.zero_grad()
            criterion(model(X[rows]), Y[rows]).backward()
            optimizer.step()
        with torch.no_grad():
            losses.append([criterion(model(X), Y).item(), criterion(model(X_test), Y_test).item()])
    return losses


def _model(weights, biases, activation):
    """Linear layers with these weights (fan_in, fan_out) and biases, each followed by the activation."""
    parts = []
    for W, b in zip(weights, biases, strict=True):
        linear = torch.nn.Linear(*W.shape)
        with torch.no_grad():
            linear.weight.copy_(torch.tensor(W.T.copy()))
            linear.bias.copy_(torch.tensor(b.copy()))
        parts += [linear, activation()]
    return torch.nn.Sequential(*parts)


def sgd(learning_rate):
    return lambda parameters: torch.optim.SGD(parameters, lr=learning_rate)


def adam(learning_rate):
    return lambda parameters: torch.optim.Adam(parameters, lr=learning_rate)


def deep_signal(depth, width, n_samples, bins):
    """The figures of engine.signal.study: a deep tanh network, a random gradient sent back through it."""
    generator = torch.Generator().manual_seed(0)
    a = torch.randn(n_samples, width, generator=generator)
    sums, weights, figures = [], [], []
    for _ in range(depth):
        W = (torch.randn(width, width, generator=generator) * width**-0.5).requires_grad_()
        z = a @ W
        z.retain_grad()
        a = torch.tanh(z)
        weights.append(W)
        sums.append((z, a))
    a.backward(torch.randn(a.shape, generator=generator))
    with torch.no_grad():
        for W, (z, a) in zip(weights, sums, strict=True):
            dead, saturated = (a == 0).all(dim=0).double().mean(), (1 - a**2 <= 0.05).double().mean()
            counts = torch.histc(a, bins, -1.0, 1.0)
            dW = W.grad / n_samples
            numbers = (a.mean(), a.std(), z.std(), dead, saturated, z.grad.std(), dW.norm(), dW.std())
            figures.append(([float(number) for number in numbers], counts.numpy()))
    return figures
