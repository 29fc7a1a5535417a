"""A sweep of the lab as a script that needs NumPy alone: data, networks and comparison, all seeds side by side."""

import json
from collections.abc import Iterable, Sequence

from engine.activations import Activation
from engine.architecture import Architecture
from engine.export_code import activation_code, imports, loss_code, loss_gradient_code, rows
from engine.export_rules import numpy_rule, schedule_code
from engine.initializers import VarianceScaling
from engine.lab import OWN, SPLIT, LabConfig
from engine.lab_sweep import SUBSET, Block
from engine.layers import BatchNorm, Dropout
from engine.regularization import CLIP_EPSILON
from engine.sweep_reading import SweepResult, is_loss
from engine.training_config import MASKS, ORDER, WEIGHTS, TrainingConfig
from engine.weight_schemes import Constant, Initializer, Normal, Orthogonal, Uniform

# source -> the lines that draw n samples from rng, without their noise: centers and class numbers y
_DRAWN = {
    "gate": """centers = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])[np.arange(n) % 4]
y = (centers[:, 0] != centers[:, 1]).astype(int)""",
    "disc": """r = rng.uniform(np.where(y, 0.0, 3.5), np.where(y, 2.5, 5.0))
centers = around(rng.uniform(0, 2 * np.pi, n), r)""",
    "circles": "centers = around(rng.uniform(0, 2 * np.pi, n), np.array([1.0, 0.5])[y])",
    "moons": """upper = around(rng.uniform(0, np.pi, n), 1.0)
centers = np.where(y[:, None] == 0, upper, [1.0, 0.5] - upper)""",
    "spirals": """t = rng.uniform(0.05, 1.0, n)
centers = around(2 * np.pi * (t + y / CLASSES), t)""",
    "blobs": "centers = around(2 * np.pi * y / CLASSES, 1.0)",
    "coin_flips": """y = rng.permutation(y)
centers = rng.uniform(-1.0, 1.0, (n, 2))""",
}
_PLANE = """X = rng.uniform(-1.0, 1.0, (n, 2))
y = X @ np.array([1.0, -0.5]) + rng.normal(0.0, noise, n)"""
_FEATURES = {
    "x1": "x1", "x2": "x2", "x1_squared": "np.square(x1)", "x2_squared": "np.square(x2)", "product": "x1 * x2",
    "sin_x1": "np.sin(x1)", "sin_x2": "np.sin(x2)",
}  # fmt: skip

