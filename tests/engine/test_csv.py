"""A learner's CSV file: what is read, and what is said when it cannot be."""

import numpy as np
import pytest

from engine.errors import InputError
from engine.tables import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, Table, read_csv, read_table

FLOWERS = "width,length,kind\n1,2.5,rose\n-3e1,.5,lily\n+4,6.,rose\n"


def test_classification():
    data = read_csv(FLOWERS, "classification")
    assert data.X.tolist() == [[1, 2.5], [-30, 0.5], [4, 6]]
    assert data.y.tolist() == [1, 0, 1]
    assert (data.classes, data.names, data.task) == (("lily", "rose"), ("width", "length"), "classification")


def test_regression_and_chosen_columns():
    data = read_csv(FLOWERS, "regression", target="width", features=["length"])
    assert data.X.tolist() == [[2.5], [0.5], [6]]
    assert data.y.tolist() == [[1], [-30], [4]]
    assert data.names == ("length",)
    assert read_csv(FLOWERS, "classification", features=["length", "width", "length"]).names == ("length", "width")


@pytest.mark.parametrize("separator", ["comma", "semicolon", "tab"])
@pytest.mark.parametrize("asked", ["auto", "named"])
def test_separators(separator, asked):
    text = FLOWERS.replace(",", {"comma": ",", "semicolon": ";", "tab": "\t"}[separator])
    data = read_csv(text, "classification", separator="auto" if asked == "auto" else separator)
    assert data.X.tolist() == read_csv(FLOWERS, "classification").X.tolist()


def test_separator_is_not_looked_for_inside_quotes():
    assert read_table('"a,b,c,d";"y"\n1;2\n3;4\n').names == ("a,b,c,d", "y")


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode(),
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("cp949"),
        lambda text: "\ufeff" + text,
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16", "cp949", "text with mark"],
)
def test_encodings(encode):
    data = read_csv(encode("키,종류\n1,꽃\n2,나무\n"), "classification")
    assert (data.names, data.classes) == (("키",), ("꽃", "나무"))


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_newlines_quotes_spaces_and_blank_rows(newline):
    lines = ['  x , "the ""kind"""', "", ' "1", "a, or b"', "2,c", ",", "  ", ""]
    data = read_csv(newline.join(lines), "classification")
    assert data.X.tolist() == [[1], [2]]
    assert data.classes == ("a, or b", "c")
    assert data.names == ("x",)
    assert read_table(newline.join(lines)).names[1] == 'the "kind"'


def test_header_is_recognized():
    assert read_table("1,2\n3,4\n").names == ("column 1", "column 2")
    assert len(read_table("1,2\n3,4\n5,6\n").rows) == 3
    assert read_table("1,2\n3,4\n5,6\n", header=True).names == ("1", "2")
    assert len(read_table("a,b\nc,d\n", header=False).rows) == 2
    assert read_table(",y\n1,2\n3,4\n").names == ("column 1", "y")  # the unnamed index column that pandas writes


def test_numbered_classes_are_sorted_by_number_and_grouped():
    data = read_csv("x,y\n1,10\n2,9\n3,10.0\n4,-1\n", "classification")
    assert data.classes == ("-1", "9", "10")
    assert data.y.tolist() == [2, 1, 2, 0]


def test_cells_keep_the_line_they_stand_in():
    table = read_table('a,b\n\n1,"two\nlines"\n3,4\n')
    assert table == Table(("a", "b"), (("1", "two\nlines"), ("3", "4")), (3, 4))


HEAD = "a,b,c\n1,2,3\n"


