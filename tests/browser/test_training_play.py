"""The lab's player in a real browser: it plays without the server, is scrubbed, stepped and read, in both themes."""

import re

import pytest

from tests.browser.conftest import link_holds, ready, settle, until

PAGE = "/training?training_section=play&training_epochs=30"
FIELD, TILES = ".field canvas", ".net canvas"


def part(page, name):
    return page.locator(f".lab {name}").first


def epoch(page) -> int:
    return int(re.search(r"\d+", part(page, ".read").inner_text())[0])


def colours(page, canvas: str = FIELD) -> list[list[int]]:
    """The colours of a canvas, each once."""
    return part(page, canvas).evaluate(
        """canvas => {
            const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
            const found = new Set()
            for (let i = 0; i < data.length; i += 4) if (data[i + 3]) found.add(data.slice(i, i + 3).join(" "))
            return [...found].map(text => text.split(" ").map(Number))
        }"""
    )


def drawn(page):
    """Wait until the film is here."""
    part(page, ".unit").wait_for()
    return page


def test_it_plays_pauses_and_steps_and_a_link_brings_the_frame_back(visit):
    page = drawn(visit(f"{PAGE}&training_frame=0"))
    assert epoch(page) == 0
    first = colours(page)
    part(page, ".play").click()
    until(page, lambda: epoch(page) > 0)
    part(page, ".play").click()
    paused = epoch(page)
    assert colours(page) != first
    page.wait_for_timeout(300)
    assert epoch(page) == paused
    part(page, ".first").click()
    part(page, ".next").click()
    part(page, ".next").click()
    link_holds(page, "training_frame=2")
    part(page, ".back").click()
    assert epoch(page) == 1  # 31 frames for 30 epochs
    link_holds(page, "training_frame=1")
    settle(page)
    values = part(page, ".values").inner_text()
    assert page.get_by_test_id("stMetricValue").first.inner_text() == "1"
    for value in page.get_by_test_id("stMetricValue").all_inner_texts()[1:]:
        assert value in values
    page.reload()
    ready(page)
    drawn(page)
    assert epoch(page) == 1
    assert part(page, ".values").inner_text() == values
    assert page.complaints == []


def test_it_plays_with_the_server_out_of_reach_to_the_end(visit):
    page = drawn(visit(f"{PAGE}&training_frame=0"))
    page.context.set_offline(True)
    part(page, ".speed select").select_option("4")
    part(page, ".play").click()
    part(page, ".last:disabled").wait_for()  # it has arrived
    assert epoch(page) == 30
    assert part(page, ".play").inner_text() == "Play"
    page.context.set_offline(False)


def test_a_film_that_early_stopping_ended_ends_with_the_network_that_is_kept(visit):
    page = drawn(visit("/training?training_section=play&training_preset=overfit&training_patience=10"))
    assert re.match(r"The network that is kept: epoch 19 · frame (\d+) of \1$", part(page, ".read").inner_text())
    part(page, ".back").click()
    assert re.match(r"Epoch 2\d of 29 · frame", part(page, ".read").inner_text())


def test_the_keyboard_scrubs_plays_and_reads_the_network(visit):
    page = drawn(visit(PAGE))
    scrub = part(page, ".scrub")
    scrub.focus()
    scrub.press("Home")
    assert epoch(page) == 0
    for _ in range(3):
        scrub.press("ArrowRight")
    link_holds(page, "training_frame=3")
    said = scrub.evaluate("e => e.ariaValueText")
    assert said.startswith("Epoch 3 of 30; training loss 0.")
    assert re.search(r"accuracy, test \d+\.\d%$", said)
    scrub.press("Space")
    until(page, lambda: epoch(page) > 3)
    scrub.press("Space")
    scrub.press("End")
    assert epoch(page) == 30
    settle(page)

    units = page.locator(".lab .unit")
    assert units.count() == 2 + 4 + 2 + 1
    units.first.focus()
    page.keyboard.press("ArrowRight")
    hint = part(page, ".of-net").inner_text()
    assert re.match(r"a₁⁽¹⁾ \(tanh\) · b = −?[\d.]+ · w = −?[\d.]+ \(x₁\), −?[\d.]+ \(x₂\)", hint)
    page.keyboard.press("ArrowDown")
    assert part(page, ".of-net").inner_text().startswith("a₂⁽¹⁾")
    assert page.locator(".lab .edge.told").count() == 2
    assert page.complaints == []


def test_the_pointer_reads_samples_and_edges(visit):
    page = drawn(visit("/training?training_section=play&training_preset=three&training_epochs=50"))
    box = part(page, ".field svg .frame").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.2 / 1.4, box["y"] + box["height"] * 1.2 / 1.4)  # the corner 0, 0
    assert part(page, ".of-plane").inner_text().startswith("x₁ = 0.00, x₂ = 0.00 · training sample · class 0")
    part(page, ".grip").dispatch_event("pointerenter")
    assert re.match(r"x₁ → a₁⁽¹⁾: w = −?[\d.]+$", part(page, ".of-net").inner_text())
    assert page.locator(".lab .option-tests").is_hidden()


@pytest.mark.parametrize("preset", ["classic", "blobs", "plane", "spirals"])
def test_each_kind_of_task_is_drawn_and_fits_a_phone(visit, preset):
    path = f"/training?training_section=play&training_epochs=10&training_preset={preset}"
    page = drawn(visit(path, width=390, theme="dark"))
    shown = colours(page)
    assert len(shown) >= 3
    if preset != "plane":
        assert len(colours(page, TILES)) > 10
    assert page.locator(".lab").evaluate("e => e.scrollWidth <= e.clientWidth")
    tops = [part(page, name).bounding_box()["y"] for name in (".bar", ".field", ".net", ".curves")]
    assert tops == sorted(tops)
    assert page.complaints == []


def test_the_theme_changes_the_colours_and_test_samples_can_be_hidden(visit):
    page = drawn(visit(PAGE))
    light, line = colours(page), part(page, ".curves .line").evaluate("e => getComputedStyle(e).stroke")
    page.emulate_media(color_scheme="dark")
    until(page, lambda: not {tuple(one) for one in light} & {tuple(one) for one in colours(page)})
    dark = colours(page)
    assert min(map(sum, light)) > max(map(sum, dark))  # pale on white, dark on night
    assert part(page, ".curves .line").evaluate("e => getComputedStyle(e).stroke") != line
    assert page.locator(".lab .field .sample.test").count() == 2
    part(page, ".tests").uncheck()
    assert page.locator(".lab .field .sample.test").count() == 0
    linear = part(page, ".loss .line").get_attribute("d")
    part(page, ".log").check()
    assert part(page, ".loss .line").get_attribute("d") != linear


def test_another_training_is_drawn_and_the_speed_stays(visit):
    page = drawn(visit(PAGE))
    part(page, ".speed select").select_option("2")
    before = colours(page)
    page.get_by_role("spinbutton", name="Seed", exact=True).fill("5")
    page.get_by_role("spinbutton", name="Seed", exact=True).press("Enter")
    link_holds(page, "training_seed=5")
    settle(page)
    assert colours(page) != before
    assert part(page, ".speed select").input_value() == "2"
    page.get_by_text("The board", exact=True).click()
    settle(page)
    page.get_by_text("Build and play", exact=True).click()
    settle(page)
    drawn(page)
    assert epoch(page) == 30
    assert page.complaints == []
