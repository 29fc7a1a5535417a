"""The sweep in a browser: dots, bands and counts are drawn in both themes, a click computes, a link brings it back."""

from tests.browser.conftest import settle

PAGE = "/training?training_section=sweep&training_sweep_seeds=5"
CHARTS = "[data-testid=stVegaLiteChart] svg"


def test_the_runs_are_drawn_on_a_phone_in_the_dark(visit):
    page = visit(
        f"{PAGE}&training_preset=plane&training_sweep_to=100&training_sweep_epochs=20", width=390, theme="dark"
    )
    picture = page.locator(CHARTS).first
    assert picture.locator(".mark-symbol path").count() >= 3 * 5  # the seeds of the values that do not diverge
    assert picture.locator(".mark-area path").count() == 1
    assert picture.locator(".mark-text.role-mark text").filter(has_text="5×").count() >= 1
    labels = picture.locator(".role-axis-label text").all_text_contents()
    assert {"0.005", "100"} <= set(labels)
    frame, mark = (picture.locator(one).first.bounding_box() for one in (".background", ".mark-text.role-mark text"))
    assert frame["y"] <= mark["y"] <= frame["y"] + frame["height"] / 4  # diverged runs stand at the top of the picture
    assert page.locator(".katex-error").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.complaints == []


def test_another_setting_is_swept_and_lives_in_the_link(visit):
    page = visit(f"{PAGE}&training_sweep_epochs=3")
    setting = page.get_by_role("combobox", name="Setting to sweep")
    setting.scroll_into_view_if_needed()
    page.wait_for_timeout(500)  # a list that opens while the page still scrolls closes again
    setting.click()
    page.get_by_role("option", name="Initialization").click()
    page.wait_for_url("**training_sweep_setting=initializer*")
    settle(page)
    assert page.locator(CHARTS).first.locator(".mark-area path").count() == 0  # no order, no band
    page.get_by_text("Check the best on fresh seeds").click()
    page.get_by_text("Fresh seeds 10000 to 10004").wait_for()
    settle(page)
    told = page.get_by_text("Fresh seeds 10000 to 10004").inner_text()
    page.reload()
    page.get_by_text("Fresh seeds 10000 to 10004").wait_for()
    assert page.get_by_text("Fresh seeds 10000 to 10004").inner_text() == told
    assert page.complaints == []


def test_many_seeds_wait_for_a_click(visit):
    page = visit(
        "/training?training_section=sweep&training_preset=spirals&training_sweep_seeds=25&training_sweep_epochs=40"
    )
    assert page.locator(CHARTS).count() == 0
    page.get_by_role("button", name="Compute now").click()
    page.locator(CHARTS).first.wait_for(timeout=60_000)
    settle(page)
    assert page.locator(CHARTS).count() == 2
    assert page.get_by_role("button", name="Compute now").count() == 0
    assert page.complaints == []
