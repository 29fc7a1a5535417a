"""A training as a NumPy script that says in which update the first number is not finite."""

from engine.export_training import training_script
from engine.lab import LabConfig

STEP = "    g = vars(backward(forward(X[rows], True), Y[rows]))"
WATCHED_STEP = """\
    v = forward(X[rows], True)
    g = vars(backward(v, Y[rows]))
    watch("z or a", *vars(v).values())
    watch("loss", loss(v.a{last}, Y[rows]))
    watch("gradient", *g.values())"""
UPDATE = "        update(vars(p)[name], g[name], state[name], rate)"
WATCHED_UPDATE = UPDATE + '\n    watch("parameter", *vars(p).values())'
WATCH = """
np.seterr(all="ignore")  # overflow is what is looked for
gone = False


def watch(what, *arrays):
    global gone
    if not gone and not all(np.isfinite(array).all() for array in arrays):
        gone = True
        print("update", t, "first not finite:", what)


def step(rows):"""


def blow_up_script(config: LabConfig) -> str:
    """The script of engine.export_training, which besides prints "update 130 first not finite: loss" where it happens.

    Args: config: of a single run.
    """
    script = training_script(config.training, *config.parts, start=config.first)
    last = str(config.training.architecture.n_layers)
    changes = [(STEP, WATCHED_STEP), (UPDATE, WATCHED_UPDATE), ("\ndef step(rows):", WATCH)]
    for line, instead in changes:
        script = script.replace(line.replace("{last}", last), instead.replace("{last}", last), 1)
    return script
