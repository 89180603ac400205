"""Whose file it is: everything the desk shows is fetched here, within the reach of who asks."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from mingcha.service.actions.acting import Doer, Verb, by_right, open_acts
from mingcha.service.models import Account, Case, Complaint, Document, Event, Finding, Lead, Subject, Task
from mingcha.service.models.thing import Thing
from mingcha.service.roles import OPERATOR, STAFF, Role

_MODELS: dict[str, type[Thing]] = {
    "complaint": Complaint, "report": Complaint, "lead": Lead, "case": Case, "task": Task, "finding": Finding, "document": Document,
    "subject": Subject, "account": Account,
}  # fmt: skip
SERVED = ("served", "published", "issued", "withdrawn")


def bodies(doer: Doer) -> list[int]:
    """The authorities for which he works."""
    return [one.authority_id for one in doer.grants if one.authority_id and Role(one.role) in STAFF]


def operators(doer: Doer) -> list[int]:
    """The operators for which he works."""
    return [one.operator_id for one in doer.grants if one.operator_id and Role(one.role) in OPERATOR]


def platforms(doer: Doer) -> list[int]:
    """The stores for which he works."""
    return [one.platform_id for one in doer.grants if one.platform_id]


def within(doer: Doer, process: str) -> QuerySet[Any]:
    """The rows of a process that he may see.

    Staff: their authority's. Operators: cases on their apps once they were told, findings they were told of, papers served to them, complaints
    passed on to them. Stores: removals of what they list. Raises Http404 for a process that is none.
    """
    model = _MODELS.get(process)
    if model is None:
        raise Http404
    rows: QuerySet[Any] = Complaint.objects.filter(kind=process) if model is Complaint else model._default_manager.all()  # noqa: SLF001  # Django's public name
    return rows.filter(_staff(model, doer) | _operator(model, doer) | _store(model, doer)).distinct()


def _nothing() -> Q:
    return Q(pk__in=())


def _staff(model: type[Thing], doer: Doer) -> Q:
    if model is Account:
        return Q(pk__gt=0) if Role.ADMIN in doer.roles else Q(pk=doer.account.pk if doer.account else 0)
    mine = bodies(doer)
    if not mine:
        return _nothing()
    if model is Subject:
        return Q(pk__gt=0)  # an empty condition would vanish beside another one
    if model in (Complaint, Lead, Case):
        return Q(authority__in=mine)
    return Q(case__authority__in=mine) | (Q(case=None) & Q(purpose="request") if model is Task else _nothing())


def _operator(model: type[Thing], doer: Doer) -> Q:
    mine = operators(doer)
    if not mine:
        return _nothing()
    return {
        Subject: Q(operator__in=mine),
        Case: Q(operator__in=mine) & Q(findings__notified__isnull=False),
        Finding: Q(case__operator__in=mine) & Q(notified__isnull=False),
        Document: Q(case__operator__in=mine) & Q(state__in=SERVED) & Q(served__isnull=False)
        | Q(case__operator__in=mine) & Q(state="published"),
        Complaint: Q(subject__operator__in=mine) & Q(kind="complaint") & Q(pk__in=_forwarded()),
        Task: Q(selfchecks__operator__in=mine),
    }.get(model, _nothing())


def _forwarded() -> Any:
    """Complaints that were passed on; a report never is, nor a complaint that was closed before."""
    return Event.objects.filter(process="complaint", act="forward").values("thing")


def _store(model: type[Thing], doer: Doer) -> Q:
    mine = platforms(doer)
    if not mine or model not in (Case, Document):
        return _nothing()
    if model is Case:
        return Q(subject__listings__platform__in=mine) & Q(state__in=("removed", "closed-restored"))
    return Q(case__subject__listings__platform__in=mine) & Q(kind__in=("removal", "restoration")) & Q(state__in=SERVED)


def one(doer: Doer, process: str, pk: int) -> Any:
    """One row within reach. Raises Http404: what one may not see is not there."""
    found = within(doer, process).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def acts(doer: Doer, thing: Thing) -> list[Verb]:
    """What he can do with a thing now by a role that was given to him: what anybody may do has pages of its own."""
    return [one for one in open_acts(doer, thing) if by_right(doer, one.rule, thing)]
