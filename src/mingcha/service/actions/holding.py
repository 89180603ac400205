"""Whose files are whose: a number alone is no key to one."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from mingcha.service.actions.acting import Doing, Refused
from mingcha.service.models import Entry, Event, Evidence, Version
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


def unheld(numbers: Collection[int]) -> QuerySet[Evidence]:
    """Files by number, without those of an operator's own versions and self-checks: nobody makes a version of another's secret."""
    held = Version.every.exclude(withheld=None)
    found = Evidence.objects.filter(pk__in=numbers).exclude(
        pk__in=Entry.objects.exclude(evidence=None).values("evidence")
    )
    for name in ("sample", "policy", "answers"):
        found = found.exclude(pk__in=held.exclude(**{name: None}).values(name))
    return found
