"""Dropout and batch norm together in a browser: the dot follows the hand, all pictures and formulas are drawn."""

from tests.browser.conftest import settle

PAGE = "/regularization?regularization_section=together"
CHART = "[data-testid=stVegaLiteChart]"


def test_pictures_and_formulas_are_drawn(visit):
    page = visit(PAGE)
    assert page.locator(f"{CHART} svg").count() == 4
    assert page.locator(f"{CHART} svg .mark-line path").count() >= 1 + 4
    assert page.locator(f"{CHART} svg .mark-symbol path").count() >= 2 * 2 * 6  # dots and rings of one drop rate
    assert page.locator(".katex-error").count() == 0
    assert page.complaints == []


def test_a_drag_of_the_drop_rate_is_followed_before_the_hand_lets_go(visit):
    page = visit(PAGE, width=1280)
    ratio = page.locator(".katex-mathml annotation", has_text="Delta").first
    before = ratio.text_content()
    track = page.locator("input[type=range]").nth(2)
    box = track.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.55, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.2, middle, steps=4)
    page.wait_for_function(
        "before => ![...document.querySelectorAll('.katex-mathml annotation')].some(e => e.textContent === before)",
        arg=before,
    )
    assert "regularization_together_p" not in page.url  # the link waits for the hand
    page.mouse.up()
    page.wait_for_url("**regularization_together_p=*")
    settle(page)
    assert page.complaints == []
