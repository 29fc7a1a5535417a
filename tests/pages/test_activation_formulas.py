"""The formulas of activations: read as arithmetic, the numbers in them give the numbers after them."""

import math
import re

import pytest

from engine.activations import ACTIVATIONS, ELU, LeakyReLU, Swish
from pages.shared.formulas.activations import symbols, with_numbers
from pages.shared.numbers import tex

ALL = [*(kind() for kind in ACTIVATIONS.values()), LeakyReLU(0.3), ELU(2.5), Swish(1.7)]
EACH = pytest.mark.parametrize("f", ALL, ids=str)
PLACES = [-4.05, -2.5, -0.65, 0.0, 1.0, 2.35, 4.0]
NAMES = {
    "e": math.e,
    "pi": math.pi,
    "sqrt": math.sqrt,
    "erf": math.erf,
    "tanh": math.tanh,
    "arctan": math.atan,
    "ln": math.log,
    "max": max,
    "min": min,
    "abs": abs,
    "sigma": lambda z: 1 / (1 + math.exp(-z)),
    "Phi": lambda z: math.erfc(-z / math.sqrt(2)) / 2,
}


def arithmetic(latex: str) -> str:
    """A formula without symbols but u and g, as Python."""
    text = re.sub(r"\\(left|right|[bB]ig[lr]|quad|!|,)", " ", latex)
    text = re.sub(r"\\tfrac(\d)(\d)", r"(\1/\2)", text).replace(r"\mathrm{erf}", "erf").replace(r"\cdot", "*")
    text = re.sub(r"\|([^|]*)\|", r"abs(\1)", text)
    text = re.sub(r"\\tanh(\^2)? ([ug])", r"tanh(\2)\1", text)
    while "{" in text:
        before = text
        text = re.sub(r"\\sqrt\{([^{}]*)\}", r"sqrt(\1)", text)
        text = re.sub(r"\\t?frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))", text)
        text = re.sub(r"\^\{([^{}]*)\}", r"**(\1)", text)
        assert text != before, text
    text = re.sub(r"\\([A-Za-z]+)", r"\1", text).replace("^", "**")
    text = re.sub(r"\b([ug])\s*\(", r"\1*(", text)
    return re.sub(r"(?<=[\d)])\s*(?=[A-Za-z(])", "*", re.sub(r"\)\s*(?=\d)", ")*", text))


def equations(latex: str) -> list[tuple[str, str]]:
    """(left side, right side) of each line; lines that a phone has no room for are joined again."""
    body = latex.removeprefix(r"\begin{aligned} ").removesuffix(r" \end{aligned}\hspace{3pt}")
    found = []
    for line in body.replace(r" \\[6pt] &\quad", " ").split(r" \\[6pt] "):
        left, right = line.split("&=")
        found.append((left.strip() or found[-1][0], right))
    return found


@EACH
@pytest.mark.parametrize("z", PLACES)
def test_the_numbers_in_a_formula_give_the_number_after_it(f, z):
    value, slope = float(f.f(z)), float(f.derivative(z))
    lines = equations(with_numbers(f, z, value, slope, lambda number: f"{number:.12f}"))
    meanings = {left: right for left, right in lines if left in ("u", "g")}
    names = NAMES | {name: eval(arithmetic(text), NAMES.copy()) for name, text in meanings.items()}
    told = {"f(z)": value, "f'(z)": slope}
    assert {left for left, _right in lines} == {*told, *meanings}
    for left, right in lines:
        if left in told:
            assert eval(arithmetic(right), names.copy()) == pytest.approx(told[left], rel=1e-3, abs=1e-9), right


@EACH
def test_a_kink_has_the_value_of_the_convention(f):
    for kink in f.kinks:
        lines = equations(with_numbers(f, kink, float(f.f(kink)), float(f.derivative(kink)), tex))
        assert [right.strip() for left, right in lines if left == "f'(z)"] == [tex(float(f.derivative(kink)))]


@EACH
def test_symbols_are_the_engines(f):
    def bare(latex: str) -> str:
        return re.sub(r"\\\\\[6pt\]|&|\\quad|\\cdot|\\,|,|\s", "", latex)

    shown = bare(symbols(f))
    assert bare(f.latex) in shown
    assert bare(f.derivative_latex) in shown


@pytest.mark.parametrize(
    ("name", "z", "expected"),
    [
        ("relu", -1.0, r"f(z) &= \max(0, -1) \\[6pt] &= 0 \\[6pt] f'(z) &= 0"),
        ("leaky_relu", -1.0, r"f(z) &= \max(0.1 \cdot \left(-1\right), -1) \\[6pt] &= -0.1 \\[6pt] f'(z) &= 0.1"),
        ("linear", 2.0, r"f(z) &= 2 \\[6pt] f'(z) &= 1"),
        ("sigmoid", 0.0, r"f(z) &= \frac{1}{1 + e^{-0}} \\[6pt] &= 0.5 \\[6pt] f'(z) &= 0.5\,\bigl(1 - 0.5\bigr)"),
        ("tanh", -1.0, r"f'(z) &= 1 - \left(-0.7616\right)^2 \\[6pt] &= 0.42"),
    ],
)
def test_formulas_as_they_stand(name, z, expected):
    f = ACTIVATIONS[name]()
    assert expected in with_numbers(f, z, float(f.f(z)), float(f.derivative(z)), tex)
