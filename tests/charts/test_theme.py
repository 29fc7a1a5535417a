"""The legend of several series fits a phone."""

import pytest

from pages.shared.charts.theme import by_series, legend_columns, legend_height


@pytest.mark.parametrize(
    ("labels", "columns"),
    [
        (("Sigmoid", "tanh", "ReLU"), 3),
        (("Swish", "GELU", "GELU (tanh)", "Mish", "Hard swish"), 3),
        (("Sigmoid", "tanh", "arctan", "Softsign", "Gaussian sigmoid", "Hard sigmoid"), 2),
        (("학습률 0.1인 실행", "학습률 0.01인 실행", "운동량"), 2),
        (("one",), 3),
    ],
)
def test_long_names_have_two_columns(labels, columns):
    assert legend_columns(labels) == columns
    assert by_series(labels)[0].to_dict()["legend"]["columns"] == columns
    assert legend_height(labels) == 30 + 20 * -(-len(labels) // columns)


@pytest.mark.parametrize(("n", "dashed"), [(7, False), (8, True)])
def test_a_dash_is_long_enough_to_be_seen(n, dashed):
    colour, _dash = by_series([f"s{i}" for i in range(n)])
    assert (colour.to_dict()["legend"]["symbolSize"] > 100) == dashed
