"""The index of the lecture notes: every link opens its screen, with the note's figure on it."""

import re
from itertools import groupby

import pyarrow as pa
import pytest

from pages.shared.notes.parts import FIND
from pages.shared.notes_index import NOTES
from pages.shared.place import place
from pages.shared.text import LANGUAGES, catalog
from tests import visible

ROWS = sorted((row for note in NOTES for part in note.chapters for row in part.rows), key=lambda row: row.where)
SCREENS = [(where, tuple(rows)) for where, rows in groupby(ROWS, lambda row: row.where)]

PRINTED = {  # what the notes print, and what the app says of it, screen by screen
    "activations/gallery?gallery_preset=note_tanh": (
        "−0.99627208 −0.98836197 −0.96397069 −0.89125532 −0.69460424 −0.27807943 0.27807943 0.99627208"
    ),
    "backprop/graph": "−7 −2 5 3",
    "backprop/graph?amount=1": "−7 5 −2 1",
    "backprop/graph?formula=square": "8 4",
    "backprop/graph?formula=square&at=0": "8 −8",
    "backprop/calculator?digits=8": (
        "0.58661758 0.57280599 0.18249473 −0.12264305 −0.01267462 0.62264305 0.71267462 0.16765521"
    ),
    "backprop/calculator?digits=8&updates=1": "0.62264305 0.71267462 0.59054279 0.16765521",
    "backprop/calculator?network=two_outputs&digits=5": "0.609 0.633 0.083385",
    "backprop/calculator?network=two_outputs&at_step=10": "0.309 0.609 0.3",
    "descent/plane": "−6.11110793e−10 8.14814391e−10 −8.97946606e−6 1.19726214e−5",
    "descent/plane?plane_preset=large": "−1.12769920e26 1.50359894e26 −2.58983747e13 −1.29524862e12",
    "initialization/drawn?drawn_preset=note": "0.03927 785 512",
    "initialization/matter?matter_source=counts": "84 74 71 0.014 0.242 −0.013 0.211 260",
    "perceptron/three": "0.01118 0.9949 0.02439 0.8808",
    "perceptron/three?three_input=11&three_digits=7": "0.01118422 0.9949357 0.02438853 0.0474259 0.0179862 0.880797",
    "perceptron/trained": "0.2440 0.1881 0.0920 0.0313 0.0149 0.0092 0.0065 0.0049 0.0040 0.0033",
    "perceptron/trained?trained_updates=9999&trained_digits=8": "0.02224667 0.94486905 0.94514992 0.06836053",
    "perceptron/trained?trained_digits=8": "0.02224467 0.94487309 0.94515393 0.06835551",
    "perceptron/trained?trained_network=three_three": (
        "0.2892 0.2492 0.2442 0.2191 0.1803 0.1519 0.1029 0.0123 0.0047 0.0027"
    ),
    "perceptron/trained?trained_network=three_three&trained_updates=9999&trained_digits=8": (
        "0.0281708 0.95702334 0.95697581 0.05356113"
    ),
    "perceptron/trained?trained_network=three_three&trained_digits=7": "0.02816583 0.9570305 0.9569829 0.0535524",
    "perceptron/trained?trained_network=unit": "0.2563 0.2500",
    "perceptron/trained?trained_runs=1": "84 74 71 0.242 0.014",
    "perceptron/xor": "0.49135794 −0.13921903 −0.0045571 0.2563 0.2500",
    "perceptron/xor?xor_run=bce": "0.6931",
}


@pytest.mark.parametrize(("where", "rows"), SCREENS, ids=[where for where, _ in SCREENS])
def test_a_link_opens_the_screen_that_shows_it(app, where, rows):
    there = place(where)
    screen = app(there.lesson, **there.query)
    assert screen.toasts == []
    assert screen.value(f"{there.lesson}_section") == there.section
    section = {f"{there.lesson}_section": there.section}
    assert {**section, **screen.link} == there.query, "all of the link is in effect, and none of it is a default"
    text = visible.text(screen)
    for row in rows:
        assert re.search(rf"(?<![\d.]){re.escape(row.figure)}", text) or stands(row.figure, text), row.figure
        if row.slip == FIND:
            assert "The wrong line" in text, row.text
    everywhere = f"{text}\n{drawn(screen)}"
    assert [figure for figure in PRINTED.get(where, "").split() if not stands(figure, everywhere)] == []


def stands(figure: str, text: str) -> bool:
    """Whether a number of the text, rounded to the digits that the note prints, is the note's."""
    digits = len(figure.partition("e")[0].partition(".")[2])
    wanted = f"{float(figure.replace('−', '-')):.{digits}e}" if "e" in figure else figure.replace("−", "-")
    form = f".{digits}{'e' if 'e' in figure else 'f'}"
    found = re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e-?\d+)?(?![\w])", text.replace("−", "-"))
    return any(format(float(number), form) == wanted for number in found)


def drawn(screen) -> str:
    """What is written in the pictures."""
    sets = [data for chart in screen.at.get("vega_lite_chart") for data in chart.proto.datasets]
    frames = [pa.ipc.open_stream(data.data.data).read_pandas() for data in sets]
    return "\n".join(str(cell) for frame in frames for cell in frame.select_dtypes("object").to_numpy().ravel())


def test_a_number_stands_there_as_the_note_rounds_it():
    assert stands("0.1881", "it is 0.18807 now")
    assert stands("−1.1276992e26", "(−1.12769920e26, 2)")
    assert not stands("0.1881", "0.1882 and 0.18815 and x0.1881")
    assert not stands("5", "0.5 and 55")


def test_many_rows_have_a_figure_of_their_note():
    assert len([row for row in ROWS if len(row.figure) > 4]) >= 20
    assert all(("{figure}" not in row.text) or row.figure for row in ROWS)


def test_what_is_printed_is_looked_for_on_screens_of_the_index():
    assert PRINTED.keys() <= {where for where, _ in SCREENS}


def test_five_notes_and_slips_in_each():
    assert [note.code for note in NOTES] == ["000", "001", "002", "003", "004"]
    for note in NOTES:
        rows = [row for part in note.chapters for row in part.rows]
        assert len({row.text for row in rows}) == len(rows)
        assert [row for row in rows if row.slip == FIND], note.code


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("note", NOTES, ids=lambda note: note.code)
def test_a_note_shows_its_contents(app, note, language):
    said = catalog(language).gettext
    screen = app("notes", language, notes_note=note.code)
    assert screen.toasts == []
    assert screen.value("notes_note") == note.code
    heads = [line.removeprefix("### ") for line in screen.words.splitlines() if line.startswith("### ")]
    assert heads == [said(part.title) for part in note.chapters]
    rows = [row for part in note.chapters for row in part.rows]
    links = screen.at.get("page_link")
    assert len(links) == len(rows) + 1  # and the glossary
    for row, link in zip(rows, links, strict=False):
        there = place(row.where)
        assert said(row.text).format(figure=row.figure) in link.value
        assert (link.proto.page, link.value.startswith(f"**{said('Find the mistake')}")) == (
            there.lesson,
            row.slip == FIND,
        )
        assert link.proto.query_string == "&".join(f"{name}={text}" for name, text in there.query.items())


def test_the_chosen_note_is_in_the_link(app):
    screen = app("notes").set("notes_note", "003")
    assert screen.link == {"notes_note": "003"}
    assert app("notes", notes_note="005").toasts == [
        "`notes_note` in the link is not valid here: its default is shown."
    ]
