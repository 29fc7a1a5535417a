"""Shares, differences and ends as pictures: what is plotted is what the engine found."""

from engine.proportions import Interval, newcombe, wilson
from pages.shared.charts import xor_shares
from pages.shared.charts.theme import HIGHLIGHT, SURFACE, VALUE

LABELS = ("A", "B|− C")
ONE, OTHER = wilson(84, 100), wilson(71, 100)


def test_each_share_has_its_interval_and_a_note_where_there_is_one():
    found = xor_shares.shares_data({"A": ONE, "B": OTHER}, {"B": 0.5}, {"A": "84/100", "B": "71/100"}, "note")
    rows = found["shares"].to_dict("records")
    assert [(row["x"], row["low"], row["high"]) for row in rows] == [
        (ONE.estimate, ONE.low, ONE.high),
        (OTHER.estimate, OTHER.low, OTHER.high),
    ]
    assert [row["detail"] for row in rows] == ["84/100", "71/100"]
    assert found["note"].to_dict("records") == [{"label": "B", "x": 0.5, "role": HIGHLIGHT, "detail": "note"}]


def test_a_difference_has_both_intervals_and_is_filled_where_the_strict_one_leaves_out_zero():
    alone = {"far": newcombe((90, 50), (100, 100)), "near": newcombe((84, 71), (100, 100))}
    strict = {"far": newcombe((90, 50), (100, 100), 0.99), "near": newcombe((84, 71), (100, 100), 0.99)}
    rows = xor_shares.differences_data(alone, strict, {"far": "1", "near": "2"})["differences"].to_dict("records")
    for row in rows:
        a, s = alone[row["label"]], strict[row["label"]]
        assert (row["x"], row["low"], row["high"]) == (a.estimate, a.low, a.high)
        assert (row["low_all"], row["high_all"]) == (s.low, s.high)
    assert [row["fill"] for row in rows] == [VALUE, SURFACE]


def test_a_zero_width_interval_is_no_trouble():
    found = xor_shares.differences_data({"x": Interval(0.0, 0.0, 0.0)}, {"x": Interval(0.0, 0.0, 0.0)}, {"x": ""})
    assert found["zero"]["x"].tolist() == [0.0]
    assert found["differences"]["fill"].tolist() == [SURFACE]


def test_the_parts_of_a_bar_are_shares_of_all_runs():
    frame = xor_shares.ends_data({"A": [78, 17, 5], "B": [1, 0, 3]}, ("won", "stuck", "lost"))["ends"]
    assert frame["share"].tolist() == [0.78, 0.17, 0.05, 0.25, 0.0, 0.75]
    assert frame["runs"].tolist() == [78, 17, 5, 1, 0, 3]
    assert frame.groupby("label")["share"].sum().tolist() == [1.0, 1.0]


def test_the_specs_have_titles_named_data_and_two_lines_in_a_name():
    shares = xor_shares.shares_spec(LABELS, "share")
    differences = xor_shares.differences_spec(LABELS, "difference")
    ends = xor_shares.ends_spec(LABELS, ("won", "lost"), "runs")
    assert shares is xor_shares.shares_spec(LABELS, "share")
    for spec, title, names in (
        (shares, "share", {"shares", "note"}),
        (differences, "difference", {"differences", "zero"}),
    ):
        assert {layer["encoding"]["x"]["title"] for layer in spec["layer"]} == {title}
        assert {layer.get("data", spec.get("data"))["name"] for layer in spec["layer"]} == names
        y = next(layer["encoding"]["y"] for layer in spec["layer"] if "y" in layer["encoding"])
        assert y["axis"]["labelExpr"] == "split(datum.label, '|')"
        assert y["scale"]["domain"] == list(LABELS)
    assert ends["encoding"]["x"]["title"] == "runs"
    assert ends["encoding"]["x"]["stack"] == "zero"
    assert ends["encoding"]["color"]["legend"]["symbolType"] == "square"
    taller = xor_shares.shares_spec((*LABELS, "D"), "share")
    assert taller["height"] - shares["height"] == xor_shares.ROW
