"""Bring pages/shared/locale/ko.po up to date with the messages in the code.

    python tests/text/update_catalog.py

Translations are kept, new messages come in empty, messages that are gone leave. Then fill in what is empty (the
script names it); tests/text/test_catalog.py says what is still missing or does not fit.

The messages are read with Python's own parser: before Python 3.12, Babel's extractor does not look inside f-strings.
"""

import ast
import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages import pofile
from babel.messages.catalog import Catalog

ROOT = Path(__file__).parents[2]
KO = ROOT / "pages/shared/locale/ko.po"
KEYWORDS = "_", "N_"
WIDTH = 110  # characters a line in the .po file
HEADER = r"""# Korean words of the Neural Network Lab. The wording of the terms is that of pages/shared/terms.py.
#
# After a change of messages in the code:  python tests/text/update_catalog.py
# Then fill in what is empty and check it:  python -m pytest tests/text
msgid ""
msgstr ""
"Project-Id-Version: Neural Network Lab\n"
"Language: ko\n"
"Plural-Forms: nplurals=1; plural=0;\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"

"""


def sources() -> list[Path]:
    """The files with messages of the screen."""
    return [ROOT / "app.py", *sorted((ROOT / "pages").rglob("*.py"))]


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """The calls of `_` and `N_`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
            yield node


def error_messages() -> Iterator[tuple[str, int]]:
    """The values of MESSAGES in engine/errors.py, with their lines."""
    for node in ast.parse((ROOT / "engine/errors.py").read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "MESSAGES":
            yield from ((text.value, text.lineno) for text in node.value.values)


def messages() -> dict[str, list[tuple[str, int]]]:
    """Every message of the code -> the files and lines where it stands."""
    found = [(text, "engine/errors.py", line) for text, line in error_messages()]
    for path in sources():
        name = path.relative_to(ROOT).as_posix()
        for call in calls(ast.parse(path.read_text("utf-8"))):
            if call.args and isinstance(call.args[0], ast.Constant):
                found.append((call.args[0].value, name, call.lineno))
    places = {}
    for text, *place in sorted(found, key=lambda entry: entry[1:]):
        places.setdefault(text, []).append(tuple(place))
    return places


def read() -> Catalog:
    """The catalog as it stands."""
    with open(KO, "rb") as file:
        return pofile.read_po(file, locale="ko")


def updated(old: Catalog) -> Catalog:
    """The code's messages with the translations, comments and fuzzy marks of `old`."""
    new = Catalog(locale="ko")
    for text, places in messages().items():
        known = old.get(text)
        message = new.add(text, known.string if known else "", places)
        message.user_comments = known.user_comments if known else []
        message.flags = {"fuzzy"} if known and known.fuzzy else set()  # Babel takes "2% of" for a placeholder
    return new


def written(catalog: Catalog) -> bytes:
    """The .po file, by source file, without line numbers, so that a change in the code stays a small one here."""
    body = io.BytesIO()
    pofile.write_po(body, catalog, width=WIDTH, omit_header=True, sort_by_file=True, include_lineno=False)
    return HEADER.encode() + body.getvalue()


def main() -> None:
    old = read()
    new = updated(old)
    KO.write_bytes(written(new))
    for message in old:
        if message.id and message.id not in new:
            print("gone: ", message.id)
    for message in new:
        if message.id and not message.string:
            print("empty:", message.id)


if __name__ == "__main__":
    main()
