"""By keyboard alone: a sensible order, nothing that only a pointer can do, focus that is seen; and what is heard."""

import pytest

from tests.browser.conftest import settle, until

MOST = 120  # steps of the Tab key; no screen has so many stops
WHO = """() => {
  let at = document.activeElement
  while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
  const host = document.activeElement
  const near = host.closest('[class*=st-key-]')
  return {
    end: host === document.body,
    main: Boolean(host.closest('[data-testid=stMain]')),
    name: (at.ariaLabel || at.labels?.[0]?.innerText || at.innerText || at.title || '').trim().slice(0, 60),
    key: [...(near?.classList ?? [])].find((one) => one.startsWith('st-key-')) ?? '',
  }
}"""
SHOWN = """() => {
  let at = document.activeElement
  while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
  const looks = (one) => { const s = getComputedStyle(one); return [s.outlineStyle, s.outlineColor, s.outlineWidth] }
  return looks(at.getAttribute('role') === 'switch' ? at.parentElement.nextElementSibling : at)
}"""


def walk(page) -> list[dict]:
    """The stops of the Tab key in the page's main part, from its top to the end of the page."""
    stops = []
    for _ in range(MOST):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(WHO))
        if stops[-1]["end"]:
            return [stop for stop in stops[:-1] if stop["main"]]
    raise AssertionError(f"a trap: {stops[-3:]}")


def first(stops: list[dict], part: str) -> int:
    return next(i for i, stop in enumerate(stops) if part in stop["key"] or stop["name"].endswith(part))


@pytest.mark.parametrize(
    ("screen", "order"),
    [
        ("/perceptron?perceptron_section=decide", ["perceptron_decide_w1", "perceptron_decide_b"]),
        ("/descent?descent_section=plane", ["descent_plane_preset", "descent_plane_rate", "Play", "Step"]),
        ("/training?training_section=play", ["training_units", "Play", "Epoch"]),
        ("/backprop", ["backprop_formula", "First", "Step"]),
    ],
)
def test_tab_goes_down_the_page_and_out_again(visit, screen, order):
    """Section picker, controls, picture, challenge, take-away, next section; everything has a name."""
    stops = walk(visit(screen))
    lesson = screen.split("?")[0].strip("/")
    parts = [f"{lesson}_section", *order, "_challenge_guess", "Take it away", "Terms in English and Korean"]
    places = [first(stops, part) for part in parts]
    assert places == sorted(places), list(zip(parts, places, strict=True))
    assert [stop for stop in stops if not stop["name"]] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_focus_is_seen(visit, theme):
    page = visit("/perceptron?perceptron_section=learn", theme=theme)
    primary = {"light": "rgb(11, 98, 168)", "dark": "rgb(108, 180, 240)"}[theme]
    for part in ("[data-testid=stSidebarNavLink]", "[data-testid=stExpander] summary", "[role=switch]"):
        page.keyboard.press("Tab")  # focus is shown to those who use the keyboard
        page.locator(part).first.focus()
        page.wait_for_timeout(100)  # it may fade in
        assert page.evaluate(SHOWN) == ["solid", primary, "2px"], part
    page.emulate_media(forced_colors="active")  # Windows' high contrast
    chosen, other = (page.locator(f"[role=radio][aria-checked={is_it}]").first for is_it in ("true", "false"))
    ground = "e => getComputedStyle(e).backgroundColor"
    assert chosen.evaluate(ground) != other.evaluate(ground)
    knob = page.locator("span:has(> [role=switch]) + div")
    assert knob.first.evaluate("e => getComputedStyle(e).borderStyle") == "solid"


def test_what_is_heard_follows_the_keys(visit):
    """The keys move the track, the chart is not drawn anew, and its words are other ones."""
    page = visit("/activations?activations_section=lens")
    words = page.locator(".spoken").first
    before = words.inner_text()
    page.evaluate("document.querySelector('[data-testid=stVegaLiteChart] svg').dataset.mark = 'same'")
    page.locator(".st-key-activations_lens_z--en-lens-track input").press("ArrowRight")
    until(page, lambda: words.inner_text() != before)
    settle(page)
    assert page.locator("[data-testid=stVegaLiteChart] svg[data-mark=same]").count() == 1
    box = words.evaluate("e => e.closest('[data-testid=stElementContainer]').getBoundingClientRect()")
    assert (box["width"], box["height"]) == (1, 1)  # out of sight, and out of the layout


def test_a_screen_reader_is_told_the_language(visit):
    page = visit("/activations?activations_section=softmax", locale="ko-KR")
    assert page.evaluate("document.documentElement.lang") == "ko"
    page.get_by_role("radio", name="English").click()
    page.wait_for_function("() => document.documentElement.lang === 'en'")


def test_nothing_moves_of_itself_and_less_where_less_is_asked_for(visit):
    page = visit("/descent?descent_section=line&descent_line_step=0")
    player = page.locator(".player").first
    duration = "getComputedStyle(document.querySelector('[data-testid=stBaseButton-secondary]')).transitionDuration"
    assert set(page.evaluate(duration).split(", ")) == {"0.001s"}
    page.emulate_media(reduced_motion="no-preference")
    assert set(page.evaluate(duration).split(", ")) != {"0.001s"}
    page.wait_for_timeout(400)
    assert player.locator(".scrub").input_value() == "0"  # it waits for Play
    page.emulate_media(reduced_motion="reduce")


def test_a_number_is_taken_as_people_write_it(visit):
    page = visit("/backprop?backprop_section=mistakes", width=390)
    field = page.get_by_label("Your prediction")

    def typed(text: str) -> str:
        field.fill("")
        field.press_sequentially(text)
        return field.input_value()

    def pasted(text: str) -> str:
        field.fill("")
        page.keyboard.insert_text(text)
        return field.input_value()

    assert [typed(text) for text in ("\N{MINUS SIGN}2.5", "0,5", "7,500")] == ["-2.5", "0.5", "7500"]
    copied = "\N{MINUS SIGN}0.268", "\N{MINUS SIGN}1.2e\N{MINUS SIGN}5", "2,5", "0,268", "1,000"
    assert [pasted(text) for text in copied] == ["-0.268", "-1.2e-5", "2.5", "0.268", "1000"]
