"""Three neurons in a browser: both planes are drawn, a drag on any unit moves them, the formulas are set."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import settle

SCREEN = "/perceptron?perceptron_section=three"
CHARTS = "[data-testid=stVegaLiteChart] svg"


def words(page, chart: int) -> list[str]:
    return page.locator(CHARTS).nth(chart).locator("text").all_text_contents()


def field(page, chart: int) -> str:
    """The uppermost picture of a field, once it is decoded; the one before lies under it."""
    image = page.locator(CHARTS).nth(chart).locator("image").last
    expect(image).to_have_attribute("href", re.compile("^data:image/png"))
    return image.get_attribute("href")


def test_the_planes_and_the_wiring_are_drawn(visit):
    page = visit(SCREEN)
    assert page.locator(CHARTS).count() == 3
    assert {"x₁", "x₂", "00", "01", "10", "11"} <= set(words(page, 0))
    assert {"h₁", "h₂", "00", "01, 10", "11"} <= set(words(page, 1))
    assert {"AND   b −8", "NOR   b 3", "NOR   b 6", "−11", "0.9949"} <= set(words(page, 2))
    assert field(page, 0) != field(page, 1)


@pytest.mark.parametrize(("tab", "label"), [("h₁", "h₁: bias"), ("h₂", "h₂: weight of x₁"), ("ŷ", "ŷ: bias")])
def test_every_units_track_is_alive(visit, tab, label):
    """The tracks of the tabs that are not in sight at first as well."""
    page = visit(SCREEN)
    before = field(page, 0)
    page.evaluate("document.querySelector('[data-testid=stVegaLiteChart] svg').dataset.mark = 'same'")
    page.get_by_role("tab", name=tab).click()
    page.get_by_role("slider", name=label).focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    settle(page)
    assert field(page, 0) != before
    assert page.locator("[data-testid=stVegaLiteChart] svg[data-mark=same]").count() == 1  # not drawn anew
    assert page.get_by_role("tab", name=tab).get_attribute("aria-selected") == "true"


def test_a_drag_follows_before_the_hand_lets_go(visit):
    page = visit(SCREEN)
    box = page.get_by_role("slider", name="h₁: bias").bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.37, y)
    page.mouse.down()
    seen = {field(page, 0)}
    for share in (0.45, 0.55, 0.65):
        page.mouse.move(box["x"] + box["width"] * share, y)
        settle(page)
        seen.add(field(page, 0))
    assert len(seen) >= 3
    assert "perceptron_three_u2" not in page.url  # the link waits for the hand
    page.mouse.up()
    page.wait_for_url("**perceptron_three_u2**")
    settle(page)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "&perceptron_three_preset=step",
        "&perceptron_three_preset=sigmoid&perceptron_three_digits=12&perceptron_three_input=11",
        "&perceptron_three_u0=0&perceptron_three_u1=0",
    ],
)
def test_formulas_are_set_without_an_error_and_fit_a_phone(visit, query):
    page = visit(SCREEN + query, width=390)
    assert page.locator(".katex-display").count() == 4
    assert page.locator(".katex-error").count() == 0
    boxes = page.locator(".stKatexSelector, [data-testid=stMarkdownContainer]:has(.katex-display)")
    overflow = boxes.evaluate_all("all => all.filter(e => e.scrollWidth > e.clientWidth + 1).length")
    assert overflow == 0


def test_the_last_field_lies_under_the_new_one(visit):
    """It covers the ground until the browser has decoded the new one, or each step of a drag were a flash."""
    page = visit(SCREEN)
    before = field(page, 0)
    page.get_by_role("slider", name="h₁: bias").press("ArrowRight")
    settle(page)
    after = field(page, 0)
    images = page.locator(CHARTS).nth(0).locator("image")
    assert [image.get_attribute("href") for image in images.all()] == [before, after]
    assert before != after
