"""An answer: rows, and how they are told as a table, CSV, JSON and a picture, in either language."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec
from msgspec import Struct

from mingcha.errors import UsageError
from mingcha.model.clause import Language
from mingcha.survey import charts
from mingcha.survey.naming import Holds, shown

READ_BY_MACHINE = {"zh": "机器初判，未经人工核实。", "en": "Machine reading, confirmed by nobody."}
_SHOWN = 60
"""Characters of one cell of a table in text."""
_CHOSEN: dict[str, Holds] = {"clause": "clause", "rules": "rules"}
"""What a parameter of this name holds; any other is text."""


class Column(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One column: its heading in both languages and what it holds, which says how a value is told."""

    name: str
    zh: str
    en: str
    holds: Holds = "text"


class Parameter(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may be chosen; without a default it has to be given."""

    name: str
    zh: str
    en: str
    default: str | None = None

    def told(self, lang: Language) -> str:
        """How it is given, and what it means."""
        return f"--with {self.name}={'…' if self.default is None else self.default}\t{getattr(self, lang)}"


class Chart(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The picture of an answer: the column that labels a bar and those that make it."""

    form: Literal["bars", "stacked"]
    label: str
    values: tuple[str, ...]
    most: int = 20


class Question(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A ready question. ``apps``: its rows name single apps or developers; ``few``: a row of few apps could give one away."""

    name: str
    title: dict[Language, str]
    about: dict[Language, str]
    columns: tuple[Column, ...]
    sql: str
    parameters: tuple[Parameter, ...] = ()
    chart: Chart | None = None
    apps: bool = False
    few: bool = False
    empty: dict[Language, str] = {}


@dataclass(frozen=True)
class Answer:
    """The rows of a question, values as the index holds them; ``cut`` says that there were more."""

    question: Question
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    parameters: dict[str, str] = field(default_factory=dict)
    cut: bool = False

    @property
    def title(self) -> dict[Language, str]:
        """What was asked, with what was chosen, in both languages."""
        return {lang: self._titled(lang) for lang in self.question.title}

    def _titled(self, lang: Language) -> str:
        told = [
            (getattr(one, lang), shown(_CHOSEN.get(one.name, "text"), value, lang))
            for one in self.question.parameters
            if (value := self.parameters.get(one.name))
        ]
        colon, comma, form = ("：", "；", "{}（{}）") if lang == "zh" else (": ", "; ", "{} ({})")
        chosen = comma.join(f"{name}{colon}{value}" for name, value in told)
        return form.format(self.question.title[lang], chosen) if chosen else self.question.title[lang]

    @property
    def note(self) -> dict[Language, str]:
        """What the reader must know, in both languages."""
        return {"zh": self.notes("zh"), "en": self.notes("en")}

    def notes(self, lang: Language) -> str:
        """What the numbers mean, that nobody confirmed them, and what was left out."""
        left = {"zh": f"只取前{len(self.rows)}行。", "en": f"Only the first {len(self.rows)} rows."}
        parts = [self.question.about[lang], READ_BY_MACHINE[lang], left[lang] if self.cut else ""]
        return ("" if lang == "zh" else " ").join(part for part in parts if part)

    def nothing(self, lang: Language) -> str:
        """What is said where there are no rows."""
        return self.question.empty.get(lang) or {"zh": "没有内容。", "en": "Nothing."}[lang]

    def headings(self, lang: Language) -> list[str]:
        """The columns as people read them."""
        return [getattr(column, lang) for column in self.question.columns]

    def cells(self, lang: Language, most: int | None = None) -> list[list[str]]:
        """The rows as people read them."""
        holds = [column.holds for column in self.question.columns]
        return [[shown(kind, value, lang) for kind, value in zip(holds, row, strict=True)] for row in self.rows[:most]]

    def numeric(self) -> list[bool]:
        """Which columns stand to the right."""
        return [
            column.holds in ("count", "share", "mean", "number", "level")
            or (
                not self.question.name and all(isinstance(row[n], int | float) for row in self.rows) and bool(self.rows)
            )
            for n, column in enumerate(self.question.columns)
        ]

    def text(self, lang: Language, most: int | None = None) -> str:
        """Title, table and note for a terminal."""
        lines = [self.title[lang], ""]
        lines += _table(self.headings(lang), self.cells(lang, most), self.numeric())
        if not self.rows:
            lines.append(self.nothing(lang))
        if most is not None and len(self.rows) > most:
            more = len(self.rows) - most
            lines.append({"zh": f"（另有{more}行）", "en": f"({more} more rows)"}[lang])
        return "\n".join([*lines, "", self.notes(lang)]) + "\n"

    def csv(self) -> str:
        """The rows for a spreadsheet: values as the index holds them; what a spreadsheet would take for a formula is disarmed."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(self.columns)
        writer.writerows([_disarmed(value) for value in row] for row in self.rows)
        return text.getvalue()

    def json(self) -> str:
        """The answer for a program."""
        rows = [dict(zip(self.columns, row, strict=True)) for row in self.rows]
        told = {"question": self.question.name or None, "sql": self.question.sql, "parameters": self.parameters}
        whole = {**told, "title": self.title, "note": self.note, "columns": self.columns, "rows": rows, "cut": self.cut}
        return msgspec.json.format(msgspec.json.encode(whole, enc_hook=str), indent=2).decode() + "\n"

    def chart(self, lang: Language, most: int | None = None) -> str | None:
        """The picture of the first rows as SVG, for a page that says what it is; None where there is nothing to draw."""
        plan = self.question.chart
        if plan is None or not self.rows:
            return None
        bars, parts = self._bars(plan, lang, most), self._parts(plan, lang)
        return charts.draw(
            self.title[lang], bars, parts, lang, shares=self._shares(plan), left=len(self.rows) - len(bars)
        )

    def svg(self, lang: Language) -> str:
        """The picture to be opened by itself, with title, caveat and what the numbers mean. Raises UsageError."""
        plan = self.question.chart
        if plan is None or not self.rows:
            raise UsageError(self._undrawn())
        bars, parts = self._bars(plan, lang), self._parts(plan, lang)
        notes = [READ_BY_MACHINE[lang], self.question.about[lang]]
        return charts.draw_alone(
            self.title[lang], notes, bars, parts, lang, shares=self._shares(plan), left=len(self.rows) - len(bars)
        )

    def _undrawn(self) -> str:
        """Why there is no picture."""
        name = self.question.name
        if not name:
            return "SQL of your own has no chart, only ready questions have; ask for text, csv or json"
        if self.question.chart is None:
            return f"{name}: this question has no chart; ask for text, csv or json"
        return f"{name}: the answer is empty, so there is nothing to draw"

    def _at(self, name: str) -> int:
        return self.columns.index(name)

    def _shares(self, plan: Chart) -> bool:
        return self.question.columns[self._at(plan.values[0])].holds == "share"

    def _parts(self, plan: Chart, lang: Language) -> list[charts.Part]:
        headings = self.headings(lang)
        return [charts.Part(name, headings[self._at(name)]) for name in plan.values]

    def _bars(self, plan: Chart, lang: Language, most: int | None = None) -> list[charts.Bar]:
        label, values = self._at(plan.label), [self._at(name) for name in plan.values]
        holds = self.question.columns[label].holds
        return [
            charts.Bar(shown(holds, row[label], lang), tuple(float(row[at] or 0) for at in values))
            for row in self.rows[: most or plan.most]
        ]


def _disarmed(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[bool]) -> list[str]:
    cut = [[_clipped(cell) for cell in row] for row in rows]
    widths = [max(_width(row[n]) for row in (headings, *cut)) for n in range(len(headings))]
    lines = [_line(headings, widths, numeric), "  ".join("-" * width for width in widths)]
    return [*lines, *(_line(row, widths, numeric) for row in cut)]


def _line(cells: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    pads = [" " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True)]
    return "  ".join(
        pad + cell if right else cell + pad for cell, pad, right in zip(cells, pads, numeric, strict=True)
    ).rstrip()


def _clipped(text: str) -> str:
    line = "".join(mark if mark.isprintable() else " " for mark in text)
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


def _width(text: str) -> int:
    """Columns of a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in text)
