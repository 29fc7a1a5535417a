"""Momentum's map in a browser: it is drawn, a click and a drag choose a point, the formulas are set."""

from playwright.sync_api import expect

from tests.browser.conftest import settle

PAGE = "/descent?descent_section=momentum"


def place(page, number: int):
    """The plane of the first (the map) or the second player."""
    return page.locator(".player svg.place").nth(number)


def own_course(page):
    """The path of the chosen point, drawn above the others."""
    return place(page, 1).locator("path.line").last


def test_map_bowl_and_formulas_are_drawn(visit):
    page = visit(PAGE)
    assert page.locator(".player").count() == 2
    assert place(page, 0).locator("image").get_attribute("href").startswith("data:image/png")
    assert place(page, 0).locator("path.still").count() == 3
    assert place(page, 0).locator("path.mark").count() == 4
    assert place(page, 1).locator("path.line").count() == 3
    assert own_course(page).get_attribute("d")
    assert page.locator("[data-testid=stVegaLiteChart] svg").count() == 2
    assert page.locator(".katex-error").count() == 0
    assert page.complaints == []


def test_a_click_into_the_map_chooses_learning_rate_and_momentum(visit):
    page = visit(PAGE)
    before = own_course(page).get_attribute("d")
    frame = place(page, 0).locator("rect.frame").bounding_box()
    page.mouse.click(frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] * 0.6)
    page.wait_for_url("**descent_momentum_mu=*")
    settle(page)
    product = float(page.get_by_role("spinbutton", name="Learning rate, as").input_value())
    momentum = float(page.get_by_role("spinbutton", name="Momentum μ").input_value())
    assert abs(product - 2.1) < 0.03
    assert abs(momentum - 0.4) < 0.01
    assert own_course(page).get_attribute("d") != before
    formulas = page.locator(".katex-display annotation").all_text_contents()
    assert any(rf"v &\leftarrow {momentum:g}\, v + g" in formula for formula in formulas)


def test_a_drag_of_the_track_moves_the_path_before_the_hand_lets_go(visit):
    page = visit(PAGE)
    before = own_course(page).get_attribute("d")
    track = page.get_by_role("slider", name="Momentum μ")
    box = track.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.79, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.4, middle, steps=4)
    expect(own_course(page)).not_to_have_attribute("d", before)
    assert "descent_momentum_mu" not in page.url
    page.mouse.up()
    page.wait_for_url("**descent_momentum_mu=*")


def test_the_formulas_fit_a_phone(visit):
    query = "condition=7384.123", "product=3.87654321", "mu=0.95432101", "beside=best.classic", "digits=9"
    page = visit(PAGE + "".join(f"&descent_momentum_{one}" for one in query), width=390)
    wide = page.locator(".katex-display").evaluate_all(
        "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent)"
    )
    assert page.locator(".katex-display").count() >= 10
    assert wide == []
