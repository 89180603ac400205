"""The page as one HTML file: no script, nothing fetched, everything from outside escaped."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from mingcha.render.flow import flow
from mingcha.render.view import View


def html(view: View) -> bytes:
    """The page in UTF-8."""
    page = _template(view.reader).render(view=view, w=view.labels, flow=flow(view.picture))
    return page.encode()


@cache
def _template(reader: str) -> Template:
    environment = Environment(
        loader=PackageLoader("mingcha.render", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(f"{reader}.html.j2")
