"""The parts of a gradient: every bar and diamond is a number of the engine."""

from engine.batch_norm_gradient import BackwardConfig, backward
from pages.shared.charts import gradient_parts

LABELS = ("direct", "var", "mean", "dx", "check")


def test_bars_and_diamonds_are_the_numbers():
    steps = backward(BackwardConfig((2.0, 4.0, 5.0, 6.0, 8.0), (1.0, 0.0, 0.0, 0.0, 0.0)))
    arrays = (steps.direct, steps.through_var, steps.through_mean, steps.dx, steps.numeric)
    frame = gradient_parts.data(dict(zip(LABELS, arrays, strict=True)), "12345")["parts"]
    for label, values in zip(LABELS, arrays, strict=True):
        rows = frame.query("series == @label")
        assert rows["value"].tolist() == values.tolist()
        assert rows["sample"].tolist() == list("12345")
        assert set(rows["place"]) == {"dx" if label == "check" else label}  # the check stands on its bar


def test_titles_legend_and_shape():
    made = gradient_parts.spec(LABELS, "sample", "gradient")
    assert gradient_parts.spec(LABELS, "sample", "gradient") is made
    bars, diamonds = made["layer"]
    assert bars["encoding"]["x"]["title"] == "sample"
    assert bars["encoding"]["y"]["title"] == "gradient"
    assert bars["encoding"]["stroke"]["legend"]["values"] == list(LABELS)
    assert diamonds["mark"]["shape"] == "diamond"  # not by colour alone
    assert bars["transform"][0]["filter"] == "(datum.series !== 'check')"
    assert diamonds["transform"][0]["filter"] == "(datum.series === 'check')"
