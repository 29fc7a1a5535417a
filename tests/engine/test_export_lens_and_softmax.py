"""The scripts of the lens and of softmax: alone in a folder they print the engine's numbers."""

import subprocess
import sys

import numpy as np
import pytest

from engine import lens, sigmoid_derivation, softmax_trace
from engine.activations import ACTIVATIONS, activation
from engine.export import lens_script, softmax_script


def rows(script: str, folder) -> list[list[str]]:
    file = folder / "script.py"
    file.write_text(script, encoding="utf-8")
    command = [sys.executable, "-W", "error", file]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return [line.split() for line in done.stdout.splitlines()]


@pytest.mark.parametrize(("name", "z"), [*((name, -1.3) for name in ACTIVATIONS), ("relu", 0.0), ("step", 0.0)])
def test_the_script_of_the_lens(name, z, tmp_path):
    function = activation(name)
    at = lens.point(function, z)
    first, *lines = rows(lens_script(function, z, 0.3), tmp_path)
    assert (first[0], first[2]) == ("f", "slope")
    assert [float(first[1]), float(first[3])] == pytest.approx([at.value, at.slope], rel=1e-12, abs=1e-15)
    windows = [line for line in lines if line[0] == "h"]
    gaps = lens.gaps(function, at, (0.3, *lens.HALF_WIDTHS))
    printed = np.array([[float(number) for number in line[1::2]] for line in windows])
    np.testing.assert_allclose(printed[:, 0], gaps.half_widths)
    np.testing.assert_allclose(printed[:, 1], gaps.gap, rtol=1e-9, atol=1e-14)
    np.testing.assert_allclose(printed[:, 2], gaps.by_width, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(printed[:, 3], gaps.by_square, rtol=1e-9, atol=1e-10)
    derivation = [float(line[2]) for line in lines if line[0] == "line"]
    assert derivation == pytest.approx(sigmoid_derivation.values(z).tolist(), rel=1e-13)
    assert float(lines[-1][1]) == pytest.approx(float(sigmoid_derivation.line("product", z)), rel=1e-13)


def test_a_window_of_the_table_is_printed_once(tmp_path):
    printed = rows(lens_script(activation("tanh"), 0.5, 1.0), tmp_path)
    assert [float(line[1]) for line in printed if line[0] == "h"] == list(lens.HALF_WIDTHS)


@pytest.mark.parametrize(
    ("z", "temperature", "shift"),
    [((2.0, 1.0, 0.1), 1.0, 0.0), ((1000.0, 999.0, -1000.0), 0.5, 10.0), ((1.0,) * 6, 10.0, -1000.0)],
)
def test_the_script_of_softmax(z, temperature, shift, tmp_path):
    printed = rows(softmax_script(z, temperature, shift), tmp_path)
    found = softmax_trace.trace(z, temperature, shift)
    naive = softmax_trace.naive_softmax(found.z, temperature)
    classes = np.array([line[1:] for line in printed if line[0] == "class"], float)
    expected = found.z, found.exponents, found.exponentials, found.probabilities, found.log_probabilities
    np.testing.assert_allclose(classes[:, :5], np.transpose(expected), rtol=1e-12, atol=1e-300)
    np.testing.assert_allclose(classes[:, 5], naive.probabilities, rtol=1e-12)
    matrix = np.array([line[1:] for line in printed if line[0] == "row"], float)
    np.testing.assert_allclose(matrix, found.jacobian, rtol=1e-9, atol=1e-16)
    (entropy,) = [line for line in printed if line[0] == "entropy"]
    bits = found.entropy, found.entropy_in_bits
    assert (float(entropy[1]), float(entropy[3])) == pytest.approx(bits, rel=1e-12, abs=1e-15)
    (moved,) = [float(line[-1]) for line in printed if line[0] == "moved"]
    assert moved == pytest.approx(softmax_trace.shift_error(z, shift, temperature), abs=1e-15)
    assert float(printed[-1][-1]) < 1e-9
