"""The live plane: it follows a hand without the server, and server, numbers and link follow when the hand lets go."""

import pytest

from engine.perceptron import decision_line
from tests.browser.conftest import ready, settle

NUMBERS = ("Weight w₁", "Weight w₂", "Bias b")
ENDS = ("x1", "y1", "x2", "y2")


def opened(visit, query: str = "", **look):
    page = visit(f"/perceptron?perceptron_section=decide{query}", **look)
    picture(page).locator(".point").first.wait_for()
    return page


def caught_up(page) -> None:
    """Wait until the server's answer is what is drawn."""
    picture(page).and_(page.locator("[data-ahead=false]")).wait_for()
    settle(page)


def numbers(page) -> list[float]:
    return [float(page.get_by_role("spinbutton", name=name, exact=True).input_value()) for name in NUMBERS]


def picture(page):
    return page.locator("svg[role=img][viewBox='0 0 360 360']")


def line(page) -> list[float]:
    """The line as it is drawn, in the coordinates of the plane."""
    x, y, x2, y2 = (float(picture(page).locator(".line").get_attribute(name)) for name in ENDS)
    return [(x - 48) / 150 - 0.5, (312 - y) / 150 - 0.5, (x2 - 48) / 150 - 0.5, (312 - y2) / 150 - 0.5]


def line_of(values) -> list[float]:
    return decision_line(values[:2], values[2]).ends.ravel().tolist()


def wrong(page) -> list[str]:
    return picture(page).locator(".point.is-wrong .name").all_text_contents()


def is_ahead(page) -> bool:
    return picture(page).get_attribute("data-ahead") == "true"


def near(values, tolerance: float = 1e-4):
    """Drawn to a hundredth of a pixel."""
    return pytest.approx(values, abs=tolerance)


def on_track(page, name: str, value: float) -> tuple[float, float]:
    """Where on the page the track of a number has that value; its thumb is 16 pixels wide."""
    box = page.get_by_role("slider", name=name, exact=True).bounding_box()
    return box["x"] + 8 + (box["width"] - 16) * (value + 10) / 20, box["y"] + box["height"] / 2


def on_plane(page, x: float, y: float) -> tuple[float, float]:
    box = picture(page).bounding_box()
    scale = box["width"] / 360
    return box["x"] + scale * (48 + 150 * (x + 0.5)), box["y"] + scale * (312 - 150 * (y + 0.5))


def drag(page, start, end, steps: int = 8) -> None:
    """All but the release."""
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=steps)


def where(page) -> str:
    return page.evaluate("decodeURIComponent(location.search)")


def steps_back(page) -> int:
    return page.evaluate("history.length")


def test_the_line_is_drawn_where_the_engine_has_it(visit):
    page = opened(visit)
    assert line(page) == near(line_of(numbers(page)))
    assert wrong(page) == ["10"]
    assert picture(page).locator(".point .zero").count() == 3
    assert picture(page).locator(".point .one").count() == 1


def test_a_track_moves_the_line_without_the_server(visit):
    """One movement of the mouse, and no connection: what is drawn is what the browser has computed."""
    page = opened(visit)
    before = numbers(page)
    page.context.set_offline(True)
    drag(page, on_track(page, "Bias b", -0.7), on_track(page, "Bias b", -1.5), steps=1)
    bias = float(page.get_by_role("slider", name="Bias b", exact=True).input_value())
    assert bias != -0.7
    assert is_ahead(page)
    assert line(page) == near(line_of([1, 0.5, bias]))
    assert wrong(page) == ["11"]
    assert numbers(page) == before  # no answer has come
    assert page.complaints == []


