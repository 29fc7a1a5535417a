"""Comparing two runs in a browser: pin, change one thing, look at both, reload the link."""

from tests.browser.conftest import settle

SECTION = "/training?training_section=compare&training_epochs=8"
SEEDS = f"{SECTION}&training_compare_with=seed"
PINNED = f"{SECTION}&training_rate=0.3&training_compare_with=pin&training_compare_pin=classic~epochs-8"
CHARTS = "[data-testid=stVegaLiteChart] svg"
FIELDS = f"{CHARTS} .mark-image image"


def fields(page) -> list[str]:
    return page.locator(FIELDS).evaluate_all("images => images.map(image => image.getAttribute('href'))")


def test_pin_change_compare_and_reload(visit):
    page = visit(SEEDS)
    page.get_by_role("button", name="Pin this run").click()
    page.wait_for_url("**training_compare_pin=classic*")
    page.get_by_text("A and B are one and the same run").wait_for()
    rate = page.get_by_role("spinbutton", name="Learning rate η")
    rate.fill("0.3")
    rate.press("Enter")
    page.get_by_text("One change, A → B:").wait_for()
    page.get_by_text("0.03 → 0.3").wait_for()
    settle(page)
    before = page.locator("[data-testid=stTable]").first.inner_text()
    page.reload()
    page.get_by_text("0.03 → 0.3").wait_for()
    settle(page)
    assert page.locator("[data-testid=stTable]").first.inner_text() == before
    assert page.complaints == []


def test_both_answers_stand_beside_each_other_and_follow_the_frame(visit):
    page = visit(PINNED)
    settle(page)
    pictures = page.locator(FIELDS)
    one, other = (pictures.nth(place).bounding_box() for place in (0, 1))
    assert one["x"] + one["width"] < other["x"]
    assert abs(one["y"] - other["y"]) < 2
    before = set(fields(page))
    page.get_by_role("button", name="First").click()
    page.get_by_text("Epoch 0: training loss").first.wait_for()
    page.wait_for_function(
        """([path, before]) => [...document.querySelectorAll(path)]
            .filter(image => !before.includes(image.getAttribute('href'))).length >= 2""",
        arg=[FIELDS, list(before)],
    )
    settle(page)
    assert page.complaints == []


def test_a_phone_in_the_dark_shows_all_of_it(visit):
    page = visit(f"{PINNED}&training_compare_seeds=1", width=390, theme="dark", locale="ko-KR")
    settle(page)
    assert page.locator(f"{CHARTS} .mark-line path").count() >= 4 + 3 + 2  # losses, distances, bands
    assert page.locator(FIELDS).count() == 2
    assert page.locator(".katex-error").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.complaints == []
