"""The gradients' lines with numbers in them, when computed, give the gradient."""

import re
from functools import partial

import pytest

from engine.plane_step import step
from engine.surfaces import SURFACES, surface
from pages.shared import numbers
from pages.shared.formulas import plane_descent as written

number = partial(numbers.tex, digits=12)
PLANES = [code for code, one in SURFACES.items() if one.dimensions == 2]


def value(latex: str) -> float:
    """A line of numbers, computed."""
    text = re.sub(r" \\times 10\^\{(-?\d+)\}", r"e\1", latex)
    for sign, python in ((r"\left(", "("), (r"\right)", ")"), (r"\cdot", "*"), (r"\quad", ""), (r"\,", " ")):
        text = text.replace(sign, python)
    text = re.sub(r"(?<=[\d)])\s*\(", "*(", text)  # a product without a sign
    assert re.fullmatch(r"[\d.e+\-*() ]+", text), text
    return eval(text)


def lines(latex: str) -> list[str]:
    """What stands behind each `&=`, with the lines that go on from it."""
    body = latex.removeprefix(r"\begin{aligned} ").partition(r" \end{aligned}")[0]
    whole = body.replace(r" \\[6pt] &\quad", " ").split(r" \\[6pt] ")
    return [line.partition("&=")[2].strip() for line in whole]


@pytest.mark.parametrize("point", [(-1.2, 0.7), (2.5, -3.25), (1e-7, 4.0)])
@pytest.mark.parametrize("code", PLANES)
def test_the_gradient(code, point):
    found = step(surface(code, 7.0, -35.0), point, 0.01)
    shown = lines(written.gradient(code, found, number))
    assert len(shown) >= 6
    for axis, end in ((0, len(shown) - 3), (1, len(shown))):
        _symbols, in_numbers, result = shown[end - 3 : end]
        assert float(value(result)) == pytest.approx(found.gradient[axis], rel=1e-10)
        assert value(in_numbers) == pytest.approx(found.gradient[axis], rel=1e-8)
    for line in shown[:-6]:  # the parts: symbols = value
        assert value(line.rpartition("=")[2]) in [pytest.approx(part, rel=1e-10) for part in found.parts.values()]


def test_the_update_and_the_difference():
    found = step(surface("round_bowl"), (-3.0, 4.0), 0.1, numerical=True)
    update = written.update(found, 7, True, number)
    assert r"x_{7} &= x_{6} - \eta \, g" in update
    assert [found.x[i] - 0.1 * found.gradient[i] for i in (0, 1)] == pytest.approx(found.x_new)
    cells = re.findall(r"\\begin\{pmatrix\} (.*?) \\\\ (.*?) \\end", update)
    assert cells == [tuple(map(number, values)) for values in (found.x, found.gradient, found.x_new)]
    shown = lines(written.differences(found, 1e-4, number, number))
    for axis in (0, 1):
        _plus, ahead, _minus, behind, _ratio, slope = shown[6 * axis : 6 * axis + 6]
        ahead, behind, slope = map(value, (ahead, behind, slope))
        assert (ahead - behind) / 2e-4 == pytest.approx(slope, abs=1e-5) == pytest.approx(2 * found.x[axis])
    assert shown[6:10:2] == ["f(x_0, x_1 + h)", "f(x_0, x_1 - h)"]


def test_the_limit_and_the_whole_path():
    assert r"\frac{2}{10} = 0.2" in written.limit((1.0, 10.0), 0.2, number)
    path = written.round_bowl((-3, 4), 10.0, "-19", 20, (1.0, 2.0), number)
    assert r"(1 - 2 \cdot 10)^{20}" in path
    assert r"\left(-19\right)^{20}" in path
    assert r"\left(1 \times 10^{-10}\right)" in written.round_bowl((-3, 4), 1e-10, "1", 2, (1.0, 2.0), number)
