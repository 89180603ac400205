"""The four requests of an upload in parts: begin, put, status, finish. Answers are JSON; errors say what to do in the page's language."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_http_methods

from mingcha.service.access import effort
from mingcha.service.access.limits import allowed
from mingcha.service.actions.acting import Refused
from mingcha.service.intake.refusals import IntakeError, in_units
from mingcha.service.intake.uploads import Limits, Upload
from mingcha.service.pages.doing import why
from mingcha.service.pages.request import doer_of, number
from mingcha.service.pages.uploading.taking import identifier, largest, ticket, uploads
from mingcha.service.text import Text

PURPOSE = "inspect"
"""Of the proof of work that somebody without an account shows before each upload: the form that asks for an inspection, his only one."""
_AN_HOUR = 60
_STATUS = {
    "upload-unknown": 404, "upload-offset": 409, "upload-differs": 409, "upload-closed": 409, "upload-incomplete": 409,
    "upload-too-big": 413, "chunk-size": 413, "disk-full": 507,
}  # fmt: skip
View = Callable[..., JsonResponse]


def _told(view: View) -> View:
    @wraps(view)
    def safe(request: HttpRequest, **names: Any) -> JsonResponse:
        try:
            answer = view(request, **names)
        except IntakeError as problem:
            body = {"code": problem.code, "problem": str(why(problem)), "expected": problem.said.get("expected")}
            answer = JsonResponse(body, status=_STATUS.get(problem.code, 422))
        except Refused as problem:
            answer = JsonResponse({"code": "refused", "problem": str(problem.text)}, status=429)
        except RequestDataTooBig:
            answer = JsonResponse(
                {"code": "chunk-size", "problem": str(Text("这一段过大。", "The part is too big."))}, status=413
            )
        answer.headers["Cache-Control"] = "no-store"
        return answer

    return safe


@require_http_methods(["POST"])
@_told
def begin(request: HttpRequest) -> JsonResponse:
    """Make room: ``name``, ``size`` and, where the sender knows it, ``sha256`` of the whole. Gives the key and the largest part."""
    if doer_of(request).account is None:
        effort.shown(request, PURPOSE)
    elif not allowed(request, "upload", _AN_HOUR, 3600):
        raise Refused(Text("上传过于频繁，请一小时后再试。", "Too many uploads: try again in an hour."))
    size = number(request.POST.get("size")) or 0
    if size > largest(request):
        raise IntakeError("upload-too-big", limit=in_units(largest(request)))
    made = uploads().begin(request.POST.get("name", ""), size, request.POST.get("sha256") or None)
    return JsonResponse({"id": ticket(request, made), "received": 0, "chunk": Limits().chunk}, status=201)


@require_http_methods(["PUT"])
@_told
def put(request: HttpRequest, key: str) -> JsonResponse:
    """One part: its place in ``Upload-Offset``, its SHA-256 in ``Upload-Sha256``, its bytes as the body."""
    offset, digest = number(request.headers.get("Upload-Offset")), request.headers.get("Upload-Sha256", "")
    name = identifier(request, key)
    return _far(request, uploads().put(name, -1 if offset is None else offset, request.body, digest))


@require_http_methods(["GET"])
@_told
def status(request: HttpRequest, key: str) -> JsonResponse:
    """How far it is."""
    return _far(request, uploads().status(identifier(request, key)))


@require_http_methods(["POST"])
@_told
def finish(request: HttpRequest, key: str) -> JsonResponse:
    """Close it; a form then names it in the field beside the file's."""
    return _far(request, uploads().finish(identifier(request, key)).upload)


def _far(request: HttpRequest, upload: Upload) -> JsonResponse:
    body = {
        "id": ticket(request, upload.id),
        "name": upload.name,
        "size": upload.size,
        "received": upload.received,
        "sha256": upload.digest,
    }
    return JsonResponse(body)
