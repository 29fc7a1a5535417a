"""The race: the table, the formulas, the words and the script are the engine's entries."""

import base64
import json
import math

import numpy as np
import pyarrow as pa
import pytest

from engine.race import AS_GOOD_AS_ZERO, ENTRANTS, GRID, Contest, enter, first
from engine.surfaces import surface
from pages.sections.descent.race_setup import DEFAULT, OPTIMIZERS, PLACES, PRESETS, SAME
from pages.shared.charts.paths import LOSS, PLACE
from pages.shared.charts.theme import COLOURS
from pages.shared.numbers import plain, tex

KEY = "descent_race_"
ALL = ".".join(ENTRANTS)


@pytest.fixture
def opened(app):
    """opened(language, preset="turned", ...): the section with these parameters."""

    def by_link(language: str = "en", **parameters: str):
        query = {KEY + name: text for name, text in parameters.items()}
        return app("descent", language, descent_section="race", **query)

    return by_link


def contest(preset: str = "straight", **changes) -> Contest:
    chosen = PRESETS[preset]
    bowl = {"condition": 50.0} if chosen.surface == "elongated_bowl" else {"condition": 1.0}
    known = {"angle": chosen.angle, "start": surface(chosen.surface).start, "n_gradients": chosen.n_gradients}
    tolerance = 1e-3 if surface(chosen.surface).minima else 1.0
    return Contest(**{"surface_code": chosen.surface, "tolerance": tolerance, **bowl, **known, **changes})


def row(entry, goal: float) -> list[str]:
    step, gradients = entry.steps_to(goal), entry.evaluations_to(goal)
    counts = ["–" if count is None else str(count) for count in (step, gradients)]
    loss = plain(entry.loss) if math.isfinite(entry.loss) else "diverged"
    return [OPTIMIZERS[entry.code], plain(entry.learning_rate), *counts, loss, plain(entry.decades)]


def check(screen, of: Contest, codes=DEFAULT, rate=None) -> list:
    """The table, the formulas and the script of a screen; returns the entries."""
    entries = [enter(of, code, rate) for code in codes]
    assert screen.table.to_numpy().tolist() == [row(entry, of.goal) for entry in entries]
    assert rf"f({tex(of.start[0])}, {tex(of.start[1])}) &= {tex(of.start_loss)}" in screen.latex
    winner = first(entries, of.goal)
    if winner:
        step = winner.steps_to(of.goal)
        assert f"**First at the goal, by gradients: {OPTIMIZERS[winner.code]}**" in screen.words
        assert f"Steps: {step}, gradients: {winner.evaluations_to(of.goal)}." in screen.words
        assert rf"f(x^{{({step})}}) &= {tex(float(winner.losses[step]))} \le {tex(of.goal)}" in screen.latex
    else:
        assert "First at the goal" not in screen.words
    for line, entry in zip(screen.printed(), entries, strict=True):
        words = line.split()[-10:]
        said = dict(zip(words[::2], words[1::2], strict=True))
        loss = float(said["loss"])
        shown = [plain(float(said["rate"])), said["steps"].replace("-1", "–"), said["gradients"].replace("-1", "–")]
        shown += [plain(loss) if math.isfinite(loss) else "diverged", plain(float(said["decades"]))]
        assert shown == row(entry, of.goal)[1:]
    return entries


def player(screen) -> dict:
    """What the player is given."""
    return next(
        data
        for data in map(json.loads, (part.proto.json for part in screen.at.get("bidi_component")))
        if "paths" in data
    )


def unpacked(text: str, kind: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), kind)


def drawn(screen) -> dict:
    sets = screen.at.get("vega_lite_chart")[0].proto.datasets
    return {data.name: pa.ipc.open_stream(data.data.data).read_pandas() for data in sets}


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset(opened, preset):
    screen, mode = opened(preset=preset), PRESETS[preset].mode
    assert screen.toasts == []
    check(screen, contest(preset), rate=PRESETS[preset].rate if mode == SAME else None)


@pytest.mark.parametrize("rate", [None, 0.01])
def test_everybody_can_run(opened, rate):
    mode = {} if rate is None else {"mode": SAME, "rate": str(rate)}
    screen = opened(preset="turned", optimizers=ALL, **mode)
    check(screen, contest("turned"), ENTRANTS, rate)
    for name in ("Rprop", "Adadelta", "AdamW", "Averaged SGD", "L-BFGS", "SparseAdam"):
        assert f"**{name}**" in screen.words


