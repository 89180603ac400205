"""What must hold of decisions, documents and publications at every moment, also after a process was killed in the middle of one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_NUMBERED = ("issued", "served", "published", "withdrawn")


def faults() -> list[str]:
    """What does not fit; nothing, when all is well."""
    from mingcha.service.commands import problems
    from mingcha.service.models import Document

    papers = Document.objects.select_related("case", "pdf").order_by("pk")
    return [*problems(), *(f"document {one.pk}: {what}" for one in papers for what in _paper(one)), *_numbers()]


def _paper(one: Any) -> Iterator[str]:
    """A paper is either a draft with nothing of a document, or has number, file and a signature over both."""
    has = (bool(one.number), one.pdf is not None, one.signature is not None, one.issued is not None)
    if has != (one.state in _NUMBERED,) * 4:
        yield f"half a document: {one.state} {has}"
    if one.state in _NUMBERED:
        yield from _signed(one)
    if (one.published is not None) != (one.state == "published"):
        yield f"half published: {one.state} {one.published}"
    if one.kind == "notice":
        yield from _warning(one)
    elif one.kind == "order" and (one.case.state == "rectification") != (one.state in _NUMBERED):
        yield f"order {one.state}, case {one.case.state}"


def _signed(one: Any) -> Iterator[str]:
    from mingcha.service.pages.public.verifying import values

    if not values(one)["signed"]:
        yield "signature, data and file do not belong together"
    if one.data["number"] != one.number:
        yield f"printed as {one.data['number']}, numbered {one.number}"


def _warning(one: Any) -> Iterator[str]:
    from mingcha.service.pages.public.notices import published

    told = one.state == "published"
    if (one.case.state == "publicly-warned") != told:
        yield f"warning {one.state}, case {one.case.state}"
    if one.case.deadlines.filter(clock="notice", state="running").exists() != told:
        yield "its clock and its publication differ"
    if published().filter(pk=one.pk).exists() != told:
        yield "the public list and its state differ"


def _numbers() -> Iterator[str]:
    """In each series none given twice, none left out."""
    from mingcha.service.models import Counter, Document

    for kind in ("order", "notice"):
        given = sorted(Document.objects.filter(kind=kind, number__isnull=False).values_list("number", flat=True))
        row = Counter.objects.filter(series=kind).first()
        wanted = row.last if row else 0
        if len(set(given)) != len(given) or len(given) != wanted:
            yield f"{kind}: {len(given)} numbers given, the counter says {wanted}"
        if given and int(given[-1].rpartition("〕")[2].rstrip("号")) != wanted:
            yield f"{kind}: the last number is {given[-1]}, the counter says {wanted}"
