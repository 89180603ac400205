"""Writing the report: which pages there are, what is on each, and how they point to one another."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable
from importlib import resources
from typing import Any, get_args

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from mingcha import __version__
from mingcha.errors import UsageError
from mingcha.model.clause import Clause, Language
from mingcha.render import wording
from mingcha.survey import index
from mingcha.survey.answers import Question
from mingcha.survey.charts import Bar, Part, draw
from mingcha.survey.naming import Holds, gap, shown, tables_once
from mingcha.survey.site import gathering
from mingcha.survey.site.contents import FEW, Contents, Reader, page_of
from mingcha.survey.site.words import words

_ROWS = 200
"""Rows of a table on a page; the CSV beside it has all."""
_DRAWN = 20
_FIRST = {
    "before-consent": 10, "clause-outcomes": 40, "why-undetermined": 10, "sdk-reach": 10, "information-types": 10, "complaint-channel": 10,
}  # fmt: skip
"""The pictures of the first page, and how many rows each has."""
_OUTCOMES = {"breached": "suspected", "met": "met", "inapplicable": "inapplicable", "undetermined": "undetermined"}


def write(dataset: str, reader: Reader, folder: str, tell: Callable[[str], None]) -> int:
    """Write the report for one reader, in both languages, and give the number of pages. Raises UsageError, RecordError."""
    if reader not in get_args(Reader):
        raise UsageError(f"a survey's report is for {' or '.join(get_args(Reader))}, not {reader!r}")
    if os.path.isdir(folder) and os.listdir(folder):
        # pages of another report would stay beside the new ones, and might say what this one must not
        raise UsageError(f"{folder} is not empty: give a new folder")
    with index.opened(dataset) as made:
        contents = Contents(made, reader, tell)
        if reader == "regulator":
            contents.find_leads(dataset)
            tell(f"leads: {contents.every}")
        writer = _Writer(contents, folder)
        for lang in get_args(Language):
            writer.pages(lang)
        writer.files()
    return writer.count


class _Writer:
    """One report being written."""

    def __init__(self, contents: Contents, folder: str) -> None:
        self.contents, self.folder, self.count = contents, folder, 0
        self.environment = Environment(
            loader=PackageLoader("mingcha.survey.site", "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def pages(self, lang: Language) -> None:
        """Every page in one language."""
        w, held = words(lang), self.contents
        self._page(lang, "index.html", "index", w[f"title_{held.reader}"], self._overview(lang))
        for name, answer in held.answers.items():
            self._page(lang, f"questions/{name}.html", "question", answer.title[lang], self._question(name, lang))
        self._page(lang, "clauses/index.html", "clauses", w["clauses"], {"rows": self._outcomes(lang)})
        for clause in held.clauses:
            title = f"{clause.id} {clause.wording[lang].title}"
            self._page(lang, f"clauses/{slug(clause.id)}.html", "clause", title, self._clause(clause, lang))
        if held.reader == "regulator":
            self._page(
                lang,
                "apps/index.html",
                "apps",
                w["apps"],
                {"rows": held.lead_rows(), "every": held.every, "most": gathering.APPS},
            )
            for lead in held.leads:
                self._page(lang, page_of(lead.row["key"]), "app", _name(lead), self._app(lead, lang))

    def _page(self, lang: Language, place: str, template: str, title: str, content: dict[str, Any]) -> None:
        path, other = (place, f"en/{place}") if lang == "zh" else (f"en/{place}", place)

        def to(target: str) -> str:
            """A link from this page to another one of its language, or with a leading slash to a file of the report."""
            whole = target[1:] if target.startswith("/") else f"{'en/' if lang == 'en' else ''}{target}"
            return posixpath.relpath(whole, posixpath.dirname(path) or ".")

        w = words(lang)
        text = self.environment.get_template(f"{template}.html.j2").render(
            w=w,
            lang=lang,
            html_lang="zh-Hans" if lang == "zh" else "en",
            title=title,
            to=to,
            other=to(f"/{other}"),
            here=template,
            reader=self.contents.reader,
            made=w["made_by"].format(version=__version__, catalogue=tables_once().digest[:12]),
            site_title=w[f"title_{self.contents.reader}"],
            slug=slug,
            **content,
        )
        self._write(path, text)
        self.count += 1

    def _overview(self, lang: Language) -> dict[str, Any]:
        numbers = gathering.key_numbers(self.contents.made)
        holds: dict[str, Holds] = {"n_determined": "share"}
        answers = self.contents.answers
        return {
            "numbers": [
                (shown(holds.get(name, "count"), value, lang), words(lang)[name]) for name, value in numbers.items()
            ],
            "first": [
                (name, answers[name].title[lang], self._picture(name, lang, most) or self._withheld(name, lang))
                for name, most in _FIRST.items()
            ],
            "questions": [(name, one.title[lang]) for name, one in answers.items()],
        }

    def _picture(self, name: str, lang: Language, most: int | None = None) -> Markup | None:
        """The picture as it stands: everything in it was escaped when it was drawn."""
        picture = self.contents.answers[name].chart(lang, most)
        return Markup(picture) if picture else None  # noqa: S704

    def _withheld(self, name: str, lang: Language) -> Markup | None:
        """That nothing is drawn because nothing may be shown; None where there is nothing."""
        said = words(lang)["all_few"].format(n=FEW)
        return Markup("<p>{}</p>").format(said) if self.contents.left[name] else None

    def _question(self, name: str, lang: Language) -> dict[str, Any]:
        answer = self.contents.answers[name]
        names = {one.name: getattr(one, lang) for one in answer.question.parameters}
        return {
            "picture": self._picture(name, lang),
            "about": answer.question.about[lang],
            "headings": answer.headings(lang),
            "cells": answer.cells(lang, _ROWS),
            "numeric": answer.numeric(),
            "links": [_link(answer.question, row) for row in answer.rows[:_ROWS]],
            "notes": self._notes(name, lang),
            "nothing": words(lang)["all_few"].format(n=FEW) if self.contents.left[name] else answer.nothing(lang),
            "sql": answer.question.sql,
            "parameters": [(names[one], value) for one, value in answer.parameters.items() if value],
            "csv": f"/data/{name}.csv",
        }

    def _notes(self, name: str, lang: Language) -> list[str]:
        """What the table leaves out."""
        w, left, rows = words(lang), self.contents.left[name], len(self.contents.answers[name].rows)
        notes = [w["rows_few"].format(n=FEW, left=left)] if left else []
        return notes + ([w["rows_cut"].format(n=_ROWS, all=rows)] if rows > _ROWS else [])

    def _outcomes(self, lang: Language) -> list[dict[str, Any]]:
        return [
            {
                "id": one.id,
                "title": one.wording[lang].title,
                "cells": [shown("count", cell, lang) for cell in self.contents.outcomes(one.id)[1:5]],
            }
            for one in self.contents.clauses
        ]

    def _clause(self, clause: Clause, lang: Language) -> dict[str, Any]:
        w, row = words(lang), self.contents.outcomes(clause.id)
        labels = [w[word] for word in _OUTCOMES.values()]
        categories, left = self.contents.categories(clause.id)
        return {
            "cites": clause.cites,
            "gloss": clause.wording[lang].gloss,
            "outcomes": [(label, shown("count", value, lang)) for label, value in zip(labels, row[1:5], strict=True)],
            "share": shown("share", row[5], lang),
            "share_determined": shown("share", row[6], lang),
            "picture": _by_category(f"{clause.id} {w['by_category']}", categories, labels, lang),
            "labels": labels,
            "categories": [
                [shown("category", one[0], lang), *(shown("count", n, lang) for n in one[1:])]
                for one in categories[:_ROWS]
            ],
            "few": w["rows_few"].format(n=FEW, left=left) if left else "",
            "why": [cells[1:5] for cells in self.contents.why(clause.id).cells(lang)],
            "rows": self.contents.leads_of(clause.id) if self.contents.reader == "regulator" else [],
            "every": row[1],
        }

    def _app(self, lead: gathering.Lead, lang: Language) -> dict[str, Any]:
        return {
            "row": {name: "—" if value is None else value for name, value in lead.row.items()},
            "verdicts": [self._verdict(lead, clause, outcome, lang) for clause, outcome in lead.verdicts],
            "sdks": [(shown("sdk", sdk, lang), possible) for sdk, possible in lead.sdks],
            "information": [(shown("information", one, lang), startup) for one, startup in lead.information],
            "gaps": [gap(code, lang) for code in lead.gaps],
        }

    def _verdict(self, lead: gathering.Lead, clause: str, outcome: str, lang: Language) -> dict[str, Any]:
        kinds = wording.words(lang).kinds
        proofs = [
            (kinds.get(one.kind, one.kind), shown("thing", one.about, lang) if one.about else "", one.place, one.quote)
            for one in lead.proofs.get(clause, [])
        ]
        return {
            "id": clause,
            "named": shown("clause", clause, lang),
            "outcome": outcome,
            "word": shown("outcome", outcome, lang),
            "proofs": proofs,
        }

    # --- files ---------------------------------------------------------------------------------------------------------

    def files(self) -> None:
        """The stylesheet, and each answer as CSV; the mark at its start tells spreadsheets that it is UTF-8."""
        self._write("style.css", resources.files("mingcha.survey.site").joinpath("style.css").read_text("utf-8"))
        for name, answer in self.contents.answers.items():
            self._write(f"data/{name}.csv", "\ufeff" + answer.csv())

    def _write(self, path: str, text: str) -> None:
        whole = os.path.join(self.folder, *path.split("/"))
        try:
            os.makedirs(os.path.dirname(whole), exist_ok=True)
            with open(whole, "w", encoding="utf-8", newline="") as file:
                file.write(text)
        except OSError as error:
            raise UsageError(f"{whole}: {error.strerror or error}") from error


def slug(clause: str) -> str:
    """A clause's id as a file name."""
    return clause.replace("/", "_")


def _name(lead: gathering.Lead) -> str:
    return str(lead.row["label"] or lead.row["package"] or lead.row["name"])


def _link(question: Question, row: tuple[Any, ...]) -> str | None:
    """The page of the clause that a row begins with."""
    return f"clauses/{slug(row[0])}.html" if question.columns[0].holds == "clause" and row[0] else None


def _by_category(title: str, rows: list[tuple[Any, ...]], labels: list[str], lang: Language) -> Markup | None:
    """The four outcomes of one clause in each category."""
    if not rows:
        return None
    bars = [Bar(shown("category", row[0], lang), tuple(map(float, row[2:]))) for row in rows[:_DRAWN]]
    parts = [Part(name, label) for name, label in zip(_OUTCOMES, labels, strict=True)]
    return Markup(draw(title, bars, parts, lang, left=max(len(rows) - _DRAWN, 0)))  # noqa: S704  # escaped when it was drawn
