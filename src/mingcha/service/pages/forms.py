"""A form for any verb, made from the shape of its data: pages, API and command ask for the same things by the same names."""

from __future__ import annotations

import typing
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from types import UnionType
from typing import Any

import msgspec
from django.http import QueryDict

from mingcha.service import search
from mingcha.service.actions.acting import Doer, Verb
from mingcha.service.actions.words import CHOICES, FIELDS, LONG
from mingcha.service.models import Account, Authority, Case, Finding, Lead, Operator, Subject, Version
from mingcha.service.models.thing import Thing
from mingcha.service.pages.request import number
from mingcha.service.roles import Role
from mingcha.service.text import Text

Choice = tuple[str, str]
FIND = "find"
"""The question after a subject by name, beside the form: there are more of them than a list can hold."""
_MOST = 200


@dataclass(frozen=True)
class Field:
    """One field on the page; ``kind`` is text, long, number, date, check or choice."""

    name: str
    label: str
    kind: str
    required: bool
    value: str = ""
    choices: tuple[Choice, ...] = ()

    @property
    def id(self) -> str:
        """Its id on the page."""
        return "f-" + self.name.replace(":", "-").replace("/", "-").replace(".", "-")


def fields(verb: Verb, thing: Thing | None, doer: Doer, given: QueryDict | None = None) -> list[Field]:
    """The fields of a verb, with what was sent before."""
    return list(_fields(verb, thing, doer, given or QueryDict()))


def _fields(verb: Verb, thing: Thing | None, doer: Doer, given: QueryDict) -> Iterator[Field]:
    for one in msgspec.structs.fields(verb.data):
        label = str(FIELDS.get(one.name, Text(one.name, one.name)))
        kind = _plain(one.type)
        if typing.get_origin(kind) is dict:
            yield from (
                Field(
                    f"{one.name}:{clause}",
                    f"{label} {clause}",
                    "long",
                    one.name == "answers",
                    given.get(f"{one.name}:{clause}", ""),
                )
                for clause in _clauses(thing)
            )
            continue
        choices = tuple(_choices(one.name, thing, doer, given))
        value = given.get(one.name, _default(one))
        yield Field(one.name, label, _kind(one.name, kind, choices), one.required, value, choices)


def _default(field: Any) -> str:
    """What stands in a field before anybody writes into it; a box is not ticked for anybody."""
    none = any(field.default is one for one in (msgspec.NODEFAULT, None, False))
    return "" if none else str(field.default)


def _plain(kind: Any) -> Any:
    """A type without its "or none"."""
    if isinstance(kind, UnionType) or typing.get_origin(kind) is typing.Union:
        return next(part for part in typing.get_args(kind) if part is not type(None))
    return kind


def _kind(name: str, kind: Any, choices: tuple[Choice, ...]) -> str:
    if choices or name in (*_LISTS, "subject"):
        return "choice"
    if name == "password":
        return "password"
    known = {bool: "check", int: "number", date: "date"}
    return known.get(kind, "long" if name in LONG else "text")


def _choices(name: str, thing: Thing | None, doer: Doer, given: QueryDict) -> Iterable[Choice]:
    if name in CHOICES:
        return ((key, str(text)) for key, text in CHOICES[name])
    if name == "subject":
        return ((str(row.pk), str(row)) for row in _subjects(given))
    found = _LISTS.get(name)
    return () if found is None else ((str(row.pk), str(row)) for row in found(thing, doer))


def _subjects(given: QueryDict) -> list[Subject]:
    """The newest, or those found by name; and the one that is chosen already."""
    asked, chosen = given.get(FIND, ""), number(given.get("subject"))
    rows = list((search.find(asked) if asked else Subject.objects.order_by("-pk"))[:_MOST])
    if chosen is not None and chosen not in {row.pk for row in rows}:
        rows += Subject.objects.filter(pk=chosen)
    return rows


def _people(role: Role) -> Any:
    def listed(thing: Thing | None, doer: Doer) -> Any:
        bodies = [one.authority_id for one in doer.grants if one.authority_id]
        return Account.objects.filter(
            grants__role=role, grants__authority__in=bodies, grants__ended=None, is_active=True
        ).distinct()

    return listed


def _versions(thing: Thing | None, doer: Doer) -> Any:
    subject = getattr(thing, "subject", thing)
    return Version.objects.filter(subject=subject.pk) if subject is not None else Version.objects.none()


def _leads(thing: Thing | None, doer: Doer) -> Any:
    found = Lead.objects.filter(
        state__in=("new", "assigned"), authority__in=[one.authority_id for one in doer.grants if one.authority_id]
    )
    subject = getattr(thing, "subject", None)
    return (found.filter(subject=subject) if subject else found).exclude(pk=thing.pk if isinstance(thing, Lead) else 0)


_LISTS: dict[str, Any] = {
    "handler": _people(Role.HANDLER),
    "first": _people(Role.INSPECTOR),
    "second": _people(Role.INSPECTOR),
    "version": _versions,
    "lead": _leads,
    "into": _leads,
    "operator": lambda _thing, _doer: Operator.objects.order_by("name"),
    "authority": lambda _thing, doer: Authority.objects.filter(
        pk__in=[one.authority_id for one in doer.grants if one.authority_id]
    ),
    "case": lambda thing, _doer: Case.objects.filter(pk=thing.pk) if isinstance(thing, Case) else Case.objects.none(),
}


def _clauses(thing: Thing | None) -> list[str]:
    """The clauses that a case's order speaks of."""
    if not isinstance(thing, Case):
        return []
    return list(
        Finding.objects.filter(case=thing, state__in=("confirmed", "not-rectified"))
        .order_by("clause")
        .values_list("clause", flat=True)
    )


def data(verb: Verb, given: QueryDict) -> dict[str, Any]:
    """What was sent, in the shape of the verb's data; empty fields that may be left out are left out."""
    made: dict[str, Any] = {}
    for one in msgspec.structs.fields(verb.data):
        kind = _plain(one.type)
        if typing.get_origin(kind) is dict:
            sent = {key.partition(":")[2]: value for key, value in given.items() if key.startswith(f"{one.name}:")}
            made[one.name] = {key: str(value) for key, value in sent.items() if str(value).strip()}
        elif kind is bool:
            made[one.name] = one.name in given
        elif given.get(one.name, "").strip() or (one.required and kind is str):
            made[one.name] = given.get(one.name, "")
    return made
