"""Units that begin alike in a browser: rings, ways and curves are drawn, and the scrub follows the hand."""

from tests.browser.conftest import settle

PAGE = "/initialization?initialization_section=symmetry"
RINGS = "[data-testid=stVegaLiteChart] svg .mark-symbol.role-mark path"


def places(page) -> list[str]:
    """Where the units of the plane are."""
    chart = page.locator("[data-testid=stVegaLiteChart]").first
    return chart.locator("svg .mark-symbol.role-mark path").evaluate_all(
        "paths => paths.map(path => path.getAttribute('transform'))"
    )


def test_units_are_drawn_and_the_scrub_follows_the_hand(visit):
    page = visit(PAGE)
    before = places(page)
    assert page.locator("[data-testid=stVegaLiteChart] svg").count() == 5
    track = page.locator("[data-testid=stMain] input[type=range]").last
    box = track.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.1, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.95, middle, steps=5)
    page.wait_for_function(
        "([path, at]) => document.querySelectorAll(path)[2].getAttribute('transform') !== at", arg=[RINGS, before[2]]
    )
    assert "initialization_symmetry_at" not in page.url  # the link waits for the hand
    page.mouse.up()
    page.wait_for_url("**initialization_symmetry_at=*")
    settle(page)
    assert len(set(places(page)[-4:])) == 4  # they have parted
    assert page.complaints == []


def test_copies_lie_in_one_place_and_formulas_fit_a_phone(visit):
    page = visit(f"{PAGE}&initialization_symmetry_preset=equal&initialization_symmetry_at=10", width=390)
    assert len(set(places(page)[-4:])) == 1
    wide = page.locator(".katex-display").evaluate_all(
        "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).length"
    )
    assert wide == 0
    assert page.locator(".katex-error").count() == 0
    assert page.complaints == []
