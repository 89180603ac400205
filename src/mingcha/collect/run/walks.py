"""The screens of a run: what they show, and the phases that they tell."""

from __future__ import annotations

from collections.abc import Iterator

from mingcha.catalogue.load import Catalogue
from mingcha.collect.findings import Finding
from mingcha.collect.run.folder import RunFolder
from mingcha.collect.run.phases import Phases


class Walks:
    """The walk of a run and its phases."""

    def __init__(self, folder: RunFolder, tables: Catalogue) -> None:
        self.phases = Phases(())
        self.first: str | None = None
        self.last: str | None = None
        self.screens = 0

    def findings(self) -> Iterator[Finding]:
        """Facts and gaps of the screens."""
        yield from ()
