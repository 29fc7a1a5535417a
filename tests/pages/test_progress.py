"""What is solved: in the link of every page, joined and never lost, on the home page, in no link for others."""

from urllib.parse import parse_qsl

import pytest

from pages.shared import exercises, progress
from pages.shared.exercises import CHALLENGE, EXERCISES, MISTAKE
from pages.shared.lessons import LESSONS
from pages.shared.text import LANGUAGES, catalog

GRAPH, FOUR_Y, DECIDE = "backprop_graph_challenge", "backprop_mistake_four_y", "perceptron_decide_challenge"
EVERY = [one.key for one in EXERCISES]
BAD = ("x", "AQA", "%00", "한국어", "=" * 12, "_" * 5000, "AQB ", "<b>", "\x00", "AQB\n")


def code(*keys: str) -> str:
    return progress.encode(keys)


def next_link(screen):
    """The first link of the home page."""
    return screen.at.get("page_link")[0]


def home_links(screen) -> dict[tuple[str, str], object]:
    """The links to the sections: (lesson, section) -> link."""
    found = {}
    for link in screen.at.get("page_link")[1:]:
        query = dict(parse_qsl(link.proto.query_string))
        if f"{link.proto.page}_section" in query:
            found[link.proto.page, query[f"{link.proto.page}_section"]] = link
    return found


def counted(screen) -> dict[str, str]:
    """The lines of the lessons: slug -> how much is solved."""
    labels = [fold.label for fold in screen.at.expander if " sections · " in fold.label]
    return dict(zip([lesson.slug for lesson in LESSONS], labels, strict=True))


# solving


def test_a_solved_challenge_is_in_the_link_at_the_end_of_the_same_run(app):
    screen = app("backprop")
    assert "done" not in screen.set("backprop_graph_challenge_guess", 3.0).link
    screen.set("backprop_graph_challenge_guess", 8.0)
    assert screen.link == {"done": code(GRAPH)}
    assert "Solved before." not in screen.words


