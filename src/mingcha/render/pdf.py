"""The page as PDF/UA through Typst, with the fonts we ship and no others; no date, so that the same report gives the same bytes.

What comes from outside goes in as JSON and is printed as plain strings; none of it is ever read as Typst markup.
"""

from __future__ import annotations

import os
from typing import Any

import msgspec
import typst

from mingcha.render.charset import drawable
from mingcha.render.view import View

HERE = os.path.dirname(__file__)
TEMPLATES = os.path.join(HERE, "templates")
FONTS = os.path.join(HERE, "fonts")


def pdf(view: View) -> bytes:
    """The page as a tagged PDF."""
    made: Any = typst.compile(
        os.path.join(TEMPLATES, f"{view.reader}.typ"),
        root=TEMPLATES,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"view": payload(view)},
        pdf_standards=["ua-1"],
    )
    return bytes(made)


def payload(view: View) -> str:
    """Everything the templates read, in characters that the fonts hold."""
    return drawable(msgspec.json.encode(view).decode())
