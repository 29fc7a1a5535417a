"""The player in a real browser: it plays without the server, is scrubbed live, picks a start, and shows divergence."""

import re

import pytest

from tests.browser.conftest import link_holds, settle, until

LINE, PLANE = "/descent?descent_section=line", "/descent?descent_section=plane"


def player(page):
    return page.locator(".player").first


def shown_step(page) -> int:
    return int(re.search(r"\d+", player(page).locator(".read").inner_text())[0])


def drawn(page) -> str:
    """The path as drawn."""
    return player(page).locator(".place .line").first.get_attribute("d")


def shown_last(page) -> int:
    return int(player(page).locator(".scrub").get_attribute("max"))


def test_it_plays_to_the_end_and_can_be_paused(visit):
    page = visit(f"{LINE}&descent_line_step=0")
    assert (shown_step(page), drawn(page)) == (0, "")
    player(page).locator(".play").click()
    until(page, lambda: shown_step(page) > 1)
    player(page).locator(".play").click()
    paused = shown_step(page)
    assert drawn(page).count("M") == paused
    page.wait_for_timeout(400)
    assert shown_step(page) == paused
    if paused != shown_last(page):  # where it opens, the link need not say it
        link_holds(page, f"descent_line_step={paused}")


def test_it_plays_with_the_server_out_of_reach(visit):
    page = visit(f"{LINE}&descent_line_step=0")
    page.context.set_offline(True)
    player(page).locator(".speed select").select_option("4")
    player(page).locator(".play").click()
    until(page, lambda: shown_step(page) > 1)
    page.context.set_offline(False)


def test_scrubbing_by_keyboard_moves_the_numbers_and_the_link(visit):
    page = visit(f"{LINE}&descent_line_step=0")
    before = page.locator(".katex-html").all_inner_texts()
    scrub = player(page).locator(".scrub")
    scrub.focus()
    for _ in range(3):
        scrub.press("ArrowRight")
    link_holds(page, "descent_line_step=3")
    settle(page)
    assert shown_step(page) == 3
    assert page.locator(".katex-html").all_inner_texts() != before
    assert scrub.evaluate("e => e.ariaValueText").startswith(player(page).locator(".read").inner_text())


def test_a_start_is_dragged_in_the_picture(visit):
    page = visit(PLANE)
    before = drawn(page)
    box = player(page).locator(".place .frame").bounding_box()
    page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 0.3 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.75 * box["width"], box["y"] + 0.25 * box["height"], steps=8)
    until(page, lambda: drawn(page) != before)  # it follows the hand
    page.mouse.up()
    link_holds(page, "descent_plane_x0")
    start = re.match(r"M([\d.]+),([\d.]+)", drawn(page))
    frame = player(page).locator(".place .frame")
    x, y = (float(frame.get_attribute(name)) for name in ("x", "y"))
    side = float(frame.get_attribute("width"))
    assert float(start[1]) == pytest.approx(x + 0.75 * side, abs=3)
    assert float(start[2]) == pytest.approx(y + 0.25 * side, abs=3)


def test_what_leaves_the_picture_is_shown_at_its_border(visit):
    """Learning rate 10 of note 002: an arrow instead of a ball, and the loss in the legend stays a number."""
    page = visit(f"{PLANE}&descent_plane_preset=large")
    ball = player(page).locator(".place .now").first
    assert ball.get_attribute("d").endswith("Z")
    legend = player(page).locator(".legend").inner_text()
    assert re.search(r"\de\d\d", legend), legend


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_paths_have_the_themes_colours_and_fit(visit, width, theme):
    page = visit(PLANE, width=width, theme=theme)
    root = player(page)
    colours = root.locator(".place .line").evaluate_all("all => all.map(e => getComputedStyle(e).stroke)")
    assert all(colour.startswith("rgb") for colour in colours)
    assert root.evaluate("e => e.scrollWidth <= e.clientWidth")
    ink, ground = root.locator("text").first.evaluate(
        "e => [getComputedStyle(e).fill, getComputedStyle(document.querySelector('.stApp')).backgroundColor]"
    )
    assert ink != ground
