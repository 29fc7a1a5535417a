"""The panel of the training lab in a browser: its folds, a file, points in a table, both themes, a phone."""

from tests.browser.conftest import settle

FOLDS = ("Data", "Network", "Training", "Regularization", "Start")
CSV = b"length,width,kind\n1,2,a\n2,1,b\n3,4,a\n4,3,b\n5,6,a\n6,5,b\n"


def fold(page, name: str):
    return page.locator("summary").filter(has_text=name).first


def test_all_folds_open_on_a_phone_and_stay_open(visit):
    page = visit("/training?training_preset=product", width=390, theme="dark")
    for name in FOLDS:
        fold(page, name).click()
    page.get_by_role("spinbutton", name="Samples, training and test together").wait_for()
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    dropout = page.get_by_role("spinbutton", name="Dropout: probability of dropping a unit")
    assert dropout.count() == 0, "there is no hidden layer"
    units = page.get_by_role("textbox", name="Units of the hidden layers")
    units.fill("3, 2")
    units.press("Enter")
    dropout.wait_for()
    page.wait_for_url("**training_units=3%2C*2*")
    assert page.get_by_role("spinbutton", name="Noise (standard deviation)").is_visible()
    assert page.complaints == []


def test_a_file_is_read_kept_in_the_next_section_and_taken_out(visit):
    page = visit("/training?training_preset=own&training_own=table")
    page.locator("input[type=file]").set_input_files(
        {"name": "leaves.csv", "mimeType": "text/csv", "buffer": CSV},
    )
    page.get_by_role("button", name="Take leaves.csv out").wait_for()
    settle(page)
    assert page.get_by_role("combobox", name="Column of x₁").input_value() == "length"
    page.get_by_role("button", name="Next section: Look inside").click()
    page.get_by_role("button", name="Take leaves.csv out").click()
    page.get_by_text("This is an example.").wait_for()
    settle(page)
    assert page.complaints == []


def test_points_are_edited_in_a_table_and_the_link_follows(visit):
    page = visit("/training?training_preset=own")
    page.get_by_role("button", name="Clear").click()
    page.wait_for_url("**training_points=-1_-1_0_1_1_1*")
    settle(page)
    fold(page, "The points as a table").click()
    grid = page.get_by_test_id("stDataFrame")
    grid.scroll_into_view_if_needed()
    page.wait_for_timeout(1000)
    box = grid.bounding_box()
    page.mouse.click(box["x"] + box["width"] - 20, box["y"] + 35 + 35 + 17)  # the class of the second point
    page.wait_for_timeout(300)
    page.keyboard.type("2", delay=200)
    page.wait_for_timeout(300)
    page.keyboard.press("Enter")
    page.wait_for_url("**training_points=-1_-1_0_1_1_2*")
    page.go_back()
    page.wait_for_url("**training_points=-1_-1_0_1_1_1*")
    settle(page)
    assert page.complaints == []


def test_the_script_to_take_away_stands_in_a_box_of_its_own(visit):
    page = visit("/training?training_preset=own")
    fold(page, "Take it away").click()
    page.get_by_text("The script needs Python and NumPy").wait_for()
    settle(page)
    assert fold(page, "Take it away").locator("..").bounding_box()["height"] < 1000  # pixels; the script has 2,000
