"""The registry of exercises against the sections: none is missing, none is stale, and each place is its own."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

from pages.shared.exercises import CHALLENGE, EXERCISES, MISTAKE
from pages.shared.lessons import LESSONS

ROOT = Path(__file__).parents[2]
FIRST, LAST = "perceptron_decide_challenge", "training_failure_mistake"  # of the codes that people have kept
LATER = ("backprop_mistake_bias_rows", "initialization_symmetry_mistake_biases")


def test_each_exercise_in_the_code_is_in_the_registry_and_the_other_way_round():
    assert set(used()) == {(one.key, one.slug, one.kind) for one in EXERCISES}


def test_no_key_stands_twice():
    assert len({one.key for one in EXERCISES}) == len(EXERCISES)


def test_every_section_has_one_challenge():
    asked = [(one.slug, one.section) for one in EXERCISES if one.kind == CHALLENGE]
    assert asked == [(lesson.slug, section.code) for lesson in LESSONS for section in lesson.sections]


def test_every_exercise_is_of_a_section():
    sections = {(lesson.slug, section.code) for lesson in LESSONS for section in lesson.sections}
    assert {(one.slug, one.section) for one in EXERCISES} <= sections


def test_the_places_have_not_moved():
    """A code in a bookmark counts on them: what is new comes after these."""
    keys = [one.key for one in EXERCISES]
    assert [keys.index(key) for key in (FIRST, "backprop_mistake_epsilon", LAST, *LATER)] == PLACES


PLACES = [0, 23, 73, 74, 75]


def used() -> Iterator[tuple[str, str, str]]:
    """Key, lesson and kind of each exercise, read from the calls in the sections' code."""
    for path in sorted((ROOT / "pages").rglob("*.py")):
        if path.parent == ROOT / "pages/shared":
            continue  # where the calls themselves are defined
        module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for function in [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)]:
            for call in [node for node in ast.walk(function) if isinstance(node, ast.Call)]:
                kind, key = exercise(call)
                if key is not None:
                    yield from ((value, path.parent.name, kind) for value in values(key, module, function))


def exercise(call: ast.Call) -> tuple[str, ast.expr | None]:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    if name == "challenge":
        return CHALLENGE, call.args[0] if call.args else given["key"]
    assert name != "solve", "a kind of exercise that this test does not know"
    return MISTAKE, given.get("code") if name == "answer" else None


def values(key: ast.expr, module, function: ast.FunctionDef) -> set[str]:
    """What a key may be: constants, names of the module, a name of the function, or one of the module's MISTAKES."""
    unknown = {node.id for node in ast.walk(key) if isinstance(node, ast.Name)} - vars(module).keys()
    if unknown <= {"code"}:
        codes = module.MISTAKES if unknown else [None]
        return {eval(compile(ast.Expression(key), "key", "eval"), vars(module) | {"code": code}) for code in codes}
    return values(assigned(*unknown, function), module, function)


def assigned(name: str, function: ast.FunctionDef) -> ast.expr:
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            (target,) = node.targets
            pairs = (
                zip(target.elts, node.value.elts, strict=True)
                if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
                else [(target, node.value)]
            )
            for left, right in pairs:
                if isinstance(left, ast.Name) and left.id == name:
                    return right
    raise AssertionError(f"{name} is not assigned in {function.name}")
