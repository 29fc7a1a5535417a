"""The race: the table, the formulas, the words and the script are the engine's entries."""

import base64
import json
import math
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from engine.race import AS_GOOD_AS_ZERO, ENTRANTS, GRADIENTS, GRID, LOSS, Contest, enter, turned, winners
from engine.surfaces import surface
from pages.sections.descent.race_setup import DEFAULT, OPTIMIZERS, PLACES, PRESETS, SAME, start
from pages.sections.descent.race_words import MISTAKE
from pages.shared.charts.paths import LOSS as LOSS_KIND
from pages.shared.charts.paths import PLACE
from pages.shared.charts.theme import COLOURS
from pages.shared.lessons import lesson
from pages.shared.numbers import plain, tex

KEY = "descent_race_"
ALL = ".".join(ENTRANTS)


@pytest.fixture
def opened(app):
    """opened(language, angle="45", ...): the section with these parameters."""

    def by_link(language: str = "en", **parameters: str):
        query = {KEY + name: text for name, text in parameters.items()}
        return app("descent", language, descent_section="race", **query)

    return by_link


def contest(preset: str = "bowl", angle: float = 0.0, **changes) -> Contest:
    chosen = PRESETS[preset]
    bowl = {"condition": 50.0} if chosen.surface == "elongated_bowl" else {"condition": 1.0}
    known = {"angle": angle, "start": start(chosen, angle), "n_gradients": chosen.n_gradients}
    minimum = bool(surface(chosen.surface).minima)
    goal = {"tolerance": 1e-3, "best_by": LOSS} if minimum else {"tolerance": 1.0, "best_by": GRADIENTS}
    return Contest(**{"surface_code": chosen.surface, **bowl, **known, **goal, **changes})


def row(entry) -> list[str]:
    counts = ["–" if count is None else str(count) for count in (entry.steps_to_goal, entry.gradients_to_goal)]
    loss = plain(entry.loss) if math.isfinite(entry.loss) else "diverged"
    return [OPTIMIZERS[entry.code], plain(entry.learning_rate), *counts, loss, plain(entry.decades)]


def check(screen, of: Contest, codes=DEFAULT, rate=None) -> list:
    """The table, the formulas, the winner and the script of a screen; returns the entries."""
    entries = [enter(of, code, rate) for code in codes]
    assert screen.table.to_numpy().tolist() == [row(entry) for entry in entries]
    assert rf"f({tex(of.start[0])}, {tex(of.start[1])}) &= {tex(of.start_loss)}" in screen.latex
    check_winner(screen, of, winners(entries))
    for line, entry in zip(screen.printed(), entries, strict=True):
        words = line.split()[-10:]
        said = dict(zip(words[::2], words[1::2], strict=True))
        loss = float(said["loss"])
        shown = [plain(float(said["rate"])), said["steps"].replace("-1", "–"), said["gradients"].replace("-1", "–")]
        shown += [plain(loss) if math.isfinite(loss) else "diverged", plain(float(said["decades"]))]
        assert shown == row(entry)[1:]
    return entries


def check_winner(screen, of: Contest, best) -> None:
    """Ranked by the same that chose the learning rates."""
    names = ", ".join(OPTIMIZERS[entry.code] for entry in best)
    assert (f"**Lowest loss after {of.n_gradients} gradients: {names}**" in screen.words) == bool(best and of.by_loss)
    assert (f"**Fewest gradients to the goal: {names}**" in screen.words) == bool(best and not of.by_loss)
    assert ("In the formula:" in screen.words) == (len(best) > 1)
    if best and of.by_loss:
        assert rf"f(x^{{({len(best[0].points) - 1})}}) &= {tex(best[0].loss)}" in screen.latex
    elif best:
        step = best[0].steps_to_goal
        assert f"Gradients: {best[0].gradients_to_goal}." in screen.words
        assert rf"f(x^{{({step})}}) &= {tex(float(best[0].losses[step]))} \le {tex(of.goal)}" in screen.latex


def player(screen) -> dict:
    """What the player is given."""
    parts = [json.loads(part.proto.json) for part in screen.at.get("bidi_component") if part.proto.json]
    return next(data for data in parts if "paths" in data)


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
    screen = opened(angle="45", optimizers=ALL, **mode)
    check(screen, contest(angle=45.0), ENTRANTS, rate)
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
    start = (3.5, turned(PRESETS["bowl"].start, 30.0)[1])
    check(screen.set(KEY + "x0", 3.5), contest(condition=7.0, angle=30.0, start=start))
    check(screen.set(KEY + "gradients", 50), contest(condition=7.0, angle=30.0, start=start, n_gradients=50))
    last = contest(condition=7.0, angle=30.0, start=start, n_gradients=50, tolerance=1e-6)
    check(screen.set(KEY + "tolerance", 1e-6), last)
    last = replace(last, best_by=GRADIENTS)
    check(screen.set(KEY + "best", GRADIENTS), last)
    assert screen.link[KEY + "best"] == GRADIENTS
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
        losses = unpacked(path["losses"], LOSS_KIND)
        np.testing.assert_allclose(losses, entry.losses)
        assert path["role"] == COLOURS[PLACES[entry.code] % len(COLOURS)]
    assert [bool(path["dash"]) for path in data["paths"]] == [False] * 5 + [True]
    assert [mark["shape"] for mark in data["marks"]] == ["star"]


