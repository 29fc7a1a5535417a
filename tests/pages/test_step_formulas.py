"""Every printed line of every rule, read back as a learner would: its numbers come to what stands below them."""

import re
from dataclasses import replace

import numpy as np
import pytest

from engine.bias_correction import uncorrected_steps
from engine.optimizers import OPTIMIZERS, optimizer
from engine.step_lines import lines
from engine.step_trace import trace
from engine.surfaces import surface
from pages.shared import numbers
from pages.shared.formulas import steps as formulas
from pages.shared.quantities import HYPERPARAMETERS, QUANTITIES

DIGITS = 12
EVERY = pytest.mark.parametrize("code", OPTIMIZERS)
PLACES = pytest.mark.parametrize("place", ["elongated_bowl", "rosenbrock"])
STEPS = (0, 1, 6, 33)

SYNTAX = [
    (r"\left|", "abs("),
    (r"\right|", ")"),
    *((rf"\{word}{bracket}", bracket) for word in ("left", "bigl", "Bigl") for bracket in "("),
    *((rf"\{word}{bracket}", bracket) for word in ("right", "bigr", "Bigr") for bracket in ")"),
    (r"\operatorname{sign}", "sign"),
    (r"\operatorname{clip}", "clip"),
    (r"\max", "max"),
    (r"\sqrt{", "sqrt{"),
    (r"\;", ""),
    (r"\cdot", "*"),
    ("^{", "**{"),
    ("{", "("),
    ("}", ")"),
]
FUNCTIONS = {"sign": np.sign, "clip": np.clip, "max": max, "sqrt": np.sqrt, "abs": abs, "__builtins__": {}}


def value(latex: str) -> float:
    """What a piece of LaTeX without letters comes to."""
    text = re.sub(r" \\times 10\^\{(-?\d+)\}", r"e\1", latex)
    while (at := text.rfind(r"\frac{")) >= 0:  # the innermost ones first
        top, rest = group(text[at + 5 :])
        bottom, rest = group(rest)
        text = f"{text[:at]}(({top})/({bottom})){rest}"
    for written, meant in SYNTAX:
        text = text.replace(written, meant)
    return float(eval(text, FUNCTIONS))


def group(text: str) -> tuple[str, str]:
    """The first {...} of a text, and what follows it."""
    depth = 0
    for index, sign in enumerate(text):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if depth == 0:
            return text[1:index], text[index + 1 :]
    raise AssertionError(text)


def parts(latex: str) -> tuple[str, str, str]:
    """The line in letters, with numbers, its result; "" for the second where it is the result already."""
    body = (
        latex.replace(formulas.STRUT, "").removeprefix(r"\begin{aligned} ").removesuffix(r" \end{aligned}\hspace{3pt}")
    )
    symbols, *rest = re.split(r"\\\\\[6pt\] &= ", body)
    whole = [re.sub(r"\\\\\[6pt\] &\\quad ", "", part) for part in (symbols, *rest)]
    assert len(whole) in (2, 3)
    assert all("&" not in part for part in whole[1:])
    return whole[0], "" if len(whole) == 2 else whole[1], whole[-1]


def rules(code):
    rule = optimizer(code)
    changes = [{}, {"learning_rate": 0.05}, {"weight_decay": 0.1}, {"bias_correction": False}]
    if code == "asgd":
        changes.append({"average_from": 2, "decay": 0.3})
    if code == "nadam":
        changes.append({"momentum_decay": 3.0})
    return [replace(rule, **change) for change in changes if all(hasattr(rule, name) for name in change)]


def printed(rule, place, digits=DIGITS):
    """Each line of some steps, for both parameters, with the number it should come to and the size of its parts."""
    where = surface(place)
    run = trace(where, rule, where.start, STEPS[-1] + 1)
    for k in STEPS:
        if 0 <= run.diverged_at <= k + 1:
            continue
        for line in lines(run, k):
            for parameter in (0, 1):
                size = max(abs(np.broadcast_to(part, (2,))[parameter]) for part in line.inputs.values())
                yield line, parameter, formulas.line(line, parameter, digits), size


