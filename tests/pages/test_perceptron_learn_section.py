"""The learning section: what is shown is the engine's run, visit by visit."""

import numpy as np
import pyarrow as pa
import pytest

from engine.gates import GATES, POINTS, gate
from engine.margins import mistake_bound
from engine.perceptron import evaluate
from engine.rosenblatt import learn
from pages.sections.perceptron.learn_setup import CAP, SAMPLES, triple
from pages.shared.numbers import plain, tex

KEY = "perceptron_learn_"
VISIT = KEY + "visit"
FAR = {KEY + "start": "-5_5_5", KEY + "rate": "0.1"}


@pytest.fixture
def opened(app):
    """opened(language, gate="xor", ...): the section with these parameters."""

    def by_link(language: str = "en", **parameters: str):
        query = {name if name.startswith(KEY) else KEY + name: text for name, text in parameters.items()}
        return app("perceptron", language, perceptron_section="learn", **query)

    return by_link


def run(code="and", start=(0.0, 0.0, 0.0), rate=1.0, **options):
    options.setdefault("max_updates", CAP)
    return learn(POINTS, gate(code).target, weights=start[:2], bias=start[2], learning_rate=rate, **options)


def number(value: float) -> str:
    return plain(float(value), 6)


def expected_row(history, code: str, n: int) -> list[str]:
    """Visit n as the log shows it, without its marks."""
    weights = [number(value) for value in history.state(n)]
    if n == 0:
        return ["0", "", "start", "", "", "", "", *weights, ""]
    i = n - 1
    at = history.sample[i]
    return [
        str(n),
        str(history.pass_index[i] + 1),
        f"{SAMPLES[at]} → {gate(code).outputs[at]}",
        number(history.z[i]),
        number(history.output[i]),
        number(history.error[i]),
        triple(history.change[i].tolist()).replace("\xa0", " "),
        *weights,
        str(history.mistakes[i]),
    ]


def check_log(screen, history, code: str, visit: int) -> list[int]:
    """Every row is the engine's, and the marks are right; returns the visits shown."""
    rows = [[cell.replace("\xa0", " ") for cell in row] for row in screen.table.to_numpy().tolist()]
    shown = []
    for mark, *rest in rows:
        n = int(mark.replace("▶ ", "").replace(" ↻", ""))
        assert [str(n), *rest] == expected_row(history, code, n)
        assert mark.startswith("▶ ") == (n == visit)
        assert mark.endswith(" ↻") == (n in (history.equal_states or ()))
        shown.append(n)
    assert shown == list(range(shown[0], shown[-1] + 1))
    return shown


def column(values) -> str:
    return r"\begin{pmatrix} " + r" \\ ".join(tex(float(value), 6) for value in values) + r" \end{pmatrix}"


def drawn(screen, picture: int) -> dict:
    """The named data of a picture as the browser gets them."""
    sets = screen.at.get("vega_lite_chart")[picture].proto.datasets
    return {data.name: pa.ipc.open_stream(data.data.data).read_pandas() for data in sets}


# the whole run


def test_and_from_zero(opened):
    screen = opened()
    assert "after 24 visits (6 epochs), 10 mistakes" in screen.words
    assert r"M &= 10 \le 51" in screen.latex
    assert r"\lVert (2, 2, -3) \rVert" in screen.latex
    assert "so the theorem holds: 10 mistakes, and never more than 51" in screen.words
    assert screen.link == {"perceptron_section": "learn"}
    assert check_log(screen, run(), "and", 4) == list(range(9))


@pytest.mark.parametrize("code", GATES)
def test_every_gate_is_told_how_it_ends(opened, code):
    screen, history = opened(gate=code), run(code)
    bound = mistake_bound(POINTS, gate(code).target, history)
    visits, n_passes = len(history.sample), len(history.mistakes_per_pass)
    assert f"{visits} visits ({n_passes} epochs), {bound.mistakes} mistakes" in screen.words
    assert ("**Converged**" in screen.words) == history.converged
    if history.converged:
        assert rf"M &= {bound.mistakes} \le {number(bound.bound)}" in screen.latex
    else:
        assert f"**It goes round in a circle.** {GATES[code].name} cannot be learned" in screen.words
        assert "R &=" not in screen.latex
    check_log(screen, history, code, screen.value(VISIT))


def test_a_far_start_breaks_the_bound_and_the_words_say_why(opened):
    screen, history = opened(**FAR), run(start=(-5, 5, 5), rate=0.1)
    assert int(history.mistakes[-1]) == 169
    assert r"M &= 169 > 51" in screen.latex
    assert "the start is (−5, 5, 5), not zero. There are 169 mistakes, more than 51." in screen.words.replace(
        "\xa0", " "
    )
    check_log(screen, history, "and", screen.value(VISIT))


