"""The one evidence store of this installation."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from mingcha.service.intake.store import Store


@cache
def shelf() -> Store:
    """Where files lie, by their hash, below the data folder."""
    return Store(settings.DATA / "evidence")
