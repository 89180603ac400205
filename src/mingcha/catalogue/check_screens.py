"""The linter's rules for the words on screens: the same lists in every language, none that says yes and no at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mingcha.catalogue.check_android import Problem
from mingcha.catalogue.load import Catalogue
from mingcha.model.terms import Terms

_SHARED = ("ui_packages_", "ui_traditional", "ui_variants", "ui_close_names")
"""Lists that hold for every language and stand in one of them."""
_HALF = re.compile("[\u2e80-\u9fff][,;:]|[,;:][\u2e80-\u9fff]")
_OPPOSED = (
    ("ui_agree", "ui_agree_not"), ("ui_agree", "ui_refuse"), ("ui_agree", "ui_skip"), ("ui_go", "ui_cancel"), ("ui_go", "ui_refuse"),
    ("ui_go", "ui_skip"), ("ui_refuse", "ui_skip"), ("ui_leave", "ui_leave_not"), ("ui_passive", "ui_passive_not"),
    ("ui_shut_out", "ui_not_shut_out"), ("ui_purpose", "ui_purpose_vague"), ("ui_box_remember", "ui_box_agree"),
    ("ui_personalised_switch", "ui_personalised_not"), ("ui_negative", "ui_negative_not"), ("ui_aside", "ui_skip"),
    ("ui_aside", "ui_refuse"),
)  # fmt: skip


def screens(catalogue: Catalogue) -> Iterator[Problem]:
    """Every list stands in every language, opposed lists share no word, and words are written as texts are compared."""
    every = {name for terms in catalogue.terms.values() for name in _lists(terms)}
    for language, terms in catalogue.terms.items():
        file = f"terms/{language}/screens.yaml"
        for name in sorted(every - _lists(terms)):
            if not name.startswith(_SHARED):
                yield file, ("words",), f"has no list {name}, which another language has"
        for one, other in _OPPOSED:
            for word in sorted({*terms.words.get(one, ())} & {*terms.words.get(other, ())}):
                yield file, ("words", one), f"{word!r} stands in {other} too"
        for name in sorted(_lists(terms)):
            yield from _written(file, name, terms.words[name])


def _lists(terms: Terms) -> set[str]:
    return {name for name in terms.words if name.startswith("ui_")}


def _written(file: str, name: str, words: tuple[str, ...]) -> Iterator[Problem]:
    pairs = name in ("ui_traditional", "ui_variants")
    for word in words:
        if words.count(word) > 1:
            yield file, ("words", name), f"{word!r} stands twice"
        elif pairs and (len(word) != 2 or word[0] == word[1]):
            yield file, ("words", name), f"{word!r} is no pair of two different characters"
        elif not word.strip() or (word != word.lower() and not name.startswith("ui_packages_")) or _HALF.search(word):
            yield (
                file,
                ("words", name),
                f"{word!r} is never met: texts are compared in lower case, with full width stops between Chinese",
            )