def test_the_browsers_line_is_the_servers(visit):
    """Where the server's answer replaces the browser's line, nothing may jump."""
    page = opened(visit)
    for name, start, end in (("Weight w₁", 1, -2), ("Bias b", -0.7, 0.4), ("Weight w₂", 0.5, -1.3)):
        drag(page, on_track(page, name, start), on_track(page, name, end))
        caught_up(page)
        now = numbers(page)
        assert now != [1, 0.5, -0.7]
        assert line(page) == near(line_of(now))
        servers = [line(page), wrong(page), picture(page).locator(".region").get_attribute("points")]
        page.evaluate(
            """(values) => values.forEach(([name, value]) =>
                window.dispatchEvent(new CustomEvent("track", { detail: { name, value } })))""",
            [["perceptron_decide_b", now[2] + 0.1]],
        )
        assert is_ahead(page)
        assert line(page) == near(line_of([now[0], now[1], now[2] + 0.1]))
        page.evaluate(
            """(value) => window.dispatchEvent(
                new CustomEvent("track", { detail: { name: "perceptron_decide_b", value } }))""",
            now[2],
        )
        assert [line(page), wrong(page), picture(page).locator(".region").get_attribute("points")] == servers
        page.mouse.up()
        caught_up(page)


def test_a_released_track_is_in_the_number_the_link_and_the_table(visit):
    page = opened(visit)
    steps = steps_back(page)
    drag(page, on_track(page, "Bias b", -0.7), on_track(page, "Bias b", -1.5), steps=12)
    caught_up(page)
    assert "perceptron_decide_b" not in where(page)  # the hand is still on it
    assert numbers(page)[2] != -0.7  # but all numbers follow
    page.mouse.up()
    caught_up(page)
    bias = numbers(page)[2]
    assert f"perceptron_decide_b={bias:g}" in where(page)
    assert steps_back(page) == steps + 1
    assert line(page) == near(line_of([1, 0.5, bias]))
    row = page.get_by_role("row").filter(has_text="0 · 1 + 0 · 0.5")
    assert f"= {bias:g}".replace("-", "−") in row.inner_text()
    page.go_back()
    settle(page)
    assert numbers(page) == [1, 0.5, -0.7]
    assert line(page) == near(line_of([1, 0.5, -0.7]))


def test_dragging_the_line_shifts_it_by_b_alone(visit):
    page = opened(visit)
    steps = steps_back(page)
    drag(page, on_plane(page, 0.7, 0), on_plane(page, 1.2, 0), steps=12)  # x1 grows by 0.5, and w1 is 1
    assert line(page) == near(line_of([1, 0.5, -1.2]), 0.02)
    page.mouse.up()
    caught_up(page)
    assert numbers(page)[:2] == [1, 0.5]
    assert numbers(page)[2] == pytest.approx(-1.2, abs=0.02)
    assert wrong(page) == []
    assert page.get_by_text("This neuron computes AND.").count() == 1
    assert f"perceptron_decide_b={numbers(page)[2]:g}" in where(page)
    assert steps_back(page) == steps + 1
    page.go_back()
    settle(page)
    assert numbers(page) == [1, 0.5, -0.7]


def test_dragging_the_arrows_tip_turns_the_line_about_its_foot(visit):
    """Turned to the opposite side, all signs turn: the sides swap, and the line stays."""
    page = opened(visit)
    before = line(page)
    shaft = [float(picture(page).locator(".shaft").get_attribute(name)) for name in ENDS]
    x, y, x2, y2 = [(shaft[i] - 48) / 150 - 0.5 if i % 2 == 0 else (312 - shaft[i]) / 150 - 0.5 for i in range(4)]
    drag(page, on_plane(page, x2, y2), on_plane(page, 2 * x - x2, 2 * y - y2), steps=20)
    page.mouse.up()
    caught_up(page)
    assert numbers(page) == pytest.approx([-1, -0.5, 0.7], abs=0.06)
    assert line(page) == near([*before[2:], *before[:2]], 0.06)
    assert wrong(page) == ["00", "01", "11"]
    assert "perceptron_decide_w1=-1" in where(page)


