"""How policies of one language name things: words for information, and the word lists that rules are built from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from msgspec import Struct

GAP = 12
"""Characters of the same clause that "…" inside a term stands for, at most."""

_LATIN = re.compile("[a-z0-9]")
_BEFORE_NAME = re.compile(r"[由是指与者给]|(?<!华)为|的(?=.{6})")
_NEVER = re.compile(r"(?!)")


class Rule(Struct, frozen=True, kw_only=True):
    """A provision stated by a sentence that has a word of each list in ``needs`` and none of those in ``unless``.

    With ``within`` the words stand in the order of ``needs``, at most so many characters apart.
    """

    provision: str
    needs: tuple[str, ...]
    unless: tuple[str, ...] = ()
    within: int = 0
    form: str | None = None


class Terms(Struct, frozen=True, kw_only=True, dict=True):
    """Word lists of one language; patterns are compiled on first use and kept.

    ``information`` maps types of information to their words, ``words`` names the lists rules speak of, ``units`` and
    ``relations`` map a value of a fact to its words. Texts are matched in the lower case, half width form that the
    policy reader makes.
    """

    language: str
    information: dict[str, tuple[str, ...]] = {}
    words: dict[str, tuple[str, ...]] = {}
    units: dict[str, tuple[str, ...]] = {}
    relations: dict[str, tuple[str, ...]] = {}
    numbers: dict[str, int] = {}
    provisions: tuple[Rule, ...] = ()

    def pattern(self, name: str) -> re.Pattern[str]:
        """The list of this name as one pattern, longest word first; a list that is missing matches nothing."""
        found = self._patterns.get(name)
        if found is None:
            words = self.words.get(name, ())
            found = self._patterns[name] = re.compile(alternation(words)) if words else _NEVER
        return found

    def has(self, name: str, text: str) -> bool:
        """Whether the text has a word of the list."""
        return self.pattern(name).search(text) is not None

    def named(self, text: str) -> Iterator[tuple[str, int, int]]:
        """Types of information the text names, each with the place of its word; words never overlap."""
        types, pattern = self._information
        for found in pattern.finditer(text):
            yield types[_key(found[0])], found.start(), found.end()

    def companies(self, text: str) -> list[str]:
        """Names of companies in the text: from a place name on, or else from the mark or word before them."""
        placed, other = self._companies
        return [_BEFORE_NAME.split(name)[-1] for name in placed.findall(text) or other.findall(text)]

    @cached_property
    def _companies(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        places, kinds = (alternation(self.words.get(name, ("\0",))) for name in ("place", "company"))
        name = "[\u4e00-\u9fffa-z0-9（）·&. -]"
        return (
            re.compile(rf"(?<![（a-z])(?:{places}){name}{{2,26}}?(?:{kinds})"),
            re.compile(rf"(?:^|(?<=[，、。：；“”《》由是为指与向和及即至给者]))[\u4e00-\u9fffa-z]{name}{{1,26}}?(?:{kinds})"),
        )

    @cached_property
    def time(self) -> re.Pattern[str]:
        """A number with a unit of time: groups ``number`` and ``unit``."""
        words = "|".join(sorted(map(re.escape, self.numbers), key=len, reverse=True)) or "(?!)"
        units = alternation(word for unit in self.units.values() for word in unit)
        return re.compile(
            rf"(?<![\d.第*x×/\-])[【\[]?(?P<number>\d{{1,4}}|[一二两三四五六七八九十百]{{1,5}}|\b(?:{words})\b)[】\]]?"
            rf"(?:（[^）]{{1,12}}）)?[ -]?(?P<unit>{units})"
        )

    @cached_property
    def unit_of(self) -> dict[str, str]:
        """The unit each word means."""
        return {word: unit for unit, words in self.units.items() for word in words}

    @cached_property
    def _patterns(self) -> dict[str, re.Pattern[str]]:
        return {}

    @cached_property
    def _information(self) -> tuple[dict[str, str], re.Pattern[str]]:
        types = {_key(word): kind for kind, words in self.information.items() for word in words}
        if self.language == "en":
            types |= {word + "s": kind for word, kind in types.items() if not word.endswith("s")}
        words = [word for words in self.information.values() for word in words]
        return types, re.compile(alternation(words, plural=self.language == "en"))


def _key(word: str) -> str:
    return word.replace(" ", "").replace("-", "")


def alternation(words: Iterable[str], *, plural: bool = False) -> str:
    """A pattern for any of these words; Latin words are bounded, and blanks and hyphens in them may be left out."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return "|".join(_piece(word, plural) for word in ordered)


def _piece(word: str, plural: bool) -> str:
    escaped = re.escape(word).replace("…", f"[^，。；：]{{0,{GAP}}}?")
    escaped = re.sub(r"\\[ -]", "[ -]?", escaped)
    before = "(?<![a-z0-9])" if _LATIN.match(word[0]) else ""
    after = "(?![a-z0-9])" if _LATIN.match(word[-1]) else ""
    return before + escaped + ("s?" if plural and after and not word.endswith("s") else "") + after
