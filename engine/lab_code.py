"""A configuration of the lab as a short text for links: the preset that it comes from, and what differs from it.

    classic~optimizer-sgd~.learning_rate-0.3~epochs-100

A part is a name, a hyphen and a value; one that begins with a point belongs to the part before it. All signs are such
that a link need not escape them.
"""

import re
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from urllib.parse import quote, unquote

from engine.activations import ACTIVATIONS
from engine.errors import InputError, one_of, whole
from engine.initializers import VarianceScaling
from engine.lab import LabConfig, LabData
from engine.lab_presets import FRAMES, PRESETS
from engine.layers import BatchNorm, Dropout
from engine.losses import LOSSES
from engine.optimizers import OPTIMIZERS
from engine.schedules import SCHEDULES, Schedule
from engine.training_config import TrainingConfig, evenly
from engine.weight_schemes import Constant, Normal, Orthogonal, Uniform

MAX_LENGTH = 200_000
PART, VALUE, LISTED, BETWEEN = "~", "-", ".", "_"  # between parts; before a value; between codes; between numbers
NONE, EVEN = "none", "even"
NUMBER = re.compile(r"-?\d{1,20}(\.\d{1,30})?(e-?\d{1,3})?", re.ASCII)

SCHEMES = {
    "normal": Normal,
    "uniform": Uniform,
    "constant": Constant,
    "orthogonal": Orthogonal,
    "variance_scaling": VarianceScaling,
}
# What a part can hold, by the name of its field.
KINDS = {
    "activations": ACTIVATIONS,
    "loss": LOSSES,
    "reported": LOSSES,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
    "initializer": SCHEMES,
    "bias_initializer": SCHEMES,
    "batch_norm": {"batch_norm": BatchNorm},
    "dropout": {"dropout": Dropout},
}
DATA = ("source", "n_samples", "noise", "seed", "test_share", "n_classes", "features", "own", "task", "classes")
TRAINING = (
    *("sizes", "activations", "loss", "reported", "optimizer", "schedule", "epochs", "batch_size", "initializer"),
    *("bias_initializer", "batch_norm", "dropout", "l1", "l2", "clip_norm", "patience", "standardize", "snapshots"),
    "seeds",
)
NAMES = (*DATA, *TRAINING, "start")
WORDS = ("source", "task")
CODES = ("features", "classes")
LISTS = {"sizes": int, "own": float, "start": float, "snapshots": int}
WHOLE = ("n_samples", "seed", "n_classes", "epochs", "batch_size", "patience", "seeds")
SWITCHES = ("standardize",)
SEVERAL = ("activations", "batch_norm", "dropout")  # one a layer
OPTIONAL = ("batch_size", "clip_norm", "patience", "reported", "bias_initializer", "batch_norm", "dropout")

Part = dict[str, str]  # of one field: "" -> its value; ".learning_rate" -> what belongs to it


def encode(config: LabConfig, base: str) -> str:
    """The text of a configuration; `decode` gives the same configuration back.

    Args:    config: of one run. base: key of PRESETS; the nearer it is, the shorter is the text.
    Raises:  InputError: unknown_name; wrong_shape: a stack of runs.
    """
    ours, theirs = _written(config), _written(PRESETS[one_of("preset", base, PRESETS)])
    parts = [
        f"{name if not inner else ''}{inner}{VALUE}{text}"
        for name in NAMES
        if ours[name] != theirs[name]
        for inner, text in ours[name].items()
    ]
    return PART.join([base, *parts])


def decode(text: str) -> LabConfig:
    """The configuration of a text of `encode`.

    Raises: InputError: unknown_name, not_a_number, out_of_range, …: whatever is not such a text, or not a configuration
        that the lab takes.
    """
    whole("length of the text", len(text), 1, MAX_LENGTH)
    base, *parts = text.split(PART)
    found = _written(PRESETS[one_of("preset", base, PRESETS)])
    name, given = "", set()
    for part in parts:
        key, _, value = part.partition(VALUE)
        if not key.startswith(LISTED):
            name = one_of("setting", key, [one for one in NAMES if one not in given])
            given.add(name)
            found[name] = {"": value}
        elif not name or key in found[name]:
            raise InputError("unknown_name", "setting", key, "")
        else:
            found[name][key] = value
    return _read_all(found)


# writing ------------------------------------------------------------------------------------------------------


def _written(config: LabConfig) -> dict[str, Part]:
    """Each field of a configuration as its part."""
    training = config.training
    if isinstance(training.seeds, tuple) or isinstance(training.initializer, tuple) or training.learning_rates:
        raise InputError("wrong_shape", "runs", (training.runs,), "()")
    values = {name: getattr(config.data, name) for name in DATA} | {name: getattr(training, name) for name in TRAINING}
    parts = {name: _part(name, value) for name, value in (values | {"start": config.start}).items()}
    if training.snapshots == _even(training.epochs):
        parts["snapshots"] = {"": EVEN}
    return parts


def _even(epochs: int) -> tuple[int, ...]:
    """The frames of a run as the presets take them."""
    return evenly(epochs, min(FRAMES, epochs + 1)) if epochs else (0,)


def _part(name: str, value) -> Part:
    if value is None or (value == () and name not in SEVERAL):
        return {"": NONE}
    if name in KINDS:
        return _listed(KINDS[name], value) if isinstance(value, tuple) else _object(KINDS[name], value)
    if name in CODES:
        return {"": LISTED.join(map(_escaped, value))}
    if name in LISTS:
        flat = [entry for row in value for entry in row] if name == "own" else value
        return {"": BETWEEN.join(_number(LISTS[name](entry)) for entry in flat)}
    return {"": value if name in WORDS else _number(value)}


