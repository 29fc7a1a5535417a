"""What it costs in a browser: counts first, a measurement on a click, and nothing of it in the link."""

from tests.browser.conftest import settle

PAGE = "/activations?activations_section=cost&activations_cost_values=10000"


def dots(page) -> list[str]:
    points = page.locator("[data-testid=stVegaLiteChart] svg .mark-symbol path")
    return points.evaluate_all("all => all.map(point => point.getAttribute('transform'))")


def measured(page) -> None:
    page.get_by_role("button", name="Measure", exact=True).click()
    page.get_by_text("Measured:").wait_for()
    settle(page)


def test_measuring_moves_the_dots(visit):
    page = visit(PAGE)
    counted = dots(page)
    assert len(counted) >= 16
    address = page.url
    measured(page)
    assert len(dots(page)) == len(counted)
    assert dots(page) != counted
    assert page.url == address
    assert page.locator(".katex-error").count() == 0
    assert page.complaints == []


def test_a_measurement_fits_a_phone(visit):
    page = visit(PAGE, width=390)
    measured(page)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    table = page.get_by_test_id("stTable").first
    assert table.evaluate("e => e.scrollWidth - e.clientWidth") <= 1


def test_another_visitor_has_measured_nothing(visit):
    measured(visit(PAGE))
    assert visit(PAGE).get_by_text("Nothing is measured yet.").count() == 1
