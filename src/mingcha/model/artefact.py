"""What was handed in, and how a spot inside it is named."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

QUOTE_LIMIT = 200
"""Longest quote a place carries, in characters."""

ArtefactKind = Literal["apk", "policy", "answers", "report", "run", "evidence", "other"]
"""A "run" is the record of a run; each file of its folder is "evidence"."""
Unit = Literal["byte", "paragraph", "entry"]


class Place(Struct, frozen=True, kw_only=True):
    """Where a thing was seen.

    ``path`` leads inside the artefact (``classes2.dex``; ``base.apk!/AndroidManifest.xml`` when nested; empty for the
    artefact itself). ``at`` counts in ``unit``: bytes from the start of that member, numbered paragraphs of a text
    (from 1), or entries of a list (from 0). ``quote`` is what stands there, masked where it could name a person.
    """

    sha256: str
    path: str = ""
    at: int | None = None
    unit: Unit = "byte"
    quote: str = ""

    @property
    def order(self) -> tuple[str, str, int]:
        """What places are sorted by: also those whose position is not known."""
        return self.sha256, self.path, -1 if self.at is None else self.at


class Artefact(Struct, frozen=True, kw_only=True, order=True):
    """One file we were given; its identity is its SHA-256, its name is for people only."""

    sha256: str
    kind: ArtefactKind
    name: str
    size: int


class App(Struct, frozen=True, kw_only=True):
    """The app a case is about, as its own package says; every field is null where no package was read."""

    package: str | None = None
    version_name: str | None = None
    version_code: int | None = None
    min_sdk: int | None = None
    target_sdk: int | None = None
    label: str | None = None
    signer_sha256: str | None = None


class Case(Struct, frozen=True, kw_only=True):
    """Everything handed in about one version of one app.

    ``type`` is one of the 39 numbers of npi-2021 and counts only when a person confirmed it (``--type`` or an answer);
    ``guessed_type`` is the machine's proposal and decides nothing. ``conduct_date`` (ISO) chooses the rules in force.
    ``previous`` is the SHA-256 of the older report, ``companions`` those of other apps this one talks to.
    """

    artefacts: tuple[Artefact, ...] = ()
    app: App = App()
    type: int | None = None
    guessed_type: int | None = None
    conduct_date: str | None = None
    previous: str | None = None
    companions: tuple[str, ...] = ()


def clip(text: str) -> str:
    """The text as a quote: one line, at most ``QUOTE_LIMIT`` characters."""
    line = " ".join(text.split())
    return line if len(line) <= QUOTE_LIMIT else line[: QUOTE_LIMIT - 1] + "…"