def test_a_click_on_the_line_moves_nothing(visit):
    page = opened(visit)
    drag(page, on_plane(page, 0.7, 0), on_plane(page, 0.7, 0))
    page.mouse.up()
    caught_up(page)
    assert numbers(page) == [1, 0.5, -0.7]
    assert "perceptron_decide_b" not in where(page)


def test_the_picture_follows_keys_and_buttons(visit):
    page = opened(visit)
    page.get_by_role("slider", name="Bias b", exact=True).focus()
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    caught_up(page)
    assert numbers(page) == [1, 0.5, -1.2]
    assert line(page) == near(line_of([1, 0.5, -1.2]))
    assert wrong(page) == []
    page.get_by_role("button", name="Show weights that work").click()
    settle(page)
    assert numbers(page) == [2, 2, -3]
    assert line(page) == near(line_of([2, 2, -3]))


def test_a_finger_drags_the_line_on_a_phone(chromium, address):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    try:
        page = context.new_page()
        page.goto(f"{address}/perceptron?perceptron_section=decide")
        ready(page)  # else the layout may move under the finger
        picture(page).locator(".point").first.wait_for()
        picture(page).scroll_into_view_if_needed()
        assert picture(page).bounding_box()["width"] <= 390
        hand = context.new_cdp_session(page)
        (x, y), (x2, y2) = on_plane(page, 0.7, 0), on_plane(page, 1.2, 0)
        touch = "Input.dispatchTouchEvent"
        hand.send(touch, {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        for step in range(1, 11):
            at = {"x": x + (x2 - x) * step / 10, "y": y + (y2 - y) * step / 10}
            hand.send(touch, {"type": "touchMove", "touchPoints": [at]})
        hand.send(touch, {"type": "touchEnd", "touchPoints": []})
        caught_up(page)
        assert numbers(page)[2] == pytest.approx(-1.2, abs=0.03)
    finally:
        context.close()


def test_a_plane_that_is_gone_hears_nothing(visit):
    """Its listener goes with it."""
    page = opened(visit)
    picture(page).evaluate("(plane) => { window.kept = plane }")
    page.get_by_role("link", name="Home").click()
    page.get_by_role("heading", name="Neural Network Lab").wait_for()
    settle(page)
    heard = page.evaluate(
        """() => {
            window.dispatchEvent(new CustomEvent("track", { detail: { name: "perceptron_decide_b", value: 3 } }))
            return [window.kept.isConnected, window.kept.dataset.ahead]
        }"""
    )
    assert heard == [False, "false"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_come_from_the_palette(visit, theme):
    page = opened(visit, theme=theme)

    def paint(name: str, what: str) -> str:
        return picture(page).locator(name).first.evaluate(f"(e) => getComputedStyle(e).{what}")

    value, class_0, class_1 = {
        "light": ("rgb(11, 98, 168)", "rgb(122, 62, 157)", "rgb(0, 112, 90)"),
        "dark": ("rgb(108, 180, 240)", "rgb(201, 155, 224)", "rgb(79, 201, 168)"),
    }[theme]
    assert paint(".line", "stroke") == value
    assert paint(".point .zero", "fill") == class_0
    assert paint(".point .one", "fill") == class_1


@pytest.mark.parametrize(
    "query",
    ["", "&perceptron_decide_w2=0", "&perceptron_decide_w1=-9.75&perceptron_decide_w2=-0.05&perceptron_decide_b=9.5"],
)
@pytest.mark.parametrize("width", [390, 1280])
def test_formulas_are_set_and_fit(visit, query, width):
    page = opened(visit, query, width=width)
    assert page.locator(".katex-display").count() == 2
    assert page.locator(".katex-error").count() == 0
    overflows = "(all) => all.filter((e) => e.scrollWidth > e.clientWidth + 1).length"
    assert page.locator(".katex-display").evaluate_all(overflows) == 0
    assert page.get_by_test_id("stTable").first.evaluate("(e) => e.scrollWidth - e.clientWidth") <= 1
