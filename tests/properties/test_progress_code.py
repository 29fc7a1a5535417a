"""The code of the progress: any set comes back, any other text is refused, one wrong character is noticed."""

from hypothesis import given
from hypothesis import strategies as st

from pages.shared.exercises import EXERCISES
from pages.shared.progress import ALPHABET, LONGEST, decode, encode

KEYS = [exercise.key for exercise in EXERCISES]
sets = st.frozensets(st.sampled_from(KEYS))
codes = sets.filter(bool).map(encode)


@given(sets)
def test_any_set_comes_back(keys):
    assert decode(encode(keys)) == keys
    assert len(encode(keys)) <= LONGEST
    assert set(encode(keys)) <= set(ALPHABET)


@given(st.text(max_size=30) | st.text(ALPHABET, max_size=LONGEST))
def test_any_text_is_a_code_or_refused(text):
    keys = decode(text)
    assert keys is None or encode(keys) == text


@given(codes, st.data())
def test_one_wrong_character_is_noticed(code, data):
    place = data.draw(st.integers(0, len(code) - 1))
    other = data.draw(st.sampled_from(ALPHABET).filter(lambda letter: letter != code[place]))
    assert decode(code[:place] + other + code[place + 1 :]) is None


def test_few_exercises_make_a_short_code():
    assert encode(()) == ""
    assert encode(KEYS[:8]) == "_wP"  # kept by someone: it must never mean anything else
    assert len(encode(KEYS)) == 15


def test_bits_beyond_the_list_are_refused():
    body = "_" * 16
    assert [text for text in (body + letter for letter in ALPHABET) if decode(text) is not None] == []
