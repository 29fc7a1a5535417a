"""The heaviest that a learner can ask of each section, by its controls or by its link:

    python -m tests.benchmarks.ceilings [section ...]

Each row is one setting in a process of its own, where the libraries are loaded and nothing is kept: the processor's
seconds of one run of the screen, how far the memory rose meanwhile, what of it is still held when the visitor has
gone (the caches, and what the allocator does not give back), and the bytes that go to the browser. "click": after
"Compute now". A setting that the screen refuses, or for which it asks, says so.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as app.py does

import argparse
import gc
import logging
import multiprocessing
import time
from dataclasses import astuple, dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
MEGABYTE = 1e6

DEEP = "-".join(["32"] * 12)
LAB = {"training_preset": "blobs", "training_classes": "10", "training_samples": "2000", "training_units": DEEP}
ALL_INPUTS = "x1.x2.x1_squared.x2_squared.product.sin_x1.sin_x2"
RULES = "sgd.momentum.nesterov.adagrad.adadelta.rmsprop.adam.adamw.adamax.nadam.rprop.asgd"
FUNCTIONS = (
    "step.linear.sigmoid.tanh.arctan.softsign.gaussian_sigmoid.hard_sigmoid.relu.leaky_relu."
    "elu.selu.softplus.swish.gelu.gelu_tanh.mish.hard_swish"
)
LONGEST = "+".join(f"{one}*{one}" for one in ("a", "b", "c", "d", "e", "g", "h", "k")) + "+tanh(a*b*c*d)+exp(g-h)*k"

# section -> its settings as the parameters of the link
SETTINGS: dict[str, tuple[dict[str, str], ...]] = {
    "decide": ({"perceptron_decide_gate": "xor"},),
    "learn": ({"perceptron_learn_gate": "xor", "perceptron_learn_cap": "2000", "perceptron_learn_all": "1"},),
    "xor": (
        {"perceptron_xor_run": "many", "perceptron_xor_updates": "1000"},
        {"perceptron_xor_run": "mse", "perceptron_xor_updates": "20000"},
        {"perceptron_xor_view": "wall"},
    ),
    "three": ({"perceptron_three_preset": "note"},),
    "trained": (
        {"perceptron_trained_network": "deeper", "perceptron_trained_updates": "10001"},
        {"perceptron_trained_network": "three", "perceptron_trained_runs": "1"},
    ),
    "bend": ({"perceptron_bend_depth": "6", "perceptron_bend_width": "4"},),
    "gallery": ({"activations_gallery_preset": "all", "activations_gallery_range": "10"},),
    "lens": ({"activations_lens_function": "mish", "activations_lens_zoom": "10"},),
    "vanish": (
        {
            "activations_vanish_depth": "50",
            "activations_vanish_width": "128",
            "activations_vanish_functions": "gelu.gelu_tanh.mish.elu.selu",
        },
    ),
    "dead": (
        {"activations_dead_hidden": "6", "activations_dead_width": "12"},
        {"activations_dead_hidden": "6", "activations_dead_width": "12", "activations_dead_doses": "1"},
        {"activations_dead_hidden": "3", "activations_dead_width": "24", "activations_dead_doses": "1"},
    ),
    "cost": ({"activations_cost_functions": FUNCTIONS, "activations_cost_values": "1000000"},),
    "softmax": ({"activations_softmax_logits": "three", "activations_softmax_classes": "6"},),
    "graph": ({"backprop_formula": "own", "backprop_expression": LONGEST},),
    "calculator": (
        {
            "backprop_network": "own",
            "backprop_depth": "3",
            "backprop_inputs": "4",
            "backprop_units1": "4",
            "backprop_units2": "4",
            "backprop_units3": "4",
            "backprop_outputs": "4",
            "backprop_updates": "10000",
        },
    ),
    "mistakes": ({},),
    "line": ({"descent_line_function": "wavy", "descent_line_steps": "2000", "descent_line_all": "1"},),
    "plane": (
        {
            "descent_plane_preset": "rosenbrock",
            "descent_plane_beside": "1e-4.5e-4.2e-3.5e-3.1e-2",
            "descent_plane_steps": "200",
            "descent_plane_twin": "1",
        },
    ),
    "numerical": ({"descent_numerical_surface": "beale", "descent_numerical_h": "1e-15"},),
    "family": ({"descent_family_optimizer": "nadam"},),
    "race": (
        {
            "descent_race_preset": "rosenbrock",
            "descent_race_optimizers": f"{RULES}.lbfgs",
            "descent_race_gradients": "300",
        },
    ),
    "inside@descent": (
        {"descent_inside_optimizer": "nadam", "descent_inside_steps": "200", "descent_inside_parameter": "both"},
    ),
    "momentum": (
        {
            "descent_momentum_condition": "10000",
            "descent_momentum_steps": "2000",
            "descent_momentum_beside": "best.best_descent.classic",
        },
    ),
    "batch@descent": ({"descent_batch_sizes": "1.4.8.16", "descent_batch_n": "256", "descent_batch_epochs": "40"},),
    "real": (
        {
            "descent_real_optimizers": RULES,
            "descent_real_mode": "best",
            "descent_real_updates": "5000",
            "descent_real_seeds": "50",
            "descent_real_network": "4",
        },
        {
            "descent_real_optimizers": RULES,
            "descent_real_mode": "best",
            "descent_real_updates": "1000",
            "descent_real_seeds": "50",
            "descent_real_network": "4",
        },
    ),
    "drawn": (
        {
            "initialization_drawn_a": "orthogonal",
            "initialization_drawn_b": "orthogonal",
            "initialization_drawn_fan_in": "1024",
            "initialization_drawn_fan_out": "1024",
            "initialization_drawn_bins": "201",
        },
    ),
    "signal": (
        {
            "initialization_signal_depth": "50",
            "initialization_signal_width": "512",
            "initialization_signal_samples": "1000",
            "initialization_signal_seeds": "20",
        },
        {
            "initialization_signal_depth": "50",
            "initialization_signal_width": "512",
            "initialization_signal_samples": "200",
            "initialization_signal_seeds": "1",
        },
    ),
    "symmetry": (
        {
            "initialization_symmetry_units": "8",
            "initialization_symmetry_layers": "2",
            "initialization_symmetry_updates": "5000",
        },
    ),
    "matter": (
        {
            "initialization_matter_schemes": "xavier_normal.xavier_uniform.he_normal.he_uniform.standard_normal",
            "initialization_matter_runs": "1000",
            "initialization_matter_epochs": "10000",
            "initialization_matter_hidden": "20",
        },
        {"initialization_matter_runs": "1000", "initialization_matter_epochs": "2000"},
    ),
    "rbm": (
        {
            "initialization_rbm_images": "digits",
            "initialization_rbm_hidden": "36",
            "initialization_rbm_k": "25",
            "initialization_rbm_batch": "1",
            "initialization_rbm_epochs": "2000",
        },
        {"initialization_rbm_images": "digits", "initialization_rbm_hidden": "36", "initialization_rbm_epochs": "2000"},
    ),
    "pretraining": (
        {
            "initialization_pretraining_images": "400",
            "initialization_pretraining_width": "64",
            "initialization_pretraining_depth": "6",
            "initialization_pretraining_passes": "50",
            "initialization_pretraining_labelled": "400",
            "initialization_pretraining_epochs": "120",
            "initialization_pretraining_seeds": "11",
            "initialization_pretraining_own": "1",
            "initialization_pretraining_starts": "rbm.normal.small.xavier.he.relu.batch_norm",
        },
        {
            "initialization_pretraining_images": "400",
            "initialization_pretraining_width": "64",
            "initialization_pretraining_depth": "6",
            "initialization_pretraining_labelled": "400",
        },
    ),
    "dropping": ({"regularization_dropping_network": "two", "regularization_dropping_mask": "5000"},),
    "overfitting": (
        {
            "regularization_over_samples": "500",
            "regularization_over_width": "64",
            "regularization_over_layers": "3",
            "regularization_over_epochs": "2000",
            "regularization_over_seeds": "20",
        },
        {"regularization_over_width": "64", "regularization_over_layers": "3", "regularization_over_seeds": "20"},
        {"regularization_over_width": "2", "regularization_over_epochs": "2000", "regularization_over_seeds": "20"},
    ),
    "batch@regularization": tuple({"regularization_batch_view": view} for view in ("one", "two", "running", "inputs")),
    "training@regularization": (
        {
            "regularization_training_depth": "10",
            "regularization_training_width": "32",
            "regularization_training_epochs": "200",
            "regularization_training_batch": "4",
            "regularization_training_seeds": "20",
            "regularization_training_networks": "none.before_activation.after_activation",
        },
        {
            "regularization_training_depth": "10",
            "regularization_training_width": "32",
            "regularization_training_epochs": "10",
            "regularization_training_seeds": "20",
            "regularization_training_networks": "none.before_activation.after_activation",
        },
    ),
    "backward": ({"regularization_backward_view": "jacobian"},),
    "together": (
        {
            "regularization_together_depth": "6",
            "regularization_together_width": "32",
            "regularization_together_rates": "10.20.30.50.70",
            "regularization_together_epochs": "300",
            "regularization_together_batch": "8",
            "regularization_together_seeds": "20",
        },
        {
            "regularization_together_depth": "6",
            "regularization_together_width": "32",
            "regularization_together_rates": "10.20.30.50.70",
            "regularization_together_seeds": "20",
        },
    ),
    "play": (
        {**LAB, "training_epochs": "20000", "training_batch": "1", "training_features": ALL_INPUTS},
        {**LAB, "training_epochs": "300", "training_batch": "500", "training_features": ALL_INPUTS},
        {**LAB, "training_epochs": "59", "training_batch": "500", "training_features": ALL_INPUTS},
        {"training_preset": "fail_deep"},
        {"training_preset": "classic", "training_epochs": "20000", "training_batch": "all"},
    ),
    "inside@training": ({**LAB, "training_epochs": "59", "training_batch": "500", "training_features": ALL_INPUTS},),
    "board": tuple(
        {**LAB, "training_epochs": "59", "training_batch": "500", "training_board_view": view, **more}
        for view, more in (
            ("scalars", {"training_board_seeds": "3"}),
            ("distributions", {}),
            ("graph", {}),
        )
    ),
    "compare": (
        {**LAB, "training_epochs": "59", "training_batch": "500"},
        {**LAB, "training_epochs": "59", "training_batch": "500", "training_compare_seeds": "1"},
        {"training_compare_with": "seed", "training_compare_seeds": "1", "training_epochs": "2000"},
    ),
    "sweep": (
        {**LAB, "training_sweep_seeds": "50", "training_sweep_epochs": "20000", "training_sweep_count": "12"},
        {"training_sweep_seeds": "50", "training_sweep_epochs": "300", "training_sweep_count": "12"},
    ),
    "failure": (
        {**LAB, "training_epochs": "59", "training_batch": "500"},
        {"training_preset": "fail_deep"},
    ),
}


@dataclass(frozen=True)
class Measured:
    """What one run of a screen took."""

    seconds: float
    peak: float  # megabytes above the start
    kept: float
    payload: float
    said: str


def _memory(field: str) -> float:
    """VmRSS, or its highest value VmHWM, in megabytes (Linux)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(field)).split()[1]) * 1024 / MEGABYTE


