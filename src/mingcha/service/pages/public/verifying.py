"""Is this paper genuine: by its number, by its QR code, by the file itself."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from mingcha.casework.canonical import canonical
from mingcha.render.legible import legible
from mingcha.service import seals
from mingcha.service.intake.refusals import IntakeError
from mingcha.service.models import Document
from mingcha.service.pages.public.history import is_public
from mingcha.service.pages.public.reading import day
from mingcha.service.pages.request import plain
from mingcha.service.shelf import shelf
from mingcha.service.text import Text

KINDS = {
    "order": Text("责令改正通知书", "order to rectify"),
    "notice": Text("通报", "public warning"),
    "removal": Text("下架通知", "notice of removal"),
    "restoration": Text("恢复上架通知", "notice of restoration"),
}
_LONGEST = 60


def verify(request: HttpRequest) -> HttpResponse:
    """The form: a number leads to its page, a file is hashed and compared; it is not kept."""
    number = plain(request.GET.get("number"))[:_LONGEST]
    if number:
        found = by_number(number)
        return redirect("verify-number", number=found.number) if found else _form(request, number=number, missing=True)
    sent = request.FILES.get("file")
    if request.method == "POST" and sent is not None:
        digest = _digest(sent)
        return _form(request, digest=digest, name=legible(str(sent.name)), document=_by_digest(digest))
    return _form(request, empty=request.method == "POST")


def _digest(sent: UploadedFile[bytes]) -> str:
    whole = hashlib.sha256()
    for part in sent.chunks():
        whole.update(part)
    return whole.hexdigest()


def _form(request: HttpRequest, **context: object) -> HttpResponse:
    if isinstance(number := context.get("number"), str):
        context["number"] = legible(number)
    return render(request, "public/verify.html", context, status=404 if context.get("missing") else 200)


def document(request: HttpRequest, number: str) -> HttpResponse:
    """What a genuine paper of this number is."""
    found = by_number(number)
    if found is None:
        return _form(request, number=number[:_LONGEST], missing=True)
    return render(request, "public/document.html", {"paper": values(found)})


def pdf(request: HttpRequest, number: str) -> FileResponse:
    """The paper itself, unless it was withdrawn."""
    found = by_number(number)
    if found is None or found.pdf is None or found.withdrawn:
        raise Http404
    return FileResponse(shelf().open(found.pdf.sha256), content_type="application/pdf", filename=f"{found.number}.pdf")


def values(found: Document) -> dict[str, Any]:
    """Number, state, hashes and signature, each checked anew."""
    subject = found.case.subject
    return {
        "number": found.number,
        "kind": KINDS[found.kind],
        "app": {"id": subject.pk, "name": legible(subject.name), "package": legible(subject.package)},
        "case": found.case.number,
        "authority": {"zh": found.case.authority.name, "en": found.case.authority.name_en or found.case.authority.name},
        "issued": day(found.issued),
        "served": day(found.served),
        "published": day(found.published),
        "withdrawn": day(found.withdrawn),
        "reason": legible(found.withdrawal_reason),
        "instead": _instead(found),
        "sha256": found.pdf.sha256 if found.pdf else "",
        "data": found.data_hash,
        "key": (found.signature or {}).get("key", ""),
        "signed": _genuine(found),
    }


def _genuine(found: Document) -> bool:
    """Signature, data and file belong together: a row or a file that somebody changed does not pass."""
    signature, file = found.signature, found.pdf
    if signature is None or file is None or not seals.holds(signature):
        return False
    told = {"number": found.number, "data": hashlib.sha256(canonical(found.data)).hexdigest(), "pdf": file.sha256}
    return all(signature.get(name) == value for name, value in told.items()) and _unaltered(file.sha256)


def _unaltered(digest: str) -> bool:
    try:
        shelf().verify(digest)
    except IntakeError:
        return False
    return True


def _instead(found: Document) -> str:
    """The number of the paper that stands in the place of a withdrawn one."""
    if found.withdrawn is None:
        return ""
    later = Document.objects.filter(
        case=found.case, kind=found.kind, pk__gt=found.pk, withdrawn=None, number__isnull=False
    )
    return next((str(one.number) for one in later.order_by("pk") if is_public(one)), "")


_PUBLIC = (
    Q(kind="order", served__isnull=False)
    | Q(kind="notice", published__isnull=False)
    | Q(kind__in=("removal", "restoration"), issued__isnull=False)
)
"""As `history.is_public`, asked by the database: a paper that waits takes no longer to be missing than a number nobody gave."""


def _scope() -> Any:
    return Document.objects.filter(_PUBLIC).select_related("case__subject", "case__authority", "pdf")


def by_number(number: str) -> Document | None:
    """The public paper of a number."""
    found: Document | None = _scope().filter(number=plain(number)).first()
    return found if found is not None and is_public(found) else None


def _by_digest(digest: str) -> Document | None:
    return next((one for one in _scope().filter(pdf__sha256=digest) if is_public(one)), None)
