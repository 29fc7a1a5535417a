"""The gallery in a browser: both pictures are drawn, one cursor crosses them, the pin follows the hand."""

import re

import pytest

from tests.browser.conftest import settle

GALLERY = "/activations?activations_section=gallery&activations_gallery_"
WIDEST = ("hard_sigmoid", "swish", "gelu", "gelu_tanh", "mish", "hard_swish")
SVG = "[data-testid=stVegaLiteChart] svg"


def lines(page) -> list[str]:
    """The paths of all curves: those of f, then those of f'."""
    return page.locator(f"{SVG} .mark-line path").evaluate_all("paths => paths.map(path => path.getAttribute('d'))")


def heights(path: str) -> list[float]:
    return [float(y) for y in re.findall(r"[ML][-\d.e]+,([-\d.e]+)", path)]


def pin(page) -> float:
    """Where the dashed line stands, in pixels of the picture."""
    rule = page.locator(f"{SVG} .mark-rule line[stroke-dasharray='6,4']")
    assert rule.count() == 1
    return float(re.match(r"translate\(([-\d.]+)", rule.get_attribute("transform"))[1])


def test_f_is_drawn_above_its_derivative(visit):
    drawn = lines(visit(f"{GALLERY}preset=three"))
    assert len(drawn) == 6
    above, below = drawn[:3], drawn[3:]
    assert max(max(heights(path)) for path in above) < min(min(heights(path)) for path in below)


def test_a_jump_is_no_line(visit):
    page = visit(f"{GALLERY}functions=tanh.relu")
    tanh, relu, tanh_slope, relu_slope = lines(page)
    assert [path.count("M") for path in (tanh, relu, tanh_slope, relu_slope)] == [1, 1, 1, 2]


def test_the_pointer_moves_one_line_through_both_and_reads_all_values(visit):
    page = visit(f"{GALLERY}preset=three")
    place = page.locator(SVG).first.bounding_box()
    x, y = place["x"] + place["width"] * 0.4, place["y"] + place["height"] * 0.75
    page.mouse.move(x - 20, y)
    page.mouse.move(x, y)  # over the lower picture
    tooltip = page.locator("#vg-tooltip-element")
    tooltip.wait_for(state="visible")
    told = tooltip.inner_text()
    z = float(re.search(r"z\s+([−\d.]+)", told)[1].replace("−", "-"))
    assert -3 < z < 0
    for name in ("Sigmoid", "tanh", "ReLU"):
        assert name in told
    shown = page.locator(f"{SVG} .mark-rule.role-mark line[opacity='1']:not([stroke-dasharray])")
    assert shown.count() == 1
    assert shown.bounding_box()["height"] > 0.6 * place["height"]  # both pictures
    dots = page.locator(f"{SVG} .mark-symbol.role-mark path")
    assert dots.count() == 6 + 6 + 1  # pin, cursor, and ReLU's convention at 0


def test_the_pin_follows_the_slider_by_keyboard(visit):
    page = visit(f"{GALLERY}preset=three")
    before = pin(page)
    page.get_by_role("slider", name="Pinned z").focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    settle(page)
    assert pin(page) > before
    assert page.locator("table th", has_text="f(1.2)").count() == 1
    assert page.locator(".katex-display annotation").nth(1).text_content().startswith(r"\begin{aligned} f(z) &=")


def test_the_pin_follows_the_hand_while_it_is_held(visit):
    page = visit(f"{GALLERY}preset=three")
    before = pin(page)
    track = page.get_by_role("slider", name="Pinned z").bounding_box()
    middle = track["y"] + track["height"] / 2
    page.mouse.move(track["x"] + track["width"] * 0.6, middle)
    page.mouse.down()
    page.mouse.move(track["x"] + track["width"] * 0.2, middle, steps=5)
    settle(page)
    assert pin(page) < before  # the button is still down
    page.mouse.up()


def test_a_function_more_is_a_curve_more(visit):
    page = visit(f"{GALLERY}preset=three")
    page.get_by_role("button", name="GELU", exact=True).click()
    settle(page)
    assert len(lines(page)) == 8
    assert page.locator(f"{SVG} .role-legend text", has_text="GELU").count() >= 1


@pytest.mark.parametrize("preset", ["note", "s_shaped", "all"])
def test_the_legend_fits_a_phone(visit, preset):
    page = visit(f"{GALLERY}preset={preset}", width=360)
    labels = page.locator(f"{SVG} .role-legend text").all()
    right = page.locator(SVG).first.bounding_box()
    assert labels
    for label in labels:
        box = label.bounding_box()
        assert box["x"] + box["width"] <= right["x"] + right["width"]


@pytest.mark.parametrize("code", WIDEST)
def test_the_widest_formulas_fit_a_phone(visit, code):
    numbers = "activations_gallery_z=-2.35&activations_gallery_swish=1.7"
    page = visit(f"{GALLERY}preset=all&activations_gallery_close={code}&{numbers}", width=390)
    assert page.locator(".katex-error").count() == 0
    widths = page.locator(".katex-display").evaluate_all("all => all.map(e => [e.scrollWidth, e.clientWidth])")
    assert len(widths) == 2
    for needed, there in widths:
        assert needed <= there
