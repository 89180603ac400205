"""What every page has around it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from mingcha.service.text import english


def frame(request: HttpRequest) -> dict[str, Any]:
    """Language, the same page with the same question in the other one, whether this is a demonstration, and who is looking."""
    path, asked = request.path, request.META.get("QUERY_STRING", "")
    other = (path[3:] or "/") if english() else f"/en{path}"
    return {
        "english": english(),
        "lang": "en" if english() else "zh-Hans",
        "other_language": f"{other}?{asked}" if asked else other,
        "demo": settings.CONFIGURATION.demo,
        "authority_name": settings.CONFIGURATION.authority,
        "doer": getattr(request, "doer", None),
    }
