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
