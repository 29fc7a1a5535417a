"""Drawn weights in a browser: bars and curves are drawn, and follow a drag; the formulas fit a phone."""

from tests.browser.conftest import settle

PAGE = "/initialization?initialization_section=drawn"
BARS = "[data-testid=stVegaLiteChart] svg .mark-rect path"


def bars(page) -> list[str]:
    return page.locator(BARS).evaluate_all("paths => paths.map(path => path.getAttribute('d'))")


def test_bars_and_curves_are_drawn_and_follow_a_drag(visit):
    page = visit(f"{PAGE}&initialization_drawn_preset=xavier")
    before = bars(page)
    assert len(before) > 100  # two histograms
    assert page.locator("[data-testid=stVegaLiteChart] svg .mark-line path").count() == 6
    track = page.locator("input[type=range]").first
    box = track.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.96, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, middle, steps=4)
    page.wait_for_function(
        "([path, before]) => document.querySelector(path).getAttribute('d') !== before", arg=[BARS, before[0]]
    )
    assert "initialization_drawn_fan_in" not in page.url  # the link waits for the hand
    page.mouse.up()
    page.wait_for_url("**initialization_drawn_fan_in=*")
    settle(page)
    assert page.complaints == []


def test_a_point_mass_has_an_arrow_and_the_formulas_fit_a_phone(visit):
    page = visit(f"{PAGE}&initialization_drawn_preset=equal", width=390)
    assert page.locator("svg").get_by_text("all 401,408 weights are 0.5").count() == 1
    wide = page.locator(".katex-display").evaluate_all(
        "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).length"
    )
    assert wide == 0
    assert page.locator(".katex-error").count() == 0
    assert page.complaints == []