_TEMPLATE = """# Compare three digits: rounding can grow in a long training. Far too large a learning rate amplifies it
# so much that such runs agree in size only, from computer to computer too.
{imports}
from math import comb
from types import SimpleNamespace as Values

CLASSES, TASK, EPOCHS = {classes}, {task!r}, {epochs}
SEEDS, DATA_SEEDS = {seeds}, {data_seeds}  # one a run
CASES = {{
{cases}
}}


def around(angle, radius):
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=-1)


def points(n, noise, seed):
{points}
    return X, y


def fed(X):  # what the network is given of a point
    x1, x2 = X[:, 0], X[:, 1]
    return np.stack([{features}], axis=-1)


def targets(y):
    return {targets}


def data(case, seed):
    X, y = points(case["n"], case["noise"], seed)
    rng, testing = np.random.default_rng([seed, {split}]), np.zeros(len(X), dtype=bool)
    groups = y if TASK == "classification" else np.zeros(len(X), dtype=int)
    for group in np.unique(groups) if case["test_share"] else []:  # the test set has the classes in the same shares
        members = np.flatnonzero(groups == group)
        n_test = min(max(round(case["test_share"] * len(members)), 1), len(members) - 1)
        testing[rng.permutation(members)[:n_test]] = True
    train, test = np.flatnonzero(~testing), np.flatnonzero(testing)
    if case["first"]:
        order = np.random.default_rng([seed, {subset}]).permutation(len(train))
        train = train[np.sort(order[: case["first"]])]
    parts = [(fed(X[rows]), targets(y[rows])) for rows in (train, test) if len(rows)]
    if case["standardize"]:
        center, scale = parts[0][0].mean(axis=0), parts[0][0].std(axis=0)
        scale = np.where(scale > 0, scale, 1.0)
        parts = [((X - center) / scale, Y) for X, Y in parts]
    return parts


F = {{  # activation functions: f(z), and its slope from z and a
{activations}
}}
{rotation}DRAW = {{  # first weights
{draws}
}}


def draw_biases(rng, n_in, n_out):
    return {biases}


{rules}


def start(case):
    p, sources = {{}}, [np.random.default_rng([seed, {weights}]) for seed in SEEDS]
    for n, (n_in, n_out) in enumerate(zip(case["sizes"][:-1], case["sizes"][1:]), 1):
        drawn = [(DRAW[case["draw"]](rng, n_in, n_out), draw_biases(rng, n_in, n_out)) for rng in sources]
        p[f"W{{n}}"] = np.array([W for W, b in drawn])
        p[f"b{{n}}"] = np.array([b for W, b in drawn])[:, None]
    for n, steps in enumerate(case["steps"], 1):
        if "norm" in steps:
            shape = len(SEEDS), 1, case["sizes"][n]
            p[f"gamma{{n}}"], p[f"beta{{n}}"] = np.ones(shape), np.zeros(shape)
    return p


def forward(case, p, X, running, masks=None):  # masks: sources of dropout's draws, in training
    a, trace = X, []
    for n, steps in enumerate(case["steps"], 1):
        trace.append(("dense", n, a))
        a = a @ p[f"W{{n}}"] + p[f"b{{n}}"]
        for kind in steps:
            if kind == "norm":
                mean, var = running[n]
                if masks is not None:
                    mean, var = a.mean(axis=1, keepdims=True), a.var(axis=1, keepdims=True)
                    new = mean, a.var(axis=1, keepdims=True, ddof=1)
                    running[n] = [old + {norm_momentum} * (now - old) for old, now in zip(running[n], new)]
                root = np.sqrt(var + {norm_epsilon})
                hat = (a - mean) / root
                trace.append(("norm", n, hat, root))
                a = p[f"gamma{{n}}"] * hat + p[f"beta{{n}}"]
            elif kind == "drop":
                keep = {test_keep}
                if masks is not None:
                    drawn = np.array([rng.random(a.shape[1:]) for rng in masks])
                    keep = (drawn >= case["drop"]) * {train_keep}
                trace.append(("drop", n, keep))
                a = a * keep
            else:
                z, a = a, F[kind][0](a)
                trace.append((kind, n, z, a))
    return a, trace


def backward(p, trace, d):
    g = {{}}
    for kind, n, *kept in reversed(trace):
        if kind == "dense":
            g[f"W{{n}}"], g[f"b{{n}}"] = kept[0].swapaxes(1, 2) @ d, d.sum(axis=1, keepdims=True)
            d = d @ p[f"W{{n}}"].swapaxes(1, 2)
        elif kind == "norm":
            hat, root = kept
            g[f"gamma{{n}}"] = (d * hat).sum(axis=1, keepdims=True)
            g[f"beta{{n}}"] = d.sum(axis=1, keepdims=True)
            d = d * p[f"gamma{{n}}"]
            d = (d - d.mean(axis=1, keepdims=True) - hat * (d * hat).mean(axis=1, keepdims=True)) / root
        elif kind == "drop":
            d = d * kept[0]
        else:
            d = d * F[kind][1](*kept)
    return g


def loss_of(a, Y):
    return {reported}


def score_of(a, Y):
    return {score}


def measured(case, p, parts, running):  # one a seed: training loss and score, test loss and score
    found = []
    for X, Y in parts:
        a, _ = forward(case, p, X, running)
        found += [np.array([f(one, y) for one, y in zip(a, Y)]) for f in (loss_of, score_of)]
    return found


def train(case):
    sets = zip(*(data(case, seed) for seed in DATA_SEEDS))
    parts = [tuple(np.array(arrays) for arrays in zip(*part)) for part in sets]
    (X, Y), everyone = parts[0], np.arange(len(SEEDS))[:, None]
    p = start(case)
    orders, masks = ([np.random.default_rng([seed, of]) for seed in SEEDS] for of in ({order}, {masks}))
    running = {{n: [0.0, 1.0] for n in range(1, len(case["sizes"]))}}
    begin, update = RULES[case["rule"]]
    states, t, n = {{name: begin(case["rate"]) for name in p}}, 0, X.shape[1]
    size, history = min(case["batch"] or n, n), []
    for epoch in range(EPOCHS + 1):
        if epoch:
            order = np.array([rng.permutation(n) if size < n else np.arange(n) for rng in orders])
            for first in range(0, n, size):
                t += 1
                rows = order[:, first : first + size]
                a, trace = forward(case, p, X[everyone, rows], running, masks)
                g = backward(p, trace, np.array([{gradient} for one, y in zip(a, Y[everyone, rows])]))
                rate = case["rate"] * {schedule}
{penalties}                for name in p:
                    update(p[name], g[name], states[name], t, rate)
        history.append(measured(case, p, parts, running))
    return [np.array(curve) for curve in zip(*history)]  # (epochs + 1, seeds) each


def last(curves):  # the last number of each curve, the lowest watched loss, its epoch, and which runs diverged
    losses = np.where(np.isfinite(curves[-2]), curves[-2], np.inf)
    diverged = ~np.isfinite(curves[0]).all(axis=0)
    at = np.full(len(SEEDS), EPOCHS)
    best_epoch = losses.argmin(axis=0)
{patience}    ends = [np.where(diverged, np.nan, curve[at, np.arange(len(SEEDS))]) for curve in curves]
    return ends, losses.min(axis=0), best_epoch, diverged


def quantile(values, q):
    values, place = np.sort(values), q * (len(values) - 1)
    below, above = values[int(np.floor(place))], values[int(np.ceil(place))]
    return float(below if below == above else below + (place - np.floor(place)) * (above - below))


bad = {{}}
with np.errstate(all="ignore"):
    for name, case in CASES.items():
        ends, best, best_epoch, diverged = last(train(case))
        values = {sign}ends[{measure}]
        bad[name] = np.where(np.isnan(values), np.inf, values)  # what has diverged is the worst there is
        low, median, high = (quantile(bad[name], q) for q in (0.25, 0.5, 0.75))
        print(name, "|", {printed}, "best", quantile(best, 0.5), end=" ")
        print("epoch", quantile(best_epoch, 0.5), "reached", int((bad[name] <= {goal}).sum()), end=" ")
        print("diverged", int(diverged.sum()))
reference = {reference!r}
for name in CASES:
    if name != reference:
        better, worse = (bad[reference] < bad[name]).sum(), (bad[reference] > bad[name]).sum()
        better, worse = int(better), int(worse)
        tail = sum(comb(better + worse, k) for k in range(min(better, worse) + 1))
        p = min(1.0, 2 * tail / 2 ** (better + worse))
        print(reference, "against", name, "| better", better, "worse", worse, "p", p)
"""