@pytest.mark.parametrize(
    ("content", "code", "argument", "value", "position"),
    [
        ("", "csv_empty", "table", None, None),
        (" \n\n,,\n", "csv_empty", "table", None, None),
        (b"\xff\x00\x81", "csv_encoding", "file", None, None),
        (b"x,y\n1,\xff\n2,\xff", "csv_encoding", "file", None, None),
        (b"\xff\xfea", "csv_encoding", "file", None, None),
        ("x" * (MAX_BYTES + 1), "csv_too_many_bytes", "file", MAX_BYTES + 1, None),
        ("꽃" * (MAX_BYTES // 2), "csv_too_many_bytes", "file", MAX_BYTES // 2 * 3, None),
        ("a,b\n", "csv_too_few_rows", "rows", 0, None),
        ("a,b\n1,2\n", "csv_too_few_rows", "rows", 1, None),
        ("a,b\n" + "1,2\n" * (MAX_ROWS + 1), "csv_too_many_rows", "rows", MAX_ROWS + 1, None),
        ("1,2\n" * (MAX_ROWS + 1), "csv_too_many_rows", "rows", MAX_ROWS + 1, None),
        (",".join("x" * 51) + "\n", "csv_too_many_columns", "columns", MAX_COLUMNS + 1, None),
        ("\n" * (MAX_BYTES - 1), "csv_too_many_lines", "rows", None, None),
        ("\t\n" * (MAX_BYTES // 2), "csv_too_many_lines", "rows", None, None),
        ("x" * (MAX_BYTES - 1), "csv_long_cell", "cell", None, 0),
        (HEAD + "4,5,6\n7," + "8" * 200_000 + ",9\n", "csv_long_cell", "cell", None, 3),
        ("1," * (MAX_BYTES // 2), "csv_too_many_columns", "columns", MAX_BYTES // 2 + 1, None),
        ('"' * (MAX_BYTES - 1), "csv_long_cell", "cell", None, 0),
        (HEAD + "4,5\n", "csv_ragged", "row", 2, 2),
        (HEAD + "\n4,5,6,7\n", "csv_ragged", "row", 4, 3),
        (HEAD + '4,"5,6\n', "csv_quotes", "quote", None, 2),
        (HEAD + '4,"5"5,6\n', "csv_quotes", "quote", None, 2),
        ("a,b,a\n1,2,3\n4,5,6\n", "csv_duplicate_column", "columns", "a", None),
        ("a\n1\n2\n", "csv_no_feature", "a", None, None),
        (HEAD + "4,,6\n", "csv_missing_value", "b", "", 2),
        (HEAD + "4,5,\n", "csv_missing_value", "c", None, 2),
        (HEAD + "4,five,6\n", "csv_not_a_number", "b", "five", 2),
        (HEAD + "4,1_000,6\n", "csv_not_a_number", "b", "1_000", 2),
        (HEAD + "4,๕,6\n", "csv_not_a_number", "b", "๕", 2),
        (HEAD + f"4,{'9' * 61},6\n", "csv_not_a_number", "b", "9" * 40 + "…", 2),
        (HEAD + "4,0x10,6\n", "csv_not_a_number", "b", "0x10", 2),
        (HEAD + "4,nan,6\n", "csv_not_finite", "b", "nan", 2),
        (HEAD + "4,-Inf,6\n", "csv_not_finite", "b", "-Inf", 2),
        (HEAD + "4,1e400,6\n", "csv_too_large", "b", "1e400", 2),
        (HEAD + "4,-1e101,6\n", "csv_too_large", "b", "-1e101", 2),
        ("a;b;c\n1;2;3\n4;5,5;6\n", "csv_decimal_comma", "b", "5,5", 2),
        ("a,b\n1,x\n2,x\n", "csv_one_class", "b", "x", None),
        ("a,b\n1,1\n2,1.0\n", "csv_one_class", "b", "1", None),
        ("a,b\n" + "".join(f"1,{i}\n" for i in range(21)), "csv_too_many_classes", "b", 21, None),
    ],
)
def test_what_cannot_be_read_is_named(content, code, argument, value, position):
    with pytest.raises(InputError) as caught:
        read_csv(content, "classification")
    error = caught.value
    assert (error.code, error.argument, error.value, error.position) == (code, argument, value, position)
    if position is not None:
        assert str(position + 1) in str(error)  # the learner counts lines from 1


@pytest.mark.parametrize(
    ("options", "code", "argument", "value"),
    [
        ({"task": "guess"}, "unknown_name", "task", "guess"),
        ({"separator": "space"}, "unknown_name", "separator", "space"),
        ({"target": "colour"}, "csv_missing_column", "column", "colour"),
        ({"features": ["width", "colour"]}, "csv_missing_column", "column", "colour"),
        ({"features": []}, "csv_no_feature", "kind", None),
        ({"features": ["width", "kind"]}, "csv_target_is_feature", "kind", None),
        ({"target": "length"}, "csv_not_a_number", "kind", "rose"),
        ({"task": "regression"}, "csv_not_a_number", "kind", "rose"),
    ],
)
def test_wrong_choices_are_named(options, code, argument, value):
    with pytest.raises(InputError) as caught:
        read_csv(FLOWERS, **{"task": "classification"} | options)
    assert (caught.value.code, caught.value.argument, caught.value.value) == (code, argument, value)


def test_the_largest_file_is_read():
    row = ",".join("1234567" for _ in range(20)) + "\n"
    data = read_csv("".join(f"c{i}," for i in range(19)) + "y\n" + row * MAX_ROWS, "regression")
    assert data.X.shape == (MAX_ROWS, 19)
    assert np.isfinite(data.X).all()
