"""Reading formulas: what is accepted and how it is understood, what is refused and where."""

import string
from dataclasses import FrozenInstanceError
from time import perf_counter

import pytest

from engine import expression
from engine.errors import MESSAGES, InputError
from engine.expression import FUNCTIONS, MAX_DEPTH, MAX_LENGTH, MAX_NAME, MAX_VARIABLES, Call, Number, parse
from engine.graph import build
from tests.engine.hostile_expressions import HOSTILE

pytestmark = pytest.mark.filterwarnings("error")  # Python's parser must not even warn

HOSTILE_PAIRS = [(text, code) for code, texts in HOSTILE.items() for text in texts]


def tree(part) -> str:
    """A part as one unambiguous line: add(x, multiply(2, y))."""
    if isinstance(part, Number):
        return f"{part.value:g}"
    if isinstance(part, Call):
        return f"{part.operation}({', '.join(map(tree, part.operands))})"
    return part.name


def refusal(text: str) -> InputError:
    with pytest.raises(InputError) as caught:
        parse(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("w*x + b", "add(multiply(w, x), b)"),
        ("a + b*c", "add(a, multiply(b, c))"),
        ("(a + b)*c", "multiply(add(a, b), c)"),
        ("a - b - c", "subtract(subtract(a, b), c)"),
        ("a/b/c", "divide(divide(a, b), c)"),
        ("a**b**c", "power(a, power(b, c))"),
        ("-x**2", "negate(power(x, 2))"),
        ("(-x)**2", "power(negate(x), 2)"),
        ("x**-1", "power(x, negate(1))"),
        ("--x", "negate(negate(x))"),
        ("+x", "x"),
        ("-+-x", "negate(negate(x))"),
        ("1/(1+exp(-z))", "divide(1, add(1, exp(negate(z))))"),
        ("sigmoid(w0*x0 + w1*x1 + b)", "sigmoid(add(add(multiply(w0, x0), multiply(w1, x1)), b))"),
        ("max(x, min(y, 0))", "maximum(x, minimum(y, 0))"),
        ("max(x, y,)", "maximum(x, y)"),
        ("relu(x)", "relu(x)"),
        ("1.5e-3*x + .5 + 2. + 1E5", "add(add(add(multiply(0.0015, x), 0.5), 2), 100000)"),
        ("   x   ", "x"),
        ("((((x))))", "x"),
        ("x_1 + f", "add(x_1, f)"),
        ("1 + if_ + x", "add(add(1, if_), x)"),
    ],
)
def test_a_formula_is_understood_as_in_mathematics(text, expected):
    assert tree(parse(text).statements[-1].value) == expected


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_is_known(name):
    operation, operands = FUNCTIONS[name]
    call = parse(f"{name}({', '.join('xy'[:operands])})").statements[0].value
    assert (call.operation, len(call.operands)) == (operation, operands)


@pytest.mark.parametrize("text", ["z = x - 2; 2*z**2", "z=x-2;y=2*z**2", "  z = x - 2 ; 2*z**2 ;  "])
def test_results_can_be_named(text):
    first, last = parse(text).statements
    assert (first.name, tree(first.value)) == ("z", "subtract(x, 2)")
    assert (last.name, tree(last.value)) == ("y" if "y" in text else "", "multiply(2, power(z, 2))")
    assert parse(text).variables == ("x",)


def test_variables_stand_in_order_of_first_appearance():
    assert parse("h = b*a; h + c*a + exp(d)").variables == ("b", "a", "c", "d")


@pytest.mark.parametrize("indent", ["", "   "])
def test_every_part_knows_its_place_in_the_text(indent):
    text = f"{indent}z = (x + 1) * exp( y );  2*-z"

    def check(part):
        assert text[part.position :].startswith(part.text)
        for operand in getattr(part, "operands", ()):
            check(operand)

    statements = parse(text).statements
    for statement in statements:
        check(statement.value)
    assert statements[0].value.text == "(x + 1) * exp( y )"
    assert statements[1].value.operands[1].text == "-z"


