"""The worksheet to print: blanks on the first page, their answers on the next, nothing else in the file."""

import re

import pytest

from tests.browser.conftest import settle

SHEETS = {
    "perceptron/decide": ("dark", "", ["−0.2683", "0.7155", "−2.5"]),
    "perceptron/three": ("dark", "", ["0.9949", "0.01799"]),
    "backprop/calculator": (
        "light",
        "backprop_network=two_outputs",
        ["0.083385", "−0.0055", "0.00262"],
    ),
    "descent/line": ("light", "", ["−0.009067", "0.8"]),
    "training/play": ("dark", "training_units=<script>document.title='caught'</script>", ["0.002395", "7500"]),
}


@pytest.fixture
def saved(visit, tmp_path):
    """saved("perceptron/decide"): the worksheet of that screen, opened as a file."""

    def save(at: str):
        (slug, code), (theme, query, _) = at.split("/"), SHEETS[at]
        page = visit(f"/{slug}?{slug}_section={code}&{query}", theme=theme)
        button = page.locator(f".st-key-{slug}_{code}_worksheet button")
        button.locator("xpath=ancestor::details/summary").click()
        button.focus()
        with page.expect_download() as download:
            page.keyboard.press("Enter")
        assert download.value.suggested_filename == f"{slug}_{code}_worksheet.html"
        settle(page)
        assert page.get_by_role("link", name="Save it again").is_visible()
        assert page.complaints == []
        file = tmp_path / "sheet.html"
        download.value.save_as(file)
        page.strangers.clear()
        page.goto(file.as_uri())
        return page, file.read_text("utf-8")

    return save


@pytest.mark.parametrize("at", SHEETS)
def test_each_blank_has_its_answer_on_the_next_page(saved, at):
    page, text = saved(at)
    tasks, solution = (page.locator(name) for name in (".tasks-page", ".solution"))
    blanks = tasks.locator(".blank")
    assert blanks.count() > 3
    assert blanks.count() == solution.locator(".answer").count()
    assert tasks.locator(".answer").count() == solution.locator(".blank").count() == 0
    assert blanks.all_text_contents() == [blank for blank in blanks.all_text_contents() if not re.search(r"\w", blank)]
    answers = solution.locator(".answer").all_text_contents()
    for number in SHEETS[at][2]:
        assert number in answers
    assert tasks.locator("math").count() == solution.locator("math").count() >= 1
    assert tasks.locator("svg").count()
    for asked, solved in zip(tasks.locator("tbody tr").all(), solution.locator("tbody tr").all(), strict=False):
        wanted = [answer for answer in solved.locator(".answer").all_text_contents() if "." in answer]
        assert not set(asked.locator("td").all_text_contents()) & set(wanted), "the row gives its answer away"
    assert "#6cb4f0" not in text
    assert "rgb(108, 180, 240)" not in text, "a colour of the dark theme"
    box = tasks.locator("b.blank, p .blank").last.bounding_box()
    assert box["width"] > 80, "room for ten digits by hand"
    assert box["height"] > 18
    assert re.findall(r"url\([^#)]", text) == [], "a gradient is looked for in the file itself"
    assert len(set(re.findall(r"url\(#(gradient\w+)\)", text))) == (at == "perceptron/three")
    lines = tasks.locator(".legend > span")
    assert lines.count() == tasks.locator(".legend > span > svg").count()
    assert (lines.count() > 0) == (at in ("descent/line", "training/play"))


def test_what_the_learner_typed_is_text_and_nothing_is_fetched(saved):
    page, text = saved("training/play")
    assert "&lt;script&gt;document.title='caught'" in text
    assert "<script" not in text
    assert page.title() == "Build and play"
    assert [address for address in page.strangers if not address.startswith("file:")] == []
