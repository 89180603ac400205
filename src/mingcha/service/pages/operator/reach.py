"""What an operator may see beside what the desk shows it: its own claims, versions, self-checks and files, and nobody else's.

A self-check is its operator's alone; the staff of the authority it was filed to see it from then on, except while it was returned.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, resolve_url

from mingcha.service.actions.acting import Doer
from mingcha.service.models import Claim, Entry, Evidence, SelfCheck, Subject, Task, Version
from mingcha.service.pages.desk.reach import bodies, operators
from mingcha.service.pages.request import doer_of
from mingcha.service.roles import Role

FILED = ("filed", "accepted")
View = Callable[..., HttpResponseBase]


def signed_in(view: View) -> View:
    """For pages of accounts that may have no role yet: the gate knows roles only."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **names: Any) -> HttpResponseBase:
        if doer_of(request).account is None:
            return redirect(f"{resolve_url('account_login')}?next={request.path}")
        return view(request, *args, **names)

    return guarded


def found(rows: QuerySet[Any], pk: int) -> Any:
    """One of them. Raises Http404: what one may not see is not there."""
    one = rows.filter(pk=pk).first()
    if one is None:
        raise Http404
    return one


def subjects(doer: Doer) -> QuerySet[Subject]:
    """The operator's apps."""
    return Subject.objects.filter(operator__in=operators(doer)).select_related("operator")


def versions(doer: Doer, subject: Subject) -> QuerySet[Version]:
    """What the operator handed in for itself."""
    return Version.every.filter(subject=subject, withheld__in=operators(doer))


def owned(doer: Doer) -> list[int]:
    """The operators that he answers for as owner."""
    return [one.operator_id for one in doer.grants if one.operator_id and one.role == Role.OPERATOR_OWNER]


def claims(doer: Doer) -> QuerySet[Claim]:
    """One's own; those that somebody makes on one's operator's apps; for case handlers all."""
    rows = Claim.objects.select_related("subject__operator", "operator", "account")
    if Role.HANDLER in doer.roles:
        return rows
    if doer.account is None:
        return rows.none()
    return rows.filter(Q(account=doer.account) | Q(subject__operator__in=owned(doer)))


def selfchecks(doer: Doer) -> QuerySet[SelfCheck]:
    """The operator's own, and those filed to one's authority."""
    mine = Q(operator__in=operators(doer))
    filed = Q(authority__in=bodies(doer)) & Q(state__in=FILED)
    return SelfCheck.objects.select_related("subject", "operator", "version", "task__report", "authority").filter(
        mine | filed
    )


def tasks(check: SelfCheck) -> QuerySet[Task]:
    """Every inspection of a self-check's version, the newest first."""
    return (
        Task.objects.filter(version=check.version_id, purpose="self-check")
        .select_related("report", "version")
        .order_by("-pk")
    )


def file(check: SelfCheck, pk: int) -> Evidence:
    """A file of a self-check: of its version, or something attached. Raises Http404."""
    version = Version.every.get(pk=check.version_id)
    own = {version.sample_id, version.policy_id, version.answers_id}
    own |= set(Entry.objects.filter(selfcheck=check).values_list("evidence", flat=True))
    if pk not in own:
        raise Http404
    return Evidence.objects.get(pk=pk)


def named(place: str, version: Version) -> str:
    """A place in a file, the file called as its sender called it: the store knows it by its hash, whose beginning is a folder."""
    for row in (version.sample, version.policy, version.answers):
        if row is not None:
            place = place.replace(row.sha256, row.name).replace(row.sha256[2:], row.name)
    return place
