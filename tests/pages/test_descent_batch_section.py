"""The batch section: paths, losses, noise and table are the engine's, in every preset and unit."""

import base64
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from engine.gradient_noise import draw_batches, gradient_noise
from engine.regression_batches import BatchConfig, train, worked_update
from engine.regression_bowl import DOMAIN, SamplesConfig, in_picture, regression
from pages.sections.descent.batch_setup import PRESETS
from pages.shared.numbers import plain, tex

KEY = "descent_batch_"
DEFAULT = [BatchConfig(SamplesConfig(), size) for size in (1, 32, 128)]


@pytest.fixture
def opened(app):
    """opened(language, preset="batch", ...): the section with these parameters."""

    def by_link(language: str = "en", **parameters: str):
        query = {KEY + name: text for name, text in parameters.items()}
        return app("descent", language, descent_section="batch", **query)

    return by_link


def played(screen) -> dict:
    """What the player plays."""
    found = [json.loads(part.proto.json) for part in screen.at.get("bidi_component") if part.proto.json]
    (picture,) = [data for data in found if data and "paths" in data]
    return picture


def drawn(screen, picture: int) -> dict[str, pd.DataFrame]:
    """The named data of a picture as the browser gets them."""
    sets = screen.at.get("vega_lite_chart")[picture].proto.datasets
    return {data.name: pa.ipc.open_stream(data.data.data).read_pandas() for data in sets}


def check_table(screen, configs) -> None:
    """Each batch size with its updates and where it ends."""
    runs = [train(config) for config in configs]
    rows = [
        [
            str(config.batch_size),
            str(config.updates_per_epoch),
            str(config.n_updates),
            plain(float(run.median[-1])),
            plain(run.settled),
        ]
        for config, run in zip(configs, runs, strict=True)
    ]
    assert [[str(cell) for cell in row] for row in screen.table.to_numpy().tolist()] == rows


def check_paths(screen, configs, frames) -> None:
    """Each path is the engine's at the frames: `frames(config)` gives updates."""
    paths = played(screen)["paths"]
    assert [path["label"] for path in paths] == [f"B = {config.batch_size}" for config in configs]
    for path, config in zip(paths, configs, strict=True):
        run, at = train(config), frames(config)
        points = np.frombuffer(base64.b64decode(path["points"]), dtype="<f4").reshape(-1, 2)
        losses = np.frombuffer(base64.b64decode(path["losses"]), dtype="<f8")
        with np.errstate(over="ignore"):
            assert np.array_equal(points, run.path[at].astype("f4"), equal_nan=True)
        assert np.array_equal(losses, run.excess[at], equal_nan=True)


def every_epoch(screen, config):
    """The updates made at the frames of a whole run."""
    return config.updates_after(np.array(played(screen)["steps"]))


# the runs


def test_the_three_of_note_002(opened):
    screen = opened()
    check_table(screen, DEFAULT)
    check_paths(screen, DEFAULT, lambda config: every_epoch(screen, config))
    assert played(screen)["steps"][-1] == 3840
    assert r"u_{32} &= \lceil 128 / 32 \rceil = 4" in screen.latex
    assert r"u_{1} &= \lceil 128 / 1 \rceil = 128" in screen.latex
    assert "Note 002 calls stochastic gradient descent, batch size 1, ‘much faster’" in screen.words
    assert "never arrives where the samples disagree (noise above 0)" in screen.words
    assert [name for name in screen.link if name.startswith(KEY)] == []
    assert screen.toasts == []


@pytest.mark.parametrize("code", PRESETS)
def test_every_preset(opened, code):
    preset, screen = PRESETS[code], opened(preset=code)
    sizes = [128 if size == "all" else int(size) for size in preset.sizes]
    one = BatchConfig(SamplesConfig(), 1, preset.learning_rate, schedule=preset.schedule)
    configs = [replace(one, batch_size=size) for size in sizes]
    check_table(screen, configs)
    check_paths(screen, configs, lambda config: every_epoch(screen, config))
    for config in configs:
        worse = train(config).n_worse
        assert (f"B = {config.batch_size}: {worse} of 20 runs end above" in screen.words) == (worse > 0)


