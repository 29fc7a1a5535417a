"""Charts are really drawn, follow the stepper, and take their colours from the theme."""

import re
import subprocess
import sys
import tomllib

import pytest

from tests.browser.conftest import ROOT, settle

PALETTE = {
    mode: tomllib.loads((ROOT / ".streamlit/config.toml").read_text())["theme"][mode]["chartCategoricalColors"]
    for mode in ("light", "dark")
}


def texts(page) -> list[str]:
    return page.locator("[data-testid=stVegaLiteChart] svg text").all_text_contents()


def inks(page) -> set[str]:
    return set(page.evaluate(
        """() => [...document.querySelectorAll('[data-testid=stVegaLiteChart] svg [fill], [stroke]')]
            .flatMap(e => [e.getAttribute('fill'), e.getAttribute('stroke')])"""
    ))  # fmt: skip


def test_the_graph_shows_values_and_gradients_of_the_note(visit):
    shown = texts(visit("/backprop"))
    for text in ("w", "x", "b", "×", "+", "−2", "5", "3", "−10", "−7"):
        assert text in shown
    assert shown.count("−2") == 2  # the value of w, and the gradient of x


def test_before_the_first_step_only_the_variables_have_values(visit):
    shown = texts(visit("/backprop?backprop_step=0"))
    assert "−7" not in shown
    assert "−10" not in shown
    assert {"−2", "5", "3"} <= set(shown)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_come_from_the_palette(visit, theme):
    found = inks(visit("/backprop", theme=theme))
    value, gradient, *_, muted, _surface, _text = PALETTE[theme]
    assert {value, gradient, muted} <= found
    assert not found & (set(PALETTE["dark" if theme == "light" else "light"]) - set(PALETTE[theme]))


def test_a_step_moves_the_picture_without_drawing_it_anew(visit):
    page = visit("/backprop?backprop_step=0")
    page.evaluate("document.querySelector('[data-testid=stVegaLiteChart] svg').dataset.mark = 'same'")
    page.get_by_role("button", name="Next", exact=True).click()
    settle(page)
    assert "−10" in texts(page)
    assert page.locator("[data-testid=stVegaLiteChart] svg[data-mark=same]").count() == 1


def test_the_stepper_works_by_keyboard(visit):
    page = visit("/backprop?backprop_step=0")
    page.get_by_role("button", name="Next", exact=True).focus()
    page.keyboard.press("Enter")
    settle(page)
    assert "−10" in texts(page)
    page.get_by_role("slider", name="Step").focus()
    page.keyboard.press("ArrowRight")
    settle(page)
    assert "−7" in texts(page)


def test_the_loss_curve_is_drawn(visit):
    page = visit("/backprop?backprop_section=calculator&backprop_network=classic&backprop_updates=500")
    curve = page.locator("[data-testid=stVegaLiteChart] svg .mark-line path").first
    assert len(re.findall("L", curve.get_attribute("d"))) > 150


def test_a_wide_picture_scrolls_in_its_own_box_on_a_phone(visit):
    page = visit("/backprop?backprop_section=calculator&backprop_network=classic", width=390)
    chart = page.locator("[data-testid=stVegaLiteChart] svg").first
    assert chart.bounding_box()["width"] >= 500
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390


def test_the_script_of_the_screen_runs_and_prints_its_numbers(visit, tmp_path):
    page = visit("/backprop?backprop_section=calculator&backprop_network=classic&backprop_updates=1")
    page.get_by_text("Take it away").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="NumPy script").click()
    script = tmp_path / "script.py"
    download.value.save_as(script)
    printed = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True, timeout=60).stdout
    assert "0.2910277736935" in printed
    with page.expect_download() as download:
        page.get_by_role("button", name="Numbers (CSV)").click()
    table = download.value.path().read_text(encoding="utf-8-sig")
    assert len(table.splitlines()) == 13
    assert "0.14978" in table


@pytest.mark.parametrize(
    "query",
    [
        "backprop_network=classic&backprop_mistake=1&backprop_at_step=16",
        "backprop_network=xor&backprop_at_step=13",
        "backprop_network=xor&backprop_at_step=16&backprop_epsilon=log",
        "backprop_network=two_outputs&backprop_at_step=9&backprop_loss=cross_entropy_with_logits",
    ],
)
def test_formulas_are_set_without_an_error(visit, query):
    page = visit(f"/backprop?backprop_section=calculator&{query}")
    assert page.locator(".katex-display").count() == 1
    assert page.locator(".katex-error").count() == 0
