"""What every section must be in both themes, both languages, wide and narrow: drawn, complete, accessible, and nothing
from outside. The tests stand in a file for each third of them, because a file is what a test worker takes."""

import itertools
import re

from axe_playwright_python.sync_playwright import Axe

from pages.shared.lessons import LESSONS
from tests.browser.conftest import settle

KOREAN = re.compile("[가-힣]")


def of_lessons(*slugs: str) -> list[str]:
    """The links of all sections of these lessons."""
    return [f"/{x.slug}?{x.slug}_section={s.code}" for x in LESSONS if x.slug in slugs for s in x.sections]


def check(visit, screen: str) -> None:
    """Loaded once, for a page takes seconds: wide, light and English first, then dark, Korean and narrow."""
    page = visit(screen)
    sound(page, 1280)
    assert serious_faults(page) == {}
    page.emulate_media(color_scheme="dark")
    page.get_by_role("radio", name="한국어").click()
    page.locator("h1", has_text=KOREAN).wait_for()
    page.set_viewport_size({"width": 390, "height": 900})
    settle(page)
    assert serious_faults(page) == {}
    sound(page, 390)
    page.set_viewport_size({"width": 320, "height": 900})  # 400% zoom of a screen of 1280
    page.wait_for_function("() => document.querySelector('[data-testid=stMain]').scrollWidth <= 320")
    assert page.complaints == []
    assert page.strangers == []


def sound(page, width: int) -> None:
    """One title, no gap between the levels of headings, no exception, nothing beyond the edge."""
    levels = page.evaluate("[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(h => Number(h.tagName[1]))")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), levels
    assert page.get_by_test_id("stException").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= width


def serious_faults(page) -> dict[str, list[str]]:
    """What axe calls serious or critical, with all that is folded away unfolded."""
    closed = page.locator("details:not([open]) > summary")
    while closed.count():  # what unfolds may hold something folded
        for fold in reversed(closed.all()):
            fold.click()
        page.wait_for_timeout(400)
        page.wait_for_function("() => document.getAnimations().every(one => one.playState !== 'running')")
    # There are no style sheets from elsewhere; to describe what is right would take axe most of its time.
    found = Axe().run(page, options={"preload": False, "resultTypes": ["violations"]}).response["violations"]
    return {v["id"]: [n["html"][:160] for n in v["nodes"][:3]] for v in found if v["impact"] in ("serious", "critical")}
