"""A report as a page: for three readers, in two languages, in six forms; pure functions, same report, same bytes."""

from __future__ import annotations

from typing import Literal

from mingcha.catalogue.load import Catalogue
from mingcha.model.clause import Language, Reader
from mingcha.model.report import Report, encode

Form = Literal["text", "html", "pdf", "json", "sarif", "csv"]


def render(report: Report, catalogue: Catalogue, reader: Reader, form: Form, lang: Language = "zh") -> bytes:
    """The report for one reader; JSON is the report itself, whoever reads it."""
    if form == "json":
        return encode(report)
    from mingcha.render.build import view

    page = view(report, catalogue, reader, lang, full=form in ("csv", "sarif"), marked=form == "html")
    match form:
        case "text":
            from mingcha.render.text import text

            return text(page)
        case "html":
            from mingcha.render.html import html

            return html(page)
        case "pdf":
            from mingcha.render.pdf import pdf

            return pdf(page)
        case "sarif":
            from mingcha.render.sarif import sarif

            return sarif(page, report)
        case "csv":
            from mingcha.render.table import csv

            return csv(page)