def test_the_optimum_and_the_limits(opened):
    screen, problem = opened(noise="0.5", seed="3"), regression(SamplesConfig(noise=0.5, seed=3))
    w, b = problem.optimum.tolist()
    assert rf"w^* &= {tex(w)}, \quad b^* = {tex(b)}" in screen.latex
    assert rf"L^* &= {tex(problem.floor)}" in screen.latex
    assert rf"= {tex(problem.limit)} \\" in screen.latex
    assert rf"= {tex(problem.sample_limit)} \end" in screen.latex
    (star,) = played(screen)["marks"]
    assert (star["x"], star["y"], star["shape"]) == (w, b, "star")


@pytest.mark.parametrize(
    ("widget", "value", "change"),
    [
        ("rate", 0.25, {"learning_rate": 0.25}),
        ("epochs", 7, {"epochs": 7}),
        ("noise", 2.0, {"samples": SamplesConfig(noise=2.0)}),
        ("seed", 5, {"samples": SamplesConfig(seed=5)}),
        ("shuffle", 9, {"shuffle_seed": 9}),
        ("w", 4.0, {"start": (4.0, 2.0)}),
        ("b", -2.5, {"start": (-1.0, -2.5)}),
        ("schedule", "step", {"schedule": "step"}),
    ],
)
def test_a_control_moves_everything(opened, widget, value, change):
    screen = opened().set(KEY + widget, value)
    configs = [replace(config, **change) for config in DEFAULT]
    check_table(screen, configs)
    check_paths(screen, configs, lambda config: every_epoch(screen, config))


def test_other_samples_have_a_last_batch_that_is_smaller(opened):
    screen = opened().set(KEY + "n", "100")
    check_table(screen, [BatchConfig(SamplesConfig(100), size) for size in (1, 32, 100)])
    assert r"u_{32} &= \lceil 100 / 32 \rceil = 4" in screen.latex


def test_at_most_four_batch_sizes_each_in_its_own_colour(opened):
    screen = opened().set(KEY + "sizes", ["1", "8", "32", "64", "all"])
    configs = [BatchConfig(SamplesConfig(), size) for size in (8, 32, 64, 128)]
    check_table(screen, configs)
    before = {path["label"]: path["role"] for path in played(screen)["paths"]}
    after = {path["label"]: path["role"] for path in played(screen.set(KEY + "sizes", ["32", "all"]))["paths"]}
    assert after.items() <= before.items()
    assert len(set(before.values())) == 4


# what is compared


@pytest.mark.parametrize("unit", ["epoch", "sample", "update"])
def test_the_losses_are_those_of_the_runs(opened, unit):
    screen = opened(unit=unit, preset="settle")
    frames = drawn(screen, 0)
    for size in (1, 8):
        config = BatchConfig(SamplesConfig(), size, schedule="cosine")
        for name, one in (("series", config), ("expected", replace(config, schedule="constant"))):
            x, updates = one.axis(unit)
            median, low, high = train(one).band(updates)
            shown = frames[name][frames[name]["series"] == f"B = {size}"]
            assert shown["x"].tolist() == x.tolist()
            assert shown["y"].tolist() == median.tolist()
            if name == "series":
                assert shown["low"].tolist() == low.tolist()
                assert shown["high"].tolist() == high.tolist()


def test_without_a_schedule_nothing_is_dashed(opened):
    screen = opened()
    assert "expected" not in drawn(screen, 0)
    assert "**Dashed:** the same with a constant learning rate." not in screen.words
    assert len(screen.picture) == 2


def test_the_schedule_is_drawn(opened):
    screen = opened(schedule="warm_up")
    config = BatchConfig(SamplesConfig(), 1, schedule="warm_up")
    assert len(screen.picture) == 3
    assert drawn(screen, 1)["series"]["y"].tolist() == config.rates().tolist()
    first, last = config.rates()[[0, -1]].tolist()
    assert f"From {plain(first)} in the first epoch to {plain(last)} in the last" in screen.words


def test_samples_and_updates_are_shown_one_by_one(opened):
    screen = opened(unit="sample")
    check_paths(screen, DEFAULT, lambda config: config.updates_after(np.arange(240)))
    screen.set(KEY + "unit", "update")
    check_paths(screen, DEFAULT, lambda config: np.arange(min(239, config.n_updates) + 1))
    assert played(screen)["step"] == 239


# one update


def check_update(screen, config, number: int) -> None:
    run = train(config)
    worked = worked_update(config, run, number)
    assert f"**Batch size {config.batch_size}, update {number} of {config.n_updates}**" in screen.words
    for before, gradient, after in zip(worked.before, worked.gradient, worked.after, strict=True):
        assert tex(before) in screen.latex
        assert tex(gradient) in screen.latex
        assert rf"&= {tex(after)} \\" in screen.latex or rf"&= {tex(after)} \end" in screen.latex
    full = ", ".join(plain(slope) for slope in worked.full_gradient)
    assert f"the gradient of all samples is ({full})" in screen.words


