"""A learner's own CSV file: text -> table of cells -> dataset, with errors that name the line and the column."""

import csv
import io
import re
from dataclasses import dataclass

import numpy as np

from engine.errors import InputError, one_of
from engine.samples import MAX_SIZE, TASKS, Dataset

MAX_BYTES = 1_000_000
MAX_ROWS = 5_000
MAX_LINES = 100_000  # blank ones too, which take their time
MAX_COLUMNS = 50
MAX_CLASSES = 20
MIN_ROWS = 2
MAX_NUMBER_LENGTH = 60  # longer than any number a program writes

SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t"}
# Stricter than float(), which reads 1_000 and Thai digits; nan and inf get an error of their own.
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.ASCII | re.IGNORECASE)
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+", re.ASCII)


@dataclass(frozen=True)
class Table:
    """Cells as they were written, without the spaces around them.

    Attributes:
        names: of the columns.
        rows: cells of each row of data.
        lines: line of the file of each row, counted from 0, for error messages.
    """

    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]

    def column(self, name: str) -> list[str]:
        """The cells of one column.

        Raises: InputError: csv_missing_column.
        """
        if name not in self.names:
            raise InputError("csv_missing_column", "column", _short(name), ", ".join(map(_short, self.names)))
        i = self.names.index(name)
        return [row[i] for row in self.rows]


def read_csv(
    content: bytes | str, task: str, target: str | None = None, features=None, separator="auto", header=None
) -> Dataset:
    """Read a CSV file as a dataset: `read_table`, then `table_dataset`; see there for arguments and errors."""
    return table_dataset(read_table(content, separator, header), task, target, features)


def read_table(content: bytes | str, separator: str = "auto", header: bool | None = None) -> Table:
    """Read the cells of a CSV file; nothing is taken for a number yet.

    Args:
        content: the file, at most 1,000,000 bytes: UTF-8 (with or without byte order mark), UTF-16 with its mark, or
            CP949, which Korean Excel writes. At most 5,000 rows and 50 columns; blank rows are skipped.
        separator: "comma", "semicolon", "tab", or "auto": the one that the first line holds most often.
        header: whether the first row names the columns; None: it does unless all its cells are numbers. Columns without
            a name are called "column 1", "column 2", …
    Raises: InputError: csv_too_many_bytes, csv_encoding, csv_empty, csv_quotes, csv_long_cell, csv_too_many_columns,
        csv_too_many_lines, csv_too_many_rows, csv_too_few_rows, csv_ragged, csv_duplicate_column; unknown_name for
        the separator.
    """
    one_of("separator", separator, ("auto", *SEPARATORS))
    text = _decoded(content)
    rows = _rows(text, _guessed_separator(text) if separator == "auto" else SEPARATORS[separator])
    if header is None:
        header = not all(map(_is_number, rows[0][1]))
    width = len(rows[0][1])
    names = _column_names(rows[0][1] if header else ("",) * width)
    data = rows[1:] if header else rows
    if len(data) < MIN_ROWS:
        raise InputError("csv_too_few_rows", "rows", len(data), MIN_ROWS)
    if len(data) > MAX_ROWS:
        raise InputError("csv_too_many_rows", "rows", len(data), MAX_ROWS)
    return Table(names, tuple(cells for _, cells in data), tuple(line for line, _ in data))


def table_dataset(table: Table, task: str, target: str | None = None, features=None) -> Dataset:
    """Make a dataset of a table's columns.

    Args:
        task: "classification": the target's different cells are the classes, 2 to 20, sorted by number where all are
            numbers (1 and 1.0 are the same), else by text; "regression": the target's cells are numbers.
        target: name of a column; None: the last one.
        features: names of columns, all numbers; None: all but the target.
    Raises: InputError: csv_missing_column, csv_no_feature, csv_target_is_feature, csv_missing_value, csv_not_a_number,
        csv_decimal_comma, csv_not_finite, csv_too_large, csv_one_class, csv_too_many_classes; unknown_name (task).
    """
    one_of("task", task, TASKS)
    target = table.names[-1] if target is None else target
    cells = table.column(target)  # first, so that a wrong name is the error that is told
    names = tuple(n for n in table.names if n != target) if features is None else tuple(dict.fromkeys(features))
    if not names:
        raise InputError("csv_no_feature", _short(target))
    if target in names:
        raise InputError("csv_target_is_feature", _short(target))
    X = np.column_stack([_numbers(table, name) for name in names])
    if task == "regression":
        return Dataset(X, _numbers(table, target), task, names=names)
    labels, classes = _labels(table, target, cells)
    return Dataset(X, labels, task, classes, names)


