"""The glossary: the terms in the order of the reader's language, a search, and the section that explains each."""

import re
from itertools import groupby

import streamlit as st

from pages.shared import controls
from pages.shared.other_names import OTHER_NAMES
from pages.shared.place import place
from pages.shared.terms import TERMS, Term
from pages.shared.text import _, language

LONGEST = 60  # characters that can be searched for
SYLLABLES, PER_INITIAL = ord("가"), 588  # Unicode has Korean syllables in order, so many for each first consonant
INITIALS = "ㄱㄱㄴㄷㄷㄹㅁㅂㅂㅅㅅㅇㅈㅈㅊㅋㅌㅍㅎ"  # a doubled consonant stands under the single one


@controls.section
def entries() -> None:
    """The search field and what it finds."""
    wanted = controls.text_line(
        _("Search, in English or Korean"),
        key="glossary_find",
        default="",
        max_chars=LONGEST,
        icon=":material/search:",
        placeholder=_("a part of a term"),
    )
    shown = found(wanted, language())
    if not shown:
        st.info(_("No term contains this. Try a shorter piece of the word, or the other language."))
        return
    st.markdown(
        _("Terms: {n} of {all}. The link under a term opens the section that explains it.").format(
            n=len(shown), all=len(TERMS)
        )
    )
    for letter, terms in groupby(shown, lambda term: initial(written(term, language()))):
        st.header(letter, anchor=False, divider="gray")
        for term in terms:
            _entry(term)


def found(wanted: str, code: str) -> list[Term]:
    """The terms with this piece in their English, their Korean or another name, in the order of the language."""
    piece = _joined(wanted)
    terms = [term for term in TERMS if any(piece in _joined(name) for name in _names(term))]
    return sorted(terms, key=lambda term: written(term, code).casefold())


def _names(term: Term) -> tuple[str, ...]:
    return term.english, term.korean, *OTHER_NAMES.get(term.english, ())


def _joined(name: str) -> str:
    """Without spaces and hyphens, which Korean books and hurried readers put as they like: 경사하강법, minibatch."""
    return re.sub(r"[\s-]", "", name).casefold()


def written(term: Term, code: str) -> str:
    """The term in a language."""
    return term.korean if code == "ko" else term.english


def initial(word: str) -> str:
    """The letter that a word stands under: its first, or the first consonant of its first Korean syllable."""
    place_of = (ord(word[0]) - SYLLABLES) // PER_INITIAL
    return INITIALS[place_of] if 0 <= place_of < len(INITIALS) else word[0].upper()


def _entry(term: Term) -> None:
    """Both wordings, the reader's own first; the meaning; the way to the section."""
    wordings = (term.korean, term.english) if language() == "ko" else (term.english, term.korean)
    others = OTHER_NAMES.get(term.english, ())
    also = f" :gray[({', '.join(others)})]" if others else ""
    there = place(term.where)
    with st.container(gap=None):
        other = f" · {wordings[1]}" if len(set(wordings)) > 1 else ""  # a name such as ReLU is the same in both
        st.markdown(f"**{wordings[0]}**{other}{also}  \n{_(term.meaning)}")
        there.link(there.title)
