"""The catalogue's words for screens, in all its languages at once, and what a button's label means."""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property
from typing import Literal

from mingcha.catalogue.load import Catalogue
from mingcha.collect.screens.spacing import spaced

Label = Literal["agree", "grant", "go", "refuse", "leave", "cancel", "skip"]
"""What a label says: "agree" and "refuse" clearly; "go" and "cancel" only where it is plain what is asked, "grant" on
the system's own dialogs."""

_NOISE = re.compile(r"[\s\u200b-\u200f\u2028-\u202e\ufeff\u00ad]+")
_LATIN_GAP = re.compile(r"(?<=[a-z0-9.,!?'&)]) (?=[a-z0-9(&'])")
_STOPS = re.compile("(?<=[\u2e80-\u9fff》”])[,;:]|[,;:](?=[\u2e80-\u9fff《“])")
_FULL = {",": "，", ";": "；", ":": "："}
_ASIDE = re.compile(r"[（(][^（）()]*[)）]")
_COUNTDOWN = re.compile(r"[（(]?\d{1,3}\s?(?:s|秒|sec)?[)）]?$")
_EDGES = "·•|｜>›»→<‹«←-—–~。，、；：！!.,;:“”\"'()（）[]【】✓✔√○●□■☐☑ "
_QUOTES = str.maketrans({"’": "'", "‘": "'", "‛": "'", "｀": "'"})
_LONGEST_LABEL = 16
_LONGEST_LATIN = 36
_LATIN = re.compile("[a-z]")
_OWNED = re.compile("的[^的，]{1,4}$")
_PARTICLE = re.compile("(?<=[\u4e00-\u9fff]{2})[吧啦哦呀嘛呢喵哈噢啊]+$")
_PARTS = re.compile("[，、,]|并(?!且)|并且")
_AND = "[与和及或、/&· ]|and|or"
_ROOTS = {
    "ui_policy": ("ui_policy_about", "ui_policy_paper", 6),
    "ui_shut_out": ("ui_app_itself", "ui_ends_itself", 6),
}
"""Lists that also hold wherever a word of one list stands before one of another in the same name, so many letters apart."""
_RUN = re.compile("[A-Za-z']{6,400}")
CLAUSES = re.compile("[，。；！!;,\n]|(?<=[a-z])[.]")
"""Between the clauses of a text in plain form."""


