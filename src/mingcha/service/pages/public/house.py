"""The service about itself: its privacy notice, and who runs it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from markdown_it import MarkdownIt

from mingcha import __version__
from mingcha.service import seals
from mingcha.service.text import english

NOTICE = Path(__file__).parents[2] / "notice"


def privacy(request: HttpRequest) -> HttpResponse:
    """The privacy notice."""
    return render(request, "public/privacy.html", {"notice": notice("en" if english() else "zh")})


@cache
def notice(language: str) -> str:
    """The notice as HTML; its text is ours, marks of HTML in it are shown as such."""
    text = (NOTICE / f"privacy.{language}.md").read_text("utf-8")
    return str(MarkdownIt("commonmark", {"html": False}).enable("table").render(text))


def about(request: HttpRequest) -> HttpResponse:
    """What this is, who runs it, how to reach them, and the public keys of its signatures."""
    keys = [{"id": key.id, "public": key.public} for key in seals.our_keys()]
    context = {"version": __version__, "site": settings.CONFIGURATION.site, "keys": keys}
    return render(request, "public/about.html", context)
