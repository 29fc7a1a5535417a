"""One batch in a real browser: the number lines are drawn and follow the hand, formulas fit a phone."""

import pytest

from tests.browser.conftest import settle

SECTION = "/regularization?regularization_section=batch"
VIEWS = ("one", "two", "running", "inputs")


def places(page) -> list[str]:
    """Where the picture's marks stand."""
    marks = page.locator(
        "[data-testid=stVegaLiteChart] svg .mark-symbol path, [data-testid=stVegaLiteChart] svg circle"
    )
    return marks.evaluate_all("all => all.map(mark => mark.getAttribute('transform'))")


def formulas(page) -> str:
    return " ".join(page.locator(".katex-display annotation").all_text_contents())


def test_points_and_formulas_follow_the_dragging_hand(visit):
    page = visit(SECTION)
    before = places(page)
    assert len(before) >= 20  # five samples on four lines
    track = page.get_by_role("slider", name="Scale γ")
    track.scroll_into_view_if_needed()
    box = track.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.67, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] / 2, steps=8)
    page.wait_for_function(
        "() => [...document.querySelectorAll('annotation')]"
        ".some(a => /y_5 &= 2\\.\\d+ .cdot 1\\.5/.test(a.textContent))"
    )
    page.mouse.up()
    settle(page)
    assert places(page) != before
    assert "regularization_batch_gamma=2." in page.url
    assert page.complaints == []


@pytest.mark.parametrize("view", VIEWS)
def test_each_view_fits_a_phone(visit, view):
    page = visit(f"{SECTION}&regularization_batch_view={view}", width=390)
    assert page.locator(".katex-error").count() == 0
    assert page.get_by_test_id("stException").count() == 0
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    wide = page.locator(".katex-display").evaluate_all(
        "all => all.filter(f => f.scrollWidth > f.clientWidth + 1).length"
    )
    assert wide == 0
    assert page.locator("[data-testid=stVegaLiteChart] svg, [data-testid=stVegaLiteChart] canvas").count() >= 1
    assert page.complaints == []
