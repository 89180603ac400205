"""Large packages in parts (`intake.uploads`), for the script of the form; small ones come with the form itself."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_http_methods

from mingcha.service.access import effort
from mingcha.service.actions.acting import Refused
from mingcha.service.intake.refusals import IntakeError
from mingcha.service.intake.uploads import Finished, Limits, Uploads, shown_name
from mingcha.service.text import Text, english

__all__ = ["LIMITS", "SMALL", "begin", "chunk", "drop", "finished", "shown_name"]

SMALL = 9 << 20
"""What a plain form may hold (`DATA_UPLOAD_MAX_MEMORY_SIZE` counts the rest of it)."""
LIMITS = Limits(size=512 << 20, chunk=4 << 20)


@cache
def uploads() -> Uploads:
    """Where parts lie until they are whole."""
    return Uploads(settings.DATA / "uploads" / "parts", LIMITS)


@require_http_methods(["POST"])
def begin(request: HttpRequest) -> JsonResponse:
    """Room for a file: costs the work of the form. The identifier is the only key to it."""
    try:
        effort.shown(request, "inspect")
        made = uploads().begin(request.POST.get("name", ""), _number(request.POST.get("size", "")))
    except Refused as refused:
        return _no(refused.text, 422)
    except IntakeError as refused:
        return _no(Text(refused.zh, refused.en), 422)
    return JsonResponse({"id": made, "chunk": LIMITS.chunk}, status=201)


@require_http_methods(["GET", "PUT", "DELETE"])
def chunk(request: HttpRequest, identifier: str) -> JsonResponse:
    """One part (its place and hash in headers), how far it is, or never mind."""
    try:
        if request.method == "DELETE":
            uploads().drop(identifier)
            return JsonResponse({})
        if request.method == "GET":
            return JsonResponse({"received": uploads().status(identifier).received})
        offset = _number(request.headers.get("Upload-Offset", ""))
        state = uploads().put(identifier, offset, request.body, request.headers.get("Upload-Sha256", ""))
    except RequestDataTooBig:
        return _no(Text("每段过大。", "The part is too big."), 413)
    except IntakeError as refused:
        return _no(Text(refused.zh, refused.en), 409)
    return JsonResponse({"received": state.received})


def finished(identifier: str) -> Finished:
    """The whole file. Raises IntakeError."""
    return uploads().finish(identifier)


def drop(identifier: str) -> None:
    """Forget an upload that was kept, or none."""
    if identifier:
        uploads().drop(identifier)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 14 else -1


def _no(text: Text, status: int) -> JsonResponse:
    return JsonResponse({"problem": text.en if english() else text.zh}, status=status)
