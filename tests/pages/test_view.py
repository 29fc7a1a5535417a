"""Links that leave parts out, keep doing so, and can be made by a teacher."""

from urllib.parse import parse_qs, parse_qsl

import pytest

from pages.shared.lessons import LESSONS
from pages.shared.view import CODES, HIDDEN

GRAPH = {"backprop_formula": "square", "backprop_at": "2"}
KEY = "backprop_graph"


def style(screen) -> str:
    return "".join(one.value for one in screen.at.get("html") if "display: none" in one.value)


def parts(screen) -> set[str]:
    """Keys of the containers that a view can hide."""
    found, left = set(), [screen.at._tree]
    while left:
        node = left.pop()
        left += getattr(node, "children", {}).values()
        found |= {word for word in [getattr(getattr(node, "proto", None), "id", "")] if "part-" in str(word)}
    return {key[key.index("part-") :] for key in found}


def widget(screen, kind: str, key: str):
    """One of the teacher's choices, which are in no link."""
    (found,) = [one for one in screen.at.get(kind) if one.key == key]
    return found


def choose(screen, kind: str, key: str, value):
    widget(screen, kind, key).set_value(value)
    return screen.run()


def for_a_class(screen):
    return choose(screen, "toggle", f"{KEY}_class", True)


def handed_out(screen) -> str:
    """The last address on screen that is no script: the teacher's."""
    return [code.value for code in screen.at.code if "import numpy" not in code.value][-1]


def asked(address: str) -> dict[str, str]:
    return dict(parse_qsl(address.partition("?")[2]))


# What the link leaves out


@pytest.mark.parametrize("code", HIDDEN)
def test_a_code_hides_its_part_and_no_other(app, code):
    screen = app("backprop", view=code)
    assert f":is({HIDDEN[code]})" in style(screen)
    assert screen.link == {"view": code}
    assert screen.toasts == []


def test_without_a_view_nothing_is_hidden(app):
    screen = app("backprop")
    assert style(screen) == ""
    assert "show_everything" not in {button.key for button in screen.at.button}


def test_every_section_has_parts_to_hide(app):
    for lesson in LESSONS:
        for section in lesson.sections:
            found = parts(app(lesson.slug, **{f"{lesson.slug}_section": section.code, "view": "no-controls"}))
            assert any(key.startswith("part-controls-") for key in found), section
            assert {"part-exercise-challenge", "part-menu-sections"} <= found, section


def test_what_is_hidden_is_computed_from_the_link(app):
    assert app("backprop", **GRAPH, view="no-controls").metrics == app("backprop", **GRAPH).metrics


def settings(screen) -> list[str]:
    return [one.value for one in screen.at.markdown if one.value.startswith(("**Settings.**", "**설정.**"))]


def test_where_the_controls_are_left_out_their_values_are_told(app):
    screen = app("backprop", **GRAPH, view="no-controls")
    (told,) = settings(screen)
    assert {"x **2**", "Digits **4**"} <= set(told.removeprefix("**Settings.** ").split(" · "))
    (told,) = settings(screen.set("backprop_amount", 0.5))
    assert "x **2** · " in told
    assert "**0.5**" in told
    assert settings(app("backprop", **GRAPH)) == []


def test_what_a_learner_typed_and_what_a_table_holds_are_told_as_they_are(app):
    typed = app("backprop", backprop_formula="own", backprop_expression="a*b*c", view="no-controls")
    assert r"**a\*b\*c**" in settings(typed)[0]
    (told,) = settings(app("backprop", "ko", backprop_section="calculator", view="no-controls"))
    assert r", 0.7; b1\: 1, 0; W2\: " in told


@pytest.mark.parametrize("page", ["home", "glossary", "perceptron"])
def test_the_view_is_kept_on_the_next_page_and_while_something_moves(app, page):
    screen = app("backprop", view="no-takeaway").set("backprop_amount", 0.5)
    assert screen.link == {"backprop_amount": "0.5", "view": "no-takeaway"}
    screen.at.query_params.clear()  # as the menu does
    screen.open(page)
    assert screen.link == {"view": "no-takeaway"}
    assert HIDDEN["no-takeaway"] in style(screen)


def test_the_way_out_shows_everything_and_stays_out(app):
    screen = app("backprop", **GRAPH, view="no-controls.no-menu").click("show_everything")
    assert style(screen) == ""
    assert screen.link == GRAPH
    assert "show_everything" not in {button.key for button in screen.at.button}
    assert style(screen.open("perceptron")) == ""


def test_an_embedded_page_has_a_link_instead(app):
    screen = app("backprop", view="no-controls")
    screen.at.context = {"is_embedded": True}
    screen.run()
    assert "show_everything" not in {button.key for button in screen.at.button}
    assert any("whole_page" in one.proto.component_name for one in screen.at.get("bidi_component"))


