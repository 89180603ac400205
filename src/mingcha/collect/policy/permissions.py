"""Permissions of Android a policy says the app asks for: by their constants, or by what phones call them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from mingcha.catalogue.load import Catalogue
from mingcha.collect.policy.information import purposes_in
from mingcha.collect.policy.negation import denied
from mingcha.collect.policy.own import called
from mingcha.collect.policy.parties import column
from mingcha.collect.policy.reading import Reading
from mingcha.collect.policy.text import Sentence, clauses_of, plain, without_number
from mingcha.model.artefact import clip
from mingcha.model.fact import PermissionNamedInPolicy
from mingcha.model.terms import Terms, alternation

KEPT = 3
"""Places kept for one permission; the first ones."""
_CONSTANT = re.compile(r"(?<![A-Za-z_.])((?:[a-z]\w*\.)+permission\.)?([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)(?![A-Za-z0-9])")
_PREFIX = "android.permission."
_NEAR = 30
"""Characters between the name of a permission and the word "permission", at most."""


class PermissionNames:
    """All names of permissions in one language, and their constants."""

    def __init__(self, terms: Terms, tables: Catalogue) -> None:
        self._terms = terms
        self._known = tables.permissions
        meant: dict[str, list[str]] = {}
        for permission, words in terms.words.items():
            if ".permission." in permission and permission in tables.permissions:
                for word in words:
                    meant.setdefault(_key(word), []).append(permission)
        self._meant: Mapping[str, list[str]] = meant
        known = {word for key, row in terms.words.items() if ".permission." in key for word in row}
        self._pattern = re.compile(alternation(known, plural=terms.language == "en") or "(?!)")

    def in_words(self, text: str) -> list[tuple[str, int, int]]:
        """The permissions a plain text may name, with places."""
        return [
            (permission, found.start(), found.end())
            for found in self._pattern.finditer(text)
            for permission in self._meant.get(_key(found[0]), self._meant.get(_key(found[0]).removesuffix("s"), ()))
        ]

    def opening(self, word: str, kind: str) -> str | None:
        """The permission a word for information means, or the first that opens information of this type."""
        named = self.in_words(word)
        if named:
            return named[0][0]
        return next((row.id for row in self._known.values() if kind in row.information), None)

    def told(self, text: str, kind: str) -> str | None:
        """The permission an item names before its colon, that which opens information of this type before others."""
        head = _HEAD.match(without_number(text))
        named = [permission for permission, *_ in self.in_words(head[0])] if head else []
        return next((one for one in named if kind in self._known[one].information), next(iter(named), None))

    def constants(self, text: str) -> list[str]:
        """The permissions whose constants stand in a text as it was written."""
        found = []
        for match in _CONSTANT.finditer(text):
            name = f"{match[1] or _PREFIX}{match[2]}"
            if name in self._known and (match[1] or "_" in match[2]):
                found.append(name)
        return found

    def asked(self, text: str, lead: str = "", called: frozenset[str] = frozenset()) -> list[str]:
        """The permissions of a plain text: those named near the word "permission", in a clause that does not deny it.

        An item of a list of permissions names one before its colon. A word inside what the app is ``called`` names none.
        """
        text = self._without(text, called)
        found: list[str] = []
        if self._terms.has("permission", lead):
            named = _HEAD.match(without_number(text))
            found += [permission for permission, *_ in self.in_words(named[0])] if named else []
        for clause in clauses_of(text):
            ends = [word.span() for word in self._terms.pattern("permission").finditer(clause)]
            for permission, start, end in self.in_words(clause) if ends else ():
                near = [at for at in ends if 0 <= at[0] - end <= _NEAR or 0 <= start - at[0] <= _NEAR // 3]
                if near and not self._denied(clause, start, near[0]):
                    found.append(permission)
        return found

    def _without(self, text: str, called: frozenset[str]) -> str:
        """The text without names that are longer than the word for a permission in them: "Bright Torch" is no torch."""
        for name in called:
            if name in text and any(end - start < len(name) for _, start, end in self.in_words(name)):
                text = text.replace(name, "·" * len(name))
        return text

    def _denied(self, clause: str, start: int, word: tuple[int, int]) -> bool:
        """Whether a denial stands before the name, between it and the word "permission", or behind that."""
        befores = (clause[:start], clause[: word[0]])
        return any(denied(self._terms, before) for before in befores) or _NOT_ASKED.match(clause[word[1] :]) is not None


_NOT_ASKED = re.compile(
    r"[^，。；]{0,8}?(?:不(?:会|再|予)?|没有|未曾?|均不|并不|从不|绝不)(?:被)?(?:申请|索取|请求|调用|获取|使用|读取|需要|要求)"
    r"(?![^，。；]*(?:时|的话|则|将|无法))"
)


_HEAD = re.compile(r"[^：:，。；]{2,40}(?=[：:])")


def _key(word: str) -> str:
    return word.replace(" ", "").replace("-", "").replace("…", "")


def permissions(reading: Reading, tables: Catalogue) -> Iterator[PermissionNamedInPolicy]:
    """Every permission named, at its first places, with the purpose given there."""
    names = PermissionNames(reading.terms, tables)
    count: Counter[str] = Counter()
    own = called(reading)
    for sentence in reading.sentences:
        found = [
            *names.constants(sentence.text),
            *(_of_row(reading.terms, names, sentence) or names.asked(sentence.plain, sentence.lead, own)),
        ]
        for permission in dict.fromkeys(found) if not sentence.title or sentence.row else ():
            count[permission] += 1
            if count[permission] <= KEPT:
                yield PermissionNamedInPolicy(
                    place=reading.place(sentence), permission=permission, purpose=_purpose(reading.terms, sentence)
                )


def _of_row(terms: Terms, names: PermissionNames, sentence: Sentence) -> list[str]:
    """The permissions in the cell that a table has for them."""
    at = column(terms, sentence.header, "permission_column") if sentence.row and sentence.header else None
    if at is None or sentence.row is None or at >= len(sentence.row):
        return []
    return [permission for permission, *_ in names.in_words(plain(sentence.row[at]))]


def _purpose(terms: Terms, sentence: Sentence) -> str | None:
    at = column(terms, sentence.header, "key_purpose") if sentence.row and sentence.header else None
    if at is not None and sentence.row and at < len(sentence.row):
        return clip(sentence.row[at]) or None
    return next(iter(purposes_in(terms, sentence.plain)), None) or _occasion(sentence.plain)


_OCCASION = re.compile(
    r"(?:当|在)?(?:您|你|用户)(?:使用|设置|上传|拍摄|发送|扫描|更换|发布|保存)[^，。；：]{2,40}时(?=，)"
)


def _occasion(text: str) -> str | None:
    """The function during which a permission is asked for, where no other purpose is given."""
    found = _OCCASION.search(text)
    return clip(found[0]) if found else None
