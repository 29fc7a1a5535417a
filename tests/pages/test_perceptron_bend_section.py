"""Why bend at all: the stack and its one layer, the numbers of both, the bend."""

import pytest

from engine.activations import ACTIVATIONS
from engine.gate_network import NOTE_001
from engine.linear_stack import Stack, StackConfig, collapse, random_stack, study
from pages.shared.numbers import plain, tex

KEY = "perceptron_bend"
NOTE = Stack(*NOTE_001.layers)
DEFAULT = StackConfig(random_stack(3, 3, 37), "tanh", 1.0)


@pytest.fixture
def bend(app):
    return lambda language="en", **query: app("perceptron", language, perceptron_section="bend", **query)


def check(screen, config, digits=4):
    """Figures, table and formulas are the engine's."""
    result = study(config)
    assert screen.metrics == [
        f"{result.n_parameters} → 3",
        plain(result.largest_difference, 2),
        plain(result.straight_bend, 2),
        plain(result.bend, digits),
    ]
    rows = zip(result.stack, result.one_layer, result.difference, result.bent, strict=True)
    for name, values in zip(("00", "01", "10", "11"), rows, strict=True):
        expected = [plain(value, digits) for value in values]
        expected[2] = plain(values[2], 2)
        assert screen.table[name].tolist() == expected
    for W, b in [*zip(result.weights, result.biases, strict=True), *zip(result.products, result.offsets, strict=True)]:
        for matrix in (W, b[None]):
            rows = r" \\ ".join(" & ".join(tex(value, digits) for value in row) for row in matrix)
            shown = rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}"
            assert shown in screen.latex
    assert f"b &= {tex(result.offsets[-1][0], digits)}" in screen.latex
    return result


def data(screen, chart):
    """The named data sets of a picture."""
    from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df

    element = screen.at.get("vega_lite_chart")[chart].proto
    return {part.name: convert_arrow_bytes_to_pandas_df(part.data.data) for part in element.datasets}


def test_what_the_section_opens_with(bend):
    screen = bend()
    result = check(screen, DEFAULT)
    assert screen.link == {"perceptron_section": "bend"}
    assert result.bend > 1e13 * result.straight_bend


@pytest.mark.parametrize("depth", range(1, 7))
@pytest.mark.parametrize("width", [1, 4])
def test_every_depth(bend, depth, width):
    screen = bend(perceptron_bend_depth=str(depth), perceptron_bend_width=str(width))
    check(screen, StackConfig(random_stack(depth, width, 37)))
    assert ("A single layer has no hidden units" in screen.words) == (depth == 1)
    assert ("have rank 1" in screen.words) == (depth > 1 and width == 1)


@pytest.mark.parametrize("kind", ACTIVATIONS)
def test_every_activation(bend, kind):
    screen = bend().set(f"{KEY}_activation", kind)
    check(screen, StackConfig(DEFAULT.stack, kind))


def test_how_much_of_it(bend):
    screen = bend()
    straight, specs, bent = data(screen, 0)["lines"], screen.picture, []
    for amount in (0.0, 0.3, 1.0):
        screen.set(f"{KEY}_amount", amount)
        check(screen, StackConfig(DEFAULT.stack, "tanh", amount))
        assert screen.picture == specs
        assert data(screen, 0)["lines"].equals(straight)
        bent.append(data(screen, 1)["lines"])
    assert bent[0].equals(straight)
    assert not bent[1].equals(straight)
    assert not bent[2].equals(bent[1])


def test_the_note_without_and_with_its_sigmoid(bend):
    screen = bend(perceptron_bend_network="note")
    result = check(screen, StackConfig(NOTE, "sigmoid"))
    assert (result.bent > 0).tolist() == [False, True, True, False]
    assert result.stack.tolist() == [61, 83, 83, 105]
    assert not screen.has(f"{KEY}_seed")
    assert "have rank 1" in screen.words


def test_other_weights(bend):
    screen = bend().click(f"{KEY}_seed.next")
    check(screen, StackConfig(random_stack(3, 3, 38)))
    assert screen.link == {"perceptron_section": "bend", f"{KEY}_seed": "38"}
    check(bend(perceptron_bend_seed="9999").click(f"{KEY}_seed.next"), StackConfig(random_stack(3, 3, 0)))


def test_no_line_in_the_square_is_told(bend):
    seed = next(seed for seed in range(500) if not len(study(StackConfig(random_stack(3, 3, seed))).straight_boundary))
    said = "there is no line to see"
    assert said in bend(perceptron_bend_seed=str(seed)).words
    assert said not in bend().words


def test_digits(bend):
    check(bend().set(f"{KEY}_digits", 10), DEFAULT, digits=10)


def test_the_formulas_of_each_depth(bend):
    shown = {depth: bend(perceptron_bend_depth=str(depth)).latex for depth in (1, 2, 3, 4)}
    assert r"W &= W^{(1)} W^{(2)} \\" in shown[2]
    assert r"W &= W^{(1)} W^{(2)} W^{(3)} \\" in shown[3]
    assert r"W &= W^{(1)} W^{(2)} \cdots W^{(4)} \\" in shown[4]
    assert "P_2" not in shown[1]
    assert r"P_4 = P_3\,W^{(4)}" in shown[4]


def test_the_pictures_say_what_they_show(bend):
    straight, bent = (chart.proto.alt for chart in bend().at.get("vega_lite_chart"))
    result = study(DEFAULT)
    assert straight.endswith(f"00 {plain(result.stack[0])}, 01 {plain(result.stack[1])}, "
                             f"10 {plain(result.stack[2])}, 11 {plain(result.stack[3])}")  # fmt: skip
    assert f"00 {plain(result.bent[0])}" in bent


def test_the_challenge(bend):
    key, (_W, b) = f"{KEY}_challenge", collapse([[[2.0]], [[3.0]], [[-2.0]]], [[1.0], [-4.0], [5.0]])
    screen = bend().set(f"{key}_guess", 2.0)
    assert [box.proto.title for box in screen.at.warning] == ["Not yet"]
    screen.set(f"{key}_guess", float(b[0]))
    assert [box.proto.title for box in screen.at.success] == ["Right: 7"]
    assert screen.at.session_state["solved"] == {key}


@pytest.mark.parametrize(
    "query",
    [{}, {f"{KEY}_network": "note"}, {f"{KEY}_depth": "5", f"{KEY}_activation": "mish", f"{KEY}_amount": "0.5"}],
)
def test_the_script_prints_the_screen(bend, query):
    screen = bend(**query)
    lines = [line.split() for line in screen.printed()]
    rows = [[line[3], line[6], line[9]] for line in lines if line[0] == "input"]
    for name, shown in zip(("00", "01", "10", "11"), rows, strict=True):
        stack, one_layer, _difference, bent = screen.table[name].tolist()
        assert [plain(float(value)) for value in shown] == [stack, one_layer, bent]
    assert plain(float(lines[-1][-1])) == screen.metrics[-1]
    assert plain(float(lines[-2][-1]), 2) == screen.metrics[1]


def test_in_korean(bend):
    screen = bend("ko", perceptron_bend_network="note")
    assert screen.metrics[0] == "9 → 3"
    assert screen.table["00"].tolist()[:2] == ["61", "61"]
    assert "계수(rank)가 1입니다" in screen.words
