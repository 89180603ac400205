"""What the command line does with the service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import QuerySet

from mingcha.casework.chain import check
from mingcha.errors import UsageError
from mingcha.service import ledger
from mingcha.service.actions.acting import doer_of, perform
from mingcha.service.intake.refusals import IntakeError
from mingcha.service.models import Account, Case, Complaint, Document, Evidence, Finding, Head, Lead, Subject, Task
from mingcha.service.models.thing import Thing
from mingcha.service.shelf import shelf

MODELS: Mapping[str, type[Thing]] = {
    "complaint": Complaint, "report": Complaint, "lead": Lead, "case": Case, "task": Task, "finding": Finding, "document": Document,
    "subject": Subject, "evidence": Evidence, "account": Account,
}  # fmt: skip


def done(process: str, verb: str, number: int | None, who: str, values: Mapping[str, Any]) -> str:
    """Perform a verb as an account; says the new state. Raises UsageError, Refused."""
    account = Account.objects.filter(username=who).first()
    if account is None or process not in MODELS:
        raise UsageError(f"no such account: {who}" if account is None else f"no such process: {process}")
    thing = None if number is None else MODELS[process]._default_manager.filter(pk=number).first()  # noqa: SLF001  # Django's public name
    if number is not None and thing is None:
        raise UsageError(f"no {process} {number}")
    made = perform(process, verb, doer_of(account, strong=True, second_factor=True), thing, dict(values))
    return f"{made.process} {made.pk} {made.state}"


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
