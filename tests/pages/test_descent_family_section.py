"""The family tree's section: words for every optimizer, formulas and memory as the engine has them."""

import pyarrow as pa
import pytest

from engine.optimizer_family import FAMILY, SHOWN, ancestors, changes, memory_use, numbers_per_parameter
from engine.optimizers import OPTIMIZERS, hyperparameters
from pages.sections.descent.family_facts import ADDS, EASES, LETTERS, PRICES, STEPS
from pages.shared.formulas.family import SIGNS, marked
from pages.shared.numbers import plain

KEY = "descent_family_"


@pytest.fixture
def opened(app):
    """opened(language, optimizer="adam", ...): the section with these parameters."""

    def by_link(language: str = "en", **parameters: str):
        query = {KEY + name: text for name, text in parameters.items()}
        return app("descent", language, descent_section="family", **query)

    return by_link


def nodes(screen) -> dict:
    sets = screen.at.get("vega_lite_chart")[0].proto.datasets
    frames = {data.name: pa.ipc.open_stream(data.data.data).read_pandas() for data in sets}
    return dict(zip(frames["nodes"]["name"], frames["nodes"]["role"], strict=True))


def test_there_are_words_for_all():
    assert set(ADDS) == set(FAMILY)
    assert set(EASES) == set(PRICES) == set(SHOWN)
    assert set(STEPS) == {(parent, code) for code, one in FAMILY.items() for parent in one.parents}
    names = {name for code in OPTIMIZERS for name in hyperparameters(code)}
    assert names - set(LETTERS) == {"bias_correction"}


@pytest.mark.parametrize("code", SHOWN)
def test_every_optimizer(opened, code):
    screen, one = opened(optimizer=code), FAMILY[code]
    assert f"**{one.title}** was published in {one.year}: {one.authors}, *{one.paper}*." in screen.words
    assert EASES[code] in screen.words
    assert PRICES[code] in screen.words
    for parent in one.parents:
        assert f"**{FAMILY[parent].title} → {one.title}:** {STEPS[parent, code]}" in screen.words
    own, before = changes(code, one.parents[0] if one.parents else None)
    assert marked(own) in screen.latex
    assert not before or marked(before) in screen.latex
    roles = nodes(screen)
    assert sum(role == "value" for role in roles.values()) == len(ancestors(code))
    n = numbers_per_parameter(code)
    assert f"{n} numbers for each parameter" in screen.words
    assert f"**{plain(n * 4.0)}\xa0MB**" in screen.words


def test_the_words_on_price_count_as_the_engine_does():
    words = {1: "One number", 2: "Two numbers", 20: "Twenty numbers"}
    for code, price in PRICES.items():
        n = numbers_per_parameter(code)
        if code not in ("sgd", "nesterov"):
            assert price.startswith(words[n])
    assert numbers_per_parameter("nesterov") == numbers_per_parameter("momentum")
    assert numbers_per_parameter("sgd") == 0


def test_the_other_parent(opened):
    screen = opened()
    assert marked(changes("adam", "rmsprop")[1]) in screen.latex
    screen.set(KEY + "parent", "momentum")
    assert marked(changes("adam", "momentum")[1]) in screen.latex
    assert marked(changes("adam", "rmsprop")[1]) not in screen.latex
    assert not opened(optimizer="adamw").has(KEY + "parent")


def test_signs_say_what_became_of_a_line():
    own, before = (marked(found) for found in changes("adamax", "adam"))
    assert rf"{SIGNS['changed']}\quad & u \leftarrow" in own
    assert rf"{SIGNS['gone']}\quad & D \leftarrow" in before
    assert rf"{SIGNS['new']}\quad & v \leftarrow" in marked(changes("momentum", "sgd")[0])


def test_a_long_line_is_broken_and_loses_nothing():
    shown = marked(changes("rprop", "sgd")[0])
    assert r"\bigl(\eta_t \cdot \begin{cases}" in shown
    assert r"\end{cases}, \\[6pt] & \quad \Delta_{\min},\; \Delta_{\max}\bigr)" in shown
    assert r"\left(" not in shown


@pytest.mark.parametrize("size", ["million", "billion"])
@pytest.mark.parametrize("number_format", ["float32", "float64"])
def test_memory(opened, size, number_format):
    screen = opened(size=size, format=number_format)
    n = {"million": 10**6, "billion": 7 * 10**9}[size]
    use, (unit, name) = memory_use("adam", n, number_format), {"million": (1e6, "MB"), "billion": (1e9, "GB")}[size]
    for part in (f"**{plain(use.state / unit)}\xa0{name}**", f"{plain(use.total / unit)}\xa0{name} in all"):
        assert part in screen.words
    states = {code: memory_use(code, n, number_format).state for code in SHOWN}
    assert screen.table["Memory"].tolist() == [
        f"{plain(state / unit)}\xa0{name}" if state else "0\xa0MB" for state in states.values()
    ]
    assert screen.table["Numbers per parameter"].tolist() == [numbers_per_parameter(code) for code in SHOWN]
    rows = [line.split() for line in screen.printed()[1:]]
    assert [int(row[1]) for row in rows] == screen.table["Numbers per parameter"].tolist()
    assert [float(row[2]) * 1e6 for row in rows] == pytest.approx(list(states.values()), rel=1e-12)


def test_the_table_has_the_defaults_and_note_004_s_list(opened):
    table = opened().table.set_index("Optimizer")
    assert [name.endswith(" ●") for name in table.index] == [FAMILY[code].in_note_004 for code in SHOWN]
    assert table.loc["Adam ●", "Defaults"].replace("\xa0", " ") == "η = 0.001, β₁ = 0.9, β₂ = 0.999, ε = 1e−8"
    assert table.loc["AdamW", "Defaults"].replace("\xa0", " ").endswith("λ = 0.01")
    assert table.loc["L-BFGS ●", "Defaults"].replace("\xa0", " ").startswith("η = 1, m = 10")


def test_why_sparse_adam_does_not_race(opened):
    assert "it is named here and does not race" in opened(optimizer="sparse_adam").words


def test_the_challenge(opened):
    screen, guess = opened(), KEY + "challenge_guess"
    screen.set(guess, 3)
    assert "all three together?" in screen.words
    assert "That is 16 bytes" not in screen.words
    screen.set(guess, 1.5)
    assert "That is 16 bytes" in screen.words


@pytest.mark.parametrize("parameters", [{"optimizer": "newton"}, {"size": "8"}, {"format": "x"}, {"parent": "sgd"}])
def test_what_a_link_cannot_mean_is_told(opened, parameters):
    screen = opened(**parameters)
    assert len(screen.toasts) == 1
    assert f"{KEY}{next(iter(parameters))}" in screen.toasts[0]
    assert "**Memory of Adam:**" in screen.words


def test_korean(opened):
    screen = opened("ko", optimizer="rmsprop", size="billion")
    assert list(screen.table.columns) == ["옵티마이저", "연도", "매개변수당 수", "메모리", "기본값"]
    assert "**28\xa0GB**" in screen.words
    assert marked(changes("rmsprop", "adagrad")[0]) in screen.latex
