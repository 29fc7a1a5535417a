"""The glossary's search, and from the index of the notes to a screen and back, within one session."""

from tests.browser.conftest import settle


def test_search_the_glossary_and_go_where_a_note_shows_it(visit):
    page = visit("/glossary", width=390)
    field = page.get_by_label("Search, in English or Korean")
    field.fill("은닉층")
    field.press("Enter")
    settle(page)
    assert "Terms: 1 of" in page.get_by_test_id("stMain").inner_text()
    assert "glossary_find=" in page.url
    page.get_by_role("link", name="From the lecture notes").last.click()
    page.get_by_text("Note 000:").wait_for()
    settle(page)
    assert "glossary_find" not in page.url
    page.get_by_role("radio", name="002", exact=True).click()
    page.get_by_text("Note 002:").wait_for()
    settle(page)
    page.get_by_role("link", name="η = 10 is too large").click()
    page.get_by_text("Settle it with numbers").wait_for()
    settle(page)
    assert "/descent?" in page.url
    assert {"descent_section=plane", "descent_plane_preset=large"} <= set(page.url.partition("?")[2].split("&"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.go_back()
    page.get_by_text("Note 002:").wait_for()
    assert "notes_note=002" in page.url
    assert (page.complaints, page.strangers) == ([], [])
