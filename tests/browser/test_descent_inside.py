"""Inside a step in a real browser: the player drives the formulas, formulas fit a phone, the start can be picked."""

import pytest

from engine.optimizers import OPTIMIZERS
from tests.browser.conftest import settle

SECTION = "/descent?descent_section=inside"


def formulas(page) -> str:
    return " ".join(page.locator(".katex-display annotation").all_text_contents())


def headline(page) -> str:
    return page.get_by_text("leads from x =").text_content()


def test_the_player_drives_the_numbers(visit):
    page = visit(SECTION)
    before = formulas(page)
    assert "Step k = 5" in headline(page)
    page.get_by_role("button", name="Next", exact=True).click()
    settle(page)
    assert "Step k = 6" in headline(page)
    assert formulas(page) != before
    assert "1 - 0.9^{7}" in formulas(page)
    assert page.locator(".katex-error").count() == 0
    assert page.complaints == []


def test_the_numbers_follow_the_scrubbing_hand(visit):
    page = visit(SECTION)
    scrub = page.locator(".player .scrub")
    scrub.scroll_into_view_if_needed()
    box = scrub.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.05, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] / 2, steps=8)
    page.wait_for_function("() => document.body.textContent.match(/Step k = (4[5-9]|5[0-5]) leads/)")
    page.mouse.up()
    page.wait_for_url("**descent_inside_step=**")
    settle(page)


def test_a_start_is_picked_in_the_picture(visit):
    page = visit(SECTION)
    before = headline(page)
    frame = page.locator(".player .place .frame").bounding_box()
    page.mouse.click(frame["x"] + frame["width"] * 0.75, frame["y"] + frame["height"] * 0.25)
    page.wait_for_url("**descent_inside_x0=2.5**")
    settle(page)
    assert "descent_inside_x1=2.5" in page.url
    assert headline(page) != before


def test_the_pictures_are_drawn_and_keep_their_marker(visit):
    page = visit(f"{SECTION}&descent_inside_step=20")
    charts = page.locator("[data-testid=stVegaLiteChart]")
    assert charts.count() == 2
    for index in range(2):
        assert charts.nth(index).locator("svg .mark-line path").count() >= 2
        assert charts.nth(index).locator("svg .mark-rule.role-mark line").count() == 1


@pytest.mark.parametrize("code", OPTIMIZERS)
def test_every_formula_fits_a_phone(visit, code):
    page = visit(f"{SECTION}&descent_inside_optimizer={code}&descent_inside_step=60", width=390)
    overflowing = page.evaluate(
        """() => [...document.querySelectorAll('.katex-display')]
            .filter(box => box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight)
            .map(box => box.textContent)"""
    )
    assert overflowing == []
    assert page.locator(".katex-error").count() == 0
