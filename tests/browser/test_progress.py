"""What is solved stays: in the address, after a reload, through the menu, and after the back button."""

from urllib.parse import parse_qs, urlsplit

from pages.shared.exercises import EXERCISES
from tests.browser.conftest import ready, settle, until


def query(page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_progress_is_kept_by_the_address_alone(visit):
    others = {"view": ["no-takeaway"], "embed": ["true"]}
    page = visit("/backprop?view=no-takeaway&embed=true")
    steps = page.evaluate("history.length")
    guess = page.get_by_label("Your prediction")
    guess.fill("8")
    guess.press("Enter")
    until(page, lambda: "done" in query(page))
    settle(page)
    done = query(page)["done"]
    assert query(page) == {**others, "done": done}
    assert page.evaluate("history.length") == steps + 1
    page.go_back()
    until(page, lambda: query(page) == {**others, "done": done})  # the session has not forgotten
    page.goto(page.url.replace("embed=true&", "").replace("&embed=true", ""))  # with the menu, and a new session
    ready(page)
    page.get_by_text("Solved before.").wait_for()
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Home").click()
    page.get_by_text(f"1 of {len(EXERCISES)} exercises solved").wait_for()
    until(page, lambda: query(page).get("done") == done)
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Perceptron").click()
    page.get_by_role("heading", name="Perceptron and logic gates", exact=True).wait_for()
    until(page, lambda: query(page).get("done") == done)
    page.go_back()  # through the step without the code, as the menu has opened the page
    page.go_back()
    page.get_by_role("heading", name="Neural Network Lab").wait_for()
    settle(page)
    page.get_by_role("link", name="Start here").wait_for(state="detached")
    page.get_by_role("link", name="Continue: A neuron that decides").click()
    page.get_by_role("heading", name="Perceptron and logic gates", exact=True).wait_for()
    assert page.complaints == []