def test_the_saddle_shows_the_way_off_the_ridge(opened):
    screen = opened(preset="saddle")
    data, entry = player(screen), enter(contest("saddle"), "sgd", 0.05)
    losses = unpacked(data["paths"][0]["losses"], LOSS_KIND)
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


def test_the_chart_shows_what_is_ranked(opened):
    screen = opened(best=GRADIENTS)
    entries = [enter(contest(best_by=GRADIENTS), code) for code in DEFAULT]
    found = drawn(screen)
    assert found["goal"].empty
    best = found["best"].set_index("series")
    for entry in entries:
        own = found["series"][found["series"]["series"] == OPTIMIZERS[entry.code]]
        assert own["value"].tolist() == entry.search.losses[np.isfinite(entry.search.losses)].tolist()
        assert best.loc[OPTIMIZERS[entry.code], ["x", "value"]].tolist() == [
            entry.learning_rate,
            entry.gradients_to_goal,
        ]
    assert "gradients to the goal" in screen.picture[0]
    assert "loss after" not in screen.picture[0]
    assert "A gap: the run does not get to the goal" in screen.words
    assert "diverge (a gap)" not in screen.words


def test_the_criterion_is_told(opened):
    screen = opened()
    assert "the one that ends lowest after 200 gradients" in screen.words
    assert "another criterion gives another best rate" in screen.words
    screen.set(KEY + "best", GRADIENTS)
    assert "the one that needs the fewest gradients from this start to the goal" in screen.words
    assert "another criterion gives another best rate" in screen.words
    assert not opened(preset="saddle").has(KEY + "best")


def test_who_never_stays_at_the_goal_is_named(opened):
    text = "theirs is the one with the lowest loss at the end: Adadelta."
    screen = opened(angle="45", optimizers="sgd.adadelta", best=GRADIENTS)
    assert enter(contest(angle=45.0, best_by=GRADIENTS), "adadelta").fell_back
    assert text in screen.words
    assert text not in screen.set(KEY + "best", LOSS).words
    only = opened(angle="45", optimizers="adadelta", best=GRADIENTS)
    check(only, contest(angle=45.0, best_by=GRADIENTS), ("adadelta",))
    assert r"\arg\min" not in only.latex


def test_the_start_turns_with_the_bowl(opened):
    screen = opened()
    assert [screen.value(KEY + name) for name in ("x0", "x1")] == [-4.1, 2.3]
    screen.set(KEY + "angle", 45.0)
    assert [screen.value(KEY + name) for name in ("x0", "x1")] == list(turned((-4.1, 2.3), 45.0))
    check(screen, contest(angle=45.0))
    assert KEY + "x0" not in screen.link
    screen.set(KEY + "x0", -4.0).set(KEY + "x1", 2.0)
    link = screen.link
    again = opened(**{name.removeprefix(KEY): text for name, text in link.items() if name.startswith(KEY)})
    check(again, contest(angle=45.0, start=(-4.0, 2.0)))


def test_no_name_of_a_surface_contradicts_its_angle():
    assert sum(preset.surface == "elongated_bowl" for preset in PRESETS.values()) == 1


def test_an_undeserved_win_is_told_beside_the_winner(opened):
    lucky, helped = "**A lucky hit** (Rprop)", "which is an unfair help"
    screen = opened(optimizers="sgd.rprop", x0="-4", x1="2")
    assert winners([enter(contest(start=(-4.0, 2.0)), code) for code in ("sgd", "rprop")])[0].learning_rate == 4.0
    assert any(lucky in warning.value for warning in screen.at.warning)
    assert not any(lucky in warning.value for warning in opened(optimizers="sgd.rprop").at.warning)
    everybody = opened(optimizers=ALL)
    assert "AdamW" in everybody.words.split("**Lowest loss after 200 gradients: ")[1].split("**")[0]
    assert any(helped in warning.value for warning in everybody.at.warning)
    assert not any(helped in warning.value for warning in opened().at.warning)
    assert not any(helped in warning.value for warning in opened(preset="himmelblau", optimizers="adamw").at.warning)


def test_no_rate_hits_the_default_start():
    for code in ("adagrad", "rprop", "adam"):
        assert not any(enter(contest(), code, rate).hits_by_luck for rate in GRID)


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


