"""Every word of the screen stands in both languages, and fits.

What is missing is added by `python tests/text/update_catalog.py`.
"""

import ast
import re
import string
from collections import Counter

import pytest
from streamlit.testing.v1 import AppTest

from engine.errors import MESSAGES, InputError
from pages.shared import text
from pages.shared.lessons import LESSONS, REFERENCES
from pages.shared.terms import TERMS
from tests.text import update_catalog

CODE = update_catalog.messages()
KO = update_catalog.read()
PAIRS = [(message.id, message.string) for message in KO if message.id]

SAME_IN_BOTH = {"$a = \\sigma(z)$"}  # formulas and proper names alone

# A term in a message that is not meant as the term -> a piece of the message.
OTHER_MEANING = {
    "activation": ("output activation of",),  # the function
    "ReLU": ("By convention relu takes",),  # what a learner types
    "sigmoid": ("tanh sigmoid relu",),
    "tangent": ("hyperbolic tangent",),
}
ONE_WORD = {  # what is never said in Korean -> what is said instead
    "훈련": "학습",
    "섹션": "절",
    "단추": "버튼",
    "벌칙": "벌점",
    "워밍업": "웜업",
    "Wilson 구간": "윌슨 구간",
    "하십시오": "하세요",
}
PARTICLES = "은|는|이|가|을|를|과|와|로|으로|이라|라|이고|고"  # their form depends on the word before


def korean(message: str) -> str:
    return text.catalog("ko").gettext(message)


def placeholders(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name is not None}


def formulas(message: str) -> Counter:
    return Counter(re.findall(r"\$[^$]+\$", message))


def prose(message: str) -> str:
    """The message without formulas, code and placeholders."""
    return re.sub(r"\$[^$]+\$|`[^`]+`|\{\w+\}", " ", message)


# the catalog against the code ---------------------------------------------------------------------------------


def test_every_message_of_the_code_is_in_the_catalog():
    assert [message for message in CODE if message not in KO] == []


def test_the_catalog_has_no_message_that_the_code_lacks():
    assert [message for message, _ in PAIRS if message not in CODE] == []
    assert not KO.obsolete


def test_the_error_messages_are_read_whole():
    assert [message for message, _ in update_catalog.error_messages()] == list(MESSAGES.values())


def test_the_catalog_is_what_the_update_writes():
    as_written = update_catalog.written(update_catalog.updated(KO))
    assert update_catalog.KO.read_bytes() == as_written, "run tests/text/update_catalog.py once more"


def test_the_header_names_language_and_charset():
    assert (str(KO.locale), KO.charset, KO.num_plurals) == ("ko", "utf-8", 1)


# each translation ---------------------------------------------------------------------------------------------


def test_nothing_is_empty_or_fuzzy():
    assert [message.id for message in KO if message.id and (not message.string or message.fuzzy)] == []


@pytest.mark.parametrize("read", [placeholders, formulas], ids=["placeholders", "formulas"])
def test_placeholders_and_formulas_are_those_of_the_original(read):
    assert [message for message, translation in PAIRS if read(message) != read(translation)] == []


def test_code_and_markdown_are_those_of_the_original():
    def marks(message: str) -> Counter:
        return Counter(re.findall(r"`[^`]+`|:[a-z]+\[|\*\*", message))

    assert [message for message, translation in PAIRS if marks(message) != marks(translation)] == []


def test_colour_directives_are_balanced():
    for message in (side for pair in PAIRS for side in pair):
        rest = re.sub(r":[a-z]+\[[^\[\]]*\]", "", message)
        assert ":" not in rest or not re.search(r":[a-z]+\[", rest), message
        assert prose(message).count("[") == prose(message).count("]"), message


def test_bold_ends_where_markdown_can_see_it():
    """Markdown does not close bold between a punctuation mark and a letter: **굵게.**다음."""
    ends = {ko: re.findall(r"\*\*.*?(.)\*\*(.?)", ko) for _, ko in PAIRS}  # what stands before and after
    assert [ko for ko, pairs in ends.items() if any(re.fullmatch(r"[^\w\s]\w", "".join(pair)) for pair in pairs)] == []


def test_no_sentence_is_left_in_english():
    same = {message for message, translation in PAIRS if message == translation}
    assert same == SAME_IN_BOTH
    assert [ko for en, ko in PAIRS if en not in same and not re.search("[가-힣]", ko)] == []
    words = re.compile(r"[A-Za-z]{2,}(?:\s+[A-Za-z]{2,}){2,}")  # three words in a row
    assert [ko for _, ko in PAIRS if words.search(prose(ko))] == []


def test_no_particle_depends_on_a_value():
    after_value = re.compile(rf"\}}[`”)]?({PARTICLES})(?![가-힣])")
    assert [ko for _, ko in PAIRS if after_value.search(ko)] == []


def test_korean_has_one_word_for_one_thing():
    assert [(ko, ONE_WORD[word]) for _, ko in PAIRS for word in ONE_WORD if word in ko] == []


def test_korean_asks_and_requests_in_one_tone():
    """Questions end with -까요 (a heading may be a word), requests with -세요."""
    other = re.compile(r"십시오|니까\?|[나가]요\?|[은는]가\?")
    assert [ko for _, ko in PAIRS if other.search(ko)] == []


