"""What the app can do, or was seen doing, against what its policy says: one row for each type of information and party."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from mingcha.model.fact import Fact
from mingcha.model.words import Grade
from mingcha.render.citing import cite
from mingcha.render.picture import GRADES, Doubt, Taking, sensitive, takings
from mingcha.render.policyview import Cite
from mingcha.render.reading import Reading
from mingcha.render.routes import bundles, end_of
from mingcha.render.spoken import permission_sentences, spoken

STATES = (
    "incorrect", "ambiguous", "denied", "omitted", "vague", "unfound", "wide", "permission", "unknown", "named", "clear",
)  # fmt: skip
"""How a row stands, gravest first: PoliCheck's five, and six for policies that are not read to the last word.

denied: a sentence says no, others may say more; unfound: nothing was found so far; wide: only a general term was; permission:
only the permission that opens it was; unknown: nobody knows who takes it; named: it is written, more may be.
"""
ENDS_SHOWN = 2


@dataclass(frozen=True, slots=True)
class Said:
    """One type of information and one party; ``grade`` is the strongest evidence that it is taken, ``fact`` the sentence.

    ``also`` is a second sentence that says otherwise.
    """

    information: str
    party: str | None
    grades: tuple[Grade, ...]
    state: str
    fact: Fact | None
    also: Fact | None = None
    doubt: Doubt = ""

    @property
    def grade(self) -> Grade:
        """The strongest evidence."""
        return self.grades[0]


def read(reading: Reading) -> bool:
    """Whether there is a policy to compare with."""
    return bool(reading.all("PolicyDocument"))


def said(reading: Reading) -> list[Said]:
    """Every type that the app or somebody inside can take, the gravest state and the strongest evidence first."""
    if not read(reading):
        return []
    rows = [_said(reading, taking) for taking in takings(reading) if _real(taking)]
    return sorted(rows, key=lambda row: _weight(reading, row))


def _real(taking: Taking) -> list[Grade]:
    """The grades that show a deed; what is only declared is none."""
    return [grade for grade in taking.grades if grade != "declared"]


def _weight(reading: Reading, row: Said) -> tuple[Any, ...]:
    grave = (STATES.index(row.state), -GRADES.index(row.grade), not sensitive(reading, row.information))
    return (row.doubt == "blocked", *grave, row.party != "app", row.party or "", row.information)


def _said(reading: Reading, taking: Taking) -> Said:
    state, fact, also = _state(reading, taking)
    real = tuple(_real(taking))
    return Said(taking.information, taking.party, real, state, fact, also if also != fact else None, taking.doubt)


def _state(reading: Reading, taking: Taking) -> tuple[str, Fact | None, Fact | None]:
    """How the row stands, the sentence that says so, and one that says otherwise."""
    if taking.party is None:
        return "unknown", None, None
    told = spoken(reading, taking.information, taking.party)
    joined = _joined(reading, taking)
    if joined is not None:
        sources = [fact for fact in map(reading.fact, joined.sources) if fact and fact.place.unit == "paragraph"]
        denied = joined.outcome == "incorrect"
        best = told.disclaimed if denied else told.affirmed
        fact = next(iter(filter(None, (best, told.disclaimed, *sources))), None)
        return joined.outcome, fact, told.affirmed if denied else told.disclaimed
    if told.denied:
        return "ambiguous" if told.own else "denied", told.denied[0], told.affirmed
    if told.own:
        return "named", told.own[0], told.disclaimed
    if told.all_denied:
        return "denied", told.all_denied[0], told.affirmed
    for state, facts in (("permission", told.permission), ("wide", told.wide)):
        if facts:
            return state, facts[0], told.disclaimed
    return "unfound", None, told.disclaimed


def _joined(reading: Reading, taking: Taking) -> Any | None:
    """The joined fact with the strongest evidence."""
    facts = [
        f for f in reading.all("SaidAgainstDone") if (f.information, f.party) == (taking.information, taking.party)
    ]
    return max(facts, key=lambda fact: GRADES.index(fact.grade), default=None)


# --- in words --------------------------------------------------------------------------------------------------------

Linked = tuple[tuple[str, ...], str]
"""The cells of a row, and the anchor its last one leads to."""


def match_rows(reading: Reading) -> Iterator[Linked]:
    """The rows of the match table as the reader needs them."""
    if reading.reader == "public":
        yield from _plain_rows(reading)
        return
    ends = _ends(reading)
    for row in said(reading):
        quoted = _quoted(reading, row)
        yield (*_cells(reading, row, ends), quoted.quote), quoted.anchor


def _quoted(reading: Reading, row: Said) -> Cite:
    """The sentence of a row, with the one that says otherwise behind it."""
    first, second = (cite(reading, fact) if fact else Cite() for fact in (row.fact, row.also))
    if second.quote in ("", first.quote):
        return msgspec.structs.replace(first, quote=first.quote or "—")
    also = reading.words.say("said_also", first=first.quote or None, quote=second.quote)
    return msgspec.structs.replace(first, quote=also, anchor=first.anchor or second.anchor)


def _cells(reading: Reading, row: Said, ends: dict[tuple[str, str | None], list[str]]) -> tuple[str, ...]:
    information, party = reading.information(row.information), reading.party(row.party)
    state = reading.value("said_state", row.state)
    grades = reading.joined(reading.value("grade_word", grade) for grade in row.grades)
    goes = reading.joined(ends.get((row.information, row.party), ())[:ENDS_SHOWN])
    notes = [reading.value("said_doubt", row.doubt), reading.words.say("said_goes", ends=goes) if goes else ""]
    evidence = grades + "".join(reading.bracketed(note) for note in notes if note)
    if reading.reader == "operator":
        return information, party, evidence, state, to_write(reading, row)
    mark = reading.words.labels["yes" if sensitive(reading, row.information) else "no"]
    return information, mark, party, evidence, state


def _plain_rows(reading: Reading) -> Iterator[Linked]:
    """For everybody: what stands the same way, with the same sentence, is one row."""
    alike: dict[tuple[str | None, Grade, str, Cite], list[str]] = defaultdict(list)
    for row in said(reading):
        if row.doubt == "blocked":
            continue  # what no permission opens cannot be taken: for readers of code, not for everybody
        quoted = _quoted(reading, row)
        alike[row.party, row.grade, row.state, quoted].append(reading.information(row.information))
    for (party, grade, state, quoted), names in alike.items():
        known, stands = reading.value("plain_grade", grade), reading.value("plain_said", state)
        cells = (reading.joined(names), reading.party(party), known, stands, quoted.quote)
        yield cells, quoted.anchor


def to_write(reading: Reading, row: Said) -> str:
    """What the operator should write, or change, for one row."""
    if row.doubt == "blocked":
        return reading.words.say("write_blocked")
    kind = "app" if row.party == "app" else "third"
    name = f"write_{row.state}{'_denied' if row.state == 'permission' and row.also else ''}"
    sentences = reading.words.sentences
    key = f"{name}_{kind}" if f"{name}_{kind}" in sentences else name
    return reading.words.say(key, information=reading.information(row.information), party=reading.party(row.party))


def _ends(reading: Reading) -> dict[tuple[str, str | None], list[str]]:
    """Where code may carry what each party takes, out of the app."""
    found: dict[tuple[str, str | None], list[str]] = defaultdict(list)
    for bundle in bundles(reading):
        end = end_of(reading, bundle)
        if bundle.leaves and bundle.information and end not in found[bundle.information, bundle.owner]:
            found[bundle.information, bundle.owner].append(end)
    return found


# --- permissions and SDKs --------------------------------------------------------------------


def permission_said(reading: Reading, permission: str) -> tuple[str, str]:
    """What the policy says of a permission, and the anchor of the sentence."""
    best = next(iter(permission_sentences(reading, permission)), None)
    if best is None:
        sure = reading.base.is_complete("PermissionNamedInPolicy", {})
        return reading.words.labels["permission_absent" if sure else "permission_unfound"], ""
    name = "permission_purpose" if best.purpose else "permission_aimless"
    return reading.words.say(name, purpose=(best.purpose or "").strip('“”"')), reading.anchor(best.place)


def sdk_said(reading: Reading, sdk: str) -> str:
    """The anchor of the sentence or row that names an SDK."""
    fact = next((fact for fact in reading.all("SdkNamed") if fact.sdk == sdk), None)
    return reading.anchor(fact.place) if fact else ""
