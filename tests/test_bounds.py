"""The server's memory is bounded: whatever learners choose, no cache grows beyond its largest number of entries."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = [path for folder in ("engine", "pages") for path in (ROOT / folder).rglob("*.py")]
BOUNDS = {
    "lru_cache": "maxsize",
    "cache_data": "max_entries",
    "cache_resource": "max_entries",
    "Shelf": "most",
    "shelved": "most",
}


def name(node: ast.expr) -> str:
    """The last word of what is called: lru_cache of functools.lru_cache(maxsize=8)."""
    return ast.unparse(node.func if isinstance(node, ast.Call) else node).rpartition(".")[2]


def unbounded(source: str) -> list[str]:
    """What is kept by its arguments without a largest number of entries; without arguments there is one entry."""
    tree, found, once = ast.parse(source), [], set()
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        if function.args.args or function.args.kwonlyargs:
            bare = {name(one) for one in function.decorator_list if not isinstance(one, ast.Call)}
            found += [function.name] if bare & {"cache", *BOUNDS} else []
        else:
            once |= set(function.decorator_list)
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call) and node not in once):
        if name(call) in BOUNDS:
            given = {keyword.arg: keyword.value for keyword in call.keywords}
            limit = given.get(BOUNDS[name(call)], call.args[1] if len(call.args) > 1 else None)
            found += [ast.unparse(call)] if limit is None or ast.unparse(limit) == "None" else []
    return found


def test_every_cache_has_a_bound():
    found = {path.name: names for path in SOURCES if (names := unbounded(path.read_text(encoding="utf-8")))}
    assert found == {}


@pytest.mark.parametrize(
    "source",
    [
        "@cache\ndef f(x): pass",
        "@functools.lru_cache\ndef f(*, x): pass",
        "@lru_cache(maxsize=None)\ndef f(x): pass",
        "@st.cache_data(ttl=9)\ndef f(x): pass",
        "kept = Shelf(f)",
        "kept = lru_cache()(f)",
    ],
)
def test_the_tester_sees_one_without(source):
    assert len(unbounded(source)) == 1


@pytest.mark.parametrize("source", ["@cache\ndef f(): 1", "Shelf(f, 4)", "@st.cache_data(max_entries=4)\ndef f(x): 1"])
def test_the_tester_sees_a_bound(source):
    assert unbounded(source) == []