_ROTATION = """

def rotation(rng, n_in, n_out, gain):
    q, r = np.linalg.qr(rng.normal(size=(max(n_in, n_out), min(n_in, n_out))))
    q = q * np.copysign(gain, np.diagonal(r))
    return q if n_in >= n_out else q.T


"""


def sweep_script(result: SweepResult, labels: Sequence[str], measure: str, goal: float) -> str:
    """A sweep as a script that repeats its numbers.

    Args:      result: of the sweep. labels: what each value is called, all different. measure, goal: as in SweepResult.
    Returns:   a script; for each value it prints "label | median low high best … epoch … reached … diverged …" of the
               measure, and for all but the best one "best against label | better … worse … p …".
    """
    config, base, loss = result.config, result.config.plain, is_loss(measure)
    blocks = [config.block((value,), (0,)) for value in config.values]
    trainings = [block.config(block.values[0], 0).training for block in blocks]
    cases = [_case(block, rate) for block, rate in zip(blocks, result.rates.tolist(), strict=True)]
    kinds = {_called(kind): kind for one in trainings for kind in one.activations}
    offsets = [offset if config.new_data else 0 for offset in config.offsets]
    return _TEMPLATE.format(
        imports="\n".join(imports(kinds.values())),
        classes=base.data.plane.n_classes,
        task=base.data.plane.task,
        epochs=config.epochs,
        seeds=list(config.seeds),
        data_seeds=[base.data.seed + offset for offset in offsets],
        cases="\n".join(f"    {label!r}: {_written(case)}," for label, case in zip(labels, cases, strict=True)),
        points=_indented(_points(base)),
        features=", ".join(_FEATURES[code] for code in base.data.features),
        targets=_targets(base),
        split=SPLIT,
        subset=SUBSET,
        activations="\n".join(_lambdas(kind) for kind in kinds.values()),
        rules=_rules(trainings),
        weights=WEIGHTS,
        order=ORDER,
        masks=MASKS,
        score=_score(base),
        sign="" if loss else "-",
        measure=("train_loss", "train_score", "test_loss", "test_score").index(measure),
        printed="median, low, high" if loss else "-median, -high, -low",
        goal=repr(goal) if loss else repr(-goal),
        reference=labels[result.order(measure)[0]],
        **_draws(trainings),
        **_steps_between(trainings),
        **_learning(base.training),
    )