def _listed(kinds: Mapping[str, type], values: tuple) -> Part:
    """Several objects: their codes, and after the place of one its own settings."""
    parts = [{"": NONE} if value is None else _object(kinds, value) for value in values]
    found = {"": LISTED.join(part[""] for part in parts) + (LISTED if len(parts) == 1 else "")}
    for place, part in enumerate(parts):
        found |= {f"{LISTED}{place}{inner}": text for inner, text in part.items() if inner}
    return found


def _object(kinds: Mapping[str, type], value) -> Part:
    """One object: its code, and its settings where they are not the defaults."""
    found = {"": next(code for code, kind in kinds.items() if type(value) is kind)}
    for field in fields(value):
        setting = getattr(value, field.name)
        if setting == _default(field):
            continue
        if isinstance(setting, Schedule):
            found |= {f"{LISTED}{field.name}{inner}": text for inner, text in _object(SCHEDULES, setting).items()}
        else:
            found[f"{LISTED}{field.name}"] = setting if isinstance(setting, str) else _number(setting)
    return found


def _default(field: Field):
    return field.default if field.default is not MISSING else field.default_factory()


def _number(value) -> str:
    """The shortest text that reads back to the same number."""
    return repr(int(value) if isinstance(value, bool) else value).removesuffix(".0").replace("e+", "e")


def _escaped(word: str) -> str:
    """A learner's own word without the signs that mean something here."""
    if word in ("", NONE):
        return "%" + word  # which no other word becomes
    return quote(word, safe="").replace(VALUE, "%2D").replace(LISTED, "%2E").replace(PART, "%7E")


# reading ------------------------------------------------------------------------------------------------------


def _read_all(parts: Mapping[str, Part]) -> LabConfig:
    epochs = _read("epochs", parts["epochs"])
    even = parts["snapshots"] == {"": EVEN}
    values = {name: _read(name, parts[name]) for name in NAMES if not (even and name == "snapshots")}
    if even:
        whole("epochs", epochs, 0, 100_000)
        values["snapshots"] = _even(epochs)
    data = LabData(**{name: values[name] for name in DATA})
    return LabConfig(data, TrainingConfig(**{name: values[name] for name in TRAINING}), values["start"])


def _read(name: str, part: Part):
    """The value of a field."""
    text, inner = part[""], {key: value for key, value in part.items() if key}
    if name in KINDS:
        return _read_kind(name, text, inner)
    if inner:
        raise InputError("unknown_name", "setting", f"{name}{next(iter(inner))}", "")
    if text == NONE and (name in LISTS or name in CODES):
        return ()
    if text == NONE and name in OPTIONAL:
        return None
    if name in WORDS:
        return text
    if name in CODES:
        return tuple(word[1:] if word in ("%", "%" + NONE) else unquote(word) for word in text.split(LISTED))
    if name in LISTS:
        return _read_list(name, text)
    if name in SWITCHES:
        return _switch(name, text)
    return _read_number(name, text, int if name in WHOLE else float)


def _read_list(name: str, text: str) -> tuple:
    flat = tuple(_read_number(name, word, LISTS[name]) for word in text.split(BETWEEN))
    if name != "own":
        return flat
    if len(flat) % 3:
        raise InputError("wrong_shape", "own", (len(flat),), "(3 · n,)")
    return tuple(zip(flat[::3], flat[1::3], flat[2::3], strict=True))


def _read_kind(name: str, text: str, inner: Part):
    """One object, several, or none."""

    def one(code: str, own: Part):
        return None if code == NONE and not own and name in OPTIONAL else _read_object(name, KINDS[name], code, own)

    if name not in SEVERAL or (text and LISTED not in text and name in OPTIONAL):
        return one(text, inner)
    if not text and not inner:
        return ()
    codes, values = text.removesuffix(LISTED).split(LISTED), []
    for place, code in enumerate(codes):
        front = f"{LISTED}{place}{LISTED}"
        own = {key[len(front) - 1 :]: inner.pop(key) for key in list(inner) if key.startswith(front)}
        values.append(one(code, own))
    if inner:
        raise InputError("unknown_name", "setting", f"{name}{next(iter(inner))}", "")
    return tuple(values)


def _read_object(name: str, kinds: Mapping[str, type], code: str, inner: Part):
    kind, settings = kinds[one_of(name, code, kinds)], {}
    for field in fields(kind):
        front, default = f"{LISTED}{field.name}", _default(field)
        own = {key[len(front) :]: inner.pop(key) for key in list(inner) if f"{key}{LISTED}".startswith(front + LISTED)}
        if own and isinstance(default, Schedule):
            settings[field.name] = _read_object(name, SCHEDULES, own.pop("", ""), own)
        elif own:
            settings[field.name] = _setting(front, default, own.pop("", ""))
            inner |= {front + key: value for key, value in own.items()}
    if inner:
        raise InputError("unknown_name", "setting", f"{name}{next(iter(inner))}", "")
    return kind(**settings)


def _setting(name: str, default, text: str):
    """A value of the default's type."""
    if isinstance(default, bool):
        return _switch(name, text)
    return text if isinstance(default, str) else _read_number(name, text, type(default))


def _switch(name: str, text: str) -> bool:
    return one_of(name, text, ("0", "1")) == "1"


def _read_number(name: str, text: str, kind: type) -> float | int:
    """A number as `_number` writes it; a float too large to be one is infinite, which its owner refuses."""
    if not NUMBER.fullmatch(text) or (kind is int and not text.removeprefix("-").isdigit()):
        raise InputError("not_a_number", name, text)
    return kind(text)