def test_a_near_start_keeps_the_bound_without_a_promise(opened):
    screen, history = opened(start="1_1_-1.5"), run(start=(1, 1, -1.5))
    assert history.mistakes[-1] == 0
    assert "was not promised" in screen.words
    assert screen.value(VISIT) == 4  # no mistake to begin with: the end


def test_the_learning_rate_from_zero_changes_the_scale_alone(opened):
    screen = opened().set(VISIT, 18)
    screen.set(KEY + "rate", 0.01)
    assert "10 mistakes" in screen.words
    assert screen.value(VISIT) == 18  # the walk keeps its place
    assert "times a whole number" in screen.words
    check_log(screen, run(rate=0.01), "and", 18)
    assert column((0.02, 0.01, -0.02)) in screen.latex


def test_another_start_is_another_walk(opened):
    screen = opened().set(VISIT, 18)
    screen.set(KEY + "start.2", 5.0)
    history = run(start=(0, 0, 5))
    assert screen.value(VISIT) == history.next_mistake(0)
    assert "the learning rate matters" in screen.words
    check_log(screen, history, "and", screen.value(VISIT))


def test_the_cycle_of_xor(opened):
    screen = opened(gate="xor", visit="12")
    words = screen.words.replace("\xa0", " ")
    assert "After visit 8 and after visit 12 they are the same, (−1, 0, 1)" in words
    sum_of_changes = [column(change) for change in ((0, 0, -1), (0, 1, 1), (1, 0, 1), (-1, -1, -1), (0, 0, 0))]
    assert all(change in screen.latex for change in sum_of_changes)
    assert check_log(screen, run("xor"), "xor", 12) == list(range(4, 13))
    assert len(screen.picture) == 3


def test_a_shuffled_order_has_no_cycle(opened):
    screen, history = opened(gate="xor", order="shuffled", seed="3"), run("xor", seed=3)
    assert history.stopped == "cap"
    assert f"after 1000 mistakes ({len(history.sample)} visits)" in screen.words
    assert "no cycle is looked for" in screen.words
    assert len(screen.picture) == 2
    check_log(screen, history, "xor", screen.value(VISIT))


def test_a_shuffled_order_still_learns_and(opened):
    screen, history = opened(order="shuffled", seed="5"), run(seed=5)
    assert history.converged
    assert rf"M &= {history.mistakes[-1]} \le 51" in screen.latex
    check_log(screen, history, "and", screen.value(VISIT))


@pytest.mark.parametrize(
    ("parameters", "order"),
    [({"order": "backward"}, (3, 2, 1, 0)), ({"order": "own", "permutation": "1203"}, (1, 2, 0, 3))],
)
def test_the_order_of_the_samples(opened, parameters, order):
    check_log(opened(**parameters), run(order=order), "and", run(order=order).next_mistake(0))


def test_the_cap(opened):
    screen = opened(**FAR, cap="50")
    assert "**Given up** after 50 mistakes" in screen.words
    assert "A line exists, so it would converge" in screen.words
    screen.set(KEY + "cap", 1000)
    assert "**Converged** after 340 visits (85 epochs), 169 mistakes" in screen.words


def test_a_cap_before_the_cycle_closes(opened):
    screen = opened(gate="xor", start="10_-7.3_10", rate="0.01")
    assert "must come back some time" in screen.words
    assert "**Given up**" in screen.words


# one visit


def test_every_visit_of_and(opened):
    history, screen = run(), opened(visit="0")
    alt = screen.at.get("vega_lite_chart")[0].proto.alt
    assert "with targets 0, 0, 0, 1" in alt
    assert "**Start.** The weights are (0, 0, 0); the first sample is 00." in screen.words.replace("\xa0", " ")
    assert "there is no line" in screen.words
    specs = screen.picture
    for n in range(1, 25):
        screen.click(VISIT, "chevron_right")
        i = n - 1
        error = history.error[i]
        assert (("**A mistake.**" in screen.words), ("**Right.**" in screen.words)) == (error != 0, error == 0)
        assert ("must grow" in screen.words) == (error > 0)
        assert ("must fall" in screen.words) == (error < 0)
        assert rf"= {tex(history.z[i], 6)} \\" in screen.latex
        assert rf"\mathrm{{step}}({tex(history.z[i], 6)}) = {history.output[i]:g}" in screen.latex
        assert f"= {error:g} " in screen.latex
        assert rf"&= {column(history.state(n - 1))} + {column(history.change[i])}" in screen.latex
        assert f"&= {column(history.state(n))} " in screen.latex
        assert ("there is no line" in screen.words) == (not any(history.state(n)[:2]))
        check_log(screen, history, "and", n)
        assert screen.picture == specs  # only the data change
        assert screen.at.get("vega_lite_chart")[0].proto.alt == alt  # another one would draw the picture anew
    assert screen.button(VISIT, "chevron_right").disabled


