"""What an importer has to be told besides the file: catalogue, app, the clock of the device, and how values are sealed."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mingcha.catalogue.load import Catalogue
from mingcha.model.artefact import Place, clip

Seal = Callable[[str], tuple[str | None, str | None]]
"""From a value to its hash under the case's key and the tag of the planted value it equals, each null where there is none."""


@dataclass(frozen=True, slots=True)
class Ground:
    """``offset`` ("+08:00") is the device's, ``year`` for tools that write none, ``dumped`` (ISO with offset) when a dump was made.

    ``own`` are further package prefixes of the app's own code, ``present`` SDKs that other signs show to be inside: only for
    these do unverified prefixes count.
    """

    tables: Catalogue
    sha256: str
    path: str = ""
    package: str | None = None
    own: tuple[str, ...] = ()
    present: frozenset[str] = frozenset()
    offset: str | None = None
    year: int | None = None
    dumped: str | None = None
    seal: Seal = lambda _: (None, None)

    def place(self, entry: int, quote: str) -> Place:
        """Entry ``entry`` of the file, counted from 0."""
        return Place(sha256=self.sha256, path=self.path, at=entry, unit="entry", quote=clip(quote))


def sealing(key: bytes, planted: Mapping[str, str]) -> Seal:
    """Seals with HMAC-SHA-256, cut to 16 hex digits; ``planted`` gives the tag of each value the tester planted."""

    def seal(value: str) -> tuple[str | None, str | None]:
        digest = hmac.digest(key, value.encode("utf-8", "surrogatepass"), "sha256")
        return digest[:8].hex(), planted.get(value)

    return seal
