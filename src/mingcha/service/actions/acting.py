"""Doing something: who does it, may he, what it needs, and the one transaction in which it happens.

    @verb("case", "order", Order)
    def order(doing: Doing, case: Case, data: Order) -> Body: ...

The function checks what the ladder cannot know, changes rows and returns the body of the event; `perform` locks, asks the ladder and the role,
calls it, writes the event, and starts and stops the clocks the ladder names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar, cast

import msgspec
from django.db import DataError, IntegrityError, transaction
from msgspec import Struct

from mingcha.casework.ladder import Act, ladder
from mingcha.errors import MingchaError
from mingcha.service import clock, ledger
from mingcha.service.models import Account, Case, Complaint, Event, Grant
from mingcha.service.models.thing import Thing
from mingcha.service.roles import SECOND_FACTOR, STAFF, Role
from mingcha.service.text import Text

Body = Mapping[str, Any]
_GREATEST = 2**63
Run = Callable[["Doing", Any, Any], Body | None]


class Refused(MingchaError):  # noqa: N818  # a state of affairs
    """The act is not possible; ``text`` says why and what to do, in both languages."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class Forbidden(Refused):
    """Not by these hands."""


class Unreadable(Refused):
    """The data are not what the act needs."""


class Nothing(Struct, frozen=True, forbid_unknown_fields=True):
    """An act that needs no data."""


class Note(Struct, frozen=True, forbid_unknown_fields=True):
    """A remark that goes into the file."""

    text: str = ""


class Reason(Struct, frozen=True, forbid_unknown_fields=True):
    """An act that must be reasoned."""

    reason: str

    def __post_init__(self) -> None:
        """An empty reason is none."""
        if not self.reason.strip():
            raise ValueError("理由不能为空。/ Give a reason.")


@dataclass(frozen=True)
class Doer:
    """Who acts: his name in the chain, his roles for which bodies, and whether a second factor was just shown."""

    name: str
    account: Account | None = None
    grants: tuple[Grant, ...] = ()
    strong: bool = False
    roles: frozenset[Role] = frozenset({Role.VISITOR})
    complaint: int | None = None
    """The complaint whose query code was shown."""


ENGINE = Doer(name="engine", roles=frozenset({Role.ENGINE}), strong=True)
VISITOR = Doer(name="visitor")


@dataclass(frozen=True)
class Doing:
    """One act under way."""

    doer: Doer
    at: datetime
    act: str
    later: list[tuple[Thing, str, Body]] = field(default_factory=list)

    @property
    def account(self) -> Account:
        """The account that acts. Raises Forbidden for nobody's."""
        if self.doer.account is None:
            raise Forbidden(Text("请先登录。", "Sign in first."))
        return self.doer.account

    def record(self, thing: Thing, act: str, **body: Any) -> Event:
        """Write another event of the same act, on another thing, at once."""
        return ledger.record(thing, act, self.doer.name, self.at, body)


@dataclass(frozen=True)
class Verb:
    """One verb: its data, and what it does beside the ladder."""

    process: str
    act: str
    data: type[Struct]
    run: Run

    @property
    def rule(self) -> Act:
        """What the ladder says of it."""
        return ladder(self.process).acts[self.act]


VERBS: dict[tuple[str, str], Verb] = {}
_Run = TypeVar("_Run", bound=Run)


def verb(process: str, act: str, data: type[Struct] = Note) -> Callable[[_Run], _Run]:
    """Register a function as what an act does. The ladder must know the act."""
    ladder(process).acts[act]  # a KeyError at import names a verb nobody could do

    def kept(run: _Run) -> _Run:
        VERBS[process, act] = Verb(process, act, data, run)
        return run

    return kept


def doer_of(account: Account | None, *, strong: bool = False, second_factor: bool = False) -> Doer:
    """An account with its roles as they stand now. Roles that need a second factor count only where the account has one."""
    if account is None or not account.is_authenticated or not account.is_active:
        return VISITOR
    held = tuple(account.grants.filter(ended=None).select_related("authority", "operator", "platform"))
    usable = tuple(one for one in held if second_factor or Role(one.role) not in SECOND_FACTOR)
    roles = frozenset({Role.VISITOR, *(Role(one.role) for one in usable)})
    return Doer(f"account:{account.pk}", account, usable, strong, roles)


def perform(process: str, act: str, doer: Doer, thing: Thing | None, data: Any = None) -> Thing:
    """Do it. ``thing`` is None for acts that begin one.

    Raises Forbidden or Refused (both MingchaError) and changes nothing then.
    """
    found = VERBS.get((process, act))
    if found is None:
        raise Refused(Text(f"没有这项操作：{act}", f"no such act: {process} {act}"))
    wanted = decoded(found, data)
    try:
        with transaction.atomic():
            doing = Doing(doer, clock.now(), act)
            locked = _locked(thing)
            _allowed(found, doer, locked)
            return _done(found, doing, locked, wanted)
    except (DataError, IntegrityError):
        raise Unreadable(
            Text("所指的对象不存在，或内容过长。", "Something that is referred to is not there, or a text is too long.")
        ) from None


def perform_each(process: str, act: str, doer: Doer, things: Sequence[Thing]) -> list[Thing | Refused]:
    """Do an act that needs no data on some cases or complaints in one transaction: what each became, or why it did not.

    All rows are locked before the first event is written, in the order of their numbers, so that two such calls cannot wait for each other.
    """
    found = VERBS[process, act]
    wanted = decoded(found, None)
    with transaction.atomic():
        rows = type(things[0])._default_manager.select_for_update().order_by("pk")  # noqa: SLF001  # Django's public name
        locked = rows.filter(pk__in=[one.pk for one in things]).prefetch_related("authority")  # type: ignore[misc]  # things that have clocks have one
        doing = Doing(doer, clock.now(), act)
        return [_one(found, doing, row, wanted) for row in list(locked)]


