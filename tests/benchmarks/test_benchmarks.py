"""The benchmark runs, and what it compares is the same mathematics. Nothing timed is asserted."""

import numpy as np
import pytest

from pages.shared.lessons import LESSONS
from tests.benchmarks import ceilings
from tests.benchmarks.table import HAS_TORCH, rows, table

ROWS = rows(epochs=20, runs=3)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_both_sides_of_a_row_give_the_same_numbers(row):
    if row.other is None:
        pytest.skip("PyTorch is not installed: this row is not measured")
    ours, other = row.ours(), row.other()
    if ours is not None:  # the signal study draws weights of its own
        np.testing.assert_allclose(ours, other, rtol=1e-5 if "grid" in row.name else 1e-9)


def test_every_row_is_printed():
    text = table(epochs=10, runs=2, rounds=1)
    assert all(row.name.split(" / ")[1] in text for row in ROWS)
    assert ("not installed" in text) == (not HAS_TORCH)


def test_the_heaviest_setting_of_every_section_is_known():
    sections = {(lesson.slug, section.code) for lesson in LESSONS for section in lesson.sections}
    assert set(ceilings.places().values()) == sections
    for name, (lesson, _code) in ceilings.places().items():
        assert all(key.startswith(f"{lesson}_") for link in ceilings.SETTINGS[name] for key in link), name