def holds(latex: str, size: float) -> bool:
    _symbols, with_numbers, result = parts(latex)
    right = value(result)
    return not with_numbers or value(with_numbers) == pytest.approx(right, rel=1e-8, abs=1e-10 * size)


def test_the_reader_can_compute():
    assert value(r"0.5 - 2 \cdot \left(1.5 \times 10^{-3}\right)") == 0.497
    assert value(r"\frac{\sqrt{4 + 5}}{\sqrt{\frac{1}{4}}} \cdot \left(-2\right)^{2}") == 24
    assert value(r"\operatorname{clip}\bigl(0.5 \cdot 1.2, 1 \times 10^{-6},\; 0.55\bigr)") == 0.55
    assert value(r"\max\left(0.9 \cdot 2,\; \left|-3\right| + 1\right)") == 4
    assert value(r"\operatorname{sign}\bigl(\left(-2\right) \cdot 3\bigr)") == -1
    assert value(r"0.9 \cdot \left(1 - 0.5 \cdot 0.25^{\left(1 + 1\right) \cdot 0.25}\right)") == pytest.approx(0.675)


@EVERY
@PLACES
def test_every_line_of_every_rule_comes_to_its_result(code, place):
    seen = set()
    for rule in rules(code):
        for line, parameter, latex, size in printed(rule, place):
            assert parts(latex)[0].replace("&", "").split(r"\leftarrow")[0].strip() == line.symbol
            assert parts(latex)[2] == numbers.tex(float(line.value[parameter]), DIGITS)
            assert holds(latex, size), latex
            seen.add(line.name)
    assert seen == {name for rule in rules(code) for name in rule.formula()}


@EVERY
def test_only_numbers_stand_in_the_second_part(code):
    for rule in rules(code):
        for _line, _parameter, latex, _size in printed(rule, "rosenbrock", 4):
            words = re.sub(r"\\(frac|sqrt|left|right|bigl|bigr|cdot|times|max|operatorname)", "", parts(latex)[1])
            assert not re.search(r"[A-Za-z\\]", re.sub(r"\{(sign|clip)\}|\\;", "", words)), latex


@EVERY
def test_a_result_wrong_by_a_thousandth_is_noticed(code):
    where = surface("elongated_bowl")
    run = trace(where, optimizer(code, learning_rate=0.05), where.start, 3)
    found = [line for line in lines(run, 1) if line.name not in ("sign_agreement", "previous_gradient")]
    assert found
    for line in found:
        wrong = formulas.line(replace(line, value=line.value * 1.001), 0, DIGITS)
        assert not holds(wrong, 0), wrong


@EVERY
def test_a_line_is_broken_at_the_same_place_at_every_step(code):
    """Or the page would jump while the steps go by."""
    rows = {}
    for line, _parameter, latex, _size in printed(optimizer(code, learning_rate=0.02), "rosenbrock", 4):
        rows.setdefault(line.name, set()).add(latex.count(r"&\quad"))
    assert [name for name, counts in rows.items() if len(counts) > 1] == []


def test_the_gradient_is_where_it_begins():
    assert r"g &= \frac{\partial f}{\partial x_1} = -0.25\rule" in formulas.gradient(1, -0.25, 4)


def test_the_first_step():
    latex = formulas.first_step(0.9, 0.999, float(uncorrected_steps(0.9, 0.999, 1)[0]), 4).replace(
        formulas.HIGH_STRUT, ""
    )
    assert r"= 1 \quad (g \neq 0) \\" in latex
    assert r"&= \frac{0.1}{\sqrt{0.001}} = 3.162 \end" in latex
    assert value(r"\frac{0.1}{\sqrt{0.001}}") == pytest.approx(3.162, abs=5e-4)


@EVERY
def test_every_quantity_and_hyperparameter_has_a_name(code):
    rule = optimizer(code)
    assert set(rule.formula()) | {"parameters", "gradient", "regularized_gradient"} <= set(QUANTITIES)
    known = {name for name in vars(rule) if name not in ("bias_correction", "constants")}
    assert known <= set(HYPERPARAMETERS)