def _decoded(content: bytes | str) -> str:
    size = len(content.encode(errors="replace")) if isinstance(content, str) else len(content)
    if size > MAX_BYTES:
        raise InputError("csv_too_many_bytes", "file", size, MAX_BYTES)
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    marked_utf16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if marked_utf16 else ("utf-8-sig", "cp949"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError("csv_encoding", "file")


def _guessed_separator(text: str) -> str:
    """The separator that the first line holds most often outside quotes (csv.Sniffer may take a letter for one)."""
    first = next((line for line in io.StringIO(text) if line.strip()), "")
    unquoted = re.sub(r'"[^"]*"?', "", first)
    return max(SEPARATORS.values(), key=unquoted.count)


def _rows(text: str, separator: str) -> list[tuple[int, tuple[str, ...]]]:
    """(line, cells) of each row that is not blank; all rows as wide as the first."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True, strict=True)
    rows = []
    try:
        for raw in reader:
            cells, line = tuple(cell.strip() for cell in raw), reader.line_num - 1
            if line >= MAX_LINES:
                raise InputError("csv_too_many_lines", "rows", None, MAX_LINES)
            if not any(cells):  # spreadsheets write rows of separators below the data
                continue
            if len(cells) > MAX_COLUMNS:
                raise InputError("csv_too_many_columns", "columns", len(cells), MAX_COLUMNS)
            if rows and len(cells) != len(rows[0][1]):
                raise InputError("csv_ragged", "row", len(cells), len(rows[0][1]), line)
            if len(rows) > MAX_ROWS:  # one more than the rows of data: the header
                raise InputError("csv_too_many_rows", "rows", len(rows), MAX_ROWS)
            rows.append((line, cells))
    except csv.Error as error:
        at = max(reader.line_num - 1, 0)
        if "limit" in str(error):
            raise InputError("csv_long_cell", "cell", None, csv.field_size_limit(), at) from None
        raise InputError("csv_quotes", "quote", position=at) from None
    if not rows:
        raise InputError("csv_empty", "table")
    return rows


def _column_names(cells: tuple[str, ...]) -> tuple[str, ...]:
    names = tuple(cell or f"column {i + 1}" for i, cell in enumerate(cells))
    for i, name in enumerate(names):
        if name in names[:i]:
            raise InputError("csv_duplicate_column", "columns", _short(name))
    return names


def _numbers(table: Table, name: str) -> list[float]:
    return [_number(cell, name, line) for cell, line in zip(table.column(name), table.lines, strict=True)]


def _number(cell: str, column: str, line: int) -> float:
    value = float(cell) if _is_number(cell) else None
    if value is not None and abs(value) <= MAX_SIZE:
        return value
    if value is not None:
        code = "csv_too_large"
    elif not cell:
        code = "csv_missing_value"
    elif NOT_FINITE.fullmatch(cell):
        code = "csv_not_finite"
    else:
        code = "csv_decimal_comma" if DECIMAL_COMMA.fullmatch(cell) else "csv_not_a_number"
    raise InputError(code, _short(column), _short(cell), f"{MAX_SIZE:g}", line)


def _is_number(cell: str) -> bool:
    # The length is checked first: the pattern takes quadratic time on a million digits.
    return len(cell) <= MAX_NUMBER_LENGTH and NUMBER.fullmatch(cell) is not None


def _labels(table: Table, target: str, cells: list[str]) -> tuple[list[int], tuple[str, ...]]:
    """Class number of each cell, and the classes' names as the file first writes them."""
    if "" in cells:
        raise InputError("csv_missing_value", _short(target), position=table.lines[cells.index("")])
    keys = [float(cell) for cell in cells] if all(map(_is_number, cells)) else cells
    names = {}
    for key, cell in zip(keys, cells, strict=True):
        names.setdefault(key, cell)
    if len(names) < 2:
        raise InputError("csv_one_class", _short(target), _short(cells[0]))
    if len(names) > MAX_CLASSES:
        raise InputError("csv_too_many_classes", _short(target), len(names), MAX_CLASSES)
    ordered = sorted(names)
    number_of = {key: i for i, key in enumerate(ordered)}
    return [number_of[key] for key in keys], tuple(names[key] for key in ordered)


def _short(text: str) -> str:
    """A text as an error message can show it."""
    return text if len(text) <= 40 else text[:40] + "…"
