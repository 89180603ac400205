"""Sentences that a policy may lack, as data."""

from __future__ import annotations

from msgspec import Struct


class Draft(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may be lacking, why it should be there, near which headings, and a sentence to adapt.

    ``basis`` has ids of clauses or other texts by name. ``text`` has ``{blanks}`` that a report fills and «blanks» that a
    person does.
    """

    missing: str
    basis: tuple[str, ...]
    near: tuple[str, ...]
    text: str
