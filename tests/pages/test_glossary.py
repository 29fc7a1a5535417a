"""The glossary: order, search, and that each term is explained where its link leads."""

import re

import pytest

from pages.shared import glossary
from pages.shared.lessons import LESSONS, lesson
from pages.shared.other_names import OTHER_NAMES
from pages.shared.place import place
from pages.shared.terms import TERMS
from pages.shared.text import LANGUAGES, catalog
from tests import visible

PLACES = sorted({term.where for term in TERMS})


def shown(screen) -> list[str]:
    """The terms on screen, the reader's own wording first."""
    return re.findall(r"^\*\*(.+)\*\*(?: · .+)?  $", screen.words, re.MULTILINE)


@pytest.fixture(scope="module")
def whole(app):
    return {language: app("glossary", language) for language in LANGUAGES}


@pytest.mark.parametrize("where", PLACES)
def test_a_term_is_explained_where_its_link_leads(app, where):
    there = place(where)
    screen = app(there.lesson, **there.query)
    assert screen.toasts == []
    assert screen.value(f"{there.lesson}_section") == there.section
    assert {name: text for name, text in there.query.items() if not name.endswith("_section")}.items() <= (
        screen.link.items()
    )
    text = visible.text(screen)
    for term in (term for term in TERMS if term.where == where):
        assert re.search(rf"(?<![A-Za-z]){re.escape(term.english)}", text, re.IGNORECASE), term.english


def test_each_lesson_explains_some_terms():
    assert {place(term.where).lesson for term in TERMS} == {lesson.slug for lesson in LESSONS}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_term_stands_there_in_the_order_of_the_language(whole, language):
    screen = whole[language]
    own = [glossary.written(term, language) for term in TERMS]
    assert shown(screen) == sorted(own, key=str.casefold)
    others = [term.english if language == "ko" else term.korean for term in TERMS if term.english != term.korean]
    assert all(re.search(rf" · {re.escape(other)}(  \n| :gray)", screen.words) for other in others)
    assert "**ReLU**  \n" in screen.words, "a name that is the same in both stands there once"
    links = screen.at.get("page_link")[: len(TERMS)]
    by_own = {glossary.written(term, language): place(term.where) for term in TERMS}
    for word, link in zip(shown(screen), links, strict=True):
        there = by_own[word]
        assert (link.proto.page, link.value) == (there.lesson, _title(there, language))
        assert link.proto.query_string == "&".join(f"{name}={text}" for name, text in there.query.items())


def _title(there, language: str) -> str:
    said = catalog(language).gettext
    return f"{said(lesson(there.lesson).title)} · {said(there.found.title)}"


@pytest.mark.parametrize(
    ("language", "wanted", "first"),
    [("en", "SPARS", "sparsity"), ("en", "기울기 소", "vanishing gradient"), ("ko", "softmax", "소프트맥스")],
)
def test_the_search_reads_both_languages(app, language, wanted, first):
    screen = app("glossary", language, glossary_find=wanted)
    assert shown(screen) == [first]
    assert screen.link["glossary_find"] == wanted


def test_the_search_is_written_to_the_link_and_can_find_nothing(app):
    screen = app("glossary").set("glossary_find", " batch ")
    assert shown(screen) == ["batch", "batch normalization", "mini-batch"]
    assert f"Terms: 3 of {len(TERMS)}" in screen.words
    assert screen.link == {"glossary_find": " batch "}
    assert "No term contains this." in screen.set("glossary_find", "[a-z]+").words
    assert len(shown(screen.set("glossary_find", ""))) == len(TERMS)
    assert screen.link == {}


@pytest.mark.parametrize(
    ("wanted", "first"),
    [("경사하강법", "gradient descent"), ("minibatch", "mini-batch"), ("뉴런", "unit"), ("과대적합", "overfitting")],
)
def test_a_term_is_found_however_its_name_is_written(wanted, first):
    assert first in [term.english for term in glossary.found(wanted, "ko")]


def test_other_names_are_of_terms_and_are_no_terms_themselves():
    own = {name for term in TERMS for name in (term.english, term.korean)}
    assert own >= OTHER_NAMES.keys()
    assert own.isdisjoint(name for names in OTHER_NAMES.values() for name in names)


def test_a_term_that_is_found_by_another_name_shows_it(app):
    assert "**유닛** · unit :gray[(neuron, 뉴런)]" in app("glossary", "ko", glossary_find="뉴런").words


def test_a_search_that_is_too_long_is_told(app):
    screen = app("glossary", glossary_find="a" * 5000)
    assert [toast.split("`")[1] for toast in screen.toasts] == ["glossary_find"]
    assert len(shown(screen)) == len(TERMS)


@pytest.mark.parametrize(
    ("word", "letter"), [("bias", "B"), ("Jacobian", "J"), ("가중치", "ㄱ"), ("샘플", "ㅅ"), ("쌍", "ㅅ"), ("힣", "ㅎ")]
)
def test_what_a_word_stands_under(word, letter):
    assert glossary.initial(word) == letter


def test_the_section_of_another_page_stays_out_of_the_link(app):
    screen = app("descent", descent_section="momentum")
    screen.at.query_params.clear()  # as a browser does on its way to another page
    screen.open("glossary").set("glossary_find", "mo")
    assert screen.link == {"glossary_find": "mo"}
