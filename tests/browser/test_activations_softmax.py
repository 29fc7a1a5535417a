"""Softmax in a real browser: bars and heat map are drawn, follow a drag, and fit a phone."""

import pytest

from tests.browser.conftest import settle

SECTION = "/activations?activations_section=softmax"
BARS, HEAT = 0, 1


def chart(page, index):
    return page.locator("[data-testid=stVegaLiteChart] svg").nth(index)


def widths(page) -> list[float]:
    return chart(page, BARS).locator(".mark-rect path").evaluate_all("all => all.map(one => one.getBBox().width)")


def test_bars_are_as_long_as_the_probabilities(visit):
    page = visit(SECTION)
    found = widths(page)
    assert [width / sum(found) for width in found] == pytest.approx([0.659, 0.2424, 0.09857], abs=1e-3)
    assert {"0.659", "0.2424", "0.09857"} <= set(chart(page, BARS).locator("text").all_text_contents())


def test_the_heat_map_has_a_number_a_cell_and_one_colour_bar(visit):
    page = visit(f"{SECTION}&activations_softmax_classes=6")
    texts = chart(page, HEAT).locator("text").all_text_contents()
    assert sum(text.startswith("+") for text in texts) == 6
    assert sum(text.startswith("−0.") and len(text) > 4 for text in texts) >= 15
    assert chart(page, HEAT).locator("linearGradient, [fill^='url(']").count() >= 1
    assert chart(page, HEAT).locator(".role-legend-symbol").count() == 0


def test_cells_of_both_signs_differ_in_colour(visit):
    page = visit(SECTION)
    fills = chart(page, HEAT).locator(".mark-rect path").evaluate_all("all => all.map(one => one.getAttribute('fill'))")
    assert fills[0] not in fills[1:3]
    assert fills[1] == fills[3]  # symmetric


def test_a_drag_of_the_temperature_is_followed_live(visit):
    page = visit(SECTION)
    page.evaluate(
        "document.querySelectorAll('[data-testid=stVegaLiteChart] svg').forEach(e => e.dataset.mark = 'same')"
    )
    box = page.get_by_role("slider", name="Temperature T").bounding_box()
    y, seen = box["y"] + box["height"] / 2, set()
    page.mouse.move(box["x"] + box["width"] * 0.1, y)
    page.mouse.down()
    for step in range(10):
        page.mouse.move(box["x"] + box["width"] * (0.1 + 0.08 * step), y)
        page.wait_for_timeout(150)
        seen.add(tuple(round(width, 1) for width in widths(page)))
    assert len(seen) > 2
    page.mouse.up()
    settle(page)
    found = widths(page)
    assert max(found) / min(found) < 1.6  # a high temperature levels out
    assert page.locator("[data-testid=stVegaLiteChart] svg[data-mark=same]").count() == 2


@pytest.mark.parametrize("query", ["", "&activations_softmax_logits=huge&activations_softmax_classes=6"])
def test_formulas_and_tables_fit_a_phone(visit, query):
    page = visit(SECTION + query, width=390)
    assert page.locator(".katex-error").count() == 0
    boxes = ".katex-display, [data-testid=stTable]"
    too_wide = page.locator(boxes).evaluate_all(
        "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.textContent)"
    )
    assert too_wide == []
    assert chart(page, HEAT).bounding_box()["width"] <= 358
