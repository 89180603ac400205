"""Who works for an operator: its owner lets clerks in, and ends what he gave."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from mingcha.service.access.limits import allowed
from mingcha.service.actions.acting import Refused, perform
from mingcha.service.models import Account, Grant, Operator
from mingcha.service.pages.doing import form, shown
from mingcha.service.pages.operator import reach
from mingcha.service.pages.request import doer_of, number, plain
from mingcha.service.roles import OPERATOR, Role
from mingcha.service.text import Text

_TRIES, _HOUR = 30, 3600
"""User names that an owner may try: the page says whether there is such an account."""


def clerks(request: HttpRequest) -> HttpResponse:
    """Owners and clerks of one's operators; one clerk more, or one less."""
    owned = reach.owned(doer_of(request))
    deed = _ended if request.POST.get("act") == "end" else _added

    def page(problem: Text | None) -> HttpResponse:
        rows = Grant.objects.filter(operator__in=owned, role__in=OPERATOR, ended=None)
        grants = rows.select_related("account", "operator").order_by("operator", "-role", "pk")
        values = {"grants": grants, "owned": Operator.objects.filter(pk__in=owned)}
        return shown(request, "operator/clerks.html", values, problem)

    return form(request, page, lambda: deed(request, owned), Text("已办理。", "Done."), to=request.path)


def _added(request: HttpRequest, owned: list[int]) -> None:
    operator = number(request.POST.get("operator"))
    if operator not in owned:
        raise Http404
    if not allowed(request, "clerk", _TRIES, _HOUR):
        raise Refused(Text("尝试过于频繁，请一小时后再试。", "Too many tries: try again in an hour."))
    account = Account.objects.filter(username=plain(request.POST.get("username")), is_active=True).first()
    if account is None:
        raise Refused(
            Text(
                "没有这个用户名的账户，请对方先开户。", "No account has this user name: let the person open one first."
            )
        )
    if account.grants.filter(operator=operator, role__in=OPERATOR, ended=None).exists():
        raise Refused(Text("该账户已是本运营者的人员。", "This account works for the operator already."))
    data = {"role": Role.OPERATOR_CLERK, "operator": operator}
    perform("account", "grant", doer_of(request), account, data)


def _ended(request: HttpRequest, owned: list[int]) -> None:
    rows = Grant.objects.filter(operator__in=owned, role=Role.OPERATOR_CLERK, ended=None)
    row = rows.filter(pk=number(request.POST.get("grant")) or 0).select_related("account").first()
    if row is None:
        raise Http404
    reason = request.POST.get("reason", "").strip()
    if not reason:
        raise Refused(Text("请写明理由。", "Give a reason."))
    perform("account", "end-grant", doer_of(request), row.account, {"grant": row.pk, "reason": reason})
