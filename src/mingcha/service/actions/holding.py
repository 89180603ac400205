"""Whose files and apps are whose: a number alone is no key, and who runs an app is said by those who work on it."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from mingcha.casework.ladder import ladder
from mingcha.service import search
from mingcha.service.actions.acting import Doing, Refused
from mingcha.service.models import Case, Entry, Event, Evidence, Operator, Subject, Version
from mingcha.service.roles import Role
from mingcha.service.text import Text


def received(doing: Doing, *numbers: int | None) -> list[Evidence | None]:
    """Files by number, each handed in by the very person who names it: a number alone is no key. Raises Refused."""
    wanted = {one for one in numbers if one is not None}
    own = Event.objects.filter(process="evidence", act="receive", actor=doing.doer.name, thing__in=wanted).values_list(
        "thing", flat=True
    )
    rows = {one.pk: one for one in Evidence.objects.filter(pk__in=list(own))}
    if doing.doer.account is None or wanted - set(rows):
        raise Refused(Text("没有这份文件，请重新上传。", "There is no such file: upload it again."))
    return [None if one is None else rows[one] for one in numbers]


def officer(doing: Doing, subject: Subject) -> bool:
    """Whether a case handler may say who runs a subject: his authority has a case or a lead on it, or none has.

    Whoever is tied to a subject sees the files of its cases: an authority with no part in them must not let him in.
    """
    busy = {*subject.cases.values_list("authority", flat=True), *subject.lead_set.values_list("authority", flat=True)}
    mine = {one.authority_id for one in doing.doer.grants if one.role == Role.HANDLER}
    return bool(mine & busy if busy else mine)


def tie(subject: Subject, operator: Operator) -> None:
    """From now on the subject is this operator's, and so are its open cases in which nobody was known to answer."""
    subject.operator = operator
    subject.save(update_fields=["operator"])
    search.index(subject)
    open_cases(subject).filter(operator=None).update(operator=operator)


def open_cases(subject: Subject) -> QuerySet[Case]:
    """Those that have not ended."""
    ended = [name for name, state in ladder("case").states.items() if state.ends]
    return Case.objects.filter(subject=subject).exclude(state__in=ended)


def unheld(numbers: Collection[int]) -> QuerySet[Evidence]:
    """Files by number, without those of an operator's own versions and self-checks: nobody makes a version of another's secret."""
    held = Version.every.exclude(withheld=None)
    found = Evidence.objects.filter(pk__in=numbers).exclude(
        pk__in=Entry.objects.exclude(evidence=None).values("evidence")
    )
    for name in ("sample", "policy", "answers"):
        found = found.exclude(pk__in=held.exclude(**{name: None}).values(name))
    return found