def test_a_found_mistake_is_in_the_link_beside_its_guess(app):
    screen = app("backprop", backprop_section="mistakes", done=code(GRAPH))
    right = "3"
    screen.set("backprop_guess", right)
    assert screen.at.success, "the line that is wrong"
    assert screen.link == {"backprop_section": "mistakes", "backprop_guess": right, "done": code(GRAPH, FOUR_Y)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_solved_on_another_day_says_so(app, language):
    said = catalog(language).gettext("Solved before.")
    assert said not in app("backprop", language).words
    assert said in app("backprop", language, done=code(GRAPH)).words
    at_mistake = {"backprop_section": "mistakes", "done": code(FOUR_Y)}
    screen = app("backprop", language, **at_mistake)
    assert screen.words.count(said) == 1
    assert screen.set("backprop_guess", "1").words.count(said) == 0


# carrying


def test_every_page_carries_it_in_its_link(app):
    screen = app("backprop", "ko", done=code(GRAPH))
    for page in ("glossary", "perceptron", "notes", "home", "backprop"):
        screen.at.query_params.clear()  # as Streamlit does where a page is opened from the menu
        assert screen.open(page).link == {"done": code(GRAPH), "lang": "ko"}
    assert screen.set("lang", "en").link["done"] == code(GRAPH)


def test_an_old_link_takes_nothing_away(app):
    screen = app("home", done=code(GRAPH, DECIDE))
    screen.at.query_params["done"] = code(GRAPH, FOUR_Y)
    assert screen.run().link == {"done": code(GRAPH, DECIDE, FOUR_Y)}
    screen.at.query_params["done"] = code(GRAPH)
    assert screen.run().link == {"done": code(GRAPH, DECIDE, FOUR_Y)}


def test_what_others_keep_in_the_link_stays(app):
    others = {"view": "no-takeaway", "utm_source": "x"}
    screen = app("backprop", **others).set("backprop_graph_challenge_guess", 8.0)
    assert screen.link == {**others, "done": code(GRAPH)}
    assert app("home", **others, done="bad").link == others


@pytest.mark.parametrize("page", ["home", "backprop"])
@pytest.mark.parametrize("text", BAD, ids=lambda text: repr(text[:12]))
def test_a_bad_code_is_told_once_and_leaves_the_link(app, page, text):
    screen = app(page, done=text)
    (toast,) = screen.toasts
    assert "`done`" in toast
    assert screen.link == {}
    assert screen.run().toasts == []


def test_an_empty_code_is_no_progress(app):
    screen = app("home", done="")
    assert screen.toasts == []
    assert screen.link == {}


def test_the_link_for_others_is_without_it(app):
    screen = app("backprop", done=code(GRAPH)).set("backprop_formula", "square")
    shared = [one.value for one in screen.at.code if "lang=" in one.value]
    assert shared
    assert not [address for address in shared if "done" in address]
    assert screen.link == {"backprop_formula": "square", "done": code(GRAPH)}


# the home page


def test_a_newcomer_is_told_where_to_start(app):
    screen = app("home")
    first = LESSONS[0]
    assert next_link(screen).label == f":primary[**Start here: {first.sections[0].title}**] · {first.title}"
    assert next_link(screen).proto.page == first.slug
    assert counted(screen)["descent"] == "9 sections · 0 of 9 challenges · 0 of 6 mistakes"
    assert counted(screen)["perceptron"] == "6 sections · 0 of 6 challenges"
    assert not [one for one in screen.at.code if "done" in one.value]


def test_the_home_page_counts_and_marks_what_is_solved(app):
    half = "descent_real_challenge"
    screen = app("home", done=code(DECIDE, GRAPH, FOUR_Y, half))
    lines = counted(screen)
    assert lines["perceptron"] == "6 sections · 1 of 6 challenges"
    assert lines["backprop"] == "3 sections · 1 of 3 challenges · 1 of 8 mistakes"
    assert lines["training"] == "6 sections · 0 of 6 challenges · 0 of 4 mistakes"
    assert f"4 of {len(EVERY)} exercises solved" in [bar.proto.text for bar in screen.at.get("progress")]
    links = home_links(screen)
    assert set(links) == {(lesson.slug, section.code) for lesson in LESSONS for section in lesson.sections}
    marked = {at for at, link in links.items() if link.label.endswith("(solved)")}
    assert marked == {("perceptron", "decide"), ("backprop", "graph")}  # not where a mistake is still to be found
    assert {at for at, link in links.items() if "check_circle" in link.proto.icon} == marked
    assert {dict(parse_qsl(link.proto.query_string))["done"] for link in links.values()} == {screen.link["done"]}


def test_what_comes_next_is_the_first_section_with_something_unsolved(app):
    first = exercises.of("perceptron") | exercises.of("activations", "gallery", CHALLENGE)
    screen = app("home", done=code(*first))
    assert (
        next_link(screen).label == ":primary[**Continue: The gallery**] · Activation functions"
    )  # its mistake is still there
    screen = app("home", done=code(*first, *exercises.of("activations", "gallery", MISTAKE)))
    assert next_link(screen).label.startswith(":primary[**Continue: One point under the lens**]")
    query = dict(parse_qsl(next_link(screen).proto.query_string))
    assert query == {"activations_section": "lens", "done": screen.link["done"]}


def test_all_solved_is_said(app):
    screen = app("home", done=code(*EVERY))
    assert "All solved" in screen.words
    assert len([link for link in home_links(screen).values() if link.label.endswith("(solved)")]) == 42


def test_the_home_page_offers_its_address_and_to_start_over(app):
    screen = app("backprop", done=code(GRAPH), backprop_section="mistakes")
    screen.set("backprop_guess", "3")
    screen.at.query_params.clear()
    screen.open("home")
    kept = next(one.value for one in screen.at.code if "done=" in one.value)
    assert dict(parse_qsl(kept.partition("?")[2])) == {"done": code(GRAPH, FOUR_Y), "lang": "en"}
    screen.click("start_over")
    assert screen.link == {}
    assert next_link(screen).label.startswith(":primary[**Start here")
    screen.at.query_params["done"] = code(GRAPH, FOUR_Y)  # a quick click still sends the address of a moment ago
    assert screen.run().link == {}
    assert screen.open("backprop").set("backprop_section", "mistakes").link == {"backprop_section": "mistakes"}
