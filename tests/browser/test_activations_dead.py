"""Dead and sparse in a real browser: units are drawn, a drag is followed while the hand is still on it."""

import pytest

from engine.dying import compare
from pages.sections.activations.dead_setup import PRESETS
from tests.browser.conftest import settle

URL = "/activations?activations_section=dead"


def picture(page):
    return page.locator("[data-testid=stVegaLiteChart] svg").first


def crosses(page) -> int:
    return picture(page).locator("text").all_text_contents().count("✕")


def bars(page) -> list[str]:
    """The outlines of the filled bars."""
    return picture(page).locator(".layer_1_marks path").evaluate_all("all => all.map(one => one.getAttribute('d'))")


def shows(page, epoch: int) -> bool:
    """Whether the picture has as many crosses as there are dead units at the epoch; a busy server may take a while."""
    for _ in range(50):
        if crosses(page) == n_dead(epoch):
            return True
        page.wait_for_timeout(200)
    return False


def n_dead(epoch: int) -> int:
    return int(compare(PRESETS["too_high"][1])["relu"].life.counts("dead")[epoch].sum())


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_units_are_drawn_and_the_dead_are_marked(visit, theme):
    page = visit(URL, theme=theme)
    assert len(bars(page)) > 10
    assert crosses(page) == n_dead(120) == 9
    words = picture(page).locator("text").all_text_contents()
    assert {"Layer 1", "Layer 2", "hidden units", "samples, by class"} <= set(words)


def test_a_drag_is_followed_while_the_hand_is_on_the_track(visit):
    page = visit(URL)
    track = page.get_by_role("slider", name="Epoch")
    box, before = track.bounding_box(), bars(page)
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] - 8, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.4, y, steps=4)
    settle(page)
    during = int(track.input_value())
    assert 40 < during < 60
    assert shows(page, during)
    assert n_dead(during) < 9
    assert bars(page) != before
    page.mouse.move(box["x"] + 2, y, steps=3)
    page.mouse.up()
    settle(page)
    assert shows(page, int(track.input_value()))
    page.wait_for_url("**activations_dead_epoch=**")


def test_the_learning_rate_brings_the_dead_back(visit):
    page = visit(URL)
    rate = page.get_by_role("spinbutton", name="Learning rate")
    rate.fill("1")
    rate.press("Enter")
    settle(page)
    assert shows(page, 0)  # one, as at the start


def test_formulas_are_set_without_an_error(visit):
    for query in ("", "&activations_dead_shown=elu", "&activations_dead_layer=1"):
        page = visit(URL + query)
        assert page.locator(".katex-display").count() >= 2
        assert page.locator(".katex-error").count() == 0
        widths = page.locator(".katex-display").evaluate_all("all => all.map(one => one.scrollWidth - one.clientWidth)")
        assert max(widths) <= 0


def test_no_formula_is_wider_than_a_phone(visit):
    page = visit(URL, width=390)
    widths = page.locator(".katex-display").evaluate_all("all => all.map(one => one.scrollWidth - one.clientWidth)")
    assert max(widths) <= 0


def test_the_doses_are_drawn_when_asked_for(visit):
    page = visit(URL)
    n_charts = page.get_by_test_id("stVegaLiteChart").count()
    page.get_by_text("How large is too large?").click()
    page.get_by_text("Of 8 starts:").wait_for(timeout=60_000)
    settle(page)
    assert page.get_by_test_id("stVegaLiteChart").count() == n_charts + 2
    lines = page.locator("[data-testid=stVegaLiteChart] svg").nth(n_charts).locator(".mark-line path")
    assert lines.count() == 3