def _draws(trainings: Sequence[TrainingConfig]) -> dict[str, str]:
    """How first weights and biases are drawn."""
    schemes = dict.fromkeys(one.initializer for one in trainings)
    biases = trainings[0].bias_initializer
    return {
        "draws": "\n".join(f"    {_name(one)!r}: lambda rng, n_in, n_out: {_drawn(one)}," for one in schemes),
        "biases": "np.zeros(n_out)" if biases is None else f"({_drawn(biases)})[0]",
        "rotation": _ROTATION if any(isinstance(one, Orthogonal) for one in (*schemes, biases)) else "",
    }


def _steps_between(trainings: Sequence[TrainingConfig]) -> dict[str, object]:
    """Batch normalization and dropout, as far as all values share them."""
    norm = next((norm for one in trainings for norm in one.architecture.norms if norm), BatchNorm())
    dropout = next((drop for one in trainings for drop in one.architecture.dropouts if drop), Dropout())
    inverted = dropout.kind == "inverted"
    return {
        "norm_momentum": norm.momentum,
        "norm_epsilon": norm.epsilon,
        "test_keep": "1.0" if inverted else '1 - case["drop"]',
        "train_keep": '(1 / (1 - case["drop"]))' if inverted else "1.0",
    }


def _learning(training: TrainingConfig) -> dict[str, str]:
    """Loss, schedule, penalties and early stopping."""
    schedule = training.schedule
    return {
        "reported": loss_code(training.reported_loss, "a", "Y"),
        "gradient": loss_gradient_code(training.loss, "one", "y"),
        "schedule": "1.0" if schedule.code == "constant" else schedule_code(schedule, "(t - 1)"),
        "penalties": _penalties(training),
        "patience": _patience(training),
    }


def _case(block: Block, rate: float) -> dict:
    """What the run of a block's value needs, as the script's cases hold it."""
    value = block.values[0]
    config = block.config(value, 0)
    of, data = config.training, config.data
    return {
        "n": len(data.plane) if data.source == OWN else data.n_samples,
        "noise": data.noise,
        "test_share": data.test_share,
        "first": value if block.setting == "samples" else 0,
        "standardize": of.standardize,
        "sizes": of.sizes,
        "steps": [_steps(of.architecture, layer) for layer in range(of.architecture.n_layers)],
        "drop": next((drop.drop_rate for drop in of.architecture.dropouts if drop), 0.0),
        "draw": _name(of.initializer),
        "rule": of.optimizer.code,
        "rate": rate,
        "batch": of.batch_size or 0,
        "l1": of.l1,
        "l2": of.l2,
    }


def _written(case: dict) -> str:
    return json.dumps(case).replace("true", "True").replace("false", "False")


def _steps(of: Architecture, layer: int) -> list[str]:
    kinds = {BatchNorm: "norm", Dropout: "drop"}
    return [kinds.get(type(part)) or _called(part) for part in of.between(layer)]


def _called(kind: Activation) -> str:
    """An activation function's name, with its own numbers where it has some: layers may differ in them."""
    return " ".join([kind.name, *(f"{name}={value!r}" for name, value in kind.parameters.items())])


def _points(base: LabConfig) -> str:
    data = base.data
    if data.source == OWN:
        kind = "int" if data.plane.task == "classification" else "float"
        return f"table = np.array({rows(data.own)})\nX, y = table[:, :2], table[:, 2].astype({kind})"
    if data.source == "plane":
        return f"rng = np.random.default_rng(seed)\n{_PLANE}"
    first = f"rng, y = np.random.default_rng(seed), np.arange(n) % {data.plane.n_classes}"
    return "\n".join([first, _DRAWN[data.source], "X = centers + rng.normal(0.0, noise, centers.shape)"])


