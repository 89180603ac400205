"""What a form was given for a file: an upload in parts that was finished before, or the file that came with the form."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache
from typing import BinaryIO, cast

from django.conf import settings
from django.http import HttpRequest

from mingcha.service import clock
from mingcha.service.actions import files
from mingcha.service.actions.acting import Doer, Doing
from mingcha.service.intake.refusals import IntakeError, in_units
from mingcha.service.intake.uploads import Limits, Uploads, shown_name
from mingcha.service.models import Evidence
from mingcha.service.pages.request import doer_of
from mingcha.service.text import Text

SUFFIX = "_upload"
"""The field beside a file's field that names a finished upload."""
VISITORS = 512 << 20
"""The largest file of somebody without an account."""


@dataclass(frozen=True)
class Given:
    """One file, open for reading."""

    name: str
    stream: BinaryIO
    size: int


_OPTIONAL = Text("（选填）", "(optional)")


@dataclass(frozen=True)
class Field:
    """A field for a file. ``key`` and ``given`` are there where the form was refused: what was uploaded need not be uploaded again."""

    name: str
    label: Text
    hint: Text | None = _OPTIONAL
    required: bool = False
    key: str = ""
    given: str = ""


SAMPLE = Field("sample", Text("安装包（APK）", "Package (APK)"), None)
POLICY = Field(
    "policy", Text("隐私政策（网页、PDF、DOCX 或文本）", "Privacy policy (HTML, PDF, DOCX or text)"),
    Text("（选填，但没有它多数条款无法判定）", "(optional, but most items stay open without it)"),
)  # fmt: skip
ANSWERS = Field("answers", Text("已填写的答卷（YAML）", "Filled-in answers (YAML)"))
VERSION = (replace(SAMPLE, required=True), POLICY, ANSWERS)
"""The files of a version."""
NAMES = tuple(one.name for one in VERSION)
PROOF = Field("evidence", Text("佐证文件（截图、记录）", "A file that shows it (screenshot, record)"))


@cache
def uploads() -> Uploads:
    """All uploads of this installation."""
    return Uploads(settings.DATA / "uploads" / "files")


def largest(request: HttpRequest) -> int:
    """How many bytes one file of this sender may have."""
    return VISITORS if doer_of(request).account is None else Limits().size


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
    return hmac.new(secret, f"{identifier}\n{doer_of(request).name}".encode(), hashlib.sha256).hexdigest()[:32]


# --- the files of a form ---------------------------------------------------------------------------------------------


def fields(request: HttpRequest, wanted: Iterable[Field]) -> dict[str, Field]:
    """Fields for files by name, with what this form brought already."""
    return {one.name: _waiting(request, one) for one in wanted}


def _waiting(request: HttpRequest, field: Field) -> Field:
    key = request.POST.get(f"{field.name}{SUFFIX}", "")
    with suppress(IntakeError):
        if key:
            state = uploads().status(identifier(request, key))
            return replace(field, key=key, given=state.name)
    return field


def in_parts(request: HttpRequest, field: str) -> bool:
    """Whether the file of a field came in parts, which was paid for when it began. Raises IntakeError for a key to nothing."""
    key = _key(request, field)
    if key:
        uploads().status(identifier(request, key))
    return bool(key)


def _key(request: HttpRequest, field: str) -> str:
    """Of the upload that a form names; a file that came with the form goes before."""
    return "" if field in request.FILES else request.POST.get(f"{field}{SUFFIX}", "")


@contextmanager
def taken(request: HttpRequest, field: str) -> Iterator[Given | None]:
    """The file of a field, or None. Raises IntakeError."""
    key = _key(request, field)
    if key:
        done = uploads().finish(identifier(request, key))
        with done.path.open("rb") as stream:
            yield Given(done.upload.name, stream, done.upload.size)
        return
    plain = request.FILES.get(field)
    if plain is not None and (plain.size or 0) > largest(request):
        raise IntakeError("upload-too-big", limit=in_units(largest(request)))
    yield None if plain is None else Given(shown_name(plain.name or ""), cast("BinaryIO", plain), plain.size or 0)


def kept(request: HttpRequest, doer: Doer, names: Iterable[str], source: str = "") -> dict[str, Evidence]:
    """The files of a form, kept as evidence in the transaction under way; those not sent are left out. Raises IntakeError."""
    doing, rows = Doing(doer, clock.now(), "receive"), {}
    for name in names:
        with taken(request, name) as given:
            if given is not None:
                rows[name] = files.keep(doing, given.stream, given.name, name, source=source)
    return rows


def forget(request: HttpRequest) -> None:
    """Forget the uploads that a form named: what was made of them is on record."""
    for field, key in request.POST.items():
        if field.endswith(SUFFIX) and key:
            with suppress(IntakeError):
                uploads().drop(identifier(request, str(key)))


def swept(now: float) -> int:
    """Forget the uploads nobody went on with for a day; how many. The ticking clock calls it."""
    return len(uploads().sweep(now))
