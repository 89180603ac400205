"""What every fact has."""

from __future__ import annotations

from msgspec import Struct

from mingcha.model.artefact import Place


class Fact(Struct, frozen=True, kw_only=True, tag_field="kind"):
    """One thing seen in one place. ``id`` is derived from all the rest; ``sources`` names the facts it was joined from."""

    place: Place
    id: str = ""
    sources: tuple[str, ...] = ()
