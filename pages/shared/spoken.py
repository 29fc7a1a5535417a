"""What a chart shows, in words: read aloud in its place, and made anew with its data.

All is read from the compiled chart itself, so that no section has to write it: which layers draw which table, what its
axes are called, what the pointer would be told. A chart of any kind says something; none says more than is heard out.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

import pandas as pd

from pages.shared import numbers
from pages.shared.spoken_layers import Columns, Layer, layers_of
from pages.shared.text import _

MOST = 16  # things that are told one by one
FEW = 3  # lines, marks and first examples
LONGEST = 1200  # characters of all that is said
DUST = 1e-15  # what rounding leaves of a zero; only a logarithmic axis can show a number as small


def spoken(spec: Mapping, data: Mapping[str, Columns]) -> str:
    """The words for a compiled chart with its named data; empty where there is nothing to say."""
    tables: dict[str, list[Layer]] = {}
    for name, layer in layers_of(spec):
        tables.setdefault(name, []).append(layer)
    said = []
    for name, layers in tables.items():
        frame = dict(data[name].items()) if name in data else {}
        if _length(frame) and name != "ticks":  # the ticks of a drawn axis are no news
            said += _read(frame, layers)
    return _short(_spelled(" ".join(dict.fromkeys(said))))


def _read(frame: Columns, layers: list[Layer]) -> list[str]:
    """The first way of reading that finds something in this table."""
    for way in (_curves, _amounts, _quantity, _lines, _rows, _bars, _points):
        if said := way(frame, layers):
            return said + _marks(frame, layers)
    return _marks(frame, layers)


def _length(frame: Columns) -> int:
    return len(next(iter(frame.values()), ()))


# ways of reading ----------------------------------------------------------------------------------------------


def _curves(frame: Columns, layers: list[Layer]) -> list[str]:
    """Each curve: where it begins and ends, and how low and how high it gets between."""
    said, known = [], set()
    for layer in layers:
        drawn = layer.mark in ("line", "trail") or (layer.mark == "point" and layer.field("color") == "series")
        measured = layer.measures("x", frame) and layer.measures("y", frame) and "fill" not in layer.encoding
        if layer.seen and drawn and measured and layer.field("y") not in known:
            known.add(layer.field("y"))
            said += _each_curve(frame, layer)
    return said


def _each_curve(frame: Columns, layer: Layer) -> list[str]:
    by, names = _groups(frame, layer)
    codes, groups = pd.factorize(frame[by]) if by else (None, [""])
    along, heights = (frame[layer.field(channel)].to_numpy(float) for channel in ("x", "y"))
    if not layer.logarithmic("y"):
        heights = heights * (abs(heights) >= DUST)
    parts = []
    for code, group in enumerate(groups):
        own = slice(None) if codes is None else codes == code
        name = f"{names(group)} ({_('dashed')})" if layer.dashed else names(group)
        parts += _course(name.strip(), layer.title("x"), along[own].tolist(), heights[own].tolist())
    title = layer.title("y")
    if len(along) > len(groups) and layer.title("x"):
        low, high = numbers.plain(float(along.min())), numbers.plain(float(along.max()))
        words = _("{y} over {x} from {low} to {high}")
        title = words.format(y=title or _("value"), x=layer.title("x"), low=low, high=high)
    return [_listed(title, parts)] if parts else []


def _groups(frame: Columns, layer: Layer) -> tuple[str, Callable[[object], str]]:
    """By which column the table falls into curves, and how a value of it is called; codes have no name."""
    for channel in ("color", "detail"):
        field = layer.field(channel)
        if field in frame:
            return field, _called if field == "series" else lambda code: ""
        for step in layer.transform:  # ["tanh", "ReLU"][datum.function]: names in the chart, numbers in the table
            found = re.fullmatch(r"(\[.*\])\[datum\.(\w+)\]", str(step.get("calculate", "")))
            if found and step.get("as") == field and found[2] in frame:
                return found[2], json.loads(found[1]).__getitem__
    return "", lambda code: ""


def _called(series: object) -> str:
    return "" if re.fullmatch(r"\d+·\d+", str(series)) else str(series)  # a place of theme.by_series, not a name


def _course(name: str, x_title: str, along: list[float], heights: list[float]) -> list[str]:
    known = [(x, y) for x, y in zip(along, heights, strict=True) if math.isfinite(y)]
    if not known:
        return []
    values = [y for _x, y in known]
    first, last, low, high = (numbers.plain(y) for y in (values[0], values[-1], min(values), max(values)))
    if len(known) == 1:
        words = _("{name} {value} at {x} {at}")
        return [words.format(name=name, value=first, x=x_title, at=numbers.plain(known[0][0])).strip()]
    if low == high:
        return [_("{name} stays at {value}").format(name=name, value=low).strip()]
    words = [_("{name} from {first} to {last}").format(name=name, first=first, last=last).strip()]
    words += [_("lowest {low}").format(low=low)] * (low not in (first, last))
    words += [_("highest {high}").format(high=high)] * (high not in (first, last))
    return [", ".join(words)]


def _amounts(frame: Columns, layers: list[Layer]) -> list[str]:
    """A number for each name on an axis, such as bars."""
    for layer in layers:
        for channel, other in (("x", "y"), ("y", "x")):
            label = layer.field(other)
            named = layer.encoding.get(other, {}).get("type") in ("nominal", "ordinal") and label in frame
            if layer.mark in ("bar", "point") and named and layer.measures(channel, frame):
                more = next((field for field in map(layer.field, ("color", "fill")) if field in frame), "")
                also = more if more not in ("role", "") else label
                rows = zip(frame[label], frame[also], frame[layer.field(channel)], strict=True)
                parts = [f"{' '.join(dict.fromkeys((str(a), str(b))))} {_number(c)}" for a, b, c in rows]
                return [_listed(layer.title(channel), parts)]
    return []


def _quantity(frame: Columns, layers: list[Layer]) -> list[str]:
    """How low and how high a coloured quantity is; few cells are told one by one."""
    for layer in layers:
        if layer.measures("color", frame) and layer.field("x") in frame and layer.mark != "area":
            if "detail" in frame and _length(frame) <= MOST:
                return _rows(frame, layers)
            values = frame[layer.field("color")]
            low, high = (numbers.plain(float(x)) for x in (values.min(), values.max()))
            words = _("{name}: colours from {low} to {high}.")
            return [words.format(name=layer.title("color") or _("value"), low=low, high=high)]
    return []


def _rows(frame: Columns, layers: list[Layer]) -> list[str]:
    """What the pointer is told of each thing, or what stands beside it; what is said of many, with how many."""
    often = Counter(row for row in _told(frame, layers) if row)
    return [_listed("", [row if n == 1 else f"{row} ({n}×)" for row, n in often.items()])] if often else []


def _told(frame: Columns, layers: list[Layer]) -> list[str]:
    """The words of each row."""
    fields = dict.fromkeys(layer.field("text") for layer in layers if layer.mark == "text")
    fields = [field for field in fields if field in frame]
    if "detail" not in frame and not fields:
        return [""] * _length(frame)
    details = frame["detail"] if "detail" in frame else [""] * _length(frame)
    written = [frame[field] for field in fields]
    return [_row(detail, row) for detail, *row in zip(details, *written, strict=True)]


def _row(detail: object, row: list) -> str:
    if isinstance(detail, str) and detail.strip():
        return detail
    return " ".join(text for text in row if isinstance(text, str) and text)


def _bars(frame: Columns, layers: list[Layer]) -> list[str]:
    """The heights of bars that stand on a line."""
    for layer in layers:
        foot = layer.field("y2")
        stand = foot in frame and frame[foot].nunique() == 1 and layer.field("x2") in frame
        if layer.mark == "rect" and layer.seen and stand and layer.measures("y", frame):
            heights = frame[layer.field("y")].tolist()
            if len(heights) <= MOST:
                return [_listed(layer.title("y"), map(_number, heights))]
            high = max(heights)
            at = _number(frame[layer.field("x")].iloc[heights.index(high)])
            words = _("{n} bars; the highest, {name} {high}, is at {at}.")
            return [words.format(n=len(heights), name=layer.title("y"), high=_number(high), at=at)]
    return []


def _points(frame: Columns, layers: list[Layer]) -> list[str]:
    """Where points are, or how many."""
    for layer in layers:
        measured = layer.measures("x", frame) and layer.measures("y", frame) and layer.title("x")
        if layer.seen and layer.mark in ("point", "circle", "square") and measured:
            if _length(frame) > MOST:
                return [_("{n} points.").format(n=_length(frame))]
            return [_listed("", map(_place, frame[layer.field("x")], frame[layer.field("y")]))]
    return []


def _lines(frame: Columns, layers: list[Layer]) -> list[str]:
    """A few straight lines: what each is, and from where to where."""
    for layer in layers:
        ends = [layer.field(channel) for channel in ("x", "y", "x2", "y2")]
        if layer.mark == "rule" and _length(frame) <= FEW and all(end in frame for end in ends) and layer.title("x"):
            dash = layer.field("strokeDash")
            dashes = frame[dash] if dash in frame else ["dashed" if layer.dashed else "solid"] * _length(frame)
            rows = zip(_told(frame, layers), dashes, *(frame[end] for end in ends), strict=True)
            return [_line(name, dash == "dashed", *places) for name, dash, *places in rows]
    return []


def _line(name: str, dashed: bool, x: object, y: object, x2: object, y2: object) -> str:
    words = _("A dashed line from {start} to {end}.") if dashed else _("A line from {start} to {end}.")
    line = words.format(start=_place(x, y), end=_place(x2, y2))
    return f"{name}: {line}" if name else line


def _marks(frame: Columns, layers: list[Layer]) -> list[str]:
    """Lines across the picture: at which numbers of an axis."""
    for layer in layers:
        for channel in ("x", "y"):
            across = layer.mark == "rule" and _length(frame) <= FEW and not layer.field(f"{channel}2")
            if across and layer.measures(channel, frame) and layer.title(channel):
                at = dict.fromkeys(_number(value) for value in frame[layer.field(channel)])
                return [_("Marked: {name} {values}.").format(name=layer.title(channel), values=", ".join(at))]
    return []


# words --------------------------------------------------------------------------------------------------------


def _number(value: object) -> str:
    return numbers.plain(float(value)) if isinstance(value, int | float) else str(value)


def _place(x: object, y: object) -> str:
    return f"({_number(x)}, {_number(y)})"


def _listed(name: str, parts: Iterable[str]) -> str:
    """A name and what belongs to it; of many things the first ones, and how many there are."""
    parts = [re.sub(r"[|\s]+", " ", part).strip() for part in parts]
    shown = "; ".join(parts[: MOST if len(parts) <= MOST else FEW])
    if len(parts) > MOST:
        shown = _("{n} in all, the first ones: {shown}").format(n=len(parts), shown=shown)
    return f"{name}: {shown}." if name else f"{shown}."


def _spelled(text: str) -> str:
    """Numbers as this app writes them: a hyphen is not read as a minus."""
    return re.sub(r"(?<=\de)[-+]0*", lambda sign: "−" * ("-" in sign[0]), re.sub(r"(?<![\w)])-(?=\d)", "−", text))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rsplit(' ', 1)[0]} …"
