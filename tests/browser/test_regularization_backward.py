"""The gradient through a batch in a real browser: bars, heat maps and lines are drawn, formulas fit a phone."""

import pytest

from tests.browser.conftest import settle

SECTION = "/regularization?regularization_section=backward"


@pytest.mark.parametrize(("view", "pictures"), [("steps", 1), ("jacobian", 3)])
def test_each_view_fits_a_phone(visit, view, pictures):
    page = visit(f"{SECTION}&regularization_backward_view={view}&regularization_backward_preset=mixed", width=390)
    assert page.locator(".katex-error").count() == 0
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    wide = page.locator(".katex-display").evaluate_all(
        "all => all.filter(f => f.scrollWidth > f.clientWidth + 1).length"
    )
    assert wide == 0
    assert page.locator("[data-testid=stVegaLiteChart]").count() == pictures
    assert page.complaints == []


def test_another_gradient_is_another_picture(visit):
    page = visit(SECTION)
    bars = page.locator("[data-testid=stVegaLiteChart] svg .mark-rect path")
    before = bars.evaluate_all("all => all.map(bar => bar.getAttribute('d'))")
    assert len(before) == 20  # three parts and their sum of five samples
    page.get_by_role("combobox", name="Upstream gradient dy").click()
    page.get_by_role("option", name="All have the same gradient").click()
    settle(page)
    assert bars.evaluate_all("all => all.map(bar => bar.getAttribute('d'))") != before
    assert "naive against the check: 1" in page.get_by_test_id("stMain").inner_text()
    assert page.complaints == []
