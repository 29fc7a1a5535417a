"""The family tree in a browser: boxes and lines are drawn, the choice marks its way, names stay in their boxes."""

from engine.optimizer_family import FAMILY
from tests.browser.conftest import settle

PAGE = "/descent?descent_section=family"
SVG = "[data-testid=stVegaLiteChart] svg"


def thick(page) -> int:
    return page.locator(f"{SVG} .mark-rule line").evaluate_all(
        "all => all.filter(one => Number(one.getAttribute('stroke-width')) === 3).length"
    )


def test_the_choice_marks_its_way(visit):
    page = visit(PAGE)
    assert page.locator(f"{SVG} .mark-rect path").count() == len(FAMILY)
    assert page.locator(f"{SVG} .mark-rule line").count() == sum(len(one.parents) for one in FAMILY.values())
    assert thick(page) == 7  # Adam's: from SGD by three ways
    page.get_by_role("combobox", name="Optimizer").click()
    page.get_by_role("option", name="L-BFGS").click()
    settle(page)
    assert thick(page) == 1
    assert page.locator(".katex-error").count() == 0
    assert page.complaints == []


def test_names_stay_in_their_boxes_on_a_phone(visit):
    for locale in ("en-US", "ko-KR"):
        page = visit(f"{PAGE}&descent_family_optimizer=rprop", width=390, locale=locale)
        box = page.locator(f"{SVG} .mark-rect path").first.bounding_box()["width"]
        widths = page.locator(f"{SVG} .mark-text text").evaluate_all("all => all.map(one => one.getBBox().width)")
        assert max(widths) < box
        formulas = page.locator("[data-testid=stMarkdownContainer] .katex-display")
        assert formulas.count() >= 2
        assert formulas.evaluate_all("all => all.filter(one => one.scrollWidth > one.clientWidth + 1).length") == 0