def _run(lesson: str, code: str, link: dict[str, str]) -> list[Measured]:
    """Without a click, and then with one where the screen offers it."""
    from streamlit.testing.v1 import AppTest

    logging.disable(logging.WARNING)
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=600)
    for name, value in {f"{lesson}_section": code, **link}.items():
        at.query_params[name] = value
    at.switch_page(f"pages/{lesson}.py")
    found = [_measured(at, link)]
    offers = [button for button in at.button if button.label == "Compute now"]
    if offers:
        offers[0].click()
        found.append(_measured(at, link))
    return found


def _measured(at, link: dict[str, str]) -> Measured:
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # the highest value begins anew
    before, begin = _memory("VmRSS"), time.process_time()
    at.run()
    seconds, peak = time.process_time() - begin, _memory("VmHWM") - before
    payload = sum(_size(element) for element in at) / MEGABYTE
    words = [one.value for one in (*at.warning, *at.error, *at.toast, *at.exception)]
    offered = [button.label for button in at.button if button.label == "Compute now"]
    gc.collect()
    said = [*(text[:70] for text in words if "not valid" in text or "most that" in text), *offered]
    said += [one.message[:70] for one in at.exception]
    return Measured(seconds, peak, _memory("VmRSS") - before, payload, "; ".join(said))


