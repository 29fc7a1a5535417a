"""Note 004's experiment in a browser: dots, intervals and bars are drawn, and the power follows a drag."""

from tests.browser.conftest import settle

PAGE = "/initialization?initialization_section=matter"
CHART = "[data-testid=stVegaLiteChart]"


def test_shares_differences_ends_and_power_are_drawn(visit):
    page = visit(PAGE)
    charts = page.locator(CHART)
    assert charts.count() == 4
    assert charts.nth(0).locator(".mark-rule.role-mark line").count() == 3
    assert charts.nth(0).locator(".mark-symbol.role-mark path").count() == 9  # dots, tooltips, diamonds
    assert charts.nth(1).locator(".mark-rule.role-mark line").count() == 1 + 3 + 3  # the line at 0, thick and thin
    assert charts.nth(2).locator(".mark-rect.role-mark path").count() == 15
    assert charts.nth(3).locator(".mark-line.role-mark path").count() == 2
    assert charts.nth(1).locator(".role-axis-label tspan").count() == 6  # three names in two lines
    assert page.locator(".katex-error").count() == 0
    assert page.complaints == []


def test_the_power_follows_the_hand(visit):
    page = visit(f"{PAGE}&initialization_matter_source=counts", width=390)
    curve = f"{CHART} .mark-line path"
    before = page.locator(curve).first.get_attribute("d")
    track = page.locator("input[type=range]").last
    track.scroll_into_view_if_needed()
    box = track.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.74, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, middle, steps=4)
    page.wait_for_function(
        "([path, before]) => document.querySelector(path).getAttribute('d') !== before", arg=[curve, before]
    )
    assert "initialization_matter_p2" not in page.url  # the link waits for the hand
    page.mouse.up()
    page.wait_for_url("**initialization_matter_p2=*")
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.complaints == []
