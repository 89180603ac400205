"""What is taken, by whom, and where the code may send it, as rows of a picture with the evidence between."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args

from mingcha.model.words import Grade
from mingcha.render.claims import declaring
from mingcha.render.permitted import unpermitted
from mingcha.render.pictureview import Edge, Party, Picture
from mingcha.render.reading import Reading
from mingcha.render.routes import ROUTES_SHOWN, Bundle, anchor_of, bundles, end_of

ROWS_DRAWN = 12
ROWS_WITH_ENDS = 18
PER_PARTY = 6
Doubt = Literal["", "asked", "unowned", "blocked"]
GRADES: tuple[Grade, ...] = get_args(Grade)

_KINDS = ("InformationTaken", "SensitiveCall", "InformationFlow", "PermissionDeclared")


@dataclass(frozen=True, slots=True)
class Taking:
    """That one party takes one type of information, with the strongest evidence first.

    ``doubt`` tells what speaks against it where it is only potential: "asked", a permission is declared and no code reads it;
    "unowned", the same, but code of nobody known reads it; "blocked", code reads it and no permission that it needs is declared.
    """

    information: str
    party: str | None
    grades: tuple[Grade, ...]
    doubt: Doubt = ""


def takings(reading: Reading) -> list[Taking]:
    """Who takes what, from joined facts, calls, flows, permissions and the policy; strongest and most sensitive first."""
    found: dict[tuple[str, str | None], set[tuple[Grade, Doubt]]] = defaultdict(set)
    said = declaring(reading)
    for fact in (*(fact for kind in _KINDS for fact in reading.all(kind)), *said):
        doubt = _doubt(reading, fact)
        for information, party, grade in _taken(fact):
            if not _everything(reading, information):
                found[information, party].add((grade, doubt))
    read = {i for (i, p), seen in found.items() if p is None and any(doubt == "" for _, doubt in seen)}
    rows = [Taking(i, p, _grades(seen), _together_doubted(seen, i in read)) for (i, p), seen in found.items()]
    return sorted(rows, key=lambda row: _weight(reading, row))


def _grades(seen: set[tuple[Grade, Doubt]]) -> tuple[Grade, ...]:
    return tuple(grade for grade in reversed(GRADES) if any(grade == one for one, _ in seen))


def _doubt(reading: Reading, fact: Any) -> Doubt:
    """What speaks against one piece of evidence; joined facts are no more than what they were joined from."""
    if type(fact).__name__ == "PermissionDeclared":
        return "asked"
    if type(fact).__name__ == "InformationTaken" and fact.sources:
        kinds = {type(source).__name__ for source in map(reading.fact, fact.sources)}
        if kinds == {"PermissionDeclared"}:
            return "asked"
    return "blocked" if unpermitted(reading, fact) else ""


def _together_doubted(seen: set[tuple[Grade, Doubt]], read: bool) -> Doubt:
    """The doubt that all evidence of a deed shares; a permission without code, and code without one, are not the same doubt.

    ``read`` tells that code whose owner is not known reads the type.
    """
    doubts = {doubt for grade, doubt in seen if grade != "declared"}
    doubt: Doubt = doubts.pop() if len(doubts) == 1 else ""
    return "unowned" if doubt == "asked" and read else doubt


def _everything(reading: Reading, information: str) -> bool:
    """Whether the type is the root of the taxonomy: "personal information" as such tells nobody anything."""
    row = reading.catalogue.information.get(information)
    return row is not None and row.parent is None


def _taken(fact: Any) -> Iterator[tuple[str, str | None, Grade]]:
    kind = type(fact).__name__
    if kind == "InformationTaken" and fact.information:
        yield fact.information, fact.party, fact.grade
    elif (kind == "SensitiveCall" and fact.information and fact.reach != "unreached") or (
        kind == "InformationFlow" and fact.information
    ):
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


# --- rows ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Strand:
    """One row: a taking, and where the party's code may send it; ``number`` is the route's, 0 where there is none."""

    taking: Taking
    bundle: Bundle | None = None
    number: int = 0


def strands(reading: Reading) -> list[Strand]:
    """Every taking once for each receiver, or once where no way out is known; what may leave the app comes first."""
    ends: dict[tuple[str | None, str | None], list[tuple[int, Bundle]]] = defaultdict(list)
    for number, bundle in enumerate(bundles(reading), 1):
        ends[bundle.information, bundle.owner].append((number, bundle))
    rows = [
        strand
        for taking in takings(reading)
        if taking.doubt != "blocked"
        for strand in _strands(taking, ends[taking.information, taking.party])
    ]
    return sorted(rows, key=lambda strand: _rank(reading, strand))


def _strands(taking: Taking, ends: list[tuple[int, Bundle]]) -> list[Strand]:
    return [Strand(taking, bundle, number) for number, bundle in ends] or [Strand(taking)]


def _rank(reading: Reading, strand: Strand) -> tuple[Any, ...]:
    """A stable order: the stronger evidence, then what is sensitive, then what may leave the app, in the order of routes.

    There is not room for all rows, and what is sensitive is not to be among those left out.
    """
    out = strand.bundle is not None and strand.bundle.leaves
    grave = sensitive(reading, strand.taking.information)
    return (-GRADES.index(strand.taking.grades[0]), not grave, not out, strand.number if out else 0)


def edge(reading: Reading, strand: Strand) -> Edge:
    """A row in words."""
    row, told = strand.taking, reading.reader != "public" and 0 < strand.number <= ROUTES_SHOWN
    return Edge(
        information=reading.information(row.information),
        group=reading.group(row.information),
        sensitive=sensitive(reading, row.information),
        grade=row.grades[0],
        grade_word=reading.value("grade_word", row.grades[0]),
        end=end_of(reading, strand.bundle) if strand.bundle else "",
        number=strand.number if told else 0,
        anchor=anchor_of(strand.number) if told else "",
    )


def picture(reading: Reading) -> Picture | None:
    """The picture, or nothing where nothing is known to be taken."""
    rows = strands(reading)
    if not rows:
        return None
    ends = any(row.bundle for row in rows)
    drawn = _drawn(rows, ROWS_WITH_ENDS if ends else ROWS_DRAWN)
    left = len(rows) - sum(len(some) for some in drawn.values())
    parties = tuple(
        Party(reading.party(party), tuple(edge(reading, row) for row in _together(some)))
        for party, some in drawn.items()
    )
    grades = [
        grade
        for grade in reversed(GRADES)
        if any(row.taking.grades[0] == grade for some in drawn.values() for row in some)
    ]
    title = "" if reading.reader == "public" else reading.words.labels["f_title"]
    return Picture(
        parties=parties,
        more=reading.words.say("more_rows", count=left) if left else "",
        description=reading.words.say("ends_desc" if ends else "picture_desc", count=len(rows) - left),
        legend=tuple((g, reading.value("grade_word", g), reading.value("grade_meaning", g)) for g in grades),
        ends=reading.words.say("ends_note", title=title) if ends else "",
    )


def _together(rows: list[Strand]) -> list[Strand]:
    """Rows that end at the same receiver next to each other; those that end nowhere last."""
    keys = [_end(row) for row in rows]
    first = {key: keys.index(key) for key in keys}
    return sorted(rows, key=lambda row: (row.bundle is None, first[_end(row)]))


def _end(row: Strand) -> tuple[Any, ...] | None:
    return (row.bundle.channel, row.bundle.receiver, row.bundle.host) if row.bundle else None


def _drawn(rows: list[Strand], room: int) -> dict[str | None, list[Strand]]:
    """At most ``room`` rows by party, the app first; no party takes all the room while others wait.

    Those of whom only the policy speaks wait until the others have their rows.
    """
    waiting: dict[str | None, list[Strand]] = defaultdict(list)
    for row in rows:
        waiting[row.taking.party].append(row)
    order = sorted(waiting, key=lambda party: (party != "app", party is None, rows.index(waiting[party][0])))
    only_said = [party for party in order if waiting[party][0].taking.grades[0] == "declared"]
    shown = dict.fromkeys(order, 0)
    for some in ([party for party in order if party not in only_said], only_said, order):
        for most in (1, PER_PARTY) if some is not order else (room,):
            for party in some:
                free = room - sum(shown.values())
                shown[party] += min(free, max(0, min(len(waiting[party]), most) - shown[party]))
    return {party: waiting[party][:count] for party, count in shown.items() if count}
