"""Links for a class: parts that are gone for eye and keyboard, a page that opens at its exercise, a page in a frame."""

import pytest

from tests.browser.conftest import settle, until

CALCULATOR = "/backprop?backprop_section=calculator&backprop_network=xor&backprop_updates=7"
GRAPH = "backprop_formula=square&backprop_at=2"
EXERCISE = ".st-key-part-exercise-challenge"


def metrics(page) -> list[str]:
    return page.get_by_test_id("stMetricValue").all_inner_texts()


def in_sight(page, selector: str) -> int:
    return page.evaluate("s => [...document.querySelectorAll(s)].filter(e => e.checkVisibility()).length", selector)


def test_what_a_link_leaves_out_is_gone_until_everything_is_shown(visit):
    page = visit(f"{CALCULATOR}&view=no-controls.no-takeaway.no-menu")
    inputs = ".st-key-section :is(input, [role=radio], [role=switch])"
    kept = f"{EXERCISE} input, .st-key-section [data-testid=stSlider] input"
    assert in_sight(page, "[class*='st-key-part-']:not([class*=exercise]), [data-testid=stSidebarNavLink]") == 0
    assert in_sight(page, inputs) == in_sight(page, kept) > 0, "only the exercise and the steps of the picture"
    assert met_by_the_keyboard(page) == {"exercise"}
    column = page.locator(".st-key-section [data-testid=stColumn]:visible").first.bounding_box()
    assert column["width"] > 0.9 * page.locator(".st-key-section").bounding_box()["width"]
    shown = metrics(page)

    page.get_by_role("button", name="Show everything").click()
    page.locator(".st-key-part-controls-").wait_for()
    settle(page)
    assert metrics(page) == shown
    assert "view" not in page.url
    assert "backprop_updates=7" in page.url
    assert in_sight(page, "[data-testid=stSidebarNavLink]") > 1
    page.go_back()
    page.locator(".st-key-part-controls-").wait_for(state="hidden")
    assert page.complaints == []


def met_by_the_keyboard(page) -> set[str]:
    """The parts that Tab leads through, from the question to the end of the page."""
    where = "document.activeElement.closest('[class*=st-key-part-]')?.className.match(/st-key-part-([a-z]+)/)[1] ?? ''"
    met = set()
    page.locator(".st-key-show_everything button").focus()
    for _ in range(60):
        page.keyboard.press("Tab")
        met.add(page.evaluate(where))
        if page.evaluate("!!document.activeElement.closest('.st-key-terms')"):
            return met - {""}
    raise AssertionError("the keyboard does not come to the end of the page")


def test_a_page_opens_at_its_exercise_once(visit):
    page = visit(f"/backprop?{GRAPH}&view=at-exercise", width=390)
    until(page, lambda: is_on_screen(page))
    assert page.evaluate(f"document.activeElement.closest('{EXERCISE}') !== null")
    page.mouse.move(200, 500)
    page.mouse.wheel(0, -100_000)
    until(page, lambda: page.locator("h1").bounding_box()["y"] > 0)
    field = page.get_by_test_id("stNumberInputField").first
    field.fill("3")
    field.press("Enter")
    page.wait_for_url("**backprop_at=3**")
    settle(page)
    assert not is_on_screen(page), "it stays where the learner is"


def is_on_screen(page) -> bool:
    box = page.locator(EXERCISE).bounding_box()
    return 0 <= box["y"] <= 900 - box["height"]


@pytest.mark.parametrize("width", [800, 390])
def test_a_page_in_a_frame(visitors, address, width):
    page = visitors(1280, "light", "en-US").new_page()
    source = f"{address}/backprop?{GRAPH}&lang=ko&view=no-takeaway.no-menu&embed=true"
    course = f'<iframe src="{source}" title="lab" width="{width}" height="600"></iframe>'
    page.route(f"{address}/course", lambda route: route.fulfill(content_type="text/html", body=course))
    page.goto(f"{address}/course")  # a page of a server: anyone may frame the app, but no page from nowhere
    frame = page.frames[1]
    frame.locator(".st-key-terms").wait_for()
    settle(frame)
    assert frame.locator("h1").inner_text() == "역전파"
    assert frame.locator("h1").bounding_box()["y"] < 60 + page.locator("iframe").bounding_box()["y"], "no empty bar"
    assert in_sight(frame, "[data-testid=stSidebar], [data-testid=stMainMenu], .st-key-part-takeaway") == 0
    assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")
    field = frame.get_by_test_id("stNumberInputField").first
    field.fill("3")
    field.press("Enter")
    frame.wait_for_url("**backprop_at=3**")
    settle(frame)
    assert {"embed=true", "lang=ko", "view=no-takeaway.no-menu"} <= set(frame.url.partition("?")[2].split("&"))
    way_out = frame.get_by_role("link", name="전체 화면으로 열기")
    way_out.focus()
    there = way_out.get_attribute("href")
    assert there.startswith(f"{address}/backprop?")
    assert set(there.partition("?")[2].split("&")) == {"backprop_formula=square", "backprop_at=3", "lang=ko"}
    page.close()
