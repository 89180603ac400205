"""PCAPdroid's list of connections (CSV): who was contacted, when and by which app, without decryption and without root.

The file quotes nothing, and the name of an app and the text of ``Info`` may hold commas. What stands between them is what a
row is aligned by: the package name (since version 1.7.4 of October 2024), protocol and status, a word in the phone's language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mingcha.errors import FormatError

COLUMNS = (
    "IPProto", "SrcIP", "SrcPort", "DstIp", "DstPort", "UID", "App", "PackageName", "Proto", "Status", "Info",
    "BytesSent", "BytesRcvd", "PktsSent", "PktsRcvd", "FirstSeen", "LastSeen",
)  # fmt: skip
_package = re.compile(r"[A-Za-z][\w]*(?:\.[A-Za-z_]\w*)+").fullmatch
_protocol = re.compile(r"[A-Za-z][\w. -]{0,29}", re.ASCII).fullmatch
_status = re.compile(r"[^\W\d_][^\d.,:/]{0,29}").fullmatch
_APP = COLUMNS.index("App")
_BETWEEN = {COLUMNS[_APP : _APP + 5], ("App", "Proto", "Status", "Info", "BytesSent")}
_RENAMED = {"Uid": "UID"}
"""Columns that the first versions called otherwise."""
_LONGEST_ROW = 4096


@dataclass(frozen=True, slots=True)
class Connection:
    """One row; ``info`` is a host name or URL where one was seen, times are the tool's own text."""

    row: int
    protocol: str
    address: str
    port: int | None
    uid: int | None
    app: str
    package: str
    application_protocol: str
    status: str
    info: str
    sent: int | None
    received: int | None
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Connections:
    """All rows; ``unreadable`` counts lines that are none, ``partial`` says that the last line is cut off."""

    rows: tuple[Connection, ...]
    unreadable: int
    partial: bool


def looks_like_pcapdroid(data: bytes) -> bool:
    """Whether the first line names the columns of a list of connections."""
    head = data[:_LONGEST_ROW].removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0]
    return head.strip().startswith(",".join(COLUMNS[:5]).encode())


def parse(data: bytes) -> Connections:
    """The connections of a file. Raises FormatError if its first line is not PCAPdroid's."""
    if not looks_like_pcapdroid(data):
        raise FormatError("no list of connections: the first line does not name PCAPdroid's columns", 0)
    lines = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").split("\n")
    header = [_RENAMED.get(name.strip(), name.strip()) for name in lines[0].split(",")]
    rows = [(number, line.rstrip("\r")) for number, line in enumerate(lines[1:], 1) if line.strip()]
    found = list(_connections(rows, header))
    partial = bool(rows) and bool(lines[-1].strip()) and (not found or found[-1].row != rows[-1][0])
    return Connections(tuple(found), len(rows) - len(found), partial)


def _connections(rows: Sequence[tuple[int, str]], header: Sequence[str]) -> Iterator[Connection]:
    for number, line in rows:
        fields = _aligned(line.split(","), header) if len(line) <= _LONGEST_ROW else None
        if fields is not None:
            row = dict(zip(header, fields, strict=True))
            yield _connection(number, row)


def _aligned(parts: list[str], header: Sequence[str]) -> list[str] | None:
    """The row's fields with the commas inside of ``App`` and ``Info`` put back; None if that cannot be told or it has too few."""
    more = len(parts) - len(header)
    if more <= 0 or tuple(header[_APP : _APP + 5]) not in _BETWEEN or COLUMNS[-1] not in header:
        return parts if more == 0 else None
    named = header[_APP + 1] == "PackageName"
    tail = len(parts) - (len(header) - list(header).index("Info") - 1)
    starts = [at for at in range(_APP + 1, _APP + 2 + more) if _begins(parts, at, named)]
    if not starts or (len(starts) > 1 and not named):
        return None
    info = starts[0] + 2 + named
    return [
        *parts[:_APP],
        ",".join(parts[_APP : starts[0]]),
        *parts[starts[0] : info],
        ",".join(parts[info:tail]),
        *parts[tail:],
    ]


def _begins(parts: Sequence[str], at: int, named: bool) -> bool:
    """Whether what follows the app's name may begin there."""
    after = at + named
    known = not named or ("." in parts[at] and _package(parts[at]) is not None)
    return known and _protocol(parts[after]) is not None and _status(parts[after + 1]) is not None


def _connection(number: int, row: dict[str, str]) -> Connection:
    return Connection(
        row=number,
        protocol=row.get("IPProto", ""),
        address=row.get("DstIp", ""),
        port=_number(row.get("DstPort")),
        uid=_number(row.get("UID")),
        app=row.get("App", ""),
        package=row.get("PackageName", ""),
        application_protocol=row.get("Proto", ""),
        status=row.get("Status", ""),
        info=row.get("Info", ""),
        sent=_number(row.get("BytesSent")),
        received=_number(row.get("BytesRcvd")),
        first=row.get("FirstSeen", ""),
        last=row.get("LastSeen", ""),
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 18 else None
