"""Looking into a Vega-Lite spec."""


def walk(part):
    """Every dict inside a spec."""
    if isinstance(part, dict):
        yield part
        for inner in part.values():
            yield from walk(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from walk(inner)
