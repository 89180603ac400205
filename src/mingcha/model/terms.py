"""How policies of one language name things: words for information, and the word lists that rules are built from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from msgspec import Struct

from mingcha.model.words import Provision

GAP = {"zh": 12, "en": 40}
"""Characters of the same clause that "…" inside a term stands for, at most, by language."""

_LATIN = re.compile("[a-z0-9]")
_BEFORE_NAME = re.compile(r"[由是指与者给]|(?<!华)为|的(?=.{6})")
_LIST = re.compile("@([a-z_]+)@")
_RELATIONS = "relations"


class Rule(Struct, frozen=True, kw_only=True):
    """A provision stated by a sentence that has a word of each list in ``needs`` and none of those in ``unless``.

    With ``within`` the words stand in the order of ``needs``, at most so many characters apart.
    """

    provision: Provision
    needs: tuple[str, ...]
    unless: tuple[str, ...] = ()
    within: int = 0
    form: str | None = None


class Terms(Struct, frozen=True, kw_only=True, dict=True):
    """Word lists of one language; patterns are compiled on first use and kept.

    ``information`` maps types of information to their words, ``nothing`` lists longer words that mean none of them,
    ``words`` names the lists rules speak of, ``units`` and
    ``relations`` map a value of a fact to its words, ``near`` names for a provision the lists of which a sentence has a
    word each that may state it. Texts are matched in the lower case, half width form that the
    policy reader makes.
    """

    language: str
    information: dict[str, tuple[str, ...]] = {}
    nothing: tuple[str, ...] = ()
    words: dict[str, tuple[str, ...]] = {}
    units: dict[str, tuple[str, ...]] = {}
    relations: dict[str, tuple[str, ...]] = {}
    numbers: dict[str, int] = {}
    provisions: tuple[Rule, ...] = ()
    near: dict[Provision, tuple[str, ...]] = {}

    def pattern(self, name: str) -> re.Pattern[str]:
        """The list of this name as one pattern, longest word first; a list that is missing matches nothing."""
        found = self._patterns.get(name)
        if found is None:
            words = self.words.get(name, ())
            found = self._patterns[name] = re.compile(self._any(words))
        return found

    def has(self, name: str, text: str) -> bool:
        """Whether the text has a word of the list."""
        return self.pattern(name).search(text) is not None

    def compiled(self, template: str) -> re.Pattern[str]:
        """A pattern in which ``@name@`` stands for any word of that list."""
        found = self._patterns.get(template)
        if found is None:
            filled = _LIST.sub(lambda name: self._any(self.words.get(name[1], ())), template)
            found = self._patterns[template] = re.compile(filled)
        return found

    def named(self, text: str) -> Iterator[tuple[str, int, int]]:
        """Types of information the text names, each with the place of its word; words never overlap."""
        types, pattern = self._information
        for found in pattern.finditer(text):
            kind = types[_key(found[0])]
            if kind:
                yield kind, found.start(), found.end()

    def related(self, text: str) -> list[tuple[str, str]]:
        """Words for recipients in the text, each with the relation it means; the longest word wins."""
        kinds = {word: relation for relation, words in self.relations.items() for word in words}
        found = self._patterns.get(_RELATIONS)
        if found is None:
            found = self._patterns[_RELATIONS] = re.compile(self._any(kinds))
        return [(word, kinds.get(word) or kinds[word.removesuffix("s")]) for word in found.findall(text)]

    def companies(self, text: str) -> list[str]:
        """Names of companies in the text: from a place name on, or else from the mark or word before them."""
        placed, other = self._companies
        return [_BEFORE_NAME.split(name)[-1] for name in placed.findall(text) or other.findall(text)]

    @cached_property
    def _companies(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        places, kinds = (self._any(self.words.get(name, ())) for name in ("place", "company"))
        name = "[\u4e00-\u9fffa-z0-9（）·&. -]"
        return (
            re.compile(rf"(?<![（a-z])(?:{places}){name}{{2,26}}?(?:{kinds})"),
            re.compile(
                rf"(?:^|(?<=[，、。：；“”《》由是为指与向和及即至给者]))[\u4e00-\u9fffa-z]{name}{{1,26}}?(?:{kinds})"
            ),
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
        rows = {**self.information, "": self.nothing}
        types = {_key(word): kind for kind, words in rows.items() for word in words}
        types |= {word + "s": kind for word, kind in types.items() if self.language == "en"}
        words = {word for row in rows.values() for word in row}
        first = re.escape("".join(sorted({word[0] for word in words})))
        return types, re.compile(f"(?=[{first}])(?:{self._any(words)})" if words else "(?!)")

    def _any(self, words: Iterable[str]) -> str:
        return alternation(words, gap=GAP.get(self.language, 0), plural=self.language == "en") or "(?!)"


def _key(word: str) -> str:
    return word.replace(" ", "").replace("-", "")


def alternation(words: Iterable[str], *, gap: int = GAP["zh"], plural: bool = False) -> str:
    """A pattern for any of these words; Latin words are bounded, and blanks and hyphens in them may be left out."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return "|".join(_piece(word, gap, plural) for word in ordered)


def _piece(word: str, gap: int, plural: bool) -> str:
    escaped = re.escape(word).replace("…", f"[^，。；：]{{0,{gap}}}?")
    escaped = re.sub(r"\\[ -]", "[ -]?", escaped)
    before = "(?<![a-z0-9])" if _LATIN.match(word[0]) else ""
    after = "(?![a-z0-9])" if _LATIN.match(word[-1]) else ""
    return before + escaped + ("s?" if plural and after and not word.endswith("s") else "") + after