def test_note_002(opened):
    """SGD with 0.1 from (-3, 4), 100 steps of factor 0.8."""
    screen = opened(preset="round", mode=SAME)
    check(screen, contest("round"), rate=0.1)
    assert screen.table.iloc[0].tolist()[:4] == ["SGD", "0.1", "23", "23"]
    path = player(screen)["paths"][0]
    np.testing.assert_allclose(
        unpacked(path["points"], PLACE).reshape(-1, 2)[-1], [-6.11110793e-10, 8.14814391e-10], rtol=1e-6
    )


def test_the_controls_change_the_race(opened):
    screen = opened()
    check(screen, contest())
    check(screen.set(KEY + "condition", 7.0), contest(condition=7.0))
    check(screen.set(KEY + "angle", 30.0), contest(condition=7.0, angle=30.0))
    start = (3.5, 2.0)
    check(screen.set(KEY + "x0", 3.5), contest(condition=7.0, angle=30.0, start=start))
    check(screen.set(KEY + "gradients", 50), contest(condition=7.0, angle=30.0, start=start, n_gradients=50))
    last = contest(condition=7.0, angle=30.0, start=start, n_gradients=50, tolerance=1e-6)
    check(screen.set(KEY + "tolerance", 1e-6), last)
    check(screen.set(KEY + "mode", SAME), last, rate=0.01)
    check(screen.set(KEY + "rate", 0.1), last, rate=0.1)
    check(screen.set(KEY + "optimizers", ["adam", "nadam"]), last, ("adam", "nadam"), 0.1)
    assert screen.link[KEY + "optimizers"] == "adam.nadam"


def test_the_player_plays_the_entries(opened):
    entries = [enter(contest(), code) for code in DEFAULT]
    data = player(opened())
    assert [path["label"] for path in data["paths"]] == [OPTIMIZERS[code] for code in DEFAULT]
    for path, entry in zip(data["paths"], entries, strict=True):
        np.testing.assert_allclose(unpacked(path["points"], PLACE).reshape(-1, 2), entry.points, rtol=1e-6, atol=1e-30)
        losses = unpacked(path["losses"], LOSS)
        np.testing.assert_allclose(losses, entry.losses)
        assert path["role"] == COLOURS[PLACES[entry.code] % len(COLOURS)]
    assert [bool(path["dash"]) for path in data["paths"]] == [False] * 5 + [True]
    assert [mark["shape"] for mark in data["marks"]] == ["star"]


def test_the_saddle_shows_the_way_off_the_ridge(opened):
    screen = opened(preset="saddle")
    data, entry = player(screen), enter(contest("saddle"), "sgd", 0.05)
    losses = unpacked(data["paths"][0]["losses"], LOSS)
    np.testing.assert_allclose(losses, np.abs(entry.points[:, 1]))
    assert data["loss"]["title"] == "|x₁|: how far from the ridge"
    assert not screen.has(KEY + "tolerance")
    assert "then a run has left the saddle" in screen.words
    screen.set(KEY + "mode", "own")
    check(screen, contest("saddle"))
    assert "a longer step is never too long" in screen.words
    assert drawn(screen)["goal"].empty


def test_the_chart_shows_the_grid(opened):
    screen = opened()
    entries = [enter(contest(), code) for code in DEFAULT]
    found = drawn(screen)
    assert found["goal"]["y"].tolist() == [1e-3]
    assert found["shared"].empty
    best = found["best"].set_index("series")["x"].to_dict()
    assert best == {OPTIMIZERS[entry.code]: entry.learning_rate for entry in entries}
    for entry in entries:
        own = found["series"][found["series"]["series"] == OPTIMIZERS[entry.code]]
        finite = np.isfinite(entry.search.losses)
        assert own["y"].tolist() == np.maximum(entry.search.losses[finite], AS_GOOD_AS_ZERO).tolist()
    screen.set(KEY + "mode", SAME)
    found = drawn(screen)
    assert found["shared"]["x"].tolist() == [0.01]
    assert found["best"].empty


def test_too_large_rates_are_named(opened):
    words = opened(optimizers="sgd.momentum.adam").words
    assert "diverge (a gap): SGD from η = 0.063, Momentum from η = 0.1." in words


def test_the_edge_of_the_grid_is_told(opened):
    screen = opened(preset="himmelblau", optimizers="adadelta.adam.lbfgs")
    assert enter(contest("himmelblau"), "adadelta").search.at_edge
    assert "a wider grid may hold a better one: Adadelta." in screen.words
    assert "at the edge" not in screen.set(KEY + "mode", SAME).words


