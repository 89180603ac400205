"""The linter tells what is wrong with the words on screens."""

from __future__ import annotations

import msgspec

from mingcha.catalogue.check_screens import screens
from mingcha.catalogue.load import Catalogue, load


def _with(language: str, **lists: tuple[str, ...]) -> Catalogue:
    """The shipped catalogue with some lists of one language replaced."""
    tables = load()
    terms = tables.terms[language]
    changed = msgspec.structs.replace(terms, words={**terms.words, **lists})
    return msgspec.structs.replace(tables, terms={**tables.terms, language: changed})


def test_the_shipped_words_are_sound() -> None:
    """Nothing is wrong with what is shipped."""
    assert list(screens(load())) == []


def test_opposed_words() -> None:
    """A word that says yes and no at once is told, with file and list."""
    found = list(screens(_with("zh", ui_agree=("同意", "取消"), ui_agree_not=("同意",), ui_cancel=("算了",))))
    assert ("terms/zh/screens.yaml", ("words", "ui_agree"), "'同意' stands in ui_agree_not too") in found


def test_a_list_of_one_language() -> None:
    """A list that another language has is missed, but for those that hold everywhere."""
    found = [message for _, _, message in screens(_with("zh", ui_new=("新",), ui_packages_new=("a.b",)))]
    assert found == ["has no list ui_new, which another language has"]


def test_words_that_are_never_met() -> None:
    """Capitals, half width stops between Chinese, the same word twice and pairs that are none are told."""
    found = [
        m for _, _, m in screens(_with("zh", ui_go=("OK", "好,的", "好", "好"), ui_traditional=("說说", "说说", "说")))
    ]
    assert [message.split(" ")[0] for message in found] == ["'OK'", "'好,的'", "'好'", "'好'", "'说说'", "'说'"]
