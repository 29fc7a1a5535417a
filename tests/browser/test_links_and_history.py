"""What is on screen lives in the address: links, reload, back button, language, page switch."""

from tests.browser.conftest import settle

CALCULATOR = "/backprop?backprop_section=calculator"


def metrics(page) -> list[str]:
    return page.get_by_test_id("stMetricValue").all_inner_texts()


def where(page) -> str:
    return page.evaluate("location.search")


def press(page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    settle(page)


def pick(page, name: str) -> None:
    """One segment or pill of a group."""
    page.get_by_role("radio", name=name, exact=True).click()
    settle(page)


def choose(page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option, exact=True).click()
    settle(page)


def test_a_link_reproduces_the_screen_and_survives_a_reload(visit):
    page = visit(CALCULATOR)
    choose(page, "Network", "The classic 2-2-2")
    press(page, "+10")
    press(page, "Apply the update")
    shown, search = metrics(page), where(page)
    assert "backprop_network=classic" in search
    assert "backprop_updates=11" in search
    page.reload()
    settle(page)
    page.locator(".st-key-terms").wait_for()
    assert metrics(page) == shown
    other = visit(f"/backprop{search}", locale="ko-KR")
    assert metrics(other) == shown


def test_the_back_button_undoes_a_choice(visit):
    page = visit(CALCULATOR)
    before = metrics(page)
    choose(page, "Network", "The classic 2-2-2")
    assert metrics(page) != before
    page.go_back()
    settle(page)
    assert metrics(page) == before
    assert "classic" not in where(page)


def test_the_language_switch_keeps_every_choice(visit):
    page = visit(f"{CALCULATOR}&backprop_network=xor&backprop_updates=7&backprop_rate=0.25&backprop_sample=2")
    shown = metrics(page)
    pick(page, "한국어")
    assert page.locator("h1").inner_text() == "역전파"
    assert metrics(page) == shown
    assert "backprop_rate=0.25" in where(page)
    assert "lang=ko" in where(page)
    pick(page, "English")
    assert page.locator("h1").inner_text() == "Backpropagation"
    assert metrics(page) == shown


def test_choices_survive_a_visit_to_another_page(visit):
    page = visit(f"{CALCULATOR}&backprop_network=classic&backprop_updates=3")
    shown = metrics(page)
    page.get_by_role("link", name="Home").click()
    page.get_by_role("heading", name="Neural Network Lab").wait_for()
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Backpropagation").click()
    page.get_by_role("heading", name="Backpropagation", exact=True).wait_for()
    settle(page)
    assert metrics(page) == shown
    assert "backprop_updates=3" in where(page)


def test_a_closed_section_leaves_the_address(visit):
    page = visit("/backprop?backprop_formula=neuron&backprop_step=3")
    pick(page, "The calculator")
    assert "backprop_formula" not in where(page)
    pick(page, "The graph")
    assert "backprop_formula=neuron" in where(page)
    assert "backprop_step=3" in where(page)


def test_quick_clicks_are_all_counted(visit):
    page = visit("/backprop?backprop_formula=neuron&backprop_step=0")
    step_on = page.get_by_role("button", name="Next", exact=True)
    for _ in range(6):
        step_on.click()
        page.wait_for_timeout(120)
    settle(page)
    assert "backprop_step=6" in where(page)


def test_an_edited_weight_is_in_the_link_and_in_the_numbers(visit):
    page = visit(CALCULATOR)
    before = metrics(page)
    page.get_by_text("Inputs, targets, weights").click()
    page.wait_for_timeout(1000)
    grid = page.get_by_test_id("stDataFrame").nth(1)
    box = grid.bounding_box()
    page.mouse.click(box["x"] + box["width"] - 30, box["y"] + 52)  # the first weight
    page.wait_for_timeout(300)
    page.keyboard.press("Enter")  # opens its editor, which takes the keys from then on
    editor = page.locator("#portal input, .gdg-input").last
    editor.fill("0.9")
    editor.press("Enter")
    page.wait_for_url("**backprop_start=0.9_0_0.5_0**")
    settle(page)
    assert metrics(page) != before


def test_an_unknown_address_value_is_said_and_replaced(visit):
    page = visit(CALCULATOR)
    shown = metrics(page)
    page.evaluate("location.search += '&backprop_network=nonsense&backprop_rate=nan'")
    said = page.get_by_test_id("stToast").filter(has_text="backprop_network")
    said.wait_for()  # at once: it goes by itself after a while
    page.locator(".st-key-terms").wait_for()
    page.get_by_test_id("stMetricValue").first.wait_for()
    settle(page)
    assert metrics(page) == shown
    assert where(page) == "?backprop_section=calculator"


def test_one_choice_is_one_step_back(visit):
    page = visit(f"{CALCULATOR}&backprop_updates=3&backprop_rate=0.5")
    before = metrics(page)
    choose(page, "Network", "XOR 2-2-1 (note 004)")
    assert where(page) == "?backprop_section=calculator&backprop_network=xor"
    page.go_back()
    settle(page)
    assert metrics(page) == before
    assert "backprop_updates=3" in where(page)


def test_a_parameter_without_its_widget_leaves_the_address(visit):
    page = visit(f"{CALCULATOR}&backprop_network=xor&backprop_sample=2")
    choose(page, "Network", "The classic 2-2-2")
    assert "backprop_sample" not in where(page)


def test_a_number_field_that_comes_late_shows_its_value(visit):
    """On a slow line the code of a field arrives after the second run, which is not told the value anew."""
    page = visit("/")
    held = []

    def hold(route) -> None:
        held.append(route)

    page.route("**/NumberInput*.js", hold)
    page.goto(page.url.split("?")[0].rstrip("/") + "/training?training_epochs=40")
    units = page.get_by_test_id("stTextInput").get_by_role("textbox").first
    units.fill("3")
    units.press("Enter")
    page.wait_for_url("**training_units=3**")
    assert held
    for route in held:
        route.continue_()
    settle(page)
    fields = page.get_by_test_id("stNumberInput").get_by_role("spinbutton")
    fields.first.wait_for()
    assert [field.input_value() for field in fields.all()][:2] == ["0.03", "40"]
    assert "training_epochs=40" in where(page)
