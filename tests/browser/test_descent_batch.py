"""The batch section in a browser: paths are drawn, follow a drag, and the formulas fit a phone."""

from playwright.sync_api import expect

from tests.browser.conftest import settle

PAGE = "/descent?descent_section=batch"


def paths(page) -> list[str]:
    lines = page.locator(".player .place .line")
    lines.first.wait_for()
    return lines.evaluate_all("all => all.map(e => e.getAttribute('d'))")


def test_a_path_for_each_batch_size_and_all_pictures_are_drawn(visit):
    page = visit(f"{PAGE}&descent_batch_preset=settle&descent_batch_sizes=1.8.all")
    shown = paths(page)
    assert len(shown) == len(set(shown)) == 3
    assert all(len(path) > 50 for path in shown)
    assert page.locator("[data-testid=stVegaLiteChart] svg").count() == 3
    assert page.locator(".katex-error").count() == 0
    assert page.complaints == []


def test_the_paths_follow_the_learning_rate_before_the_hand_lets_go(visit):
    page = visit(PAGE)
    before = paths(page)
    box = page.locator("input[type=range]").first.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.6, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.75, middle, steps=4)
    expect(page.locator(".player .place .line").first).not_to_have_attribute("d", before[0])
    assert "descent_batch_rate" not in page.url  # the link waits for the hand
    page.mouse.up()
    page.wait_for_url("**descent_batch_rate=*")
    settle(page)
    assert all(one != other for one, other in zip(paths(page), before, strict=True))


def test_a_start_picked_in_the_picture_is_the_start_of_all_paths(visit):
    page = visit(PAGE)
    box = page.locator(".player .place .frame").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.8)
    page.wait_for_url("**descent_batch_w=*")
    settle(page)
    starts = {path.split("L")[0] for path in paths(page)}
    assert len(starts) == 1
    assert "descent_batch_b=-" in page.url


def test_a_diverged_path_and_small_numbers_fit_a_phone(visit):
    page = visit(f"{PAGE}&descent_batch_preset=settle&descent_batch_step=3839", width=390)
    wide = "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).length"
    assert page.locator(".katex-display").evaluate_all(wide) == 0
    page = visit(f"{PAGE}&descent_batch_preset=diverge&descent_batch_rate=2", width=390)
    assert page.locator(".katex-display").evaluate_all(wide) == 0
    assert page.get_by_text("the path has diverged").count() == 1
    assert page.complaints == []
