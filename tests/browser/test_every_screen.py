"""Each section in both themes, both languages, wide and narrow: drawn, complete, accessible, nothing from outside."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from pages.shared.lessons import LESSONS
from tests.browser.conftest import running_app, settle

SCREENS = ["/"] + [f"/{x.slug}?{x.slug}_section={s.code}" for x in LESSONS for s in x.sections]
# Both widths, both themes, both languages; a page takes seconds to load, so each is looked at from all sides at once.
LOOKS = [(1280, "light", "en-US"), (390, "dark", "ko-KR")]


@pytest.mark.parametrize("look", LOOKS, ids=str)
@pytest.mark.parametrize("screen", SCREENS)
def test_the_screen_is_sound_and_accessible(visit, screen, look):
    width, theme, locale = look
    page = visit(screen, width=width, theme=theme, locale=locale)
    assert page.locator("h1").count() == 1
    assert page.complaints == []
    assert page.strangers == []
    assert page.get_by_test_id("stException").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= width
    page.set_viewport_size({"width": 1280, "height": 900})  # on a phone, a wide table scrolls in its own box
    settle(page)
    assert serious_faults(page) == {}


def serious_faults(page) -> dict[str, list[str]]:
    """What axe calls serious or critical, with all that is folded away unfolded."""
    closed = page.locator("details:not([open]) > summary")
    while closed.count():
        closed.first.click()
        page.wait_for_timeout(400)
    found = Axe().run(page).response["violations"]
    return {v["id"]: [n["html"][:160] for n in v["nodes"][:3]] for v in found if v["impact"] in ("serious", "critical")}


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_a_cold_deep_link_brings_the_whole_shell(visit, lesson):
    with running_app() as cold:
        page = visit(f"/{lesson.slug}", at=cold)
        links = page.get_by_test_id("stSidebarNavLink").all_inner_texts()
        assert page.locator("h1").inner_text() == lesson.title
        assert page.title() == f"{lesson.title} · Neural Network Lab"
    assert [text.split("\n")[-1] for text in links] == ["Home", *(entry.title for entry in LESSONS)]


def test_titles_follow_the_language(visit):
    page = visit("/backprop?lang=ko")
    assert page.locator("h1").inner_text() == "역전파"
    assert page.title().startswith("역전파")
