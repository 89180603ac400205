"""What code could do points at clauses and decides none: hints while a clause is open, and what stands behind a question."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
import pytest

from mingcha.catalogue.load import load
from mingcha.judge.evaluate import judge
from mingcha.model.artefact import Case
from mingcha.model.clause import Clause
from mingcha.model.fact import Fact, InformationTaken, SaidAgainstDone
from mingcha.model.factbase import FactBase
from mingcha.model.verdict import PersonAnswer, Verdict
from tests.clauses.examples import base_of, fact

CATALOGUE = load()
CLAUSES = [clause for regulation in CATALOGUE.regulations.values() for clause in regulation.clauses]
POTENTIAL = ("SensitiveCall", "InformationFlow")

CALL = {"kind": "SensitiveCall", "interface": "LocationManager.requestLocationUpdates", "information": "loc.precise",
        "owner": "app", "caller": "La;->b()V", "callee": "Lc;->d()V"}  # fmt: skip
FLOW = {"kind": "InformationFlow", "information": "dev.imei", "source": "Lc;->d()V", "sink": "Le;->f()V",
        "channel": "network", "owner": "app"}  # fmt: skip
COULD = [
    {**CALL, "reach": "startup", "order": 0, "permission": ["android.permission.READ_CONTACTS"]},
    {**CALL, "reach": "unknown", "information": "contacts.book", "owner": "umeng"},
    {**FLOW, "receiver": "umeng-analytics", "host": "ulogs.umeng.com", "transforms": ["md5"]},
    {**FLOW, "channel": "sdk", "receiver": "bugly", "information": "id.phone"},
    {**FLOW, "host": "log.example.com"},
    {"kind": "InformationTaken", "information": "contacts.book", "grade": "potential", "actor": "app", "party": "umeng"},
    {"kind": "SaidAgainstDone", "information": "contacts.book", "party": "app", "outcome": "omitted", "grade": "potential"},
]  # fmt: skip


def is_potential(one: Fact) -> bool:
    """Whether a fact only says what code could do."""
    graded = isinstance(one, (InformationTaken, SaidAgainstDone)) and one.grade == "potential"
    return graded or type(one).__name__ in POTENTIAL


def judged(clause: Clause, base: FactBase, answers: Iterable[dict[str, Any]] = (), case: Any = None) -> Verdict:
    """What the clause says of a base."""
    given = tuple(msgspec.convert({"clause": clause.id, **answer}, PersonAnswer) for answer in answers)
    return judge([clause], base, msgspec.convert(case or {}, Case), given, CATALOGUE.is_a)[0]


@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: clause.id)
def test_what_code_could_do_decides_nothing(clause: Clause) -> None:
    """With calls and flows of every sort added to an example, or all taken from it, its outcome stays the same."""
    for example in clause.examples:
        base = base_of(example)
        more = FactBase.of([*base.facts, *map(fact, COULD)], base.covered, base.gaps)
        less = FactBase.of([one for one in base.facts if not is_potential(one)], base.covered, base.gaps)
        for changed in (more, less):
            assert judged(clause, changed, example.answers, example.case).outcome == example.outcome, example


@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: clause.id)
def test_a_breach_rests_on_nothing_that_only_could_be(clause: Clause) -> None:
    """Among the evidence of a breach no call or flow stands that is about anything else than what was proven or asked."""
    for example in clause.examples:
        if example.outcome == "breached":
            base = base_of(example)
            more = FactBase.of([*base.facts, *map(fact, COULD)], base.covered, base.gaps)
            kept = [more.by_id[i] for i in judged(clause, more, example.answers, example.case).evidence]
            proven = {getattr(one, "information", None) for one in kept if not is_potential(one)}
            asked = {p for one in kept for p in (getattr(one, "permission", None),) if isinstance(p, str)}
            for one in filter(is_potential, kept):
                assert getattr(one, "information", 0) in proven or asked & set(getattr(one, "permission", ())), one


def hints(number: str, *rows: dict[str, Any]) -> list[dict[str, Any]]:
    """Which of the rows an undetermined clause carries along."""
    clause = CATALOGUE.clause(f"idm-2019/{number}")
    verdict = judged(clause, FactBase.of(map(fact, rows)))
    assert verdict.outcome == "not determined"
    return [row for row in rows if FactBase.of([fact(row)]).facts[0].id in verdict.evidence]


NAMED = {"kind": "InformationNamedInPolicy", "information": "dev.imei", "clear": True}


@pytest.mark.parametrize(
    ("number", "hint", "none"),
    [
        ("2.1", COULD[5], {**COULD[5], "information": "dev.imei"}),
        ("3.3", COULD[3], COULD[2]),
        ("3.3", COULD[3], {**COULD[3], "channel": "log"}),
        ("4.4", COULD[0], {**COULD[0], "reach": "unreached"}),
        ("4.4", COULD[0], {**COULD[0], "interface": "LocationManager.getLastKnownLocation"}),
        ("5.1", COULD[2], {**COULD[2], "channel": "file"}),
        ("5.1", COULD[3], {**COULD[3], "implicit": True}),
        ("5.1", COULD[4], {**COULD[4], "channel": "screen"}),
    ],
)
def test_what_points_at_a_clause_is_carried(number: str, hint: dict[str, Any], none: dict[str, Any]) -> None:
    """Of what code could do beside a policy that names the IMEI, the clause carries what concerns it and nothing else."""
    assert hints(number, NAMED, hint, none) == [hint]


def test_the_code_that_uses_a_permission_stands_behind_its_question() -> None:
    """4.1 asks about each permission, and carries the calls that need it; dead code and other permissions are left out."""
    asked = {"kind": "PermissionDeclared", "permission": "android.permission.READ_CONTACTS", "dangerous": True,
             "sensitive": True, "information": ["contacts.book"]}  # fmt: skip
    used = {**COULD[0], "information": "contacts.book"}
    assert hints("4.1", asked, used, {**used, "reach": "unreached"}, {**used, "permission": ["p"]}) == [asked, used]


def test_traffic_brings_its_own_path_along() -> None:
    """Once traffic proves a breach of 5.1, the path of that information to that party is evidence, and no other path is."""
    sent = {
        "kind": "InformationSent",
        "information": "dev.imei",
        "host": "h",
        "receiver": "umeng-analytics",
        "phase": "P1",
    }
    taken = {
        "kind": "InformationTaken",
        "information": "dev.imei",
        "grade": "transmitted",
        "party": "umeng-analytics",
        "phase": "P1",
    }
    base = FactBase.of(map(fact, [sent, taken, *COULD]))
    verdict = judged(CATALOGUE.clause("idm-2019/5.1"), base)
    assert verdict.outcome == "breached"
    assert set(verdict.evidence) == {FactBase.of([fact(row)]).facts[0].id for row in (sent, taken, COULD[2])}
