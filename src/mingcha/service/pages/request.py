"""What a request says: who asks, in which language, and the numbers somebody wrote."""

from __future__ import annotations

from django.http import HttpRequest

from mingcha.model.clause import Language
from mingcha.service.actions.acting import Doer
from mingcha.service.text import english

_DIGITS = 15
"""A number with fewer digits fits into every database."""


def doer_of(request: HttpRequest) -> Doer:
    """Who asks; the gate found it out."""
    doer: Doer = request.doer  # type: ignore[attr-defined]
    return doer


def language() -> Language:
    """Of the page being made."""
    return "en" if english() else "zh"


def plain(text: str | None) -> str:
    """What somebody wrote, without spaces around it and without the one character that PostgreSQL refuses even to look for."""
    return (text or "").replace("\0", "").strip()


def number(text: str | None) -> int | None:
    """What somebody wrote, if it is a number that a row may have. (`str.isdigit` alone lets "²" and a million digits pass.)"""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < _DIGITS else None