BAD = ["none", "no-controls_no-menu", "NO-MENU", "no-controls.", "x" * 5000, "<b>", "한국어", "{key}", "\x00", "."]


@pytest.mark.parametrize("text", BAD, ids=lambda text: repr(text[:16]))
def test_a_code_that_is_not_known_is_told_once_and_left_out(app, text):
    screen = app("backprop", view=f"{text}.no-menu")
    assert screen.toasts == ["`view` in the link has a code that is not known here: it is left out."]
    assert screen.link["view"].split(".")[-1] == "no-menu"
    assert set(screen.link["view"].split(".")) <= set(CODES)
    assert screen.set("backprop_amount", 0.5).toasts == []


def test_an_empty_view_is_none(app):
    screen = app("backprop", view="")
    assert screen.toasts == []
    assert screen.link.get("view", "") == ""


def test_the_page_opens_at_the_exercise_only_if_the_link_says_so(app):
    def scrolls(screen):
        return sum("to_exercise" in one.proto.component_name for one in screen.at.get("bidi_component"))

    assert (scrolls(app("backprop", view="at-exercise")), scrolls(app("backprop"))) == (1, 0)


# The teacher's link


def test_a_link_for_a_class_says_what_was_chosen(app):
    screen = for_a_class(app("backprop", **GRAPH))
    assert asked(handed_out(screen)) == GRAPH  # in the visitor's language, nothing left out
    choose(screen, "button_group", f"{KEY}_out_en", ["no-takeaway", "no-controls"])
    choose(screen, "button_group", f"{KEY}_lang_en", "ko")
    choose(screen, "toggle", f"{KEY}_at", True)
    wanted = {**GRAPH, "view": "no-controls.no-takeaway.at-exercise", "lang": "ko"}
    assert asked(handed_out(screen)) == wanted
    assert screen.link == GRAPH, "the choices are not part of the page's own link"
    opened = app("backprop", "ko", **asked(handed_out(screen)))
    assert opened.metrics == screen.metrics
    assert opened.link == wanted


def test_where_chance_draws_a_teacher_learns_how_each_student_gets_a_draw(app):
    screen = app("initialization", initialization_drawn_seed="3")
    assert "&initialization_drawn_seed=7" not in screen.words
    choose(screen, "toggle", "initialization_drawn_class", True)
    assert "`&initialization_drawn_seed=7`" in screen.words
    assert "_seed=7" not in for_a_class(app("backprop")).words, "nothing is drawn there"


def test_a_hidden_exercise_is_not_where_the_page_opens(app):
    screen = for_a_class(app("backprop"))
    choose(screen, "toggle", f"{KEY}_at", True)
    choose(screen, "button_group", f"{KEY}_out_en", ["no-exercises"])
    assert asked(handed_out(screen)) == {"view": "no-exercises"}


def test_a_frame_is_one_line_of_sound_html(app):
    screen = for_a_class(app("backprop", **GRAPH))
    choose(screen, "toggle", f"{KEY}_framed", True)
    line = handed_out(screen)
    address = line.partition('src="')[2].partition('"')[0]
    assert line.startswith("<iframe ")
    assert line.endswith("</iframe>")
    assert "\n" not in line
    assert "&amp;" in address
    assert parse_qs(address.replace("&amp;", "&").partition("?")[2])["embed"] == ["true"]


def test_what_is_this_learners_own_is_in_no_link_that_is_given_away(app):
    screen = for_a_class(app("backprop", **GRAPH, view="no-menu", done="abc", utm="1"))
    addresses = [code.value for code in screen.at.code if "import numpy" not in code.value]
    assert len(addresses) == 2
    for address in addresses:
        assert not {"view", "done"} & set(asked(address))
        assert GRAPH.items() <= asked(address).items()


def test_the_choices_for_a_class_survive_the_language_switch(app):
    screen = for_a_class(app("backprop"))
    choose(screen, "button_group", f"{KEY}_out_en", ["no-menu"])
    screen.set("lang", "ko")
    assert "수업용 링크" in {toggle.label for toggle in screen.at.toggle}
    choose(screen, "button_group", f"{KEY}_out_ko", ["no-controls"])
    assert asked(handed_out(screen)) == {"view": "no-controls"}


def test_the_largest_screen_for_a_class_still_fits_a_link(app):
    start = "_".join(["-123.4567"] * 80)
    sizes = {f"backprop_{name}": "4" for name in ("inputs", "outputs", "units1", "units2", "units3")}
    own = {"backprop_section": "calculator", "backprop_network": "own", "backprop_depth": "3"}
    screen = app("backprop", **own, **sizes, backprop_start=start)
    choose(screen, "toggle", "backprop_calculator_class", True)
    choose(screen, "button_group", "backprop_calculator_out_en", list(HIDDEN))
    assert asked(handed_out(screen))["backprop_start"] == start
    assert len(handed_out(screen)) < 2000
