"""What a form was given for a file: an upload in parts that was finished before, or the file that came with the form."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import BinaryIO, cast

from django.conf import settings
from django.http import HttpRequest

from mingcha.service.intake.refusals import IntakeError, in_units
from mingcha.service.intake.uploads import Uploads, shown_name

SUFFIX = "_upload"
"""The field beside a file's field that names a finished upload."""
PLAIN = 64 << 20
"""The largest file that a form brings itself; larger ones come in parts."""


@dataclass(frozen=True)
class Given:
    """One file, open for reading."""

    name: str
    stream: BinaryIO
    size: int


@cache
def uploads() -> Uploads:
    """All uploads of this installation."""
    return Uploads(settings.DATA / "uploads" / "files")


def ticket(request: HttpRequest, identifier: str) -> str:
    """The key to an upload as its sender holds it: worth nothing in the hands of another account."""
    return f"{identifier}.{_mark(request, identifier)}"


def identifier(request: HttpRequest, given: str) -> str:
    """The upload that a key opens for this sender. Raises IntakeError, as if there were none."""
    name, _, mark = given.partition(".")
    if not hmac.compare_digest(mark.encode(), _mark(request, name).encode()):
        raise IntakeError("upload-unknown")
    return name


def _mark(request: HttpRequest, identifier: str) -> str:
    secret = settings.CONFIGURATION.secret("uploads").encode()
    doer = request.doer.name  # type: ignore[attr-defined]
    return hmac.new(secret, f"{identifier}\n{doer}".encode(), hashlib.sha256).hexdigest()[:32]


@contextmanager
def taken(request: HttpRequest, field: str) -> Iterator[Given | None]:
    """The file of a field. An upload in parts is forgotten once the block is left without an error. Raises IntakeError."""
    sent = request.POST.get(f"{field}{SUFFIX}", "")
    if sent:
        name = identifier(request, sent)
        done = uploads().finish(name)
        with done.path.open("rb") as stream:
            yield Given(done.upload.name, stream, done.upload.size)
        uploads().drop(name)
        return
    plain = request.FILES.get(field)
    if plain is not None and (plain.size or 0) > PLAIN:
        raise IntakeError("upload-too-big", limit=in_units(PLAIN))
    yield None if plain is None else Given(shown_name(plain.name or ""), cast("BinaryIO", plain), plain.size or 0)


def swept(now: float) -> int:
    """Forget the uploads nobody went on with for a day; how many. The ticking clock calls it."""
    return len(uploads().sweep(now))
