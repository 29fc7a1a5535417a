"""What it costs: counted before, measured only when asked, and never in the link."""

import json
import threading

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from engine.activations import activation
from engine.pass_counts import count_passes
from engine.timing import Timings, share_on_paper
from pages.sections.activations import cost
from pages.shared import names, turns
from pages.shared.numbers import plain, tex

CODES = cost.DEFAULT
LABELS = [names.ACTIVATIONS[code] for code in CODES]


def opened(app, language="en", **query):
    link = {f"activations_cost_{key}": text for key, text in query.items()}
    return app("activations", language, activations_section="cost", **link)


@pytest.fixture
def clock(monkeypatch):
    """Timings that are known: sigmoid takes 4 times as long as ReLU, GELU's f' half; 10 rounds, one of them slow."""
    asked = []

    def measure(kinds, n_values, rounds, budget):
        asked.append(([kind.name for kind in kinds], n_values, rounds, budget))
        seconds = np.ones((2, len(kinds), 10)) * np.where(np.arange(10) == 3, 5.0, 1.0) * 1e-3
        for place, kind in enumerate(kinds):
            seconds[0, place] *= {"sigmoid": 4.0, "tanh": 1.0}.get(kind.name, 1.0)
            seconds[1, place] *= {"gelu": 0.5}.get(kind.name, 1.0)
        return Timings(tuple(kind.name for kind in kinds), n_values, seconds, np.full(10, 4e-3))

    monkeypatch.setattr(cost, "measure", measure)
    return asked


def plotted(screen) -> pd.DataFrame:
    proto = screen.at.get("vega_lite_chart")[0].proto
    (data,) = [data.data.data for data in proto.datasets if data.name == "costs"]
    return pa.RecordBatchStreamReader(data).read_pandas()


# ------------------------------------------------------------------ before anybody measures


def test_nothing_is_measured_on_the_way_in_nor_by_a_move(app, clock):
    screen = opened(app)
    screen.set("activations_cost_values", "10000").set("activations_cost_functions", ["tanh", "gelu"])
    screen.set("activations_cost_inputs", 50)
    assert clock == []
    assert "Nothing is measured yet." in screen.words
    assert screen.metrics == []


def test_the_counts_are_the_engines(app):
    screen = opened(app)
    counted = [count_passes(activation(code)) for code in CODES]
    assert screen.table.iloc[:, 0].tolist() == LABELS
    for part, symbol in enumerate(("f", "f′")):
        shown = [f"{pair[part].total} ({pair[part].transcendental})" for pair in counted]
        assert screen.table[f"{symbol}: passes"].tolist() == shown
        data = plotted(screen).query("part == @symbol")
        assert data["x"].tolist() == [pair[part].total for pair in counted]
        assert data["label"].tolist() == LABELS


def test_relu_is_always_among_them(app):
    screen = opened(app).set("activations_cost_functions", ["tanh", "step"])
    assert screen.table.iloc[:, 0].tolist() == ["Step", "tanh", "ReLU"]
    assert screen.link["activations_cost_functions"] == "step.tanh"


def test_all_functions_have_room(app):
    screen = opened(app).set("activations_cost_functions", list(names.ACTIVATIONS))
    assert screen.table.iloc[:, 0].tolist() == list(names.ACTIVATIONS.values())


# ------------------------------------------------------------------ measured


def test_measuring_shows_what_was_measured(app, clock):
    screen = opened(app, values="10000").click("activations_cost_measure")
    assert clock == [(list(CODES), 10_000, cost.ROUNDS, cost.BUDGET)]
    table = screen.table.set_index("Activation function")
    assert table.loc["Sigmoid", "f ÷ ReLU"] == "4 (4–4)"
    assert table.loc["GELU", "f′ ÷ ReLU"] == "0.5 (0.5–0.5)"
    assert table.loc["Sigmoid", "Share"] == "50 %"
    assert table.loc["ReLU", "Share"] == "20 %"
    assert table.loc["Sigmoid", "c"] == "100"
    assert table.loc["ReLU", "c"] == "25"
    data = plotted(screen).set_index(["label", "part"])
    assert data.loc[("Sigmoid", "f"), "x"] == pytest.approx(4)
    assert data.loc[("GELU", "f′"), "x"] == pytest.approx(0.5)
    assert screen.metrics == ["100 ms", "100 ms", "400 ms"]  # for a million values; the slow round is no matter
    assert "median of 10 rounds with 10,000 values" in screen.words


