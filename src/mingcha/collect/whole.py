"""What several collectors ask of the app's code as a whole, made once for each package."""

from __future__ import annotations

from dataclasses import dataclass

from mingcha.catalogue.framework import load_framework
from mingcha.catalogue.load import Catalogue
from mingcha.collect.package import Package
from mingcha.collect.protection import hides_calls
from mingcha.collect.surroundings import surroundings_of
from mingcha.errors import FormatError, LimitError
from mingcha.formats.dex import Site
from mingcha.model.factbase import Gap
from mingcha.model.words import Step
from mingcha.program.code import Image, Program
from mingcha.program.reach import Found, Reach


@dataclass(frozen=True, slots=True)
class Reaching:
    """When code can run, or why that is not known."""

    reach: Reach | None
    program: Program | None
    gaps: tuple[Gap, ...] = ()

    def at(self, image: int, site: Site, callee: str) -> Found:
        """When the instruction of an image can run."""
        if self.reach is None or self.program is None:
            return Found("unknown")
        return self.reach.at(self.program.bases[image] + site.method, site.unit, callee)


def program_of(package: Package) -> Program:
    """All code of the app as one program; the number of an image is its place in ``package.code``. Raises FormatError."""
    images = (Image(number, code.dex) for number, code in enumerate(package.code))
    return package.once("program", lambda: Program(tuple(images), load_framework()))


def reach_of(package: Package, tables: Catalogue) -> Reaching:
    """When each place of the code can run; where its tables are broken or absurd, nothing is known, with the reason as a gap."""
    return package.once("reach", lambda: _reaching(package, tables))


def _reaching(package: Package, tables: Catalogue) -> Reaching:
    try:
        program = program_of(package)
        opaque = hides_calls(package, tables)
        if not program.count:
            return Reaching(None, program)
        return Reaching(Reach(program, surroundings_of(package), tables.callbacks, opaque=opaque), program)
    except (FormatError, LimitError) as error:
        gap = Gap(
            collector="calls",
            reason="too big" if isinstance(error, LimitError) else "unreadable",
            hides=("SensitiveCall",),
            code="calls.reach_unknown",
            values={"why": str(error)},
        )
        return Reaching(None, None, (gap,))


def steps_of(package: Package, found: Found) -> tuple[Step, ...]:
    """A path through code with its places in the artefact."""
    return tuple(
        Step(
            method=step.method, does=step.does, place=package.place(package.code[step.image].path, step.at, step.quote)
        )
        for step in found.steps
    )
