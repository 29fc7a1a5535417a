"""Two runs of the lab as one script: the one after the other, and how far apart their parameters end."""

from engine.export_training import training_script
from engine.lab import LabConfig


def pair_script(first: LabConfig, second: LabConfig) -> str:
    """Both trainings as a NumPy script, A and then B; see engine.export_training.

    Returns: a script; after each run it prints "A at the end: training-loss test-loss", and at last the distance of the
        two parameter vectors, where both networks have as many.
    """
    lines = []
    for name, config in (("A", first), ("B", second)):
        script = training_script(config.training, *config.parts, start=config.first)
        lines += [f"# run {name} " + "-" * 100, f'print("run {name}")', script, *_end(name, config)]
    if first.training.architecture.n_parameters == second.training.architecture.n_parameters:
        lines += ["", 'print("distance of the parameters", repr(float(np.sqrt(np.sum((theta_A - theta_B) ** 2)))))']
    return "\n".join(lines) + "\n"


def _end(name: str, config: LabConfig) -> list[str]:
    answer = f"a{config.training.architecture.n_layers}"
    losses = [f"loss(forward(X, False).{answer}, Y)"]
    if config.data.test_share:
        losses.append(f"loss(forward(X_test, False).{answer}, Y_test)")
    shown = ", ".join(f"repr(float({one}))" for one in losses)
    return [
        f'print("{name} at the end:", {shown})',
        f"theta_{name} = np.concatenate([value.ravel() for value in vars(p).values()])",
        "",
    ]
