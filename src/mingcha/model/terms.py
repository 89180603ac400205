"""How policies of one language name things (filled by the policy reader's author)."""

from __future__ import annotations

from msgspec import Struct


class Terms(Struct, frozen=True, kw_only=True):
    """Word lists of one language."""

    language: str
