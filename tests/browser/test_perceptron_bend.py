"""Why bend at all, in a browser: the boundary bends under the hand, other weights draw another one."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import settle

SCREEN = "/perceptron?perceptron_section=bend"
CHARTS = "[data-testid=stVegaLiteChart] svg"


def field(page, chart: int) -> str:
    """The uppermost picture of a field, once it is decoded; the one before lies under it."""
    image = page.locator(CHARTS).nth(chart).locator("image").last
    expect(image).to_have_attribute("href", re.compile("^data:image/png"))
    return image.get_attribute("href")


def segments(page, chart: int) -> int:
    """Drawn lines of a plane, each with its rim."""
    return page.locator(CHARTS).nth(chart).locator(".mark-rule line").count()


def test_both_boundaries_are_drawn(visit):
    page = visit(SCREEN)
    assert page.locator(CHARTS).count() == 2
    assert segments(page, 0) > 20
    assert segments(page, 1) > 1.5 * segments(page, 0)  # the bent one is longer
    assert field(page, 0) != field(page, 1)


def test_without_any_of_the_function_both_are_the_same(visit):
    page = visit(f"{SCREEN}&perceptron_bend_amount=0")
    assert field(page, 0) == field(page, 1)
    assert segments(page, 0) == segments(page, 1)


def test_a_drag_bends_the_line_before_the_hand_lets_go(visit):
    page = visit(f"{SCREEN}&perceptron_bend_amount=0")
    straight = field(page, 0)
    box = page.get_by_role("slider", name="How much of it").bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 4, y)
    page.mouse.down()
    seen = {field(page, 1)}
    for share in (0.3, 0.6, 0.9):
        page.mouse.move(box["x"] + box["width"] * share, y)
        settle(page)
        seen.add(field(page, 1))
        assert field(page, 0) == straight
    assert len(seen) >= 3
    page.mouse.up()


def test_other_weights_draw_other_lines(visit):
    page = visit(SCREEN)
    before = field(page, 0)
    page.get_by_role("button", name="Draw other weights").click()
    settle(page)
    assert field(page, 0) != before
    assert "perceptron_bend_seed=38" in page.url


@pytest.mark.parametrize("query", ["", "&perceptron_bend_depth=6&perceptron_bend_width=4", "&perceptron_bend_depth=1"])
def test_formulas_are_set_without_an_error_and_fit_a_phone(visit, query):
    page = visit(SCREEN + query, width=390)
    assert page.locator(".katex-display").count() >= 2
    assert page.locator(".katex-error").count() == 0
    boxes = page.locator("[data-testid=stMarkdownContainer]:has(.katex-display)")
    overflow = boxes.evaluate_all("all => all.filter(e => e.scrollWidth > e.clientWidth + 1).length")
    assert overflow == 0