def test_a_quoted_label_is_quoted_in_its_translation():
    """“Next” in a sentence is the button that says 다음."""
    for message, translation in PAIRS:
        for quoted in re.findall(r"“([^”]+)”", message):
            assert quoted in KO, message
            assert f"“{korean(quoted)}”" in translation, message


# terms --------------------------------------------------------------------------------------------------------


def missing_terms(message: str, translation: str) -> list[str]:
    """English terms of the message whose Korean word the translation lacks; longest terms first."""
    rest, missing = prose(message), []
    for term in sorted(TERMS, key=lambda term: -len(term.english)):
        rest, found = re.subn(rf"\b{re.escape(term.english)}(e?s)?\b", " ", rest, flags=re.IGNORECASE)
        other = any(piece in message for piece in OTHER_MEANING.get(term.english, ()))
        if found and not other and term.korean not in translation:
            missing.append(term.english)
    return missing


def test_terms_are_translated_as_the_term_list_says():
    found = {message: missing_terms(message, translation) for message, translation in PAIRS}
    assert {message: terms for message, terms in found.items() if terms} == {}


def test_every_exception_is_needed():
    for english, pieces in OTHER_MEANING.items():
        term = next(term for term in TERMS if term.english == english)
        for piece in pieces:
            assert [ko for en, ko in PAIRS if piece in en and term.korean not in ko], piece


def test_the_term_list_is_in_order_and_has_no_term_twice():
    for words in [term.english for term in TERMS], [term.korean for term in TERMS]:
        assert len(set(words)) == len(words)
    assert [term.english for term in TERMS] == sorted((term.english for term in TERMS), key=str.lower)


# the code -----------------------------------------------------------------------------------------------------


def marked(path) -> list[ast.Call]:
    return list(update_catalog.calls(ast.parse(path.read_text("utf-8"))))


def at_import(node: ast.AST):
    """The nodes that run when a module is imported: all but the bodies of functions."""
    yield node
    later = ()
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        later = node.body
    elif isinstance(node, ast.Lambda):
        later = (node.body,)
    for child in ast.iter_child_nodes(node):
        if child not in later:
            yield from at_import(child)


@pytest.mark.parametrize(
    "path", update_catalog.sources(), ids=lambda path: path.relative_to(update_catalog.ROOT).as_posix()
)
def test_messages_are_literals(path):
    """`N_` marks a literal. `_` translates one, or what was marked elsewhere: a name, an attribute, an entry; never
    a text that is put together, which no catalog could hold."""
    for call in marked(path):
        kinds = ast.Constant if call.func.id == "N_" else ast.Constant | ast.Name | ast.Attribute | ast.Subscript
        assert len(call.args) == 1, ast.unparse(call)
        assert not call.keywords, ast.unparse(call)
        if path != update_catalog.ROOT / "pages/shared/text.py":
            assert isinstance(call.args[0], kinds), f"line {call.lineno}: {ast.unparse(call)}"


@pytest.mark.parametrize(
    "path",
    [path for path in update_catalog.sources() if path.parent.name != "pages" and path.name != "app.py"],
    ids=lambda path: path.relative_to(update_catalog.ROOT).as_posix(),
)
def test_nothing_is_translated_while_a_module_is_imported(path):
    """No session, no language. Scripts of pages run in one; all other modules mark with `N_`."""
    for node in at_import(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id != "_", f"line {node.lineno}: {ast.unparse(node)}"


# on screen ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", text.LANGUAGES)
@pytest.mark.parametrize("code", MESSAGES)
def test_every_error_becomes_a_sentence(code, language):
    error = InputError(code, argument="ARGUMENT", value="VALUE", allowed="ALLOWED", position=4)
    template = text.catalog(language).gettext(MESSAGES[code])
    sentence = error.sentence(template)
    facts = {"argument": "ARGUMENT", "value": "VALUE", "allowed": "ALLOWED", "position": "5"}
    assert [name for name in placeholders(MESSAGES[code]) if facts[name] not in sentence] == []
    assert not re.search(r"[{}]", sentence)
    assert bool(re.search("[가-힣]", sentence)) == (language == "ko")


SCREENS = [(page, "") for page in ("home", *(one.slug for one in REFERENCES))] + [
    (lesson.slug, section.code) for lesson in LESSONS for section in lesson.sections
]


@pytest.mark.parametrize(("page", "section"), SCREENS)
def test_all_that_a_screen_translates_is_in_the_catalog(page, section, monkeypatch):
    """The other half of `_(name)`: what the name holds was marked."""
    asked = set()

    class Recorder:
        def gettext(self, message: str) -> str:
            asked.add(message)
            return message

    monkeypatch.setattr(text, "catalog", lambda code: Recorder())
    app = AppTest.from_file(str(update_catalog.ROOT / "app.py"), default_timeout=30)
    app.query_params["lang"] = "ko"
    app.run()
    if page != "home":
        app.query_params[f"{page}_section"] = section
        app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    assert len(asked) > 10
    assert sorted(message for message in asked if message not in KO) == []