def test_the_update_is_that_of_the_players_step(opened):
    check_update(opened(), DEFAULT[0], 3840)
    check_update(opened(step="0"), DEFAULT[0], 1)
    screen = opened(step="1000")
    drawn_at = min(step for step in played(screen)["steps"] if step >= 1000)  # not every step of a long run is drawn
    assert drawn_at > 1000
    check_update(screen, DEFAULT[0], drawn_at)
    check_update(opened(step="1000", preset="mini"), DEFAULT[1], drawn_at // 32)
    check_update(opened(step="17", preset="mini", unit="update"), DEFAULT[1], 17)
    check_update(opened(step="200", preset="batch", unit="update"), DEFAULT[2], 30)


def test_a_path_that_diverged_says_so(opened):
    screen = opened(preset="stochastic", rate="2")
    assert "too large to be computed: the path has diverged" in screen.words
    assert "B = 1: 20 of 20 runs end above" in screen.words
    assert "What to notice" in screen.words
    assert screen.printed()


# noise


@pytest.mark.parametrize("step", ["0", "3840"])
def test_the_noise_is_measured_where_the_smallest_batch_stands(opened, step):
    screen = opened(step=step)
    problem, made = regression(SamplesConfig()), max(int(step), 1)
    point = tuple(train(DEFAULT[0]).path[made].tolist())
    noise = gradient_noise(problem, draw_batches(problem), point)
    frames = drawn(screen, len(screen.picture) - 1)
    for label, measured, predicted in (
        ("with replacement", noise.replaced, noise.predicted),
        ("without (an epoch)", noise.distinct, noise.predicted_distinct),
    ):
        shown, theory = (frames[name][frames[name]["series"] == label] for name in ("series", "expected"))
        assert shown["y"].tolist() == measured[measured > 0].tolist()
        assert theory["y"].tolist() == predicted[predicted > 0].tolist()
    at = noise.sizes.tolist().index(32)
    assert rf"\frac{{{tex(noise.sigma)}}}{{\sqrt{{32}}}} = {tex(noise.predicted[at])}" in screen.latex
    assert rf"&= {tex(noise.predicted_distinct[at])} \end" in screen.latex
    assert f"Measured: {plain(noise.replaced[at])} and {plain(noise.distinct[at])}." in screen.words


@pytest.mark.parametrize("rate", ["1.3", "2"])  # the path ends far out, or in no number
def test_where_the_path_has_left_the_picture_the_noise_is_measured_at_the_start(opened, rate):
    screen = opened(preset="stochastic", rate=rate)
    config, problem = replace(DEFAULT[0], learning_rate=float(rate)), regression(SamplesConfig())
    assert not in_picture(tuple(train(config).path[-1].tolist()))
    assert "Measured at the start, w = −1, b = 2, since B = 1 has left the picture." in screen.words
    noise = gradient_noise(problem, draw_batches(problem), (-1.0, 2.0))
    shown = drawn(screen, len(screen.picture) - 1)["series"]
    assert shown[shown["series"] == "with replacement"]["y"].tolist() == noise.replaced.tolist()
    assert "has left the picture" not in opened().words


def test_what_lies_in_the_picture():
    (low, high), _b = DOMAIN
    assert in_picture((low, 0.0))
    assert in_picture((high, 0.0))
    assert not any(map(in_picture, [(low - 0.1, 0.0), (0.0, 4.1), (np.nan, 0.0), (0.0, np.inf)]))


def test_a_loss_that_climbs_far_leaves_the_others_to_be_seen(opened):
    screen = opened(preset="diverge", rate="1.3", sizes="1.32.all")
    spec = json.loads(screen.picture[0])
    (ends,) = {tuple(layer["encoding"]["y"]["scale"]["domain"]) for layer in spec["layer"] if "y" in layer["encoding"]}
    series = drawn(screen, 0)["series"]
    assert ends[1] < 1e6 < series["y"].max()
    assert all(layer["mark"]["clip"] for layer in spec["layer"] if layer["mark"].get("opacity") != 0)
    assert f"The axis ends at {plain(ends[1])}; what climbs higher goes on above it." in screen.words
    tame = opened()
    assert "The axis ends at" not in tame.words
    assert "domain" not in json.loads(tame.picture[0])["layer"][1]["encoding"]["y"]["scale"]


def test_all_samples_have_no_noise(opened):
    screen = opened(preset="batch")
    assert r"\sqrt{\frac{0}{127}}" in screen.latex
    assert "and 0." in screen.words


# words, take-away, bad input


@pytest.mark.parametrize(
    "parameters", [{}, {"preset": "settle", "epochs": "9"}, {"n": "100", "sizes": "4.all", "noise": "0.3", "w": "3"}]
)
def test_the_script_prints_the_numbers_of_the_screen(opened, parameters):
    screen = opened(**parameters)
    printed = "\n".join(screen.printed())
    ends = [line.split() for line in printed.splitlines() if "median of all runs" in line]
    counts = [line.split() for line in printed.splitlines() if line.startswith("batch size")]
    rows = [
        [count[2], count[6], count[8], plain(float(end[4])), plain(float(end[-1]))]
        for count, end in zip(counts, ends, strict=True)
    ]
    assert [[str(cell) for cell in row] for row in screen.table.to_numpy().tolist()] == rows
    lowest = next(line.split() for line in printed.splitlines() if line.startswith("lowest loss"))
    assert rf"L^* &= {tex(float(lowest[2]))}" in screen.latex
    assert rf"w^* &= {tex(float(lowest[5]))}, \quad b^* = {tex(float(lowest[7]))}" in screen.latex
    noise = {line.split()[1]: line.split() for line in printed.splitlines() if line.startswith("noise ")}
    size = next(size for size in ("32", "8", "4") if rf"{{\sqrt{{{size}}}}}" in screen.latex)
    measured, predicted = noise[size][3:5], noise[size][6:8]
    assert f"Measured: {' and '.join(plain(float(value)) for value in measured)}." in screen.words
    assert all(rf"= {tex(float(value))}" in screen.latex for value in predicted)


def test_the_mistake(opened):
    screen = opened()
    assert "quarter of the batch" not in screen.words
    screen.set(KEY + "guess", "1")
    assert "Line 1 holds." in screen.words
    screen.set(KEY + "guess", "3")
    assert "a quarter of the batch has √4 = 2 times the noise" in screen.words


def test_the_numbers_in_the_words_of_the_mistake():
    problem = regression(SamplesConfig())
    noise = gradient_noise(problem, draw_batches(problem), (0.0, 0.0))
    sizes = noise.sizes.tolist()
    eight, thirty_two = sizes.index(8), sizes.index(32)
    assert noise.predicted[eight] / noise.predicted[thirty_two] == pytest.approx(2)
    assert plain(noise.predicted_distinct[eight] / noise.predicted_distinct[thirty_two], 3) == "2.24"


def test_what_the_words_say_of_a_falling_rate_and_the_full_batch():
    """It slows a small learning rate down, and helps a large one."""

    def at_the_end(rate, schedule):
        return train(replace(DEFAULT[2], learning_rate=rate, schedule=schedule)).median[-1]

    near = 0.95 * regression(SamplesConfig()).limit
    for schedule in ("step", "exponential", "cosine"):
        assert at_the_end(0.1, schedule) > at_the_end(0.1, "constant")
        assert at_the_end(near, schedule) < at_the_end(near, "constant")


def test_the_mistake_is_one_whichever_way_noise_is_measured(opened):
    assert "the root mean square of its gradient noise is 4 times as large" in opened().words
    assert "near 2/λₘₐₓ it even helps" in opened().words


def test_the_challenge(opened):
    screen = opened().set(KEY + "challenge_guess", 16)
    assert "What happens to those that are left" in screen.words
    screen.set(KEY + "challenge_guess", 20)
    assert "An epoch has the batches 32 + 32 + 32 + 4" in screen.words


@pytest.mark.parametrize(
    "parameters", [{"rate": "0"}, {"sizes": "3"}, {"n": "7"}, {"epochs": "1e9"}, {"w": "99"}, {"schedule": "x"}]
)
def test_what_a_link_cannot_mean_is_told(opened, parameters):
    screen = opened(**parameters)
    assert len(screen.toasts) == 1
    assert KEY + next(iter(parameters)) in screen.toasts[0]
    check_table(screen, DEFAULT)


def test_korean(opened):
    screen = opened("ko")
    assert "**배치 크기 1, 갱신 3840/3840**" in screen.words
    assert screen.table.to_numpy().tolist() == opened().table.to_numpy().tolist()
    assert screen.table.columns[0] == "배치 크기"
