"""PCAPdroid's list of connections: plain rows, names with commas, cut files, and bytes that are none."""

from __future__ import annotations

import random

import pytest

from mingcha.errors import FormatError
from mingcha.formats.pcapdroid import COLUMNS, looks_like_pcapdroid, parse

HEAD = ",".join(COLUMNS)
ROW = "6,10.215.173.1,41234,203.0.113.9,443,10234,灯塔,com.example.lamp,TLS,Closed,api.lamp.example,1200,340,12,9,2026-03-01T08:00:01.120,2026-03-01T08:00:05.000"


def text(*rows: str) -> bytes:
    """A file of rows."""
    return "\n".join([HEAD, *rows, ""]).encode()


def test_row() -> None:
    """Every field of a row stands where its column says."""
    (row,) = parse(text(ROW)).rows
    assert (row.address, row.port, row.uid, row.app, row.package) == (
        "203.0.113.9",
        443,
        10234,
        "灯塔",
        "com.example.lamp",
    )
    assert (row.application_protocol, row.status, row.info) == ("TLS", "Closed", "api.lamp.example")
    assert (row.sent, row.received, row.first, row.row) == (1200, 340, "2026-03-01T08:00:01.120", 1)


@pytest.mark.parametrize(
    ("app", "info"),
    [("Chat, Talk & More", "a.example"), ("Chat", "a.example/x?a=1,2,3"), ("A,B.C,D", "x,y"), ("a,b,c", "")],
)
def test_commas(app: str, info: str) -> None:
    """Commas in the name of an app and in what was seen do not shift the other fields."""
    (row,) = parse(text(ROW.replace("灯塔", app).replace("api.lamp.example", info))).rows
    assert (row.app, row.package, row.info, row.sent) == (app, "com.example.lamp", info, 1200)


OLD = [name for name in COLUMNS if name != "PackageName"]
FIRST = ["Uid" if name == "UID" else name for name in OLD]
FORMS = {
    "2021-03": (FIRST, "Chat", "Open", "1614765600123"),
    "2022-02": (OLD, "Chat", "已关闭", "1643760000123"),
    "2023-12": (OLD, "Chat, Talk & More", "Closed", "2023-12-25T10:00:00.123+01:00"),
    "2024-10": (list(COLUMNS), "聊天, 更多", "已关闭", "2024-10-10T10:00:00.123+08:00"),
    "with a list of bad hosts": ([*COLUMNS, "Malicious"], "Chat, A.B", "不可达", "2025-01-01T00:00:00.000+08:00"),
}
"""What its writer has written since each date, as its source tells: columns, and the status in the phone's language."""


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("info", ["a.example", "a.example/x?a=1,2,3", ""])
def test_every_version_of_the_file(form: str, info: str) -> None:
    """Columns that came, went or changed their name, a status in Chinese and commas leave every field where it belongs."""
    header, app, status, time = FORMS[form]
    given = {
        "IPProto": "6", "SrcIP": "10.215.173.1", "SrcPort": "41234", "DstIp": "2001:db8::9", "DstPort": "443", "UID": "10234", "Uid": "10234", "App": app,
        "PackageName": "com.example.lamp", "Proto": "TLS", "Status": status, "Info": info, "BytesSent": "1200", "BytesRcvd": "340", "PktsSent": "12",
        "PktsRcvd": "9", "FirstSeen": time, "LastSeen": time, "Malicious": "",
    }  # fmt: skip
    data = "\n".join([",".join(header), ",".join(given[name] for name in header), ""]).encode()
    found = parse(data)
    (row,) = found.rows
    assert (found.unreadable, found.partial) == (0, False)
    assert (row.address, row.port, row.uid, row.app, row.info) == ("2001:db8::9", 443, 10234, app, info)
    assert (row.application_protocol, row.status, row.sent, row.received) == ("TLS", status, 1200, 340)
    assert (row.first, row.last) == (time, time)
    assert row.package == ("com.example.lamp" if "PackageName" in header else "")


def test_commas_that_cannot_be_told_apart() -> None:
    """Without a package name, a row that could be read in two ways is counted as unreadable, not guessed."""
    row = "6,10.0.0.1,1,10.0.0.2,2,10234,TLS,Closed,TLS,Closed,a.example,1,1,1,1,1614765600123,1614765600124"
    found = parse("\n".join([",".join(OLD), row, ""]).encode())
    assert (found.rows, found.unreadable) == ((), 1)


@pytest.mark.parametrize("columns", [5, 6, 8, 12])
def test_a_header_that_is_cut(columns: int) -> None:
    """A first line with fewer columns costs the rows that do not fit it, and nothing else."""
    head = ",".join(COLUMNS[:columns])
    found = parse(f"{head}\n{ROW}\n".encode())
    assert (found.rows, found.unreadable) == ((), 1)


def test_cut_and_broken() -> None:
    """A line that is cut is counted and told; the others stand."""
    found = parse(text(ROW, "6,7,8", ROW) + ROW[:40].encode())
    assert (len(found.rows), found.unreadable, found.partial) == (2, 2, True)
    assert not parse(text(ROW)).partial


@pytest.mark.parametrize("data", [b"", b"a,b,c\n1,2,3", HEAD[3:].encode()])
def test_no_list(data: bytes) -> None:
    """Another file is refused."""
    assert not looks_like_pcapdroid(data)
    with pytest.raises(FormatError):
        parse(data)


def test_hostile() -> None:
    """Any bytes behind the first line give rows or are counted."""
    rng = random.Random(5)
    for _ in range(100):
        found = parse(
            HEAD.encode() + b"\n" + rng.randbytes(2000).replace(b"\0", b",") + b"\n" + b"," * rng.randrange(5000)
        )
        assert all(row.row > 0 for row in found.rows)