def test_a_run_that_diverges_is_called_so(opened):
    screen = opened(mode=SAME, rate="1", optimizers="sgd.adam")
    assert screen.table["Loss at the end"].tolist()[0] == "diverged"
    check(screen, contest(), ("sgd", "adam"), 1.0)


def test_the_best_of_the_grid_in_numbers(opened):
    screen = opened()
    entry = enter(contest(), "sgd")
    assert "**The own best of SGD**" in screen.words
    for rate, loss in entry.neighbours:
        sign = r"\eta^\star" if rate == 0.025 else r"\eta"
        assert rf"{sign} = {tex(rate)}: \; f(x^{{(200)}}) &= {tex(loss, 3)}" in screen.latex
    assert "lowest learning rate counts" in opened(optimizers="adagrad").words
    assert r"\arg\min" not in opened(optimizers="lbfgs").latex


def test_what_to_notice_is_so():
    """The figures of the words that can't be filled in."""
    found = {
        code: [enter(contest(preset), code).evaluations_to(1e-3) for preset in ("straight", "turned")]
        for code in ("adagrad", "rmsprop", "sgd", "momentum")
    }
    assert found == {"adagrad": [26, 128], "rmsprop": [51, 100], "sgd": [178, 137], "momentum": [74, 74]}
    for preset in ("straight", "turned"):
        steps = [enter(contest(preset), code).steps_to(1e-3) for code in DEFAULT]
        assert min(steps) == steps[-1]
        lbfgs = enter(contest(preset), "lbfgs")
        assert lbfgs.evaluations_to(1e-3) > lbfgs.steps_to(1e-3)


def test_the_mistake(opened):
    turned = contest("turned")
    nesterov, adam = enter(turned, "nesterov", 0.1), enter(turned, "adam", 0.1)
    assert nesterov.diverged_at > 0
    assert (plain(turned.start_loss), plain(adam.loss, 3)) == ("451", "0.473")
    best = [enter(turned, code) for code in ("nesterov", "adam")]
    assert [(entry.learning_rate, entry.evaluations_to(1e-3)) for entry in best] == [(0.025, 32), (16.0, 92)]
    screen = opened()
    screen.set(KEY + "line", "3")
    assert "Line 3 holds." in screen.words
    screen.set(KEY + "line", "4")
    assert "One learning rate was compared" in screen.words


def test_the_challenge(opened):
    grid = enter(Contest("elongated_bowl", 30.0, 45.0, (-4.0, 2.0), 200, 1e-3), "sgd")
    screen = opened()
    screen.set(KEY + "challenge_guess", 0.04)
    assert "A step multiplies the distance in it by 1 − 30 η." in screen.words
    assert "0.063 is the last" not in screen.words
    screen.set(KEY + "challenge_guess", max(rate for rate, bad in zip(GRID, grid.climbed, strict=True) if not bad))
    assert "0.063 is the last" in screen.words


@pytest.mark.parametrize(
    "parameters", [{"optimizers": "sgd.sparse_adam"}, {"rate": "0", "mode": SAME}, {"x0": "99"}, {"condition": "0"}]
)
def test_what_a_link_cannot_mean_is_told(opened, parameters):
    screen = opened(**parameters)
    assert len(screen.toasts) == 1
    check(screen, contest(), rate=0.01 if "mode" in parameters else None)


def test_korean(opened):
    screen = opened("ko", mode=SAME, rate="1")
    assert "**모두 같은 η = 1**" in screen.words
    assert screen.table.columns.tolist()[0] == "옵티마이저"
    assert screen.table.iloc[0].tolist()[4] == "발산"
    assert screen.table["η"].tolist() == opened(mode=SAME, rate="1").table["η"].tolist()


@pytest.mark.parametrize(
    ("preset", "start", "codes"),
    [
        ("straight", (0.0, 0.0), ("lbfgs",)),
        ("straight", (0.0, 0.0), ENTRANTS),
        ("saddle", (0.0, 0.0), ENTRANTS),
        ("beale", (-4.5, -4.5), ENTRANTS),
        ("rosenbrock", (2.0, -1.0), ENTRANTS),
    ],
)
@pytest.mark.parametrize("mode", ["own", SAME])
def test_starts_at_rest_and_far_out(opened, preset, start, codes, mode):
    x0, x1 = map(str, start)
    screen = opened(preset=preset, x0=x0, x1=x1, optimizers=".".join(codes), mode=mode)
    check(screen, contest(preset, start=start), codes, PRESETS[preset].rate if mode == SAME else None)
