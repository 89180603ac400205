"""What recordings are put through: captures to what they sent, logs to events, dumps and steps to their rows."""

from __future__ import annotations

import io
import os
import re
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from mingcha.catalogue.load import Catalogue
from mingcha.collect.runtime.ground import Ground
from mingcha.collect.runtime.importing import import_runtime
from mingcha.collect.traffic.matcher import Matcher
from mingcha.collect.traffic.profile import read_profile
from mingcha.collect.traffic.reading import read_traffic
from mingcha.collect.traffic.sealing import Seal
from mingcha.errors import FormatError
from mingcha.formats import distinguished, pcap, pcapdroid, spreadsheet, steps, uidump
from mingcha.formats.exchange import Exchange
from mingcha.formats.har import Har
from mingcha.formats.layers import peel
from mingcha.formats.mitmflow import Flows
from mingcha.formats.packagedump import read_packagedump
from mingcha.inspection import collect_facts, open_case
from tests.fuzz import recordings

_MEMORY = "/dev/shm" if os.path.isdir("/dev/shm") else None
_tame = re.compile(r"(?:screens/)?[a-z0-9]+\.[a-z]+").fullmatch
_TYPES = ("application/json", "multipart/form-data; boundary=B", "application/x-www-form-urlencoded", "")
_PACKED = ("", "gzip", "deflate", "br", "zstd", "gzip, br")


class WrongError(Exception):
    """A result that must not be."""


_MATCHER: list[Matcher] = []


def _matcher(tables: Catalogue) -> Matcher:
    """Made once, before the workers are forked: the first valid seed asks for it."""
    if not _MATCHER:
        _MATCHER.append(Matcher(read_profile(recordings.profile(), tables.information)))
    return _MATCHER[0]


def traffic(capture: Any, tables: Catalogue) -> str:
    """Everything a capture sent; no value of the device may stand in the result."""
    found = read_traffic(capture, _matcher(tables), Seal(b"k" * 32))
    said = repr(found).lower()
    for values in recordings.VALUES.values():
        if any(value.lower() in said for value in values):
            raise WrongError("a planted value stands in a result")
    return "read in part" if capture.reading.partial or capture.reading.unreadable else "read"


def _layers(data: bytes) -> str:
    number = len(data)
    headers = (("Content-Encoding", _PACKED[number % 6]),) if number % 3 == 0 else ()
    exchange = Exchange(0, "", "POST", "https://a.example/", headers, mime=_TYPES[number % 4], body=data)
    for leaf in peel(exchange).leaves:
        leaf.trail.encode("utf-8", "surrogateescape")
    return "read"


def runtime(data: bytes, tables: Catalogue) -> str:
    """A log by whichever reader knows it; every row must be accounted for."""
    ground = Ground(tables=tables, sha256="0" * 64, package="com.example.app", offset="+08:00", year=2024)
    done = import_runtime(data, ground)
    msgspec.json.encode(done)
    if sum(done.accounted.values()) != done.rows:
        raise WrongError("rows that are not accounted for")
    return "read in part" if done.partial else "read"


def _table(data: bytes, tables: Catalogue) -> str:
    """A spreadsheet as a table, whatever it says, and then as a log."""
    try:
        for sheet in spreadsheet.read_spreadsheet(data).sheets:
            len(sheet.rows)
    except FormatError:
        pass
    return runtime(data, tables)


def _name(data: bytes) -> str:
    distinguished.subject(data).encode("utf-8")
    return "read"


def _read(reader: Callable[[bytes], object]) -> Callable[[bytes, Catalogue], str]:
    def work(data: bytes, _: Catalogue) -> str:
        repr(reader(data))
        return "read"

    return work


def _run(data: bytes, tables: Catalogue) -> str:
    """A whole run folder, whose files are the members of an archive, to facts; strict, so that a defect leaves."""
    with tempfile.TemporaryDirectory(dir=_MEMORY) as folder:
        for name, member in _members(data).items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(member)
        facts = collect_facts(open_case([], runs=[Path(folder)]), tables, strict=True)
    msgspec.json.encode(facts)
    return "read in part" if any(gap.reason == "unreadable" for gap in facts.gaps) else "read"


def _members(data: bytes) -> dict[str, bytes]:
    """The files of the folder; the archive is ours and no input, so damage that leaves none of it ends here."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {name: archive.read(name) for name in archive.namelist() if _tame(name)}
    except (
        zipfile.BadZipFile,
        zlib.error,
        ValueError,
        OSError,
        NotImplementedError,
        RuntimeError,
        EOFError,
        struct.error,
    ) as error:
        raise FormatError("no archive") from error


TARGETS: dict[str, Callable[[bytes, Catalogue], str]] = {
    "har": lambda data, tables: traffic(Har(data), tables),
    "mitmflow": lambda data, tables: traffic(Flows(data), tables),
    "layers": lambda data, _: _layers(data),
    "pcapdroid": _read(pcapdroid.parse),
    "pcap": _read(pcap.read_pcap),
    "hooktable": _table,
    **dict.fromkeys(("hooklog", "appops", "logcat"), runtime),
    "packagedump": _read(read_packagedump),
    "uidump": _read(uidump.read_dump),
    "steps": _read(steps.read_steps),
    "name": lambda data, _: _name(data),
    "run": _run,
}
