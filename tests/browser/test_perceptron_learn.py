"""What only a browser shows of the learning section: the moving line, the formulas, the phone."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import settle

SECTION = "/perceptron?perceptron_section=learn"


def plane(page):
    return page.get_by_test_id("stVegaLiteChart").first


def lines(page) -> list[str]:
    """The rules of the plane, as they are really drawn: where each begins, where it ends, and its dashes."""
    return plane(page).evaluate(
        """chart => [...chart.querySelectorAll('.mark-rule.role-mark line')].map(line => {
            const box = line.getBoundingClientRect()
            return [box.x, box.y, box.width, box.height].map(Math.round).join() + line.getAttribute('stroke-dasharray')
        })"""
    )


def test_a_visit_moves_the_line_without_drawing_the_picture_anew(visit):
    page = visit(f"{SECTION}&perceptron_learn_visit=4")
    plane(page).locator("svg").evaluate("svg => svg.dataset.mark = 'same'")
    before = lines(page)
    assert before
    page.get_by_role("button", name="Next", exact=True).click()
    settle(page)
    after = lines(page)
    assert after != before
    assert any("6,4" in line for line in after)  # where the line was
    assert not any("6,4" in line for line in before)  # before the first mistake there was none
    assert page.locator("svg[data-mark=same]").count() == 1


def test_from_mistake_to_mistake(visit):
    page = visit(SECTION)
    page.get_by_role("button", name="Next mistake").click()
    settle(page)
    assert "perceptron_learn_visit=5" in page.url


def test_a_drag_of_the_learning_rate_follows_the_hand(visit):
    page = visit(f"{SECTION}&perceptron_learn_start=-5_5_5")
    track = page.locator("[class*=perceptron_learn_rate] input[type=range], input[type=range]").first
    box = track.bounding_box()
    told = page.get_by_text(re.compile("visits .* mistakes"))
    before = told.first.inner_text()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] / 2, steps=5)
    settle(page)
    during = told.first.inner_text()
    page.mouse.up()
    assert during != before


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(
    "query",
    [
        "perceptron_learn_visit=5",
        "perceptron_learn_start=-9.97_5.03_-9.95&perceptron_learn_rate=0.11&perceptron_learn_visit=300",
        "perceptron_learn_gate=xor&perceptron_learn_rate=0.07&perceptron_learn_visit=12",
        "perceptron_learn_gate=nimply",
    ],
)
def test_formulas_are_set_without_an_error_and_fit(visit, query, width):
    page = visit(f"{SECTION}&{query}", width=width)
    assert page.locator(".katex-display").count() == 3
    assert page.locator(".katex-error").count() == 0
    too_wide = page.locator(".katex-display").evaluate_all(
        "boxes => boxes.filter(box => box.scrollWidth > box.clientWidth + 1).map(box => box.textContent)"
    )
    assert too_wide == []


def test_the_round_of_xor_is_drawn(visit):
    page = visit(f"{SECTION}&perceptron_learn_gate=xor&perceptron_learn_visit=11")
    chart = page.get_by_test_id("stVegaLiteChart").nth(2)
    words = chart.locator("svg text").all_text_contents()
    assert {"8, 9, 12", "10", "11"} <= set(words)
    assert chart.locator(".mark-rule.role-mark line").count() == 3


def test_the_page_fits_a_phone_and_only_the_log_scrolls(visit):
    page = visit(f"{SECTION}&perceptron_learn_start=-5_5_5&perceptron_learn_rate=0.1", width=390)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    chart = plane(page).locator("svg").bounding_box()
    assert chart["x"] >= 0
    assert chart["x"] + chart["width"] <= 390


@pytest.mark.parametrize("query", ["perceptron_learn_visit=0", "perceptron_learn_gate=xor&perceptron_learn_visit=2"])
def test_a_picture_without_a_line_or_a_ring_is_still_accessible(visit, query):
    page = visit(f"{SECTION}&{query}")
    found = Axe().run(page).response["violations"]
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
