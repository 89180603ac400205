"""A made-up authority with one account of each role, a made-up operator and stores, and the demo app: all through actions."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from mingcha.service import clock
from mingcha.service.actions.accounts import first_admin, open_account
from mingcha.service.actions.acting import ENGINE, Doer, perform
from mingcha.service.models import Account, Authority, Listing, Operator, Platform, Subject
from mingcha.service.roles import Role

PEOPLE = (
    ("officer", "投诉受理 林岚", Role.COMPLAINT_OFFICER),
    ("handler", "承办人 周舟", Role.HANDLER),
    ("inspector1", "执法人员 甲", Role.INSPECTOR),
    ("inspector2", "执法人员 乙", Role.INSPECTOR),
    ("inspector3", "执法人员 丙", Role.INSPECTOR),
    ("inspector4", "执法人员 丁", Role.INSPECTOR),
    ("legal", "法制审核 梅", Role.LEGAL),
    ("approver", "批准人 陈", Role.APPROVER),
    ("publisher", "公开岗 吴", Role.PUBLISHER),
    ("auditor", "审计 郑", Role.AUDITOR),
)
STORES = ("示例应用商店一", "示例应用商店二")


@dataclass(frozen=True)
class Made:
    """What the demonstration made: rows by name, and the passwords to print once."""

    authority: Authority
    operator: Operator
    stores: tuple[Platform, ...]
    accounts: dict[str, Account]
    passwords: dict[str, str]


def make() -> Made:
    """Everything, unless it is there: then the passwords are empty."""
    with transaction.atomic():
        authority, _ = Authority.objects.get_or_create(
            code="demo", defaults={"name": "示例监管部门", "name_en": "Example authority"}
        )
        operator, _ = Operator.objects.get_or_create(name="示例运营者有限公司")
        stores = tuple(Platform.objects.get_or_create(name=name)[0] for name in STORES)
        passwords: dict[str, str] = {}
        admin = _account("admin", "系统管理员", passwords, first_admin)
    boss = Doer(
        f"account:{admin.pk}", admin, tuple(admin.grants.filter(ended=None)), strong=True, roles=frozenset({Role.ADMIN})
    )
    accounts = {"admin": admin}
    for name, title, role in PEOPLE:
        accounts[name] = _person(
            boss,
            name,
            title,
            {"role": role, "authority": authority.pk if role is not Role.AUDITOR else None},
            passwords,
        )
    accounts["operator"] = _person(
        boss, "operator", "运营者负责人", {"role": Role.OPERATOR_OWNER, "operator": operator.pk}, passwords
    )
    for at, store in enumerate(stores, 1):
        accounts[f"store{at}"] = _person(
            boss, f"store{at}", f"分发平台{at}", {"role": Role.PLATFORM, "platform": store.pk}, passwords
        )
    return Made(authority, operator, stores, accounts, passwords)


def _account(name: str, title: str, passwords: dict[str, str], opened: Callable[[str, str, str], Account]) -> Account:
    found = Account.objects.filter(username=name).first()
    if found is not None:
        return found
    passwords[name] = secrets.token_urlsafe(12)
    return opened(name, passwords[name], title)


def _person(boss: Doer, name: str, title: str, role: dict[str, Any], passwords: dict[str, str]) -> Account:
    account = _account(name, title, passwords, open_account)
    if not account.grants.filter(ended=None).exists():
        perform("account", "grant", boss, account, role)
    return account


def app(made: Made, name: str, package: str) -> Subject:
    """A subject of the demonstration's operator, listed in its stores."""
    found = Subject.objects.filter(name=name, package=package).first()
    if found is not None:
        return found
    subject = perform(
        "subject", "register", ENGINE, None, {"name": name, "package": package, "operator": made.operator.name}
    )
    assert isinstance(subject, Subject)
    for store in made.stores:
        Listing.objects.create(subject=subject, platform=store, since=clock.now())
    return subject