def test_it_is_said_what_can_be_concluded(app, clock):
    words = opened(app).click("activations_cost_measure").words
    others = "Linear, tanh, Leaky ReLU, ELU, Swish"
    assert f"**f** – slower than ReLU: Sigmoid; nothing can be concluded: {others}, GELU." in words
    assert (
        "**f′** – faster than ReLU: GELU; nothing can be concluded: Linear, Sigmoid, tanh, Leaky ReLU, ELU, Swish."
        in words
    )


def test_a_measurement_stays_and_is_in_no_link(app, clock):
    screen = opened(app).click("activations_cost_measure")
    before = screen.table.to_dict()
    screen.set("activations_cost_functions", ["mish"]).set("activations_cost_inputs", 33)
    assert screen.table.to_dict() == before
    assert len(clock) == 1
    assert set(screen.link) == {"activations_section", "activations_cost_functions", "activations_cost_inputs"}
    screen.click("activations_cost_measure")
    assert screen.table.iloc[:, 0].tolist() == ["ReLU", "Mish"]


def test_the_counts_stay_beside_the_times(app, clock):
    screen = opened(app).click("activations_cost_measure")
    assert screen.at.table[1].value["f: passes"].tolist()[1] == "4 (1)"


def test_a_real_measurement(app):
    screen = opened(app, values="10000", functions="sigmoid.gelu").click("activations_cost_measure")
    assert screen.table.iloc[:, 0].tolist() == ["Sigmoid", "ReLU", "GELU"]
    assert screen.table.iloc[1, 1:3].tolist() == ["1 (1–1)", "1 (1–1)"]
    assert len(screen.metrics) == 3


def test_while_somebody_measures_the_next_one_is_told(app, clock, monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.0)
    inside, done = threading.Event(), threading.Event()
    busy = threading.Thread(target=turns.alone, args=(lambda: (inside.set(), done.wait(60)), lambda: None))
    busy.start()
    try:
        assert inside.wait(20)
        screen = opened(app).click("activations_cost_measure")
    finally:
        done.set()
        busy.join(20)
    assert clock == []
    assert [warning.value for warning in screen.at.warning] == [
        "Many are measuring just now. Please try again in a minute."
    ]
    assert "Nothing is measured yet." in screen.words


# ------------------------------------------------------------------ on paper, challenge, take-away


def test_the_share_on_paper(app):
    screen = opened(app)
    assert rf"&= {tex(share_on_paper(10, 5.0))}" in screen.latex
    screen.set("activations_cost_inputs", 784).set("activations_cost_c", 12.5)
    assert r"\frac{12.5}{784 + 12.5}" in screen.latex
    assert rf"&= {tex(12.5 / 796.5)}" in screen.latex


def test_the_challenge(app):
    screen = opened(app)
    guess = screen.at.number_input(key="activations_cost_challenge_guess")
    guess.set_value(20.0)
    assert screen.run().at.success == []
    screen.at.number_input(key="activations_cost_challenge_guess").set_value(17.0)
    assert screen.run().at.success != []
    assert plain(100 * share_on_paper(100, 20)) == "16.67"


def test_the_script_measures_anew(app):
    screen = opened(app, functions="sigmoid.gelu.leaky_relu")
    lines = [line.split() for line in screen.printed()]
    names_of = {"sigmoid", "relu", "leaky_relu", "gelu"}
    ratios = {(name, part): [float(text) for text in rest] for name, part, *rest in lines if part in ("f", "slope")}
    assert set(ratios) == {(name, part) for name in names_of for part in ("f", "slope")}
    for median, low, high in ratios.values():
        assert 0 < low <= median <= high
    assert ratios["relu", "f"] == ratios["relu", "slope"] == [1.0, 1.0, 1.0]
    shares = [float(line[-1]) for line in lines if line[1] == "share"]
    assert len(shares) == 4
    assert all(0 < share < 1 for share in shares)


def test_its_script_is_quick_for_all_functions(app):
    screen = opened(app, functions=".".join(names.ACTIVATIONS))
    assert len(screen.printed()) == 3 * len(names.ACTIVATIONS)


def test_korean_shows_the_same_measurement(app, clock):
    korean = opened(app, "ko").click("activations_cost_measure")
    assert "ReLU보다 느림: Sigmoid" in korean.words
    assert korean.table.iloc[1, 1] == "4 (4–4)"


def test_measured_and_counted_share_one_shape_of_picture(app, clock):
    screen = opened(app)
    before = json.loads(screen.picture[0])
    after = json.loads(screen.click("activations_cost_measure").picture[0])
    assert len(before["layer"]) == len(after["layer"])
    assert before["height"] == after["height"]
