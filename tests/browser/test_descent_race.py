"""The race in a browser: paths and lines are drawn, a start is picked, formulas are set and fit a phone."""

from tests.browser.conftest import settle

PAGE = "/descent?descent_section=race"
LINES = "[data-testid=stVegaLiteChart] svg .mark-line path"


def test_paths_and_learning_rates_are_drawn(visit):
    page = visit(PAGE)
    assert page.locator(".player svg.place path").count() >= 6
    assert page.locator(LINES).count() >= 6
    assert page.locator(".katex-error").count() == 0
    before = page.locator(LINES).first.get_attribute("d")
    page.get_by_role("spinbutton", name="Condition number").fill("5")
    page.keyboard.press("Enter")
    settle(page)
    assert page.locator(LINES).first.get_attribute("d") != before
    assert "descent_race_condition=5" in page.url
    assert page.complaints == []


def test_a_click_into_the_picture_is_a_new_start(visit):
    page = visit(PAGE)
    place = page.locator(".player svg.place")
    rows = page.locator("[data-testid=stTable]").first
    before = rows.inner_text()
    box = place.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.3)
    page.wait_for_url("**descent_race_x0=*")
    settle(page)
    assert rows.inner_text() != before
    assert "descent_race_x1=" in page.url


def test_the_formulas_fit_a_phone(visit):
    turned = "descent_race_angle=45&descent_race_best=gradients"
    page = visit(f"{PAGE}&{turned}&descent_race_x0=-3.14159&descent_race_x1=2.71828", width=390)
    wide = page.locator(".katex-display").evaluate_all(
        "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).length"
    )
    assert page.locator(".katex-display").count() == 3
    assert wide == 0
