"""The optimizers on XOR in a browser: lines and bands are drawn, a drag trains anew, a long training shows itself."""

from pages.sections.descent.real_setup import DEFAULT
from tests.browser.conftest import settle

PAGE = "/descent?descent_section=real"
LINES = "[data-testid=stVegaLiteChart] svg .mark-line path"


def lines(page) -> list[str]:
    return page.locator(LINES).evaluate_all("paths => paths.map(path => path.getAttribute('d'))")


def test_lines_bands_and_the_plateau_are_drawn(visit):
    page = visit(PAGE)
    assert len(lines(page)) == len(DEFAULT)
    assert page.locator("[data-testid=stVegaLiteChart] svg .mark-area path").count() == len(DEFAULT)
    assert page.locator("[data-testid=stVegaLiteChart] svg .mark-rule.role-mark line").count() == 1
    assert page.locator("[data-testid=stVegaLiteChart] svg .role-legend-label text").all_text_contents() == [
        "SGD",
        "Momentum",
        "RMSProp",
        "Adam",
    ]
    assert page.locator(".katex-error").count() == 0
    assert page.complaints == []


def test_a_drag_trains_anew_before_the_hand_lets_go(visit):
    page = visit(PAGE)
    before = lines(page)
    track = page.locator("input[type=range]").first
    box = track.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.3, middle, steps=4)
    page.wait_for_function(
        "([path, before]) => document.querySelector(path).getAttribute('d') !== before", arg=[LINES, before[0]]
    )
    assert "descent_real_rate" not in page.url  # the link waits for the hand
    page.mouse.up()
    page.wait_for_url("**descent_real_rate=*")
    settle(page)
    assert page.get_by_role("table").first.get_by_text("0.1", exact=True).count() == 0


def test_a_long_training_waits_for_a_click(visit):
    page = visit(f"{PAGE}&descent_real_mode=best&descent_real_updates=2000", width=390)
    assert page.locator(LINES).count() == 0
    page.get_by_role("button", name="Compute now").click()
    page.get_by_text("The search for the best learning rates.").wait_for(timeout=60_000)
    settle(page)
    assert page.locator("[data-testid=stVegaLiteChart] svg").count() == 3
    assert len(lines(page)) == 3 * len(DEFAULT)
    assert page.get_by_role("button", name="Compute now").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.complaints == []
