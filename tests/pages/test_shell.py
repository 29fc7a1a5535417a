"""The shell: every page in every language, navigation, sections, the language switch."""

import re

import pytest

from pages.shared import terms
from pages.shared.lessons import LESSONS, REFERENCES
from pages.shared.text import LANGUAGES, catalog

TITLES = {"home": "Neural Network Lab"} | {entry.slug: entry.title for entry in (*LESSONS, *REFERENCES)}
PAGES = list(TITLES)
each_language = pytest.mark.parametrize("language", LANGUAGES)


def said(language: str, message: str) -> str:
    return catalog(language).gettext(message)


@each_language
@pytest.mark.parametrize("page", PAGES)
def test_every_page_by_its_link(app, page, language):
    screen = app(page, language)
    assert [title.value for title in screen.at.title] == [said(language, TITLES[page])]
    assert screen.toasts == []
    assert screen.link == ({} if language == "en" else {"lang": language})


@each_language
@pytest.mark.parametrize("page", PAGES)
def test_every_page_from_the_home_page(app, page, language):
    screen = app("home", language).open(page)
    assert [title.value for title in screen.at.title] == [said(language, TITLES[page])]


def test_korean_is_another_text(app):
    for page in PAGES:
        english, korean = app(page), app(page, "ko")
        assert english.at.title[0].value != korean.at.title[0].value
        shared = set(english.words.splitlines()) & set(korean.words.splitlines())
        assert not [line for line in shared if re.search(r"[A-Za-z]{2,} [A-Za-z]{2,}", line)], (
            page
        )  # names are the same


def test_the_home_page_lists_the_lessons(app):
    screen = app("home")
    links = screen.at.get("page_link")
    titles = [f"**{lesson.title}**" for lesson in LESSONS]
    assert [link.value for link in links if link.value in titles] == titles
    assert [link.value for link in links][-2:] == [one.title for one in REFERENCES]
    reached = dict.fromkeys(link.proto.page for link in links)
    assert list(reached) == [entry.slug for entry in (*LESSONS, *REFERENCES)]
    for lesson in LESSONS:
        assert lesson.goal in screen.words
        assert {section.title for section in lesson.sections} <= {link.value for link in links}


@each_language
def test_the_term_list_has_both_languages(app, language):
    table = app("backprop", language).at.table[-1].value
    assert list(table.iloc[:, 0]) == [term.english for term in terms.TERMS]
    assert list(table.iloc[:, 1]) == [term.korean for term in terms.TERMS]
    assert list(table.iloc[:, 2]) == [said(language, term.meaning) for term in terms.TERMS]


# Sections


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_next_section_leads_through_the_lesson(app, lesson):
    screen, key = app(lesson.slug), f"{lesson.slug}_section"
    for section in lesson.sections[1:]:
        screen.click(f"{key}.next")
        assert screen.value(key) == section.code
        assert screen.link == {key: section.code}
    assert f"{key}.next" not in {button.key for button in screen.at.button}


def test_only_the_open_section_is_drawn_and_in_the_link(app):
    screen = app("backprop", backprop_formula="square", backprop_amount="0.5")
    screen.set("backprop_section", "mistakes").set("backprop_slip", "epsilon")
    assert screen.link == {"backprop_section": "mistakes", "backprop_slip": "epsilon"}
    assert not screen.has("backprop_formula")
    assert screen.metrics == []


def test_a_closed_section_keeps_its_choices(app):
    screen = app("backprop", backprop_formula="square").set("backprop_amount", 0.5).set("backprop_at.0", 3.0)
    before = screen.screenshot()
    screen.set("backprop_section", "calculator").set("backprop_network", "xor")
    screen.set("backprop_section", "graph")
    assert screen.screenshot() == before
    assert screen.link == {"backprop_formula": "square", "backprop_amount": "0.5", "backprop_at": "3"}
    screen.set("backprop_section", "calculator")
    assert screen.value("backprop_network") == "xor"


def test_another_page_and_back_keeps_the_choices(app):
    screen = app("backprop", backprop_section="calculator").set("backprop_network", "classic")
    screen.set("backprop_updates", 3)
    before = screen.metrics
    screen.open("home").open("backprop")
    assert (screen.value("backprop_section"), screen.value("backprop_network")) == ("calculator", "classic")
    assert screen.metrics == before


# The language


@pytest.mark.parametrize(
    "query",
    [
        {"backprop_formula": "twice", "backprop_step": "3", "backprop_at": "2_7", "backprop_nudge": "y"},
        {"backprop_formula": "own", "backprop_expression": "a*b + a", "backprop_at": "2_7"},
        {"backprop_section": "calculator", "backprop_network": "xor", "backprop_sample": "2", "backprop_updates": "5"},
        {"backprop_section": "calculator", "backprop_start": "0.9_0_0.5_0", "backprop_data": "0.5_0.75"},
        {"backprop_section": "mistakes", "backprop_slip": "epsilon", "backprop_guess": "1", "backprop_settled": "1"},
    ],
)
def test_the_switch_keeps_every_choice(app, query):
    english = app("backprop", **query)
    korean = app("backprop", "ko", **query)
    before, foreign = english.screenshot(), korean.screenshot()
    english.set("lang", "ko")
    assert english.link == {**query, "lang": "ko"}
    assert english.screenshot() == foreign
    english.set("lang", "en")
    assert english.link == {**query, "lang": "en"}
    assert english.screenshot() == before


@pytest.mark.parametrize(("locale", "title"), [("ko-KR", "ko"), ("ko", "ko"), ("en-GB", "en"), ("fr-FR", "en")])
def test_the_browsers_language_comes_first(app, locale, title):
    screen = app("home", locale=locale)
    assert screen.link == {}
    assert screen.at.title[0].value == said(title, "Neural Network Lab")


@pytest.mark.parametrize("code", ["", "xx", "EN", "ko-KR", "<b>", "한국어", "a" * 3000])
def test_a_language_that_is_not_spoken_is_english(app, code):
    screen = app("backprop", lang=code)
    assert screen.at.title[0].value == "Backpropagation"
    assert screen.link.get("lang", "en") == "en"


def test_a_link_that_names_the_first_section_stays_as_it_is(app):
    """One step of the back button leads to where the link was."""
    named = {"perceptron_section": "decide"}
    screen = app("perceptron", **named)
    assert screen.link == named
    assert screen.set("perceptron_section", "learn").link == {"perceptron_section": "learn"}
    assert screen.set("perceptron_section", "decide").link == {}
