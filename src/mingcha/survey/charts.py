"""Horizontal bars, plain and stacked, as SVG of our own: no script, nothing fetched, readable without colour."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from mingcha.model.clause import Language

_WIDTH, _NARROW, _WIDEST = 640, 300, 1000
"""The width where nothing else is said, and that of a telephone, which legends and labels keep to; a picture
that stands alone is as wide as its labels, up to the widest. Bars are in percent of what there is."""
_MARGIN, _LINE = 16, 22
_ROW, _BAR, _REACH = 42, 14, 84
_MEANT = {
    "breached": "a", "can": "d", "absent": "d", "unused": "d", "some_unused": "d", "unnamed": "d", "fewer": "d",
    "met": "b", "none_found": "b", "stated": "b", "used": "b", "none_unused": "b", "named": "b", "all_named": "b",
    "inapplicable": "c", "near": "e",
    "undetermined": "u", "other": "u",
}  # fmt: skip
"""Which look a part has: the same thing looks the same in every picture. Only a suspected breach is red; what is not determined is hatched."""
_STYLE = (
    "<style>.t,.v{font:13px system-ui,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif;fill:#1a222c}"
    ".v{font-variant-numeric:tabular-nums}.p{fill:#1c4f63}.a{fill:#97231c}.b{fill:#17603d}.c{fill:#8a939c}.d{fill:#2f6fb0}.e{fill:#7a5cab}"
    ".hb{fill:#f7ecd2}.hl{stroke:#6b4a00;stroke-width:2}.o{fill:none;stroke:#6b4a00}"
    "@media(prefers-color-scheme:dark){.t,.v{fill:#e7ebee}.p{fill:#93cadd}.a{fill:#ff9d93}.b{fill:#7fd3a3}.c{fill:#8a939c}"
    ".d{fill:#84b9f3}.e{fill:#cbb2f7}.hb{fill:#352a12}.hl{stroke:#f0c265}.o{stroke:#f0c265}}"
    "@media print{.t,.v{fill:#000}}</style>"
)
_ALONE = (
    "<style>.h{font-size:17px;font-weight:600}.w{font-weight:600}.g{fill:#fff}@media(prefers-color-scheme:dark){.g{fill:#191f26}}"
    "@media print{.g{fill:#fff}}</style><rect class='g' width='100%' height='100%'/>"
)
"""What a page would give: larger letters for the title, and the paper."""
_HATCHED = (
    "width='6' height='6' patternUnits='userSpaceOnUse' patternTransform='rotate(45)'>"
    "<rect width='6' height='6' class='hb'/><line x1='1' y1='0' x2='1' y2='6' class='hl'/>"
)


_PIECES = re.compile(r"[“（《]*(?:[!-~’]+|.)[，。、；：）”》]*\s*", re.DOTALL)
"""What a line is not broken within: a Latin word or a Chinese character, with the marks that belong to it."""


@dataclass(frozen=True)
class Bar:
    """One row: its label and the value of each part."""

    label: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class Part:
    """One part of every bar: its column and its name for people."""

    name: str
    title: str


def draw(
    title: str, bars: Sequence[Bar], parts: Sequence[Part], lang: Language, *, shares: bool = False, left: int = 0
) -> str:
    """The picture; several parts are stacked. ``left`` rows are said not to be drawn."""
    picture = _Picture(bars, parts, shares, f"c{zlib.crc32(f'{lang} {title}'.encode()):08x}")
    inner, height = picture.body(lang, left)
    return "".join([*picture.head(title, height, lang), *inner, "</svg>"])


def draw_alone(
    title: str,
    notes: Sequence[str],
    bars: Sequence[Bar],
    parts: Sequence[Part],
    lang: Language,
    *,
    shares: bool = False,
    left: int = 0,
) -> str:
    """The same to be opened or passed on by itself: title, what plain bars count, picture, and notes, the first in bold."""
    room = min(max(_WIDTH, *(_wide(bar.label) for bar in bars)), _WIDEST)
    picture = _Picture(bars, parts, shares, f"c{zlib.crc32(f'{lang} {title}'.encode()):08x}", room)
    head = [("h", line) for line in _lines(title, room * 7 // 10)]
    head += [("", parts[0].title)] if len(parts) == 1 else []
    foot = [("w" if at == 0 else "", line) for at, note in enumerate(notes) for line in _lines(note, room)]
    top = _MARGIN + len(head) * _LINE + 8
    inner, high = picture.body(lang, left)
    height = top + high + 8 + len(foot) * _LINE + _MARGIN
    return "".join([
        *picture.head(title, height, lang, room + 2 * _MARGIN),
        _ALONE,
        *_written(head, _MARGIN + 16),
        f"<svg x='{_MARGIN}' y='{top}' width='{room}' height='{high}'>", *inner, "</svg>",
        *_written(foot, top + high + 8 + 16),
        "</svg>",
    ])  # fmt: skip


def _written(lines: Sequence[tuple[str, str]], y: int) -> list[str]:
    """Lines of text with their looks, one below the other."""
    return [
        f"<text class='t {look}' x='{_MARGIN}' y='{y + at * _LINE}'>{escape(line)}</text>"
        for at, (look, line) in enumerate(lines)
    ]


@dataclass(frozen=True)
class _Picture:
    """What every piece of a picture needs; ``mark`` keeps the ids of several pictures on one page apart."""

    bars: Sequence[Bar]
    parts: Sequence[Part]
    shares: bool
    mark: str
    room: int = _NARROW

    def body(self, lang: Language, left: int) -> tuple[list[str], int]:
        """Legend, bars, and how many rows are not drawn; and how high that is."""
        legend, top = self.legend() if len(self.parts) > 1 else ([], 4)
        height = top + len(self.bars) * _ROW + (26 if left else 4)
        tail = [f"<text class='t' x='0' y='{height - 8}'>{escape(_left(left, lang))}</text>"] if left else []
        return [*legend, *(self.row(bar, top + n * _ROW) for n, bar in enumerate(self.bars)), *tail], height

    def head(self, title: str, height: int, lang: Language, width: int = _WIDTH) -> tuple[str, ...]:
        """The opening tag, the name, the words for those who do not see it, the look of things."""
        named = f"role='img' aria-labelledby='{self.mark}t {self.mark}d' lang='{lang}'"
        return (
            f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' {named}>",
            f"<title id='{self.mark}t'>{escape(title)}</title>",
            f"<desc id='{self.mark}d'>{escape(self.described(lang))}</desc>",
            _STYLE,
            f"<defs><pattern id='{self.mark}h' {_HATCHED}</pattern></defs>",
        )

    def described(self, lang: Language) -> str:
        """The first rows in words; all of them stand in the table."""
        told = [f"{bar.label}: {', '.join(map(self.said, self.parts, bar.values))}" for bar in self.bars[:8]]
        more = {"zh": "全部数字见表。", "en": "All numbers stand in the table."}[lang]
        return "; ".join(told) + ". " + more

    def said(self, part: Part, value: float) -> str:
        """One number with its name."""
        return f"{part.title} {self.number(value)}"

    def number(self, value: float) -> str:
        """A count, or a share in percent."""
        return f"{100 * value:.1f}%" if self.shares else f"{value:,.0f}"

    def row(self, bar: Bar, y: int) -> str:
        """One bar below its label, with its sum behind."""
        most = max(sum(one.values) for one in self.bars) or 1
        made = [f"<text class='t' x='0' y='{y + 12}'>{escape(clipped(bar.label, self.room))}</text>"]
        x = 0.0
        for part, value in zip(self.parts, bar.values, strict=True):
            width = _REACH * value / most
            if value > 0:
                made.append(
                    self.piece(
                        part, f"{x:.2f}%", y + 18, f"{max(width, 0.3):.2f}%", f"{bar.label}: {self.said(part, value)}"
                    )
                )
            x += width
        made.append(f"<text class='v' x='{x:.2f}%' dx='6' y='{y + 30}'>{self.number(sum(bar.values))}</text>")
        return f"<g>{''.join(made)}</g>"

    def piece(self, part: Part, x: str, y: int, width: str, told: str) -> str:
        """A rectangle that says what it is; what is not determined is hatched and edged."""
        look = _MEANT.get(part.name, "p") if len(self.parts) > 1 else "p"
        fill = f" fill='url(#{self.mark}h)'" if look == "u" else f" class='{look}'"
        edge = f"<rect class='o' x='{x}' y='{y}' width='{width}' height='{_BAR}'/>" if look == "u" else ""
        return f"<rect{fill} x='{x}' y='{y}' width='{width}' height='{_BAR}'><title>{escape(told)}</title></rect>{edge}"

    def legend(self) -> tuple[list[str], int]:
        """Squares with names, in as many lines as they need; and where they end."""
        made: list[str] = []
        x, y = 0, 4
        for part in self.parts:
            width = 34 + _wide(part.title)
            if x and x + width > self.room:
                x, y = 0, y + 22
            made.append(self.piece(part, str(x), y, "14", part.title))
            made.append(f"<text class='t' x='{x + 20}' y='{y + 12}'>{escape(part.title)}</text>")
            x += width
        return made, y + 28


def _wide(text: str) -> int:
    """Roughly how many pixels a text takes at 13 pixels."""
    return sum(13 if unicodedata.east_asian_width(mark) in "WF" else 7 for mark in text)


def clipped(text: str, room: int = _NARROW) -> str:
    """As much of a label as there is room for."""
    while _wide(text) > room and len(text) > 1:
        text = text.removesuffix("…")[:-1] + "…"
    return text


def _lines(text: str, room: int) -> list[str]:
    """The text in lines of at most so many pixels: broken at spaces or between Chinese characters, never before a closing mark."""
    made = [""]
    for piece in _PIECES.findall(text):
        if made[-1] and _wide(made[-1] + piece.rstrip()) > room:
            made.append("")
        made[-1] += piece if made[-1] else piece.lstrip()
    return [line.rstrip() for line in made]


def _left(left: int, lang: Language) -> str:
    return f"另有{left}行没有画出，见表" if lang == "zh" else f"{left} more rows are not drawn; see the table"
