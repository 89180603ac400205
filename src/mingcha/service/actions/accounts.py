"""Accounts and roles: nobody gives more than he may, by any way in; the last administrator and the last owner stay."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from msgspec import Struct

from mingcha.service import clock
from mingcha.service.actions.acting import Body, Doer, Doing, Forbidden, Refused, perform, verb
from mingcha.service.models import Account, Grant
from mingcha.service.roles import APART, NAMES, NOBODYS, OPERATOR, STAFF, Role
from mingcha.service.text import Text


class Create(Struct, frozen=True, forbid_unknown_fields=True):
    """A new account without any role."""

    username: str
    password: str
    title: str = ""
    email: str = ""


class GrantRole(Struct, frozen=True, forbid_unknown_fields=True):
    """A role, for one body: staff for an authority, operators for an operator, liaisons for a store."""

    role: str
    authority: int | None = None
    operator: int | None = None
    platform: int | None = None


class EndGrant(Struct, frozen=True, forbid_unknown_fields=True):
    """Which role ends, and why."""

    grant: int
    reason: str


@verb("account", "create", Create)
def create(doing: Doing, _: None, data: Create) -> Body:
    """Open an account. A visitor may open one: without a role it can do nothing but claim."""
    if Account.objects.filter(username=data.username).exists():
        raise Refused(Text("用户名已被使用。", "This user name is taken."))
    try:
        validate_password(data.password)
        made = Account.objects.create_user(
            username=data.username, password=data.password, email=data.email, title=data.title
        )
    except (ValidationError, ValueError) as problem:
        raise Refused(Text(f"密码不符合要求：{problem}", f"the password will not do: {problem}")) from None
    return {"thing": made}


@verb("account", "grant", GrantRole)
def grant(doing: Doing, account: Account, data: GrantRole) -> Body:
    """Give a role. An administrator gives roles of authorities and owners of operators; an owner gives clerks of his own operator."""
    role = _role(data.role)
    if doing.doer.account is not None and account.pk == doing.doer.account.pk:
        raise Forbidden(Text("不能为自己授权。", "Nobody gives a role to himself."))
    _may_give(doing, role, data)
    kept_apart(account, role)
    made = Grant.objects.create(
        account=account, role=role, authority_id=data.authority, operator_id=data.operator, platform_id=data.platform, given_by=doing.doer.account,
        since=doing.at,
    )  # fmt: skip
    return {
        "role": role,
        "grant": made.pk,
        "authority": data.authority,
        "operator": data.operator,
        "platform": data.platform,
    }


def kept_apart(account: Account, role: Role) -> None:
    """The account holds no role that must not meet this one in one person. Raises Refused."""
    held = set(account.grants.filter(ended=None).values_list("role", flat=True))
    if any(role in pair and held & {str(one) for one in pair - {role}} for pair in APART):
        raise Refused(
            Text(
                "该职责与已有职责不得由同一人担任。",
                "This role must not be held together with one that the account holds.",
            )
        )


def _role(name: str) -> Role:
    if name not in set(Role) - NOBODYS:
        raise Refused(Text("没有这个职责。", "There is no such role."))
    return Role(name)


def _may_give(doing: Doing, role: Role, data: GrantRole) -> None:
    body = {"authority": role in STAFF, "operator": role in OPERATOR, "platform": role is Role.PLATFORM}
    if any((getattr(data, name) is not None) != wanted for name, wanted in body.items()):
        raise Refused(Text(f"请为“{NAMES[role].zh}”指定所属单位。", f"Say for which body: {NAMES[role].en}."))
    if Role.ADMIN in doing.doer.roles:
        return
    own = any(one.role == Role.OPERATOR_OWNER and one.operator_id == data.operator for one in doing.doer.grants)
    if not (role is Role.OPERATOR_CLERK and own):
        raise Forbidden(Text("不能授予超出自己权限的职责。", "Nobody can give more than he may."))


@verb("account", "end-grant", EndGrant)
def end_grant(doing: Doing, account: Account, data: EndGrant) -> Body:
    """End a role, but not the last administrator's nor an operator's last owner's."""
    row = account.grants.select_for_update().filter(pk=data.grant, ended=None).first()
    if row is None:
        raise Refused(Text("没有这项授权。", "There is no such grant."))
    if Role.ADMIN not in doing.doer.roles and not any(
        one.role == Role.OPERATOR_OWNER and one.operator_id == row.operator_id and row.role == Role.OPERATOR_CLERK
        for one in doing.doer.grants
    ):
        raise Forbidden(Text("不能收回该授权。", "You may not end this role."))
    if row.role in (Role.ADMIN, Role.OPERATOR_OWNER) and not others(row):
        raise Refused(Text("最后一名管理员或负责人不能收回。", "The last administrator or owner stays."))
    row.ended = doing.at
    row.save(update_fields=["ended"])
    return {"grant": row.pk, "role": row.role, "reason": data.reason}


def others(row: Grant) -> bool:
    """Whether another account holds the same role. All of them are locked, in one order: two who end each other's must not both succeed."""
    rows = Grant.objects.filter(role=row.role, operator=row.operator, ended=None, account__is_active=True).order_by(
        "pk"
    )
    return any(one.account_id != row.account_id for one in rows.select_for_update(of=("self",)))


def open_account(name: str, password: str, title: str = "") -> Account:
    """An account without any role, opened where the data folder is."""
    made = perform("account", "create", Doer("engine"), None, {"username": name, "password": password, "title": title})
    assert isinstance(made, Account)
    return made


def first_admin(name: str, password: str, title: str = "") -> Account:
    """The first administrator is nobody's gift: he is made where the data folder is, and the chain says so."""
    engine, at = Doer("engine"), clock.now()
    with transaction.atomic():
        made = open_account(name, password, title)
        row = Grant.objects.create(account=made, role=Role.ADMIN, since=at)
        Doing(engine, at, "grant").record(made, "grant", role=str(Role.ADMIN), grant=row.pk)
    return made
