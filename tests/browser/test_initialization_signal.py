"""The signal in a browser: the ridges are drawn, follow a drag, and fit a phone."""

from tests.browser.conftest import settle

PAGE = "/initialization?initialization_section=signal"
CHART = "[data-testid=stVegaLiteChart]"


def ridges(page) -> list[str]:
    """The outlines of the histograms, of all schemes."""
    return (
        page.locator(f"{CHART}[class*=st-key], {CHART}")
        .locator("svg .mark-area path")
        .evaluate_all("paths => paths.map(path => path.getAttribute('d'))")
    )


def test_the_ridges_follow_a_drag(visit):
    page = visit(PAGE)
    charts = page.locator(f"{CHART} svg")
    assert charts.count() == 4 + 6
    assert page.locator(".katex-error").count() == 0
    names = charts.first.locator("text").all_text_contents()
    assert [name for name in names if name in ("1", "2", "10", "activation a", "layer")]
    before = ridges(page)
    assert len(before) >= 4 * 8
    depth = page.get_by_role("spinbutton", name="Layers")
    box = page.locator("input[type=range]").first.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 8 / 48, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.4, middle, steps=3)
    page.wait_for_function(
        f"""before => [...document.querySelectorAll('{CHART} svg .mark-area path')]
            .every((path, n) => n >= 32 || path.getAttribute('d') !== before)""",
        arg=before[12],
    )
    page.mouse.up()
    page.wait_for_url("**initialization_signal_depth=*")
    settle(page)
    assert int(depth.input_value()) > 15
    assert page.complaints == []


def test_gradients_and_their_words_are_drawn_on_a_phone(visit):
    page = visit(f"{PAGE}&initialization_signal_preset=relu&initialization_signal_low=-2", width=390)
    page.get_by_role("radio", name="Gradients, backward").or_(
        page.get_by_role("button", name="Gradients, backward")
    ).first.click()
    settle(page)
    words = page.locator(f"{CHART} svg").first.locator("text").all_text_contents()
    assert [word for word in words if word.startswith("◂ ")]
    assert [word for word in words if word.startswith("0: ")]
    assert "−2" in words
    assert "log₁₀ |δ|" in words
    wide = page.locator(".katex-display").evaluate_all(
        "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).length"
    )
    assert wide == 0
