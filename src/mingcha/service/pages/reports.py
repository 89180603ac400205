"""Whole reports as pages and files: one way for the public, operators and officers."""

from __future__ import annotations

from functools import lru_cache
from typing import cast

from django.conf import settings
from django.http import HttpResponse

from mingcha.catalogue.load import load
from mingcha.model.clause import Language, Reader
from mingcha.model.report import Report, decode_report
from mingcha.render import Form, render
from mingcha.service.pages.request import language
from mingcha.service.shelf import shelf
from mingcha.service.text import Text

FORMS = {"html": "text/html; charset=utf-8", "pdf": "application/pdf", "json": "application/json"}
_OWN_STYLES = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; frame-ancestors 'none'"
"""A report brings its styles with it, which no page of ours may; it holds no script."""
_DEMO = Text("演示，无法律效力", "Demonstration, without legal effect")


def stored(sha256: str) -> Report:
    """A report by its hash."""
    with shelf().open(sha256) as stream:
        return decode_report(stream.read())


def page(sha256: str, reader: Reader, form: str, name: str = "") -> HttpResponse:
    """A report for one reader, in the language of the request; with a name it is a file to be kept."""
    data = _drawn(sha256, reader, cast("Form", form), language())
    if form == "html" and settings.CONFIGURATION.demo:
        data = data.replace(b"<body>", f'<body><p role="note" style="text-align:center">{_DEMO}</p>'.encode(), 1)
    made = HttpResponse(data, content_type=FORMS[form])
    made.headers["Content-Security-Policy"] = _OWN_STYLES
    if reader != "public":
        made.headers["Cache-Control"] = "no-store"
    if name:
        made.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return made


@lru_cache(maxsize=16)
def _drawn(sha256: str, reader: Reader, form: Form, lang: Language) -> bytes:
    """A report never changes, and drawing one takes seconds that anybody may ask for."""
    return render(stored(sha256), load(), reader, form, lang)
