"""What is taken and by whom, as rows of a picture: information on one side, who takes it on the other, evidence between."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

from mingcha.model.fact import Grade
from mingcha.render.reading import Reading
from mingcha.render.view import Edge, Party, Picture

ROWS_DRAWN = 12
PER_PARTY = 6
GRADES: tuple[Grade, ...] = get_args(Grade)

_KINDS = ("InformationTaken", "SensitiveCall", "PermissionDeclared", "InformationNamedInPolicy")


@dataclass(frozen=True, slots=True)
class Taking:
    """That one party takes one type of information, with the strongest evidence first."""

    information: str
    party: str | None
    grades: tuple[Grade, ...]


def takings(reading: Reading) -> list[Taking]:
    """Who takes what, from joined facts, calls, permissions and the policy; strongest and most sensitive first."""
    found: dict[tuple[str, str | None], set[Grade]] = defaultdict(set)
    for fact in (fact for kind in _KINDS for fact in reading.all(kind)):
        for information, party, grade in _taken(fact):
            if not _everything(reading, information):
                found[information, party].add(grade)
    rows = [Taking(i, p, tuple(g for g in reversed(GRADES) if g in grades)) for (i, p), grades in found.items()]
    return sorted(rows, key=lambda row: _weight(reading, row))


def _everything(reading: Reading, information: str) -> bool:
    """Whether the type is the root of the taxonomy: "personal information" as such tells nobody anything."""
    row = reading.catalogue.information.get(information)
    return row is not None and row.parent is None


def _taken(fact: Any) -> Iterator[tuple[str, str | None, Grade]]:
    kind = type(fact).__name__
    if kind == "InformationTaken" and fact.information:
        yield fact.information, fact.party, fact.grade
    elif kind == "SensitiveCall" and fact.information and fact.reach != "unreached":
        yield fact.information, fact.owner, "potential"
    elif kind == "PermissionDeclared":
        yield from ((information, "app", "potential") for information in fact.information or ())
    elif kind == "InformationNamedInPolicy":
        yield fact.information, fact.party, "declared"


def sensitive(reading: Reading, information: str) -> bool:
    """Whether the 2020 list calls the type sensitive."""
    row = reading.catalogue.information.get(information)
    return bool(row and row.sensitive_2020)


def _weight(reading: Reading, row: Taking) -> tuple[Any, ...]:
    return (-GRADES.index(row.grades[0]), not sensitive(reading, row.information), row.information, row.party or "")


def edge(reading: Reading, row: Taking) -> Edge:
    """A taking in words."""
    return Edge(
        information=reading.information(row.information),
        group=reading.group(row.information),
        sensitive=sensitive(reading, row.information),
        grade=row.grades[0],
        grade_word=reading.value("grade_word", row.grades[0]),
    )


def picture(reading: Reading) -> Picture | None:
    """The picture, or nothing where nothing is known to be taken."""
    rows = takings(reading)
    if not rows:
        return None
    drawn = _drawn(rows)
    left = len(rows) - sum(len(edges) for edges in drawn.values())
    parties = tuple(
        Party(reading.party(party), tuple(edge(reading, row) for row in edges)) for party, edges in drawn.items()
    )
    grades = [grade for grade in reversed(GRADES) if any(row.grades[0] == grade for row in rows)]
    return Picture(
        parties=parties,
        more=reading.words.say("more_rows", count=left) if left else "",
        description=reading.words.say("picture_desc", count=len(rows) - left),
        legend=tuple((g, reading.value("grade_word", g), reading.value("grade_meaning", g)) for g in grades),
    )


def _drawn(rows: list[Taking]) -> dict[str | None, list[Taking]]:
    """At most ``ROWS_DRAWN`` rows by party, the app first; no party takes all the room while others wait."""
    waiting: dict[str | None, list[Taking]] = defaultdict(list)
    for row in rows:
        waiting[row.party].append(row)
    order = sorted(waiting, key=lambda party: (party != "app", party is None, rows.index(waiting[party][0])))
    shown = dict.fromkeys(order[:ROWS_DRAWN], 1)
    for most in (PER_PARTY, ROWS_DRAWN):
        for party in shown:
            room = ROWS_DRAWN - sum(shown.values())
            shown[party] += min(room, max(0, min(len(waiting[party]), most) - shown[party]))
    return {party: waiting[party][:count] for party, count in shown.items()}
