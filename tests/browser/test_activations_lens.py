"""The lens in a real browser: pictures are drawn and follow the hand, formulas are set, the way to the graph works."""

import re

import pytest

from tests.browser.conftest import ready, settle

SECTION = "/activations?activations_section=lens"
MAP, VIEW = 0, 1


def chart(page, index):
    return page.locator("[data-testid=stVegaLiteChart] svg").nth(index)


def points(page, index) -> list[str]:
    """Where the visible points of a picture are."""
    found = (
        chart(page, index)
        .locator(".mark-symbol path")
        .evaluate_all(
            "all => all.filter(one => one.getBBox().width > 5 && getComputedStyle(one).opacity !== '0')"
            ".map(one => one.getAttribute('transform'))"
        )
    )
    return found


def lines(page, index) -> list[str]:
    return chart(page, index).locator(".mark-line path").evaluate_all("all => all.map(one => one.getAttribute('d'))")


def test_curve_and_derivative_are_drawn_with_their_points(visit):
    page = visit(SECTION)
    assert len(points(page, MAP)) == 2
    assert len(lines(page, MAP)) == 2
    assert all(len(re.findall("L", path)) > 200 for path in lines(page, MAP))
    assert {"f", "f′"} <= set(chart(page, MAP).locator("text").all_text_contents())
    (line,) = lines(page, VIEW)
    assert len(re.findall("L", line)) == 100


def test_a_kink_breaks_the_derivative_and_a_jump_the_curve(visit):
    assert len(lines(visit(f"{SECTION}&activations_lens_function=relu"), MAP)) == 4
    assert len(lines(visit(f"{SECTION}&activations_lens_function=step&activations_lens_z=0"), VIEW)) == 2


def test_the_point_follows_a_drag_and_the_picture_is_not_drawn_anew(visit):
    page = visit(SECTION)
    page.evaluate(
        "document.querySelectorAll('[data-testid=stVegaLiteChart] svg').forEach(e => e.dataset.mark = 'same')"
    )
    before, seen = points(page, MAP), set()
    box = page.get_by_role("slider", name="Pre-activation z").bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 7 / 12, y)
    page.mouse.down()
    for step in range(12):
        page.mouse.move(box["x"] + box["width"] * (7 - step / 4) / 12, y)
        page.wait_for_timeout(150)
        seen.add(str(points(page, MAP)))
    assert len(seen) > 2  # while the hand is still on it
    page.mouse.up()
    settle(page)
    assert points(page, MAP) != before
    assert page.locator("[data-testid=stVegaLiteChart] svg[data-mark=same]").count() == 2
    z = float(re.search(r"activations_lens_z=(-?[\d.]+)", page.url)[1])
    assert z == pytest.approx(-1.75, abs=0.3)
    assert page.get_by_label("Pre-activation z").first.input_value() == f"{z:g}"


def test_under_the_lens_the_curve_becomes_its_tangent(visit):
    """The filled gap, as a share of the picture's height, vanishes."""
    shares = []
    for zoom in (0, 3, 8):
        page = visit(f"{SECTION}&activations_lens_zoom={zoom}")
        gap = chart(page, VIEW).locator(".mark-area path").bounding_box()
        (line,) = lines(page, VIEW)
        heights = [float(y) for y in re.findall(r",(-?[\d.]+)", line)]
        ends = chart(page, VIEW).locator(".mark-rule line").first
        slope = ends.evaluate("one => [one.getAttribute('x2'), one.getAttribute('y2')].map(Number)")
        assert gap["width"] > 100
        middle = (heights[0] + heights[-1]) / 2 - heights[50]
        shares.append(abs(middle) / abs(slope[1]))
    assert shares[0] > 0.02
    assert shares[2] < 0.005


@pytest.mark.parametrize(("function", "locale"), [("gelu", "en-US"), ("gelu_tanh", "ko-KR"), ("selu", "en-US")])
def test_formulas_are_set_and_fit_a_phone(visit, function, locale):
    page = visit(f"{SECTION}&activations_lens_function={function}&activations_lens_z=-2.35", width=390, locale=locale)
    page.locator("details summary").first.click()
    settle(page)
    assert page.locator(".katex").count() > 15
    assert page.locator(".katex-error").count() == 0
    too_wide = page.locator(".katex-display").evaluate_all(
        "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.textContent)"
    )
    assert too_wide == []


def test_the_way_to_the_graph(visit):
    page = visit(SECTION)
    page.get_by_role("link", name="The sigmoid as a computation graph").click()
    page.get_by_role("heading", name="Backpropagation").wait_for()
    ready(page)
    assert "backprop_formula=sigmoid" in page.url
    assert page.locator("h1").inner_text() == "Backpropagation"
    assert "0.1966" in page.locator("[data-testid=stVegaLiteChart] svg").first.text_content()
    assert page.complaints == []
