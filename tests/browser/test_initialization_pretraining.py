"""The pile in a browser: layers, images and curves are drawn, a step changes them, the formulas are set."""

from playwright.sync_api import expect

from pages.sections.initialization.pretraining_setup import DEFAULT
from tests.browser.conftest import settle

PAGE = "/initialization?initialization_section=pretraining"
CHARTS = "[data-testid=stVegaLiteChart] svg"


def words(page, chart: int) -> list[str]:
    return page.locator(CHARTS).nth(chart).locator("text").all_text_contents()


def test_the_pile_its_images_and_the_curves_are_drawn(visit):
    page = visit(PAGE)
    assert page.locator(CHARTS).count() == 4
    assert {"hidden layer 2: 32 units", "W₁: frozen", "W₂: learns to rebuild", "W₃: later"} <= set(words(page, 0))
    assert {"original", "via 1", "via 1–2"} <= set(words(page, 1))
    assert page.locator(CHARTS).nth(1).locator("image").count() == 3
    lines = page.locator(CHARTS).nth(3)
    assert lines.locator(".mark-line path").count() == len(DEFAULT)
    assert lines.locator(".mark-area path").count() == len(DEFAULT)
    assert page.locator(".katex-error").count() == 0
    assert page.complaints == []


def test_a_step_freezes_a_machine_and_shows_one_row_more(visit):
    page = visit(PAGE)
    page.get_by_role("button", name="Next", exact=True).click()
    settle(page)
    expect(page.locator(CHARTS).nth(1).locator("image")).to_have_count(4)
    assert {"W₂: frozen", "W₃: learns to rebuild"} <= set(words(page, 0))


def test_counting_the_work_moves_the_pretrained_curve_alone(visit):
    page = visit(PAGE)
    titles = words(page, 3)
    assert "epoch of fine-tuning" in titles
    page.get_by_text("Count the pretraining as work").click()
    settle(page)
    assert "work, in epochs of fine-tuning" in words(page, 3)
    starts = (
        page.locator(CHARTS)
        .nth(3)
        .locator(".mark-line path")
        .evaluate_all("paths => paths.map(path => path.getPointAtLength(0).x)")
    )
    assert len({round(start) for start in starts}) == 2
