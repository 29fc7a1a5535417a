"""Dropout in a browser: units are crossed out, a new mask redraws the network, a drag of p moves the curve."""

from tests.browser.conftest import settle

PAGE = "/regularization?regularization_section=dropping"
CHART = "[data-testid=stVegaLiteChart]"


def edges(page) -> int:
    return page.locator(CHART).first.locator(".mark-rule line").count()


def crosses(page) -> int:
    return page.locator(CHART).first.get_by_text("✕", exact=True).count()


def test_a_new_mask_takes_other_units_and_their_edges(visit):
    page = visit(PAGE)
    assert page.locator(CHART).count() == 3
    assert crosses(page) == 3
    assert edges(page) == 2 * 2 + 2 * 3 + 3  # of 2, 2 and 3 units that are left, and the output
    page.get_by_role("button", name="New mask").click()
    page.wait_for_url("**regularization_dropping_mask=3*")
    settle(page)
    assert crosses(page) == 5
    assert edges(page) == 2 * 1 + 1 * 2 + 2
    page.get_by_role("radio", name="Evaluation mode").click()
    page.wait_for_url("**regularization_dropping_mode=eval*")
    settle(page)
    assert (crosses(page), edges(page)) == (0, 2 * 4 + 4 * 4 + 4)
    assert page.locator(".katex-error").count() == 0
    assert page.complaints == []


def test_the_running_mean_follows_a_drag_of_the_rate(visit):
    page = visit(PAGE, width=390)
    curve = f"{CHART} .mark-line path"
    before = page.locator(curve).first.get_attribute("d")
    track = page.locator("input[type=range]").first
    box = track.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.55, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.2, middle, steps=4)
    page.wait_for_function(
        "([path, before]) => document.querySelector(path).getAttribute('d') !== before", arg=[curve, before]
    )
    page.mouse.up()
    page.wait_for_url("**regularization_dropping_rate=*")
    settle(page)
    assert crosses(page) < 3  # a lower rate keeps more
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.complaints == []
