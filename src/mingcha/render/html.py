"""The page as one HTML file: no script, nothing fetched, everything from outside escaped."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from mingcha.model.clause import Language
from mingcha.render.flow import flow
from mingcha.render.view import HTML_LANGUAGES, Table, View


def html(view: View) -> bytes:
    """The page in UTF-8."""
    page = _template(view.reader).render(view=view, w=view.labels, flow=flow(view.picture))
    return page.encode()


def lists_page(title: str, tables: tuple[Table, ...], labels: Mapping[str, str], lang: Language) -> bytes:
    """A page of tables alone, such as a draft to fill in."""
    words = {**labels, "fill_in": labels["draft_fill"]}
    page = _template("lists").render(title=title, tables=tables, w=words, html_lang=HTML_LANGUAGES[lang])
    return page.encode()


def soft(text: str) -> Markup:
    """The text, escaped, with places where long names may break."""
    return Markup("<wbr>").join(escape(part) for part in _BREAKS.split(text))


_BREAKS = re.compile(r"(?<=[A-Za-z0-9][./_$])(?=[A-Za-z0-9])")


@cache
def _template(reader: str) -> Template:
    environment = Environment(
        loader=PackageLoader("mingcha.render", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["soft"] = soft
    return environment.get_template(f"{reader}.html.j2")
