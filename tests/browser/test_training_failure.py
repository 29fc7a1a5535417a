"""What went wrong, in a browser: curves are drawn, a cure heals and is taken back, a failure is one click away."""

from tests.browser.conftest import settle

PAGE = "/training?training_section=failure"
LINES = "[data-testid=stVegaLiteChart] svg .mark-line path"


def test_a_divergence_on_a_phone_in_the_dark(visit):
    page = visit(f"{PAGE}&training_preset=fail_rate", width=390, theme="dark")
    settle(page)
    assert page.get_by_text("In update 130, in epoch 13").count() == 1
    assert page.locator(LINES).count() >= 3 + 4  # losses with the constant, four sizes
    assert page.locator(".katex-error").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.complaints == []


def test_a_cure_heals_and_is_taken_back(visit):
    page = visit(f"{PAGE}&training_preset=fail_dead")
    settle(page)
    before = page.locator(LINES).count()
    page.get_by_text("Learning rate ÷ 30").click()
    page.get_by_text("With the change").wait_for()
    page.wait_for_url("**training_failure_cure=smaller_rate*")
    settle(page)
    assert page.get_by_text("Learned.", exact=True).count() == 1
    assert page.locator(LINES).count() == before + 2
    page.go_back()
    page.get_by_text("With the change").wait_for(state="detached")
    settle(page)
    assert "training_failure_cure" not in page.url
    assert page.complaints == []


def test_from_a_calm_run_to_a_failure_and_by_link(visit):
    page = visit(f"{PAGE}&training_preset=blobs")
    settle(page)
    page.get_by_role("button", name="dead ReLU units").click()
    page.get_by_text("8 of 8 units are dead").wait_for()
    page.wait_for_url("**training_preset=fail_dead*")
    settle(page)
    again = visit(page.url.split("/", 3)[3].join(["/", ""]))
    settle(again)
    assert again.get_by_text("8 of 8 units are dead").count() == 1
    assert again.complaints == page.complaints == []
