"""The training of a restricted Boltzmann machine and a step by hand as a script that needs NumPy alone."""

import base64
import textwrap
import zlib

import numpy as np

from engine.images import digits
from engine.rbm_by_hand import IMAGES
from engine.rbm_images import BARS, BLACK, HELD_OUT
from engine.rbm_likelihood import MAX_ENUMERATED
from engine.rbm_study import MachineConfig

_BARS = """bits = np.arange(2**{side})[:, None] >> np.arange({side}) & 1
bars = np.repeat(bits[:, None, :], {side}, axis=1)  # whole columns; their transposes are whole rows
images = np.concatenate([bars, bars[1:-1].swapaxes(1, 2)]).reshape(-1, {side} * {side}).astype(float)
held_out = None"""

_DIGITS = '''# 500 digits in black and white, Alpaydin and Kaynak (1998), UCI ML Repository, CC BY 4.0
PACKED = """
{packed}
"""
bits = np.unpackbits(np.frombuffer(zlib.decompress(base64.b64decode(PACKED)), np.uint8)).reshape(500, 64)
held = np.arange(500) % {every} == {every} - 1  # every {every}th is not learnt from
images, held_out = bits[~held].astype(float), bits[held].astype(float)'''

_TEMPLATE = """{imports}import numpy as np

{images}
HIDDEN, K, RATE, EPOCHS, BATCH, SCALE, SEED = {settings}
SAMPLED = {sampled}  # whether the visible layer of a reconstruction is drawn
SHOWN = {shown}  # epochs


def sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


def up(v):  # p(h | v)
    return sigmoid(v @ W + c)


def down(h):  # p(v | h)
    return sigmoid(h @ W.T + b)


def draw(p):
    return (rng.random(p.shape) < p).astype(float)


def free_energy(v):
    return -v @ b - np.logaddexp(0, v @ W + c).sum(axis=1)


def log_z():  # all states of the smaller layer; the other one sums out
    n = min(W.shape)
    states = (np.arange(2**n)[:, None] >> np.arange(n) & 1).astype(float)
    if W.shape[0] <= W.shape[1]:
        return np.logaddexp.reduce(-free_energy(states))
    return np.logaddexp.reduce(states @ c + np.logaddexp(0, states @ W.T + b).sum(axis=1))


def tell(epoch):
    print("epoch", epoch, "reconstruction error", float(((images - down(up(images))) ** 2).mean()), end=" ")
    print("free energy", float(free_energy(images).mean()), end=" ")
    if held_out is not None:
        print("held out", float(free_energy(held_out).mean()), end=" ")
    if min(W.shape) <= {most}:
        log_p, different = -free_energy(images) - log_z(), -free_energy(np.unique(images, axis=0)) - log_z()
        print("log-likelihood", float(log_p.mean()), "probability", float(np.exp(different).sum()), end=" ")
    print()


rng = np.random.default_rng(SEED)
W = SCALE * rng.standard_normal((images.shape[1], HIDDEN))
b, c = np.zeros(images.shape[1]), np.zeros(HIDDEN)
for epoch in range(EPOCHS + 1):
    if epoch > 0:
        order = rng.permutation(len(images))
        for first in range(0, len(images), BATCH):
            v = images[order[first : first + BATCH]]
            v_k, h, h_k = v, up(v), up(v)
            for _ in range(K):
                v_k = down(draw(h_k))
                v_k = draw(v_k) if SAMPLED else v_k
                h_k = up(v_k)
            share = RATE / len(v)
            W = W + share * (v.T @ h - v_k.T @ h_k)
            b, c = b + share * (v - v_k).sum(axis=0), c + share * (h - h_k).sum(axis=0)
    if epoch in SHOWN:
        tell(epoch)

# One step of CD-1 by hand; all biases are 0
W, b, c = np.array({weights}), np.zeros(4), np.zeros(2)
v = np.array([{image}])
h = up(v)
u = np.random.default_rng({hand_seed}).random(h.shape)
v_1 = down((u < h).astype(float))
h_1 = up(v_1)
before, change = -free_energy(v) - log_z(), {hand_rate} * (v.T @ h - v_1.T @ h_1)
for row in change:
    print("change", *map(float, row))
W, b, c = W + change, {hand_rate} * (v - v_1)[0], {hand_rate} * (h - h_1)[0]
print("log p(v)", float(before[0]), "after", float((-free_energy(v) - log_z())[0]))
"""


def machine_script(
    config: MachineConfig, shown: tuple[int, ...], weights, image: str, learning_rate: float, seed: int
) -> str:
    """The training of `config`, then the step of engine.rbm_by_hand.

    Args:
        shown: epochs of which the numbers are printed.
        weights, image, learning_rate, seed: of the step by hand.
    Returns: a script; it prints a line an epoch of `shown`, the four rows of the change, and log p(v) twice.
    """
    on_digits = config.images == "digits"
    return _TEMPLATE.format(
        imports="import base64\nimport zlib\n\n" if on_digits else "",
        images=_packed_digits() if on_digits else _BARS.format(side=BARS[config.images]),
        settings=", ".join(
            repr(value)
            for value in (
                config.n_hidden,
                config.k,
                config.learning_rate,
                config.epochs,
                config.batch_size,
                config.scale,
                config.seed,
            )
        ),
        sampled=config.visible == "samples",
        shown=sorted(set(shown)),
        most=MAX_ENUMERATED,
        weights=np.asarray(weights).tolist(),
        image=list(IMAGES[image]),
        hand_rate=repr(float(learning_rate)),
        hand_seed=seed,
    )


def _packed_digits() -> str:
    bits = np.packbits(digits().X >= BLACK)
    text = base64.b64encode(zlib.compress(bits.tobytes(), 9)).decode()
    return _DIGITS.format(packed=textwrap.fill(text, 100), every=HELD_OUT)
