"""Descent in one dimension: the path, the strip and the formulas follow a drag, a click and the scrubber."""

import pytest

from tests.browser.conftest import settle

PAGE = "/descent?descent_section=line"


def drawn(page) -> str:
    return page.locator(".player .place .line").first.get_attribute("d")


def rule(page) -> float:
    """Where the thick line of the chosen learning rate stands in the strip."""
    boxes = [line.bounding_box() for line in page.locator("[data-testid=stVegaLiteChart] svg .mark-rule line").all()]
    solid = page.locator("[data-testid=stVegaLiteChart] svg .mark-rule line[stroke-width='3']").bounding_box()
    assert solid in boxes
    return solid["x"]


def test_dragging_the_learning_rate_moves_path_name_and_strip(visit):
    page = visit(PAGE)
    before, at = drawn(page), rule(page)
    track = page.get_by_role("slider", name="Learning rate η")
    box = track.bounding_box()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.75 * box["width"], box["y"] + box["height"] / 2, steps=6)
    # The hand is still on it.
    page.wait_for_function("() => document.querySelector('.stMain').innerText.includes('Diverges. η > 2/λ')")
    page.mouse.up()
    page.wait_for_url("**descent_line_rate=*")
    settle(page)
    assert drawn(page) != before
    assert rule(page) > at


def test_a_click_into_the_picture_is_the_start(visit):
    page = visit(f"{PAGE}&descent_line_function=double_well")
    assert "descent_line_x0" not in page.url
    frame = page.locator(".player .place .frame").bounding_box()
    page.mouse.click(frame["x"] + 0.25 * frame["width"], frame["y"] + 0.5 * frame["height"])
    page.wait_for_url("**descent_line_x0=-0.8*")
    settle(page)
    assert "Converges to x* = −1" in page.locator(".stMain").inner_text()


@pytest.mark.parametrize(
    "query",
    [
        "descent_line_preset=overflow",
        "descent_line_function=wavy&descent_line_preset=diverges",
        "descent_line_function=absolute",
    ],
)
@pytest.mark.parametrize("width", [390, 1280])
def test_extreme_runs_fit(visit, query, width):
    page = visit(f"{PAGE}&{query}", width=width)
    assert page.locator(".katex-error").count() == 0
    wide = page.locator(".katex-display").evaluate_all(
        "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).length"
    )
    assert wide == 0
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= width
    assert page.locator("[data-testid=stVegaLiteChart] svg .mark-rect path").count() >= 2
    assert page.complaints == []
