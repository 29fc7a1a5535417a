"""Batch normalization while training in a browser: all pictures are drawn, another learning rate redraws them."""

from tests.browser.conftest import settle

PAGE = "/regularization?regularization_section=training"
CHART = "[data-testid=stVegaLiteChart]"


def test_lines_ribbons_and_formulas_are_drawn(visit):
    page = visit(PAGE)
    assert page.locator(f"{CHART} svg").count() == 7
    assert page.locator(f"{CHART} svg .mark-line path").count() >= 2 * 5 + 2
    assert page.locator(f"{CHART} svg .mark-area path").count() >= 2 * 5 + 4
    assert page.locator(".katex-error").count() == 0
    assert page.complaints == []


def test_another_learning_rate_moves_the_marker_and_the_pictures_on_a_phone(visit):
    page = visit(PAGE, width=390)
    lines = f"{CHART} svg .mark-line path"
    before = page.locator(lines).evaluate_all("paths => paths.map(path => path.getAttribute('d'))")
    page.get_by_role("radio", name="0.03", exact=True).click()
    page.wait_for_url("**regularization_training_rate=0.03*")
    settle(page)
    after = page.locator(lines).evaluate_all("paths => paths.map(path => path.getAttribute('d'))")
    assert after[:2] == before[:2]  # the learning rates are the same
    assert after[2:] != before[2:]
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.complaints == []
