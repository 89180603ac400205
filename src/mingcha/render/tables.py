"""The tables of a page: SDKs, permissions, what was not seen, materials, answers; which ones, each reader decides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from mingcha.model.fact import PermissionDeclared, SdkPresent
from mingcha.model.factbase import Gap
from mingcha.model.words import Grade
from mingcha.render.areas import area_rows
from mingcha.render.lists import collected, shared
from mingcha.render.missing import gap_sentence, hidden
from mingcha.render.overdeclaring import overdeclared_rows
from mingcha.render.picture import sensitive, takings
from mingcha.render.reading import Reading
from mingcha.render.rows import replies
from mingcha.render.said import Linked, match_rows, permission_said, read, sdk_said
from mingcha.render.signals import signals
from mingcha.render.spots import spot_of
from mingcha.render.startup import nameless
from mingcha.render.trials import destinations, hosts, plain_destinations, watched
from mingcha.render.view import Row, Table

ROWS_SHOWN = 400


def tables(reading: Reading, rows: tuple[Row, ...]) -> dict[str, Table]:
    """The reader's tables by name; a table without rows is left out."""
    made = (make(reading, rows) for make in _MAKERS[reading.reader])
    return {table.id: table for table in made if table.rows}


def linked(reading: Reading, name: str, columns: str, rows: Iterable[Linked], note: str = "") -> Table:
    """A table whose rows each lead to a sentence of the policy."""
    kept = tuple(rows)
    made = table(reading, name, columns, (cells for cells, _ in kept), note)
    return msgspec.structs.replace(made, links=tuple(anchor for _, anchor in kept[:ROWS_SHOWN]))


def table(reading: Reading, name: str, columns: str, rows: Iterable[tuple[str, ...]], note: str = "") -> Table:
    """A table whose caption and heads are labels; very long ones are cut, and say so."""
    labels = reading.words.labels
    kept = tuple(rows)
    if len(kept) > ROWS_SHOWN:
        note = f"{note} {reading.words.say('more_rows_cut', count=len(kept) - ROWS_SHOWN)}".strip()
    heads = tuple(labels[f"c_{column}"] for column in columns.split())
    return Table(name, labels[f"t_{name}"], heads, kept[:ROWS_SHOWN], note)


# --- what is inside ------------------------------------------------------------------------------------------------


def _sdks(reading: Reading, _: tuple[Row, ...]) -> Table:
    rows = ((_sdk_row(reading, fact), sdk_said(reading, fact.sdk)) for fact in present(reading).values())
    return linked(reading, "sdks", "name vendor version signals declared policy", rows)


def present(reading: Reading) -> dict[str, SdkPresent]:
    """Each SDK once, the surest sighting of it; certain ones before possible ones."""
    found: dict[str, Any] = {}
    for fact in sorted(reading.all("SdkPresent"), key=lambda f: (f.possible, -f.score, f.sdk)):
        found.setdefault(fact.sdk, fact)
    return found


def _sdk_row(reading: Reading, fact: SdkPresent) -> tuple[str, ...]:
    known = reading.catalogue.sdks.get(fact.sdk)
    declared = reading.joined(map(reading.information, known.declared)) if known else ""
    name = reading.sdk(fact.sdk)
    doubt = reading.bracketed(reading.words.labels["possible"]) if fact.possible else ""
    return (
        name + doubt,
        known.vendor if known else "",
        fact.version or "",
        signals(reading, fact.signals),
        declared,
        listed(reading, fact.sdk),
    )


def listed(reading: Reading, sdk: str) -> str:
    """Whether the policy that was read names the SDK."""
    labels = reading.words.labels
    if any(fact.sdk == sdk for fact in reading.all("SdkNamed")):
        return labels["listed"]
    return labels["not_listed" if reading.all("PolicyDocument") else "no_policy"]


