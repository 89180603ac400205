"""What each format is put through: from the bytes to everything the collectors, the judge and the reports ask for."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec

from mingcha.catalogue.load import Catalogue, load
from mingcha.collect import calls, flows
from mingcha.collect.package import Package
from mingcha.errors import FormatError, LimitError, MingchaError, RecordError, UsageError
from mingcha.formats import arsc, axml, dex, signing
from mingcha.formats.zipped import Archive
from mingcha.inspection import inspect, judge_facts, open_case
from mingcha.model.artefact import Artefact
from mingcha.model.factbase import Gap
from mingcha.model.report import Report, decode_facts, decode_report, encode
from mingcha.program.constants import MethodConstants
from mingcha.render import render
from tests.fuzz import recorded

CATALOGUE: list[Catalogue] = []
_MOST = 5000


class Defect(Exception):
    """A result that must not be: a defect told as a gap, or a message of several lines."""


def run(form: str, data: bytes) -> str:
    """Put the bytes through; says in one word how it ended. Whatever else leaves is a defect."""
    try:
        if form in recorded.TARGETS:
            return recorded.TARGETS[form](data, CATALOGUE[0])
        return TARGETS[form](data)
    except _ALLOWED.get(form, (FormatError,)) as error:
        if "\n" in str(error) or not str(error):
            raise Defect(f"not one line: {error}") from error
        return type(error).__name__


_ALLOWED: dict[str, tuple[type[MingchaError], ...]] = {
    "code": (FormatError, LimitError), "apk": (UsageError,), "html": (UsageError,), "markdown": (UsageError,), "text": (UsageError,), "pdf": (UsageError,),
    "run": (FormatError, RecordError, UsageError), "docx": (UsageError,), "answers": (RecordError,), "facts": (RecordError,), "report": (RecordError,),
}  # fmt: skip


def _inspected(data: bytes, kind: str) -> str:
    """The whole inspection of one file, strict, and its report in all the forms that are text."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
        path = Path(folder, {"policy": "policy.bin", "answers": "answers.yaml"}.get(kind, "app.bin"))
        path.write_bytes(data)
        given = {"policy": {"policy": [path]}, "answers": {"answers": path}}.get(kind, {})
        report = inspect(open_case([] if given else [path], **given), CATALOGUE[0], strict=True)  # type: ignore[arg-type]
    return _shown(report, data)


def _shown(report: Report, data: bytes) -> str:
    defects = [gap for gap in report.gaps if gap.reason == "defect"]
    if defects:
        raise Defect(f"gap: {defects[0]}")
    encode(report)
    reader, form, language = (
        ("operator", "html", "zh"),
        ("regulator", "text", "en"),
        ("public", "html", "en"),
        ("operator", "csv", "zh"),
    )[len(data) % 4]
    render(report, CATALOGUE[0], reader, form, language)  # type: ignore[arg-type]
    return "report" if not any(gap.reason == "unreadable" for gap in report.gaps) else "report with gaps"


def _zip(data: bytes) -> str:
    archive = Archive(data)
    read = 0
    for member in archive.members[:_MOST]:
        archive.get(member.name)
        try:
            read += (
                len(archive.read(member, 1 << 22))
                + len(archive.head(member, 8))
                + sum(archive.span(member))
                + archive.crc_ok(member, b"")
            )
        except FormatError:
            continue
    return "read"


def _axml(data: bytes) -> str:
    for element in axml.parse(data).iter():
        for attribute in element.attributes:
            element.attr(attribute.name)
    return "read"


def _arsc(data: bytes) -> str:
    resources = arsc.parse(data)
    for number, text in enumerate(resources.strings_by_language()):
        resources.value(text.resource_id, text.language)
        resources.name(text.resource_id)
        if number > _MOST:
            break
    resources.languages()
    resources.value(0x7F010000)
    return "read"


def _dex(data: bytes) -> str:
    for image in dex.images(data):
        image.class_descriptors()
        names = [image.method_name(number) for number in range(min(len(image._methods), _MOST))]
        fields = [image.field_name(number) for number in range(min(len(image._fields), _MOST))]
        constants = [MethodConstants(image, method) for method in range(min(len(image.methods.ids), _MOST))]
        for site, _ in zip(image.sites(range(len(names)), range(len(fields))), range(_MOST), strict=False):
            if site.opcode >= 0x6E:
                for number in range(3):
                    constants[site.method].argument(site.unit, number)
        image.find_type(b"Lcom/example/app/Main;")
        data[slice(*image.string_span)].count(b"\0")
    return "read"


def code(data: bytes, *, implicit: bool) -> str:
    """When code runs and where information goes."""
    artefact = Artefact(sha256="0" * 64, kind="apk", name="app.apk", size=len(data))
    package = Package(artefact, data, follow="implicit" if implicit else "values")
    gaps = 0
    for collector in (calls, flows):
        for found in collector.collect(package, CATALOGUE[0]):
            msgspec.json.encode(found)
            gaps += isinstance(found, Gap)
    return "read with gaps" if gaps else "read"


def _signing(data: bytes) -> str:
    archive = Archive(data)
    blocks = [(name, archive.read(name, 1 << 22)) for name in archive.names() if signing.is_v1_block(name)]
    list(signing.signers(data, archive.central_directory_offset, blocks))
    return "read"


def _facts(data: bytes) -> str:
    return _shown(judge_facts(decode_facts(data), CATALOGUE[0]), data)


def _report(data: bytes) -> str:
    return _shown(decode_report(data), data)


TARGETS: dict[str, Callable[[bytes], str]] = {
    "apk": lambda data: _inspected(data, "apk"),
    "zip": _zip,
    "axml": _axml,
    "arsc": _arsc,
    "dex": _dex,
    "code": lambda data: code(data, implicit=bool(len(data) & 1)),
    "signing": _signing,
    **dict.fromkeys(("html", "markdown", "text", "pdf", "docx"), lambda data: _inspected(data, "policy")),
    "answers": lambda data: _inspected(data, "answers"),
    "facts": _facts,
    "report": _report,
}


def prepare() -> None:
    """Load what every input needs before the first worker is forked."""
    CATALOGUE.append(load())
