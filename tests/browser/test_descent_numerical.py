"""The valley in a browser: curves and lines are drawn, the mark follows a drag, every digit is set and fits."""

from tests.browser.conftest import settle

PAGE = "/descent?descent_section=numerical"


def lines(page) -> list[str]:
    return page.locator("[data-testid=stVegaLiteChart] svg .mark-line path").evaluate_all(
        "paths => paths.map(path => path.getAttribute('d'))"
    )


def words(page) -> list[str]:
    return page.locator("[data-testid=stVegaLiteChart] svg .mark-text text").all_text_contents()


def test_curves_lines_and_marks_are_drawn(visit):
    page = visit(PAGE)
    assert len([line for line in lines(page) if line]) == 4  # two measured, two predicted
    assert {"note 002", "10⁻¹²", "h", "c h²", "r / h"} <= set(words(page))
    assert page.locator(".katex-error").count() == 0
    assert page.complaints == []


def test_a_drag_of_h_moves_the_mark_before_the_hand_lets_go(visit):
    page = visit(PAGE)
    ring = "document.querySelector('[data-testid=stVegaLiteChart] svg .mark-symbol path[stroke-width=\"3\"]')"
    before = page.evaluate(f"{ring}.getAttribute('transform')")
    page.evaluate("document.querySelector('[data-testid=stVegaLiteChart] svg').dataset.mark = 'same'")
    track = page.locator("input[type=range]").nth(1)
    box = track.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 11 / 14, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.3, middle, steps=4)
    page.wait_for_function(f"before => {ring}.getAttribute('transform') !== before", arg=before)
    page.mouse.up()
    page.wait_for_url("**descent_numerical_h=*")
    settle(page)
    assert page.locator("[data-testid=stVegaLiteChart] svg[data-mark=same]").count() == 1


def test_every_digit_fits_a_phone(visit):
    page = visit(f"{PAGE}&descent_numerical_preset=far&descent_numerical_h=0.01", width=390)
    wide = page.locator("[data-testid=stMarkdownContainer] .katex-display").evaluate_all(
        "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.textContent)"
    )
    assert wide == []
    assert page.locator(".katex-error").count() == 0