def _permissions(reading: Reading, _: tuple[Row, ...]) -> Table:
    facts: dict[str, Any] = {fact.permission: fact for fact in reading.all("PermissionDeclared")}
    ordered = sorted(
        facts.values(), key=lambda fact: (fact.dangerous is not True, not fact.information, fact.permission)
    )
    if not read(reading):
        return table(
            reading, "permissions", "permission opens dangerous", (_permission_row(reading, f) for f in ordered)
        )
    spoken = ((_permission_row(reading, f), permission_said(reading, f.permission)) for f in ordered)
    rows = (((*row, said), anchor) for row, (said, anchor) in spoken)
    return linked(reading, "permissions", "permission opens dangerous said", rows)


def _asked(reading: Reading, _: tuple[Row, ...]) -> Table:
    """For everybody: the permissions a person is asked for, and what the policy says they are for."""
    found = {f.permission: f for f in reading.all("PermissionDeclared") if f.dangerous} if read(reading) else {}
    spoken = ((_permission_row(reading, found[name]), permission_said(reading, name)) for name in sorted(found))
    rows = (((name, opens, said), anchor) for (name, opens, _), (said, anchor) in spoken)
    return linked(reading, "asked", "permission opens said", rows)


def _permission_row(reading: Reading, fact: PermissionDeclared) -> tuple[str, ...]:
    state = {True: "yes", False: "no", None: "unknown"}[fact.dangerous]
    opens = reading.joined(map(reading.information, fact.information or ()))
    return reading.permission(fact.permission), opens, reading.words.labels[state]


def _picture(reading: Reading, _: tuple[Row, ...]) -> Table:
    rows = (
        (
            reading.information(row.information),
            reading.words.labels["yes" if sensitive(reading, row.information) else "no"],
            reading.party(row.party),
            reading.joined(reading.value("grade_word", grade) for grade in row.grades),
        )
        for row in takings(reading)
        if row.doubt != "blocked"
    )
    return table(reading, "picture", "information sensitive party grade", rows)


_MATCHED = {
    "operator": "information party grade said write cited",
    "regulator": "information sensitive party grade said cited",
    "public": "information who_takes plain said cited",
}


def _match(reading: Reading, _: tuple[Row, ...]) -> Table:
    note = reading.words.labels["match_note_public" if reading.reader == "public" else "match_note"]
    return linked(reading, "match", _MATCHED[reading.reader], match_rows(reading), note)


def _overdeclared(reading: Reading, _: tuple[Row, ...]) -> Table:
    note = reading.words.labels["overdeclared_note"]
    return linked(reading, "overdeclared", "kind said_value cited", overdeclared_rows(reading), note)


# --- what was handed in, and what was not seen ---------------------------------------------------------------------


def _gaps(reading: Reading, _: tuple[Row, ...]) -> Table:
    """Gaps that say the same are one row; what they hide is put together."""
    columns = "gap reason hides" if reading.reader == "operator" else "gap reason hides place collector"
    alike: dict[tuple[str, ...], list[Gap]] = defaultdict(list)
    for gap in reading.report.gaps:
        alike[gap_sentence(reading, gap), reading.value("reason", gap.reason), *_gap_origin(reading, gap)].append(gap)
    rows = ((*key[:2], hidden(reading, gaps), *key[2:]) for key, gaps in alike.items())
    return table(reading, "gaps", columns, rows)


def _gap_origin(reading: Reading, gap: Gap) -> tuple[str, ...]:
    if reading.reader == "operator":
        return ()
    spot = spot_of(reading, gap.place) if gap.place else None
    return f"{spot.file}{reading.words.labels['place_join']}{spot.position}" if spot else "", gap.collector


def _artefacts(reading: Reading, _: tuple[Row, ...]) -> Table:
    rows = (
        (artefact.name, reading.value("artefact_kind", artefact.kind), f"{artefact.size:,}", artefact.sha256)
        for artefact in reading.report.case.artefacts
    )
    return table(reading, "artefacts", "file kind size sha256", rows)


def _answers(reading: Reading, _: tuple[Row, ...]) -> Table:
    rows = (
        (reply.clause, reply.question, reply.about, reply.answer, reply.who, reply.date, reply.proof)
        for reply in replies(reading, reading.report.answers)
    )
    return table(reading, "answers", "clause question about answer who date proof", rows)


