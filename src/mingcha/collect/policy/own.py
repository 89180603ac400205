"""What a policy calls its own app and operator: "Foo Ltd (hereinafter Foo)", "welcome to Foo"; it is read as "we"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from mingcha.collect.policy.reading import Reading
from mingcha.model.terms import Terms

_FIRST = 40
"""Sentences at the beginning in which a policy says what it calls itself."""
_NAME = {"zh": "[\u4e00-\u9fffa-z0-9·]{2,14}?", "en": "[a-z0-9][a-z0-9 .-]{2,30}?"}
_LEAST_USES = 2
"""A name counts if so many sentences say what it does."""


class OwnNames(NamedTuple):
    """The names as one pattern, and what stands for them."""

    pattern: re.Pattern[str] | None
    we: str

    def masked(self, text: str) -> str:
        """The text with "we" for each name, all else in its place."""
        return self.pattern.sub(self._we, text) if self.pattern else text

    def _we(self, found: re.Match[str]) -> str:
        room = " " if self.we.isascii() else "·"
        before = found.string[max(0, found.start() - 1) : found.start()]
        size = len(found[0])
        return self.we.ljust(size, room) if before in _BEFORE else self.we.rjust(size, room)


_BEFORE = frozenset("向与给和为由从对将")


def own_names(reading: Reading) -> OwnNames:
    """The names that the first sentences give and that others say do something."""
    terms = reading.terms
    we = next(iter(terms.words.get("own_we", ())), "")
    given = {name for name in _given(reading) if len(name) >= len(we) and _may_be(terms, name)} if we else set()
    if not given:
        return OwnNames(None, we)
    names = "|".join(map(re.escape, sorted(given, key=lambda name: (-len(name), name))))
    does = re.compile(rf"({names})[^，。；a-z]{{0,2}}(?:{terms.pattern('own_does').pattern})")
    uses = Counter(found[1] for sentence in reading.sentences for found in does.finditer(sentence.plain))
    kept = [name for name in sorted(given, key=lambda name: (-len(name), name)) if uses[name] >= _LEAST_USES]
    edge = "(?<![a-z0-9])the (?:{})(?![a-z0-9])" if terms.language == "en" else "(?:{})"
    return OwnNames(re.compile(edge.format("|".join(map(re.escape, kept)))) if kept else None, we)


def called(reading: Reading) -> frozenset[str]:
    """The names that the first sentences give the app or its operator, whether or not others use them."""
    return frozenset(name for name in _given(reading) if _may_be(reading.terms, name))


def _given(reading: Reading) -> Iterator[str]:
    name = _NAME.get(reading.terms.language, _NAME["zh"])
    forms = [reading.terms.compiled(form.replace("NAME", name)) for form in _FORMS]
    for sentence in reading.sentences[:_FIRST]:
        for form in forms:
            yield from (found["name"].strip() for found in form.finditer(sentence.plain))


_FORMS = (
    r"(?:@own_called@) ?[：“”\"'「]{0,2}(?:the )?(?P<name>NAME)(?=[”\"'」）]|或)",
    r"(?:@own_welcome@)[“\"「《]?(?P<name>NAME)(?=[”\"」》，。！!（ ]|产品|服务|app|应用|软件|客户端|$)",
    r"^《?(?P<name>NAME)(?:@policy@)》?$",
)


def _may_be(terms: Terms, name: str) -> bool:
    if terms.pattern("own_begin").match(name):
        return False
    return not any(terms.has(words, name) for words in ("own_not", "state_we", "state_you")) and (
        terms.language == "en" or not terms.has("state_others", name)
    )
