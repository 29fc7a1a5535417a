"""Overfitting in a browser: losses with their stops, boundaries that follow the epoch, a click for what is long."""

from tests.browser.conftest import settle

PAGE = "/regularization?regularization_section=overfitting"
CHARTS = "[data-testid=stVegaLiteChart] svg"
FIELDS = f"{CHARTS} .mark-image image"


def fields(page) -> list[str]:
    return page.locator(FIELDS).evaluate_all("images => images.map(image => image.getAttribute('href'))")


def test_lines_stops_and_boundaries_are_drawn(visit):
    page = visit(f"{PAGE}&regularization_over_preset=others", width=390, theme="dark")
    lines = page.locator(f"{CHARTS} .mark-line path")
    assert lines.count() >= 10  # five settings, training and test
    assert page.locator(f"{CHARTS} .mark-rule.role-mark line").count() >= 2 + 5  # the epoch twice, five stops
    assert len(set(fields(page))) == 5
    assert page.locator(".katex-error").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.complaints == []


def test_the_boundaries_follow_the_hand(visit):
    page = visit(PAGE)
    before = set(fields(page))
    track = page.locator("input[type=range]").first
    track.scroll_into_view_if_needed()
    box = track.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] - 8, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.2, middle, steps=4)
    page.wait_for_function(
        """([path, before]) => [...document.querySelectorAll(path)]
            .filter(image => !before.includes(image.getAttribute('href'))).length >= 4""",
        arg=[FIELDS, list(before)],
    )
    assert "regularization_over_epoch" not in page.url  # the link waits for the hand
    page.mouse.up()
    page.wait_for_url("**regularization_over_epoch=*")
    settle(page)
    assert page.complaints == []


def test_a_regression_waits_for_a_click_where_it_is_long(visit):
    page = visit(f"{PAGE}&regularization_over_preset=curve&regularization_over_epochs=1000")
    assert page.locator(FIELDS).count() == 0
    page.get_by_role("button", name="Compute now").click()
    page.get_by_text("Higher loss, here it hurts:").wait_for(timeout=60_000)
    settle(page)
    assert page.locator(CHARTS).count() >= 5
    assert page.get_by_role("button", name="Compute now").count() == 0
    assert page.complaints == []