def _questions(reading: Reading, rows: tuple[Row, ...]) -> Table:
    asked = ((row.number, query.text, reading.joined(query.about), query.id) for row in rows for query in row.questions)
    return table(reading, "questions", "clause question about key", asked)


# --- in plain words ------------------------------------------------------------------------------------------------


def _take(reading: Reading, _: tuple[Row, ...]) -> Table:
    """Groups of information, what of each can be taken, and how that is known; stronger evidence stands in a row of its own."""
    groups: dict[tuple[str, Grade], list[str]] = defaultdict(list)
    for row in (row for row in takings(reading) if row.doubt != "blocked"):
        names = groups[reading.group(row.information), row.grades[0]]
        if (name := reading.information(row.information)) not in names:
            names.append(name)
    rows = (
        (group, reading.joined(names), reading.value("plain_grade", grade)) for (group, grade), names in groups.items()
    )
    return table(reading, "take", "group information plain", rows)


def _who(reading: Reading, _: tuple[Row, ...]) -> Table:
    rows = [_who_row(reading, f) for f in present(reading).values()]
    if not read(reading):
        return table(reading, "who", "name vendor purpose status", rows)
    named = [(listed(reading, sdk), sdk_said(reading, sdk)) for sdk in present(reading)]
    spoken = (((*row, said), anchor) for row, (said, anchor) in zip(rows, named, strict=True))
    return linked(reading, "who", "name vendor purpose status policy", spoken)


def _who_row(reading: Reading, fact: SdkPresent) -> tuple[str, ...]:
    known = reading.catalogue.sdks.get(fact.sdk)
    purpose = reading.value("purpose_class", known.purpose) if known else ""
    vendor = known.vendor if known else ""
    return reading.sdk(fact.sdk), vendor, purpose, reading.words.labels[conduct(reading, fact)]


def conduct(reading: Reading, fact: SdkPresent) -> str:
    """The label that says what is known of an SDK's conduct; its mere presence says nothing."""
    grades = {row.grades[0] for row in takings(reading) if row.party == fact.sdk}
    if "transmitted" in grades:
        return "seen_sending"
    if "observed" in grades:
        return "seen_reading"
    return "maybe_inside" if fact.possible else "not_tested"


def _unchecked(reading: Reading, _: tuple[Row, ...]) -> Table:
    return table(reading, "unchecked", "area reason", area_rows(reading))


def _collected(reading: Reading, _: tuple[Row, ...]) -> Table:
    return table(reading, "collected", "information purpose scene basis check", collected(reading))


def _shared(reading: Reading, _: tuple[Row, ...]) -> Table:
    return table(reading, "shared", "third information purpose scene way basis check", shared(reading))


def _flows(reading: Reading, _: tuple[Row, ...]) -> Table:
    return table(reading, "flows", "number information owner end changes when paths", destinations(reading))


def _goes(reading: Reading, _: tuple[Row, ...]) -> Table:
    return table(reading, "goes", "end owner information", plain_destinations(reading))


def _watch(reading: Reading, _: tuple[Row, ...]) -> Table:
    return table(reading, "watch", "information owner call moment calls", watched(reading), nameless(reading))


def _hosts(reading: Reading, _: tuple[Row, ...]) -> Table:
    return table(reading, "hosts", "host owner information", hosts(reading))


Maker = Callable[[Reading, tuple[Row, ...]], Table]
_MAKERS: dict[str, tuple[Maker, ...]] = {
    "operator": (_match, _overdeclared, _picture, _flows, _sdks, _collected, _shared, _permissions, _gaps, _artefacts),
    "regulator": (
        _watch,
        _hosts,
        _match,
        _overdeclared,
        _picture,
        _flows,
        _artefacts,
        _sdks,
        _permissions,
        _gaps,
        _questions,
        _answers,
    ),
    "public": (_match, _asked, _overdeclared, _picture, _take, _goes, _who, _unchecked),
}