def _size(element) -> int:
    proto = getattr(element, "proto", None)
    return proto.ByteSize() if hasattr(proto, "ByteSize") else 0


def _answer(end, *arguments) -> None:
    end.send([astuple(one) for one in _run(*arguments)])  # plain tuples: a script that has run is __main__ now


def alone(lesson: str, code: str, link: dict[str, str]) -> list[Measured]:
    """In a process of its own, as this one is."""
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(there, lesson, code, link))
    process.start()
    there.close()  # so that a process that dies is an end, and no waiting
    found = [Measured(*one) for one in here.recv()]
    process.join()
    return found


def places() -> dict[str, tuple[str, str]]:
    """Name of a row in SETTINGS -> lesson and section; sections of the same code have their lesson's name as well."""
    from pages.shared.lessons import LESSONS

    pairs = [(lesson.slug, section.code) for lesson in LESSONS for section in lesson.sections]
    return {name: (lesson, code) for lesson, code in pairs for name in (code, f"{code}@{lesson}") if name in SETTINGS}


def _load() -> None:
    """What a running server has loaded."""
    from streamlit.components.v2 import manifest_scanner

    manifest_scanner.scan_component_manifests = lambda *_, **__: []  # most of the time of a fresh session of a test
    logging.disable(logging.WARNING)
    from pages.shared import shell

    shell.libraries()


def main(names: list[str]) -> None:
    _load()
    print(f"{'section':<25}{'CPU':>9}{'peak':>9}{'kept':>9}{'payload':>10}   setting, what the screen says", flush=True)
    for name, (lesson, code) in places().items():
        if names and name.partition("@")[0] not in names and name not in names:
            continue
        for link in SETTINGS[name]:
            for index, one in enumerate(alone(lesson, code, link)):
                how = "  click" if index else ""
                numbers = f"{one.seconds:>7.2f} s{one.peak:>6.0f} MB{one.kept:>6.0f} MB{one.payload:>7.2f} MB"
                tail = ", ".join(f"{key.removeprefix(lesson + '_')}={value}" for key, value in link.items())
                print(f"{name + how:<25}{numbers}   {tail[:110]} {one.said}".rstrip(), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="sections, such as play or batch@descent; all, where none is named")
    main(parser.parse_args().names)
