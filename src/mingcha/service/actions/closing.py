"""Closing one's own account 注销: what could tell who it was is erased at once; what the account did stays in the chain by its number."""

from __future__ import annotations

import secrets

from allauth.mfa.models import Authenticator

from mingcha.service.actions.accounts import others
from mingcha.service.actions.acting import Body, Doing, Forbidden, Nothing, Refused, verb
from mingcha.service.models import Account
from mingcha.service.roles import STAFF, Role
from mingcha.service.text import Text


@verb("account", "close", Nothing)
def close(doing: Doing, account: Account, data: Nothing) -> Body:
    """The holder alone closes it. Names of officers stand in case files: their accounts are ended by the administrator."""
    if doing.doer.account is None or doing.doer.account.pk != account.pk:
        raise Forbidden(Text("只能注销自己的账户。", "Everybody closes his own account."))
    held = list(account.grants.select_for_update().filter(ended=None))
    if {Role(one.role) for one in held} & (STAFF | {Role.ADMIN, Role.AUDITOR}):
        raise Refused(Text("办理人员的账户由系统管理员停用。", "Accounts of officers are ended by the administrator."))
    if any(one.role == Role.OPERATOR_OWNER and not others(one) for one in held):
        raise Refused(Text("请先为运营者指定另一名负责人。", "Name another owner of the operator first."))
    account.grants.filter(ended=None).update(ended=doing.at)
    Authenticator.objects.filter(user=account).delete()
    _erase(account)
    return {"grants": [one.pk for one in held]}


def _erase(account: Account) -> None:
    account.username = f"closed-{account.pk}-{secrets.token_hex(4)}"
    account.title = account.email = account.first_name = account.last_name = ""
    account.is_active = False
    account.set_unusable_password()
    account.save()