class Words:
    """All languages' lists by name; a text is first made ``plain``."""

    def __init__(self, tables: Catalogue) -> None:
        self._terms = [tables.terms[language] for language in sorted(tables.terms)]
        pairs = [pair for terms in self._terms for pair in terms.words.get("ui_traditional", ())]
        variants = [pair for terms in self._terms for pair in terms.words.get("ui_variants", ())]
        self._simplified = str.maketrans({pair[0]: pair[1] for pair in [*variants, *pairs]})
        self._traditional = frozenset(pair[0] for pair in pairs)
        self._modern = frozenset(pair[1] for pair in pairs) - self._traditional

    def plain(self, text: str) -> str:
        """The text as lists are compared with it: half width, lower case, simplified, blanks only between Latin words."""
        folded = unicodedata.normalize("NFKC", text).translate(_QUOTES).lower()
        spaced = _NOISE.sub(" ", folded).strip()
        kept = _LATIN_GAP.sub("\x00", spaced).replace(" ", "").replace("\x00", " ")
        return _STOPS.sub(lambda found: _FULL[found[0]], kept).translate(self._simplified)

    def spaced(self, text: str) -> str:
        """English text of a picture with the blanks that its reader lost, as far as our own words tell them."""
        return _RUN.sub(lambda found: spaced(found[0], self._vocabulary), text)

    def is_name(self, bare: str) -> bool:
        """Whether a label names a thing (a list, a record) and asks nothing."""
        owned = _OWNED.search(bare)
        if owned is not None and not self.has("ui_box_terms", owned[0]):
            return True
        return self.ends("ui_noun_end", bare)

    @cached_property
    def _vocabulary(self) -> frozenset[str]:
        words = {part for terms in self._terms for row in terms.words.values() for word in row for part in word.split()}
        return frozenset(word for word in words if word.isascii() and word.isalpha() and len(word) > 1)

    def more_traditional(self, text: str) -> bool:
        """Whether a text has more characters of traditional than of simplified Chinese."""
        return sum(letter in self._traditional for letter in text) > sum(letter in self._modern for letter in text)

    def has(self, name: str, plain: str) -> bool:
        """Whether the text has a word of the list."""
        return any(terms.has(name, plain) for terms in self._terms) or bool(self._by_roots(name, plain))

    def count(self, name: str, plain: str) -> int:
        """How many different words of the list the text has."""
        return len({found for terms in self._terms for found in terms.pattern(name).findall(plain)})

    def spans(self, name: str, plain: str) -> list[tuple[int, int]]:
        """Where words of the list stand in the text."""
        spans = [found.span() for terms in self._terms for found in terms.pattern(name).finditer(plain)]
        return spans + [one for one in self._by_roots(name, plain) if not any(_overlap(one, other) for other in spans)]

    def _by_roots(self, name: str, plain: str) -> list[tuple[int, int]]:
        """Where the two roots stand together that mean the same as a word of the list."""
        if name not in _ROOTS:
            return []
        first, then, gap = _ROOTS[name]
        return self.joined(first, then, plain, gap=gap)

    def without(self, name: str, plain: str) -> str:
        """The text with blanks in place of every word of the list."""
        for start, end in sorted(self.spans(name, plain), reverse=True):
            plain = plain[:start] + " " * (end - start) + plain[end:]
        return plain

    def starts(self, name: str, plain: str) -> bool:
        """Whether the text begins with a word of the list."""
        return any(terms.pattern(name).match(plain) is not None for terms in self._terms)

    def ends(self, name: str, plain: str) -> bool:
        """Whether the text ends with a word of the list."""
        return any(end == len(plain) for _, end in self.spans(name, plain))

    def tiled(self, name: str, plain: str) -> bool:
        """Whether the text, but for marks and words for "and", is made of words of the list alone."""
        bare = bare_label(plain)
        if len(bare) > _LONGEST_LATIN:
            return False
        return any(terms.compiled(f"(?:(?:@{name}@)|{_AND})+").fullmatch(bare) is not None for terms in self._terms)

    def joined(self, first: str, then: str, plain: str, *, gap: int = 0) -> list[tuple[int, int]]:
        """Where a word of one list stands before one of another in a clause, at most so many characters apart."""
        between = f"[^，。；：,;！？]{{0,{gap}}}?" if gap else ""
        template = f"(?:@{first}@){between}(?:@{then}@)"
        return [found.span() for terms in self._terms for found in terms.compiled(template).finditer(plain)]

    def whole(self, name: str, plain: str) -> bool:
        """Whether the text, but for marks at its edges, is a word of the list."""
        bare = bare_label(plain)
        return any(terms.compiled(f"(?:@{name}@)").fullmatch(bare) is not None for terms in self._terms)

    def words(self, name: str) -> frozenset[str]:
        """The list itself."""
        return frozenset(word for terms in self._terms for word in terms.words.get(name, ()))

    def label(self, plain: str) -> Label | None:
        """What a button with this label says, or None."""
        bare = bare_label(_ASIDE.sub("", plain)) or bare_label(plain)
        if not bare or len(bare) > (_LONGEST_LATIN if _LATIN.search(bare) else _LONGEST_LABEL):
            return None
        if self.has("ui_question", plain) or self.has("ui_asks_why", bare) or self.has("ui_label_not", bare):
            return None
        if self.is_name(bare) and not self.whole("ui_go", bare) and not self.starts("ui_puts_off", bare):
            return None
        skips = [] if self.has("ui_skip_not", bare) else self.spans("ui_skip", bare)
        refuses = self.spans("ui_refuse", bare) + self.joined("ui_not", "ui_agree", bare)
        if refuses and not all(any(s[0] <= r[0] and r[1] <= s[1] for s in skips) for r in refuses):
            rest = "".join(" " if any(a <= n < b for a, b in refuses) else c for n, c in enumerate(bare))
            return None if self.has("ui_yes", rest) else "refuse"
        if self.whole("ui_cancel", _PARTICLE.sub("", bare)):
            return "cancel"
        if skips:
            return "skip"
        if self.joined("ui_not", "ui_leave", bare):
            return None
        if self.has("ui_leave", bare) and not self.has("ui_leave_not", bare):
            return "leave"
        if self.has("ui_agree", bare) and not self.has("ui_agree_not", bare):
            return "agree"
        if self.starts("ui_opens", bare) and self.tiled("ui_opened", bare) and not self.whole("ui_go", bare):
            return "agree"
        if self.has("ui_only", bare):
            return "skip"
        told: tuple[tuple[str, Label], ...] = (("ui_go", "go"), ("ui_cancel", "cancel"), ("ui_grant", "grant"))
        parts = [_PARTICLE.sub("", part) for part in _PARTS.split(bare) if part] or [bare]
        return next((label for name, label in told if all(self.whole(name, part) for part in parts)), None)


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def bare_label(plain: str) -> str:
    """A label without countdown and marks at its edges."""
    return _COUNTDOWN.sub("", plain.strip(_EDGES)).strip(_EDGES) or plain.strip(_EDGES)


def masked(text: str) -> str:
    """A text as it may be quoted: runs of four or more digits and addresses of mail are blotted out."""
    hidden = re.sub(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+", "…@…", text)
    return re.sub(r"\d(?:[\d\s*-]{2,}\d)", "…", hidden)
