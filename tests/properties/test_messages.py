"""Whatever a browser claims that its learner did, and whatever a link says, only what is possible moves anything."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pages.shared import controls, player, track
from pages.shared.charts import paths

cheap = settings(max_examples=60)
numbers = st.integers() | st.floats() | st.integers(-2, 12) | st.floats(-2, 12) | st.just(10**400)
values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=6,
)
tails = st.tuples(numbers, st.booleans()) | st.tuples(numbers, numbers, st.booleans())
messages = values | st.builds(lambda head, tail: [*head, *tail], st.sampled_from([[], ["step"], ["pick"]]), tails)
PICTURE = paths.plane(
    [paths.Path("run", np.zeros((11, 2)), np.ones(11))], x_range=(-1, 3), y_range=(0, 1), titles=("x", "y")
)


def said(module, message: object, name: str, draw: Callable[[], object]) -> None:
    """What happens when the component of `module` reports `message`."""
    mounted, state = {}, {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("streamlit.session_state", state)
        patch.setattr(module, "_component", lambda **options: mounted.update(options))
        draw()
        state[mounted["key"]] = {name: message}
        mounted[f"on_{name}_change"]()


@cheap
@given(messages)
def test_a_track_stays_on_its_way(message):
    made = []
    said(
        track,
        message,
        "moved",
        lambda: track.track("Rate", 2, 0, 10, 1, key="rate", name="rate", move=lambda *move: made.append(move)),
    )
    for new, done in made:
        assert (type(new), type(done)) == (int, bool)
        assert 0 <= new <= 10


@cheap
@given(messages)
def test_a_player_stays_among_its_steps_and_in_its_picture(message):
    steps, picks = [], []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(controls, "held", lambda key, last, start, scope: start)
        patch.setattr(controls, "drag", lambda keys, given, done, scope: steps.extend(given))
        patch.setattr(player, "_", lambda text: text)
        said(
            player,
            message,
            "told",
            lambda: player.player(PICTURE, key="lab_step", alt="", pick=lambda point, done: picks.append(point)),
        )
    assert all(type(step) is int and 0 <= step <= 10 for step in steps)
    assert all(-1 <= x <= 3 and 0 <= y <= 1 for x, y in picks)


texts = st.text(max_size=40) | st.text("0123456789._-+eEnaif", max_size=12) | numbers.map(lambda n: f"{n}"[:400])


@given(texts, st.sampled_from([int, float]))
def test_any_text_of_a_link_is_a_number_of_the_range_or_none(text, kind):
    value = controls._number(text, kind, -2, 12)
    assert value is None or (type(value) is kind and -2 <= value <= 12)


@given(st.lists(texts, max_size=4).map("_".join))
def test_any_text_of_a_link_is_a_row_of_numbers_or_none(text):
    values = controls.decode(text, 3, -2, 12)
    assert values is None or (len(values) == 3 and all(-2 <= value <= 12 for value in values))