def both(code: str, best_by: str) -> list:
    """Along the axes, and turned."""
    return [enter(contest(angle=angle, best_by=best_by), code) for angle in (0.0, 45.0)]


def test_what_to_notice_is_so(opened):
    words = opened().words
    ends = {code: [entry.loss for entry in both(code, LOSS)] for code in ("sgd", "momentum", "adagrad", "rmsprop")}
    for code in ("sgd", "momentum"):
        assert plain(ends[code][0]) == plain(ends[code][1])
    assert f"stay ({plain(ends['sgd'][0])} and {plain(ends['momentum'][0])})" in words
    assert max(ends["adagrad"][0], ends["rmsprop"][0]) < AS_GOOD_AS_ZERO
    assert f"lose that advantage ({plain(ends['adagrad'][1])} and {plain(ends['rmsprop'][1])})" in words

    adagrad, sgd, searched = (both(code, GRADIENTS) for code in ("adagrad", "sgd", "lbfgs"))
    before = both("adagrad", LOSS)[0]
    rates = f"η = {plain(adagrad[0].learning_rate)} instead of {plain(before.learning_rate)}"
    counts = f"{adagrad[0].gradients_to_goal} gradients instead of {before.gradients_to_goal}"
    assert f"{rates} and needs {counts}" in words
    assert sgd[0].gradients_to_goal == sgd[1].gradients_to_goal
    both_angles = f"needs {adagrad[1].gradients_to_goal}; SGD needs {sgd[0].gradients_to_goal} at both"
    assert both_angles in words
    for entry, angle in zip(searched, (0.0, 45.0), strict=True):
        others = [enter(contest(angle=angle, best_by=GRADIENTS), code).steps_to_goal for code in DEFAULT[:-1]]
        assert entry.steps_to_goal < min(others)
        assert entry.gradients_to_goal > entry.steps_to_goal


def test_adagrads_long_first_step_makes_newtons():
    """Far from the axes' minimum every later step is nearly as long as the way to it."""
    points = enter(contest(best_by=GRADIENTS), "adagrad").points
    assert np.abs(points[1]).min() > 50
    np.testing.assert_allclose((points[1] - points[2]) / points[1], 1, atol=0.1)


def test_what_the_race_leaves_out_is_true(opened):
    """The last section has no mini-batches; the one before it has."""
    words = opened().words
    assert "section “Batch, mini-batch, one sample”), which a line search or Rprop's signs take badly" in words
    assert [section.title for section in lesson("descent").sections][-2] == "Batch, mini-batch, one sample"


def test_the_mistake(opened):
    at = contest(angle=45.0)
    nesterov, adam = enter(at, "nesterov", 0.1), enter(at, "adam", 0.1)
    assert nesterov.diverged_at > 0
    assert f"from {plain(at.start_loss)} to {plain(adam.loss)}." in MISTAKE.lines[2]
    for best_by, shown in ((LOSS, lambda entry: plain(entry.loss)), (GRADIENTS, lambda entry: entry.gradients_to_goal)):
        best = [enter(replace(at, best_by=best_by), code) for code in ("nesterov", "adam")]
        assert best[0].score < best[1].score
        rates = [plain(entry.learning_rate) for entry in best]
        verbs = ("ends at ", "at ") if best_by == LOSS else ("needs ", "")
        assert f"Nesterov momentum ({rates[0]}) {verbs[0]}{shown(best[0])}" in MISTAKE.explanation
        assert f"Adam ({rates[1]}) {verbs[1]}{shown(best[1])}" in MISTAKE.explanation
    screen = opened()
    screen.set(KEY + "line", "3")
    assert "Line 3 holds." in screen.words
    screen.set(KEY + "line", "4")
    assert "One learning rate was compared" in screen.words


def test_the_challenge(opened):
    grid = enter(contest(angle=45.0, condition=30.0), "sgd")
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
        ("bowl", (0.0, 0.0), ("lbfgs",)),
        ("bowl", (0.0, 0.0), ENTRANTS),
        ("saddle", (0.0, 0.0), ENTRANTS),
        ("beale", (-4.5, -4.5), ENTRANTS),
        ("rosenbrock", (2.0, -1.0), ENTRANTS),
    ],
)
@pytest.mark.parametrize("best_by", [LOSS, GRADIENTS])
@pytest.mark.parametrize("mode", ["own", SAME])
def test_starts_at_rest_and_far_out(opened, preset, start, codes, mode, best_by):
    x0, x1 = map(str, start)
    best = {"best": best_by} if preset != "saddle" else {}
    screen = opened(preset=preset, x0=x0, x1=x1, optimizers=".".join(codes), mode=mode, **best)
    of = contest(preset, start=start, best_by=best_by if best else GRADIENTS)
    check(screen, of, codes, PRESETS[preset].rate if mode == SAME else None)
