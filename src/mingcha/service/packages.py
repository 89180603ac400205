"""Evidence packages and checkpoints of this installation, made from the rows by `casework.package`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from msgspec import to_builtins

from mingcha.casework.chain import Link
from mingcha.casework.checkpoints import Checkpoint, sign
from mingcha.casework.merkle import Tree
from mingcha.casework.package import Contents, write
from mingcha.service import clock, ledger, seals
from mingcha.service import models as rows
from mingcha.service.models import Case, Complaint, Document, Event, Evidence
from mingcha.service.models.thing import Thing
from mingcha.service.shelf import shelf


def checkpoint() -> Checkpoint:
    """Sign the chain as it stands, and keep the checkpoint (one for each state of the chain)."""
    with transaction.atomic():
        head = rows.Head.objects.select_for_update().get(pk=1)
        found = rows.Checkpoint.objects.filter(count=head.count).first()
        if found is not None:
            return Checkpoint(**found.document)
        made = sign(_tree(head.count), _time(), seals.our_signer())
        rows.Checkpoint.objects.create(count=made.count, head=made.head, time=made.time, document=to_builtins(made))
    return made


def _tree(count: int) -> Tree:
    return Tree(Event.objects.filter(seq__lte=count).order_by("seq").values_list("hash", flat=True))


def _time() -> str:
    return clock.now().replace(microsecond=0).isoformat()


def of_complaint(thing: Complaint) -> bytes:
    """All events of one complaint and the cleaned pictures; no identity, and nothing of a case."""
    pictures = [one.shared for one in thing.attachments.select_related("shared")]
    told = {
        "kind": thing.kind,
        "subject": thing.subject_name,
        "category": thing.category,
        "narrative": thing.narrative,
        "state": thing.state,
        "outcome": thing.outcome,
    }
    return _made(thing.number, told, [thing, *pictures], pictures, [])


def of_case(case: Case) -> bytes:
    """The whole file of a case: events of everything in it, samples, reports, documents."""
    things: list[Thing] = [case, *case.tasks.all(), *case.findings.all(), *case.documents.all()]
    if case.lead is not None:
        things.append(case.lead)
    evidence = evidence_of(case)
    documents = [one for one in case.documents.select_related("pdf") if one.pdf is not None]
    printed = [one.pdf for one in documents if one.pdf is not None]
    told = {
        "subject": case.subject.name,
        "package": case.subject.package,
        "state": case.state,
        "opened": case.opened.isoformat(),
    }
    return _made(case.number, told, [*things, *evidence, *printed], evidence, documents)


def evidence_of(case: Case) -> list[Evidence]:
    """The samples, policies and answers that were inspected in a case."""
    versions = [
        task.version
        for task in case.tasks.select_related("version__sample", "version__policy", "version__answers")
        if task.version
    ]
    found = (row for version in versions for row in (version.sample, version.policy, version.answers))
    return list({row.pk: row for row in found if row is not None}.values())


def _made(
    number: str,
    told: dict[str, Any],
    things: Iterable[Thing],
    evidence: Iterable[Evidence],
    documents: Iterable[Document],
) -> bytes:
    point = checkpoint()
    links, custody = _links(things)
    contents = Contents(
        number=number, case=told, links=links, tree=_tree(point.count), checkpoint=point, keys=seals.our_keys(),
        evidence={f"{row.sha256[:16]}-{_plain(row.name)}": _bytes(row) for row in evidence},
        documents={f"{row.kind}-{row.pk}.pdf": _bytes(row.pdf) for row in documents if row.pdf is not None}, custody=custody,
    )  # fmt: skip
    return write(contents, _time(), seals.our_signer())


def _links(things: Iterable[Thing]) -> tuple[list[Link], set[int]]:
    """The events of all these things in the order of the chain, and which of them are acts on evidence."""
    wanted = {(thing.process, thing.pk) for thing in things}
    found = sorted((link for key in wanted for link in ledger.links_of(*key)), key=lambda link: link.seq)
    return found, {link.seq for link in found if link.object.startswith("evidence:")}


def _bytes(row: Evidence) -> bytes:
    with shelf().open(row.sha256) as stream:
        return stream.read()


def _plain(name: str) -> str:
    return "".join(c if c.isascii() and (c.isalnum() or c in ".-") else "_" for c in name)[:60] or "file"
