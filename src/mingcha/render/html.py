"""The page as one HTML file: no script, nothing fetched, everything from outside escaped."""

from __future__ import annotations

import re
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from mingcha.render.flow import flow
from mingcha.render.view import View


def html(view: View) -> bytes:
    """The page in UTF-8."""
    page = _template(view.reader).render(view=view, w=view.labels, flow=flow(view.picture))
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
