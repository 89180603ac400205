"""Leads for an authority: a sample of the apps in which a clause was found breached by machine, suspected and confirmed by nobody."""

from __future__ import annotations

from msgspec import Struct

from mingcha.errors import UsageError
from mingcha.survey.sources import chance
from mingcha.survey.tables import NEWEST, connect


class Found(Struct, frozen=True, kw_only=True):
    """One app in which a clause was found breached; ``state`` is always *suspected*: nobody has looked at it yet."""

    clause: str
    state: str = "suspected"
    package: str | None
    label: str | None
    version: str | None
    artefact: str | None
    name: str
    evidence: int
    trace: str | None
    tool: str
    catalogue: str


_BREACHED = f"""
SELECT v.clause, a.package, a.label, a.version_name, a.artefact, i.name, v.evidence, t.trace, a.tool, v.catalogue
FROM verdicts v JOIN apps a USING (key) JOIN ({NEWEST}) i USING (key) LEFT JOIN traces t ON t.key = v.key AND t.clause = v.clause
WHERE v.outcome = 'breached' AND v.clause = ?
"""


def leads(url: str, clause: str, sample: int, seed: int) -> tuple[list[Found], int]:
    """So many of the apps in which the clause was found breached, chosen by seed, and how many there are. Raises UsageError."""
    with connect(url) as made:
        known = {row[0] for row in made.execute("SELECT DISTINCT clause FROM verdicts").fetchall()}
        if clause not in known:
            raise UsageError(f"--clause {clause!r}: judged in this dataset are {', '.join(sorted(known)[:40])}")
        rows = made.execute(_BREACHED, [clause]).fetchall()
    names = ("clause", "package", "label", "version", "artefact", "name", "evidence", "trace", "tool", "catalogue")
    found = [Found(**dict(zip(names, row, strict=True))) for row in rows]
    found.sort(key=lambda one: (chance(seed, one.artefact or one.name), one.name))
    return found[:sample], len(found)