def _one(found: Verb, doing: Doing, thing: Thing, wanted: Struct) -> Thing | Refused:
    try:
        with transaction.atomic():
            _allowed(found, doing.doer, thing)
            return _done(found, replace(doing, later=[]), thing, wanted)
    except Refused as refused:
        return refused


def _done(found: Verb, doing: Doing, thing: Thing | None, data: Struct) -> Thing:
    """Run, then write: the event, the clocks, what else the act asked to be written after it."""
    from mingcha.service.actions import clocks

    result = found.run(doing, thing, data)
    if thing is None:
        thing, body = result["thing"], {key: value for key, value in result.items() if key != "thing"}  # type: ignore[index,union-attr]
    else:
        body = dict(result or {})
    ledger.record(thing, found.act, doing.doer.name, doing.at, body)
    if isinstance(thing, Case | Complaint):
        clocks.turn(thing, found.rule, doing.at, body)
    for other, act, extra in doing.later:
        ledger.record(other, act, doing.doer.name, doing.at, extra)
    return thing


def decoded(found: Verb, data: Any) -> Struct:
    """The data of a verb from JSON or a form. Raises Refused, naming the field."""
    if isinstance(data, found.data):
        return data
    try:
        _storable(data)
        return msgspec.convert(data or {}, found.data, strict=False)
    except (msgspec.ValidationError, ValueError) as problem:
        raise Unreadable(Text(f"填写有误：{problem}", f"something is filled in wrongly: {problem}")) from None


def _storable(value: Any) -> None:
    """Raises ValueError for what no database takes: NUL in a text, a number beyond 63 bits."""
    if isinstance(value, str) and "\0" in value:
        raise ValueError("NUL")
    if isinstance(value, int) and not -_GREATEST <= value < _GREATEST:
        raise ValueError("number out of range")
    for part in (
        (*value.values(), *value) if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    ):
        _storable(part)


def _locked(thing: Thing | None) -> Thing | None:
    """Its row, locked. (The account of a session is a lazy stand-in: its class is asked for through itself.)"""
    rows: Any = None if thing is None else thing._meta.model._default_manager  # noqa: SLF001  # Django's public names
    return None if thing is None else cast("Thing", rows.select_for_update().get(pk=thing.pk))


def _allowed(found: Verb, doer: Doer, thing: Thing | None) -> None:
    state = None if thing is None else thing.state
    if not may(doer, found.rule, thing):
        raise Forbidden(Text("您没有办理这项操作的权限。", "You may not do this."))
    if not ladder(found.process).may(found.act, state):
        name = thing.state_name if thing is not None else Text("", "")
        raise Refused(
            Text(
                f"当前状态“{name.zh}”不能办理“{found.rule.zh}”。",
                f"“{found.rule.en}” is not possible while “{name.en}”.",
            )
        )
    if found.rule.strong and not doer.strong:
        raise Forbidden(Text("办理前请再次验证身份（通行密钥或动态口令）。", "Confirm with your second factor first."))


def may(doer: Doer, rule: Act, thing: Thing | None) -> bool:
    """Whether one of the doer's roles is asked for, and is his for this very thing."""
    return any(_tied(doer, Role(role), thing) for role in rule.who if Role(role) in doer.roles)


def by_right(doer: Doer, rule: Act, thing: Thing | None) -> bool:
    """Whether he may by a role that was given to him, not merely as anybody may: what anybody may costs proof of work, on its own page."""
    return may(replace(doer, roles=doer.roles - {Role.VISITOR}), rule, thing)


def _tied(doer: Doer, role: Role, thing: Thing | None) -> bool:
    """Whether a role of his reaches this thing: his authority's file, his own app, his own complaint."""
    if role is Role.COMPLAINANT:
        return thing is not None and isinstance(thing, Complaint) and thing.pk == doer.complaint
    if role in (Role.VISITOR, Role.ENGINE, Role.ADMIN) or isinstance(thing, Account):
        return True  # an account belongs to no body: the acts on it ask whose it is
    if thing is None:
        return True
    grants = [one for one in doer.grants if one.role == role]
    return any(_reaches(one, role, thing) for one in grants)


def _reaches(grant: Grant, role: Role, thing: Thing) -> bool:
    if role in STAFF:
        return (owner := authority_of(thing)) is None or grant.authority_id == owner
    if role is Role.PLATFORM:
        subject = getattr(thing, "subject", None)
        return subject is not None and subject.listings.filter(platform_id=grant.platform_id).exists()
    if role in (Role.OPERATOR_CLERK, Role.OPERATOR_OWNER):
        return grant.operator_id is not None and grant.operator_id == operator_of(thing)
    return True


def authority_of(thing: Thing) -> int | None:
    """Whose file a thing belongs to; None where it is nobody's (a subject, an uncased task)."""
    holder = thing if hasattr(thing, "authority_id") else getattr(thing, "case", None)
    return getattr(holder, "authority_id", None)


def operator_of(thing: Thing) -> int | None:
    """Which operator a thing concerns."""
    for holder in (thing, getattr(thing, "case", None), getattr(thing, "subject", None)):
        operator = getattr(holder, "operator_id", None)
        if operator is not None:
            return int(operator)
    return None


def open_acts(doer: Doer, thing: Thing) -> Iterator[Verb]:
    """What this person could do with this thing now, in the ladder's order. Guards inside the acts may still refuse."""
    for name, rule in thing.ladder.acts.items():
        found = VERBS.get((thing.process, name))
        if found is not None and rule.from_ and thing.ladder.may(name, thing.state) and may(doer, rule, thing):
            yield found
