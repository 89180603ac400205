"""Whether what was refused in a run is necessary, by the list for the confirmed type of app.

The list speaks of information and not of permissions. What it calls necessary makes the permission that opens it necessary;
but that it does not name it makes a permission needless only where it serves nothing else: the camera lights a lamp, the
location lets an app look for devices nearby. Of those, of what nobody knows and of the policy as a whole a person judges; and
of all of it where the conduct was before the list was in force.
"""

from __future__ import annotations

import msgspec

from mingcha.catalogue.load import Catalogue
from mingcha.model.artefact import Case
from mingcha.model.clause import in_force
from mingcha.model.fact import Fact, RefusalOutcome
from mingcha.model.factbase import FactBase

_LIST = "npi-2021"
_SERVES_NOTHING_ELSE = frozenset({"contacts.book", "comm.sms", "comm.call_log", "other.calendar"})
"""Information whose permission does nothing but open it."""


def with_necessity(base: FactBase, case: Case, tables: Catalogue) -> FactBase:
    """The base with ``necessary`` of each refusal where the type's list decides it; nothing that is known is changed."""
    row = tables.app_types.get(case.type) if case.type else None
    rule = tables.regulations.get(_LIST)
    held = rule is not None and in_force(rule, case.conduct_date)
    if row is None or not held or not base.of_kind("RefusalOutcome"):
        return base
    facts = [_judged(fact, row.necessary, tables) if isinstance(fact, RefusalOutcome) else fact for fact in base.facts]
    return FactBase.of(facts, base.covered, base.gaps)


def _judged(fact: RefusalOutcome, listed: tuple[str, ...], tables: Catalogue) -> Fact:
    permission = tables.permissions.get(fact.refused)
    opens = permission.information if permission else ()
    if fact.necessary is not None or not opens:
        return fact
    if any(tables.is_a(one, need) for one in opens for need in listed):
        return msgspec.structs.replace(fact, necessary=True)
    narrower = any(tables.is_a(need, one) for one in opens for need in listed)
    needless = _SERVES_NOTHING_ELSE.issuperset(opens) and not narrower
    return msgspec.structs.replace(fact, necessary=False) if needless else fact
