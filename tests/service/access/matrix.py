"""The authorisation matrix as a table that people read: made from a survey, compared with `matrix.yaml`.

python -m tests.service.access.matrix          writes matrix.yaml anew; read its diff row by row before committing it
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from tests.service.access.survey import DOERS, FEW, STAFF, Answer
from tests.service.access.world import World

FILE = Path(__file__).with_name("matrix.yaml")
GROUPS = {
    "office-a": tuple(f"{one}-a" for one in STAFF), "company-a": ("owner-a", "clerk-a"), "complainants": ("complainant-a", "complainant-b"),
    "others-b": ("officer-b", "handler-b", "owner-b", "store-b"), "house": ("auditor", "admin"),
}  # fmt: skip
HEAD = """\
# Who gets what from which route, for the things of side A. Made by `python -m tests.service.access.matrix`; read before it is committed.
# Who: visitor; plain (an account without a role); complainant-a (showed the code of complaint-kept); -a belongs to the side whose things are
# asked for, -b to the other. Groups: office-a = officer handler inspector legal approver publisher of A; company-a = owner clerk;
# others-b = officer handler owner store of B; house = auditor admin; all = everybody who was asked (where a route is open to anybody, or the
# thing is not there, six stand for all).
# Answers: a status, `sign-in` (sent to sign in), `factor` (asked for a fresh second factor), `moved` (another redirect).
# Things: secret = nobody was told; told = the operator was told, its time to answer runs; known = ordered, served, publicly warned.
"""
NOTES = {
    "health": "503 here because no worker runs in a test",
    "api:list": "whoever works here gets a list of what reaches him, which may be empty; rows are compared by the marks of test_matrix.py",
    "api:one": "404 for whatever does not reach, 403 only for who may not knock at all; the same rows as the desk, for all six of the office",
    "handover": "for those who may add a version: handler, inspector, the operator that was told",
    "package": "exporting evidence is the handler's (ladder, evidence export)",
    "evidence": "the original of a picture is the complaint officer's alone; the publisher reads no evidence at all",
    "operator-claim": "claims belong to no authority yet: every case handler sees them, also of B; the owner sees who claims his apps",
    "operator-do": "answers to POST alone; whose it is stands below under acts, selfcheck",
    "operator-compare": "also the version of a case of which the operator was told, not that of a secret one",
    "mine": "whoever showed a code gets his own complaint, never another's: there is no number in the address",
    "verify-pdf": "an order that was served can be checked, and had, by whoever knows its number",
    "account_signup": "anybody may open an account; without a role it can do nothing but claim an app",
}


def table(answers: Iterable[Answer]) -> dict[str, dict[str, dict[str, str]]]:
    """Route → place → answer → who."""
    rows: dict[str, dict[str, dict[str, list[str]]]] = {}
    for one in answers:
        rows.setdefault(one.route, {}).setdefault(one.place or "-", {}).setdefault(one.answer, []).append(one.doer)
    return {
        route: {place: {word: _who(who) for word, who in found.items()} for place, found in places.items()}
        for route, places in rows.items()
    }


def verbs(world: World) -> dict[str, dict[str, str]]:
    """Verb → whether → who: by the very functions the API asks, on things of side A. `may` is the role; state and data come after."""
    from mingcha.service.actions.acting import VERBS

    made = {}
    for (process, act), found in sorted(VERBS.items()):
        rows: dict[str, list[str]] = {}
        for doer in DOERS:
            rows.setdefault(_may(world, doer, found), []).append(doer)
        made[f"{process} {act}"] = {word: _who(who) for word, who in sorted(rows.items())}
    return made


_SAMPLE = {
    "complaint": "complaint-kept", "report": "complaint-whistle", "lead": "lead-secret", "case": "case-known", "task": "task-secret", "finding": "finding-known",
    "document": "document-order", "claim": "claim", "selfcheck": "selfcheck",
}  # fmt: skip


def _may(world: World, name: str, found: Any) -> str:
    from django.http import Http404

    from mingcha.service.actions.acting import by_right
    from mingcha.service.api import doing

    doer = doer_of(world, name)
    thing = None
    if found.rule.from_:
        number = (
            world.a.subject.pk
            if found.process == "subject"
            else world.a.people["clerk"].pk
            if found.process == "account"
            else 0
        )
        number = world.a.things[_SAMPLE[found.process]].pk if found.process in _SAMPLE else number
        try:
            thing = doing.thing(doer, found.process, number)
        except Http404:
            return "not there"
    return "may" if by_right(doer, found.rule, thing) else "may not"


def doer_of(world: World, name: str) -> Any:
    """Somebody of the world as the gate knows him, his second factor just shown."""
    from mingcha.service.access.gate import _person
    from mingcha.service.actions import acting

    if name == "visitor":
        return acting.VISITOR
    who, _, letter = name.partition("-")
    if who == "complainant":
        return _person(world.side(letter).things["complaint-kept"].pk)
    return acting.doer_of(world.account(name), strong=True, second_factor=True)


def _who(who: list[str]) -> str:
    if tuple(who) in (DOERS, FEW):
        return "all"
    left = list(who)
    found = []
    for name, group in GROUPS.items():
        if set(group) <= set(left):
            left = [one for one in left if one not in group]
            found.append(name)
    return " ".join([*left, *found])


def written(routes: dict[str, Any], acts: dict[str, Any]) -> str:
    """The file."""
    lines = [HEAD, "routes:"]
    for route, places in routes.items():
        lines += [f"  # {NOTES[route]}"] if route in NOTES else []
        lines.append(f"  {route!r}:" if ":" in route else f"  {route}:")
        lines += [f"    {_key(place)}: {_row(row)}" for place, row in places.items()]
    lines += [
        "",
        "# Acts through page, API and command alike: whose they are by role and reach; what visitors may do has its own pages.",
        "acts:",
    ]
    lines += [f"  {name}: {_row(row)}" for name, row in acts.items()]
    return "\n".join(lines) + "\n"


def _key(text: str) -> str:
    return f'"{text}"' if "'" in text or text == "-" else text


def _row(row: dict[str, str]) -> str:
    return "{" + ", ".join(f'"{word}": {who}' for word, who in row.items()) + "}"


def read() -> dict[str, Any]:
    """The committed table."""
    found: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
    return found


def main() -> None:
    """Write it."""
    import logging

    from tests.service.access.conftest import surveyed_once

    logging.disable(logging.CRITICAL)
    answers, acts = surveyed_once(set_up=True)
    FILE.write_text(written(table(answers), acts), "utf-8")


if __name__ == "__main__":
    main()