def test_the_tree_is_frozen_hashable_and_reproducible():
    one, two = parse("w*x + b"), parse("w*x + b")
    assert one == two
    assert hash(one) == hash(two)
    assert one != parse("w*x +b")
    with pytest.raises(FrozenInstanceError):
        one.text = "x"


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ("x + é", "expression_character", 4),
        ("  x @ y", "expression_character", 4),
        ("x\n+ y", "expression_character", 1),
        ("  x^2", "expression_caret", 3),
        ("  2x + y", "expression_product", 3),
        ("y + 2(x + 1)", "expression_product", 5),
        (" (x + 1) (x)", "expression_product", 9),
        ("1_000", "expression_syntax", 1),
        ("x + y)", "expression_syntax", 5),
        (" x + (y", "expression_syntax", 5),
        ("  x + * y", "expression_syntax", 6),
        ("  x +", "expression_syntax", 4),
        ("x +  ", "expression_syntax", 2),
        ("x + (y if z else 1)", "expression_form", 5),
        ("y = 2*x; y.real", "expression_form", 9),
        ("  x + foo(y)", "expression_function", 6),
        ("x + exp(x, y)", "expression_arguments", 4),
        ("y = x; x = 2; y", "expression_name", 7),
        ("  x + abcdefghijklm", "expression_name_form", 6),
        ("x + exp*2", "expression_name_function", 4),
        ("x*y; x", "expression_unused", 0),
        ("  a = x; b = a; x", "expression_unused", 9),
        ("x + 1e999", "expression_number", 4),
        ("  2 + 3", "expression_no_variable", 2),
        ("a+b+c+d+e+f+g+h+i+j", "expression_too_many_variables", 16),
        ("x + " + "(" * 21, "expression_too_deep", 24),
        ("x + " + "-" * 30 + "y", "expression_too_deep", 24),
        ("x" * 300, "expression_too_long", 200),
    ],
)
def test_a_refusal_points_at_the_first_wrong_character(text, code, position):
    error = refusal(text)
    assert (error.code, error.position) == (code, position)
    assert f"haracter {position + 1}" in str(error) or "{position}" not in MESSAGES[code]


@pytest.mark.parametrize(
    ("fits", "too_much", "code"),
    [
        ("x".ljust(MAX_LENGTH), "x".ljust(MAX_LENGTH + 1), "expression_too_long"),
        ("x" * MAX_NAME, "x" * (MAX_NAME + 1), "expression_name_form"),
        ("(" * MAX_DEPTH + "x" + ")" * MAX_DEPTH, "(" * 21 + "x" + ")" * 21, "expression_too_deep"),
        ("-" * MAX_DEPTH + "x", "-" * (MAX_DEPTH + 1) + "x", "expression_too_deep"),
        ("x" + "+x" * MAX_DEPTH, "x" + "+x" * (MAX_DEPTH + 1), "expression_too_deep"),
        (
            "+".join(string.ascii_lowercase[:MAX_VARIABLES]),
            "+".join(string.ascii_lowercase[: MAX_VARIABLES + 1]),
            "expression_too_many_variables",
        ),
        ("x + 1.7e308", "x + 1.8e308", "expression_number"),
        ("x + " + "9" * 196, "x + " + "9" * 197, "expression_too_long"),
    ],
)
def test_a_limit_accepts_its_own_value_and_refuses_one_more(fits, too_much, code):
    parse(fits)
    assert refusal(too_much).code == code


@pytest.mark.parametrize(("text", "code"), HOSTILE_PAIRS)
def test_hostile_text_is_refused_quickly_and_politely(text, code):
    start = perf_counter()
    with pytest.raises(InputError) as caught:
        build(text)
    assert perf_counter() - start < 1.0  # some 0.1 ms in fact; what hangs takes minutes
    error = caught.value
    assert error.code == code
    assert 0 <= error.position <= max(len(text) - 1, 0)
    assert not set("{}") & set(str(error).replace(str(error.value), "").replace(error.argument, ""))


def test_the_hostile_texts_are_many_different_and_reach_every_code():
    texts = [text for text, _ in HOSTILE_PAIRS]
    assert len(texts) == len(set(texts)) >= 250
    assert {code for code in MESSAGES if code.startswith("expression_")} <= set(HOSTILE)


def test_nothing_is_ever_executed(monkeypatch):
    def forbidden(*_, **__):
        raise AssertionError("executed")

    for name in ("eval", "exec", "__import__"):
        monkeypatch.setattr(f"builtins.{name}", forbidden)
    codes = {text: refusal(text).code for text in ("__import__(os)", "eval(x)", "exec(x)")}
    monkeypatch.undo()
    assert set(codes.values()) == {"expression_function"}


def test_the_language_of_the_module_is_closed():
    """A new sign or function must be a decision: it needs a row in the tests above and in the graph's operations."""
    assert {sign.__name__ for sign in expression.SIGNS} == {"Add", "Sub", "Mult", "Div", "Pow"}
    assert set(FUNCTIONS) == {"exp", "ln", "log", "sqrt", "sin", "cos", "tanh", "sigmoid", "relu", "max", "min"}