def test_the_pictures_show_the_state_of_the_visit(opened):
    history, screen = run("xor"), opened(gate="xor", visit="9")
    for n in (10, 12):
        screen.set(VISIT, n)
        *w, b = history.state(n)
        result = evaluate(w, b, POINTS, gate("xor").target)
        plane, passes, cycle = (drawn(screen, picture) for picture in range(3))
        assert [label.endswith("✓") for label in plane["points"]["label"]] == result.correct.tolist()
        assert plane["points"]["rim"].ne("").idxmax() == history.sample[n - 1]
        (solid,) = plane["lines"].query("dash == 'solid'").to_dict("records")
        assert w[0] * solid["x2"] + w[1] * solid["y2"] + b == pytest.approx(0, abs=1e-12)
        assert passes["passes"]["mistakes"].tolist() == [2, 3, 4]
        assert passes["passes"]["role"].tolist() == ["value", "value", "highlight"]
        assert cycle["stops"].query("current")[["x", "y"]].to_numpy().tolist() == [w]


def test_from_mistake_to_mistake(opened):
    screen = opened()
    seen = [screen.value(VISIT)]
    while not screen.button(VISIT, "fast_forward").disabled:
        seen.append(screen.click(VISIT, "fast_forward").value(VISIT))
    assert seen == [4, 5, 6, 8, 10, 11, 12, 15, 16, 18]
    assert screen.link == {"perceptron_section": "learn", VISIT: "18"}


def test_a_line_outside_the_picture(opened):
    screen = opened(gate="xor", visit="11")  # w = (0, 1), b = 2
    assert "The line passes outside this picture: all over it the output is 1." in screen.words


def test_a_sum_of_tenths_is_exactly_zero(opened):
    screen = opened(start="0.1_0.2_-0.3", visit="4")
    assert run(start=(0.1, 0.2, -0.3)).z[3] == 0
    assert r"\mathrm{step}(0) = 0" in screen.latex


# the log


def test_the_log_shows_the_epochs_around_the_visit(opened):
    screen = opened(visit="14")
    assert check_log(screen, run(), "and", 14) == list(range(8, 21))
    assert "visits 8 to 20 of 24" in screen.words
    screen.set(KEY + "all", True)
    assert check_log(screen, run(), "and", 14) == list(range(25))


def test_a_long_log_is_shown_around_the_visit(opened):
    screen = opened(gate="xor", order="shuffled", seed="3", visit="900", all="1")
    assert check_log(screen, run("xor", seed=3), "xor", 900) == list(range(700, 1101))


# words, take-away, challenge


def test_the_script_prints_the_numbers_of_the_screen(opened):
    for parameters, history, code in [
        ({}, run(), "and"),
        ({**FAR, "all": "1"}, run(start=(-5, 5, 5), rate=0.1), "and"),
        ({"gate": "xor", "rate": "0.1"}, run("xor", rate=0.1), "xor"),
    ]:
        screen = opened(**parameters)
        lines = {int(line.split()[0]): line for line in screen.printed() if line[0].isdigit()}
        for n in check_log(screen, history, code, screen.value(VISIT)):
            *_words, mistakes = lines[n].split()
            assert mistakes == expected_row(history, code, n)[-1] or n == 0
            printed = lines[n][lines[n].rindex("(") + 1 : lines[n].rindex(")")].split(", ")
            shown = expected_row(history, code, n)[7:10]
            assert [number(float(value)) for value in printed] == shown
        assert f"visits in {len(history.mistakes_per_pass)} passes with {history.mistakes[-1]} mistakes" in "".join(
            screen.printed()
        )


def test_the_challenge(opened):
    screen = opened()
    assert "the unit learns AND with 10 mistakes" in screen.words
    screen.set(KEY + "challenge_guess", 1000)
    assert "The output depends on the sign of the sum alone." in screen.words
    assert "Just as many" not in screen.words
    screen.set(KEY + "challenge_guess", int(run(rate=0.01).mistakes[-1]))
    assert "Just as many, 10" in screen.words


@pytest.mark.parametrize(
    "parameters", [{"start": "1_2"}, {"start": "11_0_0"}, {"rate": "0"}, {"gate": "maybe"}, {"cap": "1e9"}]
)
def test_what_a_link_cannot_mean_is_told(opened, parameters):
    screen = opened(**parameters)
    assert len(screen.toasts) == 1
    assert f"{KEY}{next(iter(parameters))}" in screen.toasts[0]
    check_log(screen, run(), "and", 4)


def test_korean(opened):
    screen = opened("ko", gate="xor", visit="12")
    assert "**제자리를 맴돕니다.** XOR" in screen.words
    assert [name for name in screen.table.columns if name not in ("w₁", "w₂", "b")][-1] == "누적 오답"
    assert np.array_equal(screen.table["w₁"], opened(gate="xor", visit="12").table["w₁"])
