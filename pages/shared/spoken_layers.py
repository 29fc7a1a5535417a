"""What a compiled chart is made of, for `spoken`: its marks, each with the table and the fields that it draws."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

Columns = Mapping[str, pd.Series]  # of a table: taken out of it once, for pandas is slow to hand out one after another


@dataclass(frozen=True)
class Layer:
    """One mark of the chart; `dashed` and `seen`: how it is drawn."""

    mark: str
    seen: bool
    dashed: bool
    encoding: Mapping[str, dict]
    transform: list[dict]

    def field(self, channel: str) -> str:
        return self.encoding.get(channel, {}).get("field", "")

    def title(self, channel: str) -> str:
        own = self.encoding.get(channel, {})
        title = own.get("title") or (own.get("legend") or {}).get("title")
        return title.strip() if isinstance(title, str) else ""

    def logarithmic(self, channel: str) -> bool:
        return (self.encoding.get(channel, {}).get("scale") or {}).get("type") == "log"

    def measures(self, channel: str, frame: Columns) -> bool:
        """Whether the channel shows numbers of the table."""
        return self.encoding.get(channel, {}).get("type") == "quantitative" and self.field(channel) in frame


def layers_of(spec: Mapping, name: str = "", around: Mapping = {}) -> Iterator[tuple[str, Layer]]:
    """Every mark with the name of its table and with the encoding of the layers around it."""
    name = (spec.get("data") or {}).get("name", name)
    around = {**around, **spec.get("encoding", {})}
    if "mark" in spec:
        mark = spec["mark"] if isinstance(spec["mark"], dict) else {"type": spec["mark"]}
        channels = {channel: own for channel, own in around.items() if isinstance(own, dict)}
        seen, dashed = mark.get("opacity") != 0, "strokeDash" in mark
        yield name, Layer(mark["type"], seen, dashed, channels, spec.get("transform", []))
    for group in ("layer", "hconcat", "vconcat", "concat"):
        for part in spec.get(group, ()):
            yield from layers_of(part, name, around)
