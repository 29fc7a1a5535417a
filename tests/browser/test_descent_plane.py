"""Two dimensions in a real browser: the paths follow a move, numbers follow the player, formulas fit a phone."""

import pytest

from tests.browser.conftest import settle

PLANE = "/descent?descent_section=plane"


def drawn(page) -> list[str]:
    lines = page.locator(".player .place .line")
    lines.first.wait_for(state="attached")
    return lines.evaluate_all("all => all.map(e => e.getAttribute('d'))")


def formulas(page) -> list[str]:
    return page.locator(".katex-html").all_inner_texts()


def test_the_learning_rate_moves_its_own_path_alone(visit):
    page = visit(PLANE)
    own, beside = drawn(page)
    before = formulas(page)
    page.get_by_label("My learning rate η").first.fill("0.3")
    page.keyboard.press("Enter")
    settle(page)
    changed, same = drawn(page)
    assert changed != own
    assert same == beside
    assert formulas(page) != before
    assert "descent_plane_rate=0.3" in page.url


def test_numbers_follow_the_player(visit):
    page = visit(f"{PLANE}&descent_plane_step=56")
    page.locator(".player .next").click()
    settle(page)
    row = page.locator("[data-testid=stTable] tbody tr").first.inner_text()
    assert "−8.97946606e−6" in row
    assert "1.19726214e−5" in row
    assert "descent_plane_step=57" in page.url


@pytest.mark.parametrize("preset", ["large", "elongated", "rosenbrock", "himmelblau", "beale"])
def test_formulas_fit_a_phone(visit, preset):
    page = visit(f"{PLANE}&descent_plane_preset={preset}&descent_plane_twin=1", width=390)
    for _run in range(2):
        assert page.locator(".katex-error").count() == 0
        wide = page.locator(".katex-display").evaluate_all(
            "all => all.filter(e => e.scrollWidth > e.clientWidth).map(e => e.innerText)"
        )
        assert wide == []
        page.get_by_text("my η, numerical gradient").click()
        settle(page)
    assert page.complaints == []
