"""The learner's own data in the lab's sections: what is an example says so, what belongs to a picture is beside it."""

import pytest

TABLE = {"training_preset": "own", "training_own": "table"}
POINTS = {"training_preset": "own"}
WORDS = "What follows is of the example"


def columns(found):
    """The panel and what is beside it: the two columns of the section."""
    return next(
        (left, right)
        for left, right in zip(found.at.columns, found.at.columns[1:], strict=False)
        if any((box.key or "").startswith("training_preset|") for box in left.selectbox)
    )


@pytest.mark.parametrize("section", ["play", "inside", "board", "failure"])
def test_the_training_of_an_example_is_not_taken_for_the_tables(app, section):
    panel, picture = columns(app("training", training_section=section, **TABLE))
    assert "not your own table" in panel.warning[0].value
    assert WORDS in picture.warning[0].value


@pytest.mark.parametrize("section", ["compare", "sweep"])
def test_sections_of_many_trainings_say_it_in_the_panel(app, section):
    panel, _picture = columns(app("training", training_section=section, **TABLE))
    assert "not your own table" in panel.warning[0].value


def test_a_table_that_is_read_needs_no_such_words(app):
    found = app("training", **TABLE)
    found.at.text_area[0].set_value("a,b,c\n1,2,x\n2,3,y\n3,1,x\n")
    found.run()
    assert WORDS not in found.words
    assert not any(WORDS in box.value for box in found.at.warning)


def test_points_are_chosen_and_taken_back_beside_the_picture(app):
    panel, picture = columns(app("training", **POINTS))
    keys = [button.key for button in picture.button]
    assert {"training_points_undo", "training_points_clear"} <= set(keys)
    assert [group for group in picture.button_group if group.key.startswith("training_point_class|")]
    assert not [button for button in panel.button if button.key.startswith("training_points")]


def test_where_no_picture_takes_points_nothing_asks_for_them(app):
    found = app("training", training_section="inside", **POINTS)
    assert "Click or tap on the picture" not in found.words
    assert not [button for button in found.at.button if button.key.startswith("training_points")]
