"""Whether a clause is told whole: every sentence, in every language, and each case for a word of its condition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from mingcha.model.clause import Clause


def wording_problems(clause: Clause) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every sentence is there, and each case speaks of a word of the condition, in all languages of the same ones."""
    words = frozenset(_words(msgspec.to_builtins((clause.breached_when, clause.follows))))
    first = next((wording.cases for wording in clause.wording.values()), ())
    for language, wording in clause.wording.items():
        texts = {field: getattr(wording, field) for field in wording.__struct_fields__ if field != "cases"}
        texts |= {
            f"{case.by[0]}.{r}": getattr(case, r) for case in wording.cases for r in ("regulator", "operator", "public")
        }
        for field, text in texts.items():
            if not text.strip():
                yield ("wording", language, field), "is empty"
        for word in sorted({word for case in wording.cases for word in case.by} - words):
            yield ("wording", language, "cases"), f"{word!r} is no word of the condition"
        if [case.by for case in wording.cases] != [case.by for case in first]:
            yield ("wording", language, "cases"), "are not those of the other language"


def _words(value: Any) -> Iterator[str]:
    """All words in a condition, its fields included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (word for item in value.items() for part in item for word in _words(part))
    elif isinstance(value, list | tuple):
        yield from (word for item in value for word in _words(item))
