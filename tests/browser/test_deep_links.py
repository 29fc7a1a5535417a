"""A server that has just started shows the whole shell on any page; titles follow the language."""

import pytest

from pages.shared.lessons import LESSONS, REFERENCES
from tests.browser.conftest import running_app


@pytest.mark.parametrize("lesson", [*LESSONS, *REFERENCES], ids=lambda lesson: lesson.slug)
def test_a_cold_deep_link_brings_the_whole_shell(visit, lesson):
    with running_app() as cold:
        page = visit(f"/{lesson.slug}", at=cold)
        links = page.get_by_test_id("stSidebarNavLink").all_inner_texts()
        assert page.locator("h1").inner_text() == lesson.title
        assert page.title() == f"{lesson.title} · Neural Network Lab"
    assert [text.split("\n")[-1] for text in links] == ["Home", *(entry.title for entry in (*LESSONS, *REFERENCES))]


def test_titles_follow_the_language(visit):
    page = visit("/backprop?lang=ko")
    assert page.locator("h1").inner_text() == "역전파"
    assert page.title().startswith("역전파")