def _targets(base: LabConfig) -> str:
    if base.data.plane.task == "regression":
        return "y[:, None]"
    return "np.eye(CLASSES)[y]" if base.data.plane.n_classes > 2 else f"np.array({list(base.coding)})[y][:, None]"


def _score(base: LabConfig) -> str:
    if base.data.plane.task == "regression":
        return "1 - np.sum((a - Y) ** 2) / np.sum((Y - Y.mean()) ** 2)"
    if base.data.plane.n_classes > 2:
        return "np.mean(a.argmax(axis=1) == Y.argmax(axis=1))"
    middle = sum(base.coding) / 2
    border = 0.0 if base.training.reported_loss.takes_logits else middle
    return f"np.mean((a > {border}) == (Y > {middle}))"


def _lambdas(kind: Activation) -> str:
    f, slope = activation_code(kind, "z", "a")
    return f"    {_called(kind)!r}: (lambda z: {f}, lambda z, a: {slope}),"


def _name(scheme: Initializer) -> str:
    return f"{type(scheme).__name__}{tuple(vars(scheme).values())}"


def _drawn(scheme: Initializer) -> str:
    """One draw of (n_in, n_out) weights as code."""
    shape = "(n_in, n_out)"
    if isinstance(scheme, Constant):
        return f"np.full({shape}, {scheme.value!r})"
    if isinstance(scheme, Normal):
        return f"rng.normal(0.0, {scheme.sigma!r}, {shape})"
    if isinstance(scheme, Uniform):
        return f"rng.uniform(-{scheme.bound!r}, {scheme.bound!r}, {shape})"
    if isinstance(scheme, Orthogonal):
        return f"rotation(rng, n_in, n_out, {scheme.gain!r})"
    assert isinstance(scheme, VarianceScaling)
    n = {"fan_in": "n_in", "fan_out": "n_out", "fan_avg": "((n_in + n_out) / 2)"}[scheme.mode]
    std = f"np.sqrt({scheme.scale!r} / {n})"
    if scheme.distribution == "normal":
        return f"rng.normal(0.0, {std}, {shape})"
    return f"rng.uniform(-np.sqrt(3) * {std}, np.sqrt(3) * {std}, {shape})"


def _rules(trainings: Iterable[TrainingConfig]) -> str:
    """A function a rule, and RULES: code -> what a state begins with, and the rule."""
    parts, table = [], ["RULES = {"]
    for rule in {one.optimizer.code: one.optimizer for one in trainings}.values():
        state, lines = numpy_rule(rule)
        parts += [f"def {rule.code}(p, g, s, t, rate):", *(f"    {line}" for line in lines), "", ""]
        begin = ", ".join(f"{name}={value}" for name, value in state.items())
        table.append(f'    "{rule.code}": (lambda rate: Values({begin}), {rule.code}),')
    return "\n".join([*parts, *table, "}"])


def _penalties(training: TrainingConfig) -> str:
    lines = [
        "for name in g:",
        '    if name[0] == "W" and (case["l1"] or case["l2"]):',
        '        g[name] = g[name] + case["l2"] * p[name] + case["l1"] * np.sign(p[name])',
    ]
    if training.clip_norm is not None:
        lines += [
            "norm = np.sqrt(sum(np.sum(one**2, axis=(1, 2), keepdims=True) for one in g.values()))",
            f"shrink = np.minimum(1.0, {training.clip_norm!r} / (norm + {CLIP_EPSILON}))",
            "g = {name: one * shrink for name, one in g.items()}",
        ]
    return "".join(f"{' ' * 16}{line}\n" for line in lines)


def _patience(training: TrainingConfig) -> str:
    """Early stopping: runs do not touch each other, so that it can be told from the losses afterwards."""
    if training.patience is None:
        return ""
    lines = [
        "for run in range(len(SEEDS)):",
        "    best, epoch = np.inf, 0",
        "    for now, value in enumerate(losses[:, run]):",
        "        if value < best:",
        "            best, epoch = value, now",
        f"        elif now - epoch >= {training.patience}:",
        "            at[run] = best_epoch[run] = epoch",
        "            losses[now + 1 :, run] = np.inf",
        "            break",
    ]
    return _indented("\n".join(lines)) + "\n"


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())
