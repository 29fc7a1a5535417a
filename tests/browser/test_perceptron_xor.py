"""Why XOR breaks it, in a browser: curves, planes and the wall are drawn, and follow the hand."""

import pytest

from tests.browser.conftest import settle

PAGE = "/perceptron?perceptron_section=xor"
CHARTS = "[data-testid=stVegaLiteChart] svg"


def texts(page) -> list[str]:
    return page.locator(f"{CHARTS} text").all_text_contents()


def comes(page, text: str) -> None:
    """Wait until a chart says so."""
    page.locator(f"{CHARTS} text").get_by_text(text, exact=True).first.wait_for(state="attached")
    settle(page)


def curve(page, number: int) -> list[tuple[float, float]]:
    """The points of a curve of the first chart, in pixels."""
    path = page.locator(CHARTS).first.locator(".mark-line path").nth(number).get_attribute("d")
    pairs = path.replace("M", " ").replace("L", " ").split()
    return [tuple(map(float, pair.split(","))) for pair in pairs]


def test_xor_lies_on_its_floor_and_the_other_gate_falls(visit):
    page = visit(PAGE)
    (xor, other) = curve(page, 0), curve(page, 1)
    top, bottom = xor[-1][1], other[-1][1]
    assert bottom - top > 100  # pixels, downwards
    assert all(abs(y - top) < 6 for _x, y in xor)
    assert {"XOR", "AND", "floor of XOR: 0.25"} <= set(texts(page))
    assert texts(page).count("0.5") >= 4  # the outputs at the corners


def test_the_picture_follows_the_hand_before_it_lets_go(visit):
    page = visit(f"{PAGE}&perceptron_xor_run=bce")
    path = page.locator(CHARTS).first.locator(".mark-line path").nth(1)
    before = path.get_attribute("d")
    track = page.locator("input[type=range]").first
    track.scroll_into_view_if_needed()
    box = track.bounding_box()
    page.mouse.move(box["x"] + 0.1 * box["width"], box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + box["height"] / 2, steps=4)
    page.wait_for_function(
        "before => document.querySelectorAll('[data-testid=stVegaLiteChart] svg .mark-line path')[1]"
        ".getAttribute('d') !== before",
        arg=before,
    )
    assert "perceptron_xor_rate" not in page.url  # the hand is still on it
    page.mouse.up()
    page.wait_for_url("**perceptron_xor_rate=**")  # now the link is written
    settle(page)
    assert path.get_attribute("d") != before


def test_the_wall_shows_sixteen_gates_with_twelve_lines(visit):
    page = visit(f"{PAGE}&perceptron_xor_view=wall", width=390)
    shown = [text for text in texts(page) if text]
    assert sum("no line" in text for text in shown) == 2
    assert {"AND", "OR", "NAND", "NOR", "TRUE", "FALSE"} <= set(shown)
    chart = page.locator(CHARTS).first
    assert chart.locator(".mark-rule line").count() == 12
    assert chart.locator(".mark-symbol path").count() == 64
    assert chart.bounding_box()["width"] <= 390


def test_the_views_take_turns(visit):
    page = visit(PAGE)
    page.get_by_role("radio", name="Proof", exact=True).click()
    comes(page, "(0, 1)")
    assert page.get_by_text("the same midpoint").first.is_visible()
    page.get_by_role("radio", name="16 gates", exact=True).click()
    comes(page, "TRUE")
    page.go_back()
    comes(page, "(0, 1)")


@pytest.mark.parametrize(
    "query",
    [
        "perceptron_xor_step=first",
        "perceptron_xor_step=end&perceptron_xor_run=bce",
        "perceptron_xor_step=end&perceptron_xor_run=rare",
        "perceptron_xor_step=why&perceptron_xor_run=rare",
        "perceptron_xor_run=many",
        "perceptron_xor_view=proof",
        "perceptron_xor_view=proof&perceptron_xor_gate=nand",
        "perceptron_xor_view=wall",
    ],
)
def test_formulas_are_set_and_fit_a_phone(visit, query):
    page = visit(f"{PAGE}&{query}", width=390)
    assert page.locator(".katex-display").count() >= 1
    assert page.locator(".katex-error").count() == 0
    too_wide = page.evaluate(
        "[...document.querySelectorAll('.katex-display')]"
        ".filter(box => box.scrollWidth > box.clientWidth).map(box => box.innerText)"
    )
    assert too_wide == []
    tables = page.get_by_test_id("stTable").locator("table")
    widths = [box["width"] for box in (tables.nth(i).bounding_box() for i in range(tables.count())) if box]
    assert max(widths) <= 390
