"""What the command line does with the service."""

from __future__ import annotations

import io
import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from mingcha.casework.chain import check
from mingcha.casework.clocks import clocks
from mingcha.casework.keys import Key, written_keys
from mingcha.errors import UsageError
from mingcha.service import clock, ledger, seals
from mingcha.service.actions import files
from mingcha.service.actions.accounts import first_admin
from mingcha.service.actions.acting import Doer, Doing, doer_of, perform
from mingcha.service.intake.refusals import IntakeError
from mingcha.service.models import (
    Account,
    Authority,
    Case,
    Claim,
    Complaint,
    Document,
    Evidence,
    Finding,
    Follow,
    Grant,
    Head,
    Lead,
    Platform,
    SelfCheck,
    Subject,
    Task,
)
from mingcha.service.models.thing import Thing
from mingcha.service.roles import Role
from mingcha.service.shelf import shelf

MODELS: Mapping[str, type[Thing]] = {
    "complaint": Complaint, "report": Complaint, "lead": Lead, "case": Case, "task": Task, "finding": Finding, "document": Document,
    "subject": Subject, "evidence": Evidence, "account": Account, "claim": Claim, "selfcheck": SelfCheck, "follow": Follow,
}  # fmt: skip


def done(process: str, verb: str, number: int | None, who: str, values: Mapping[str, Any]) -> str:
    """Perform a verb as an account; says the new state. Raises UsageError, Refused."""
    doer = account_named(who)
    if process not in MODELS:
        raise UsageError(f"no such process: {process}")
    thing = None if number is None else MODELS[process]._default_manager.filter(pk=number).first()  # noqa: SLF001  # Django's public name
    if number is not None and thing is None:
        raise UsageError(f"no {process} {number}")
    made = perform(process, verb, doer, thing, dict(values))
    return f"{made.process} {made.pk} {made.state}"


def account_named(name: str) -> Doer:
    """The account of that name, to act. Raises UsageError."""
    account = Account.objects.filter(username=name).first()
    if account is None:
        raise UsageError(f"no such account: {name}")
    return doer_of(account, strong=True, second_factor=True)


def first_administrator(name: str) -> str:
    """Open the account of the first administrator; gives its password, to be shown this once. Raises UsageError, Refused.

    He can do nothing before he has a second factor.
    """
    if Grant.objects.filter(role=Role.ADMIN, ended=None, account__is_active=True).exists():
        raise UsageError("there is an administrator; he opens other accounts and gives roles")
    password = secrets.token_urlsafe(12)
    first_admin(name, password)
    return password


def authority(code: str, name: str, english: str, receives: str) -> str:
    """Put a supervising body on record, or correct its names; says its number. ``receives`` is a group of clocks. Raises UsageError."""
    groups = sorted({"general", *(one.body for one in clocks() if one.body)})
    if receives not in groups:
        raise UsageError(f"{receives!r} is none of {', '.join(groups)}")
    given = {"name": name, "name_en": english, "receives": receives}
    row, _ = Authority.objects.update_or_create(code=code, defaults=given)
    return f"authority {row.pk} {row.name}"


def store(name: str) -> str:
    """Put a store that distributes apps on record; says its number."""
    return f"platform {Platform.objects.get_or_create(name=name)[0].pk} {name}"


def new_key() -> Key:
    """Rotate the signing key; the public list as it is from now on goes on file, so that the chain tells of the rotation and holds its hash."""
    made = seals.rotate()
    with transaction.atomic():
        doing = Doing(Doer("engine"), clock.now(), "receive")
        listed = io.BytesIO(written_keys(seals.our_keys()))
        files.keep(doing, listed, f"keys-{made.id}.json", "keys", source="rotate-key", method=made.previous or "")
    return made


def problems() -> Iterator[str]:
    """What does not fit: the chain, states against their events, evidence against its hashes."""
    links = list(ledger.links())
    yield from (f"event {fault.seq}: {fault.what}" for fault in check(links))
    head = Head.objects.get(pk=1)
    if head.count != len(links) or (links and head.hash != links[-1].hash):
        yield f"the chain ends at {len(links)}, its head says {head.count}"
    states = ledger.replayed()
    for process, model in MODELS.items():
        yield from _states(process, model, states)
    for digest in Evidence.objects.values_list("sha256", flat=True).distinct():
        yield from _file(digest)


def _states(process: str, model: type[Thing], states: Mapping[tuple[str, int], str]) -> Iterator[str]:
    rows: QuerySet[Any] = Complaint.objects.filter(kind=process) if model is Complaint else model._default_manager.all()  # noqa: SLF001  # Django's public name
    for pk, state in rows.values_list("pk", "state").iterator():
        if states.get((process, pk), "") != state:
            yield f"{process} {pk}: state {state!r}, its events say {states.get((process, pk), '')!r}"


def _file(digest: str) -> Iterator[str]:
    try:
        shelf().verify(digest)
    except IntakeError as problem:
        yield f"evidence {digest}: {problem}"
