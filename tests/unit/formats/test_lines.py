"""Line numbers and source files come out of debug information as Android's own tool reads it; broken ones are not known."""

from __future__ import annotations

import random
import re
import shutil
import struct
import subprocess
import time
from pathlib import Path

import pytest

from mingcha.errors import FormatError
from mingcha.formats import lines
from mingcha.formats.dex import Dex
from mingcha.formats.lines import Lines
from tests.build import dexcode as d
from tests.build.dexmaker import Class, Code, Method, _sleb, _uleb, dex, mutf8

UNITS = 60
CLASSES = [Class("La/A;", [Method("run(II)V", Code(3, [d.const4(0, 0)] * (UNITS - 1) + [d.return_void()]))])]
END = b"\0"


def special(forward: int, step: int) -> bytes:
    """The one-byte opcode that moves address and line and makes an entry."""
    return bytes([0x0A + 15 * forward + step + 4])


def with_debug(item: bytes, source: str = "") -> bytes:
    """A file of one method of 60 units whose debug information is this, at the end of the file."""
    out = bytearray(dex(CLASSES, strings=[source] if source else []))
    made = Dex(bytes(out))
    code, at = int(made.methods.code[0]), len(out)
    out += item
    struct.pack_into("<L", out, code + 8, at)
    if source:
        rows = struct.unpack_from("<L", out, 0x64)[0]
        struct.pack_into("<L", out, rows + 16, made.find_string(mutf8(source)))
    struct.pack_into("<L", out, 32, len(out))
    return bytes(out)


def read(item: bytes) -> tuple[Lines, int]:
    """Its lines, and the unit at which the method begins."""
    made = Dex(with_debug(item))
    return Lines(made), int(made.methods.first[0])


def written(entries: list[tuple[int, int]], rng: random.Random) -> bytes:
    """A debug_info_item that gives these (address, line) entries, by whichever opcodes the dice choose."""
    at, line = 0, rng.choice([1, 7, entries[0][1]])
    out = _uleb(line) + _uleb(2) + _uleb(0) + _uleb(1)
    for address, wanted in entries:
        while rng.random() < 0.3:
            out += rng.choice([b"\x03\0\0\0", b"\x04\0\0\0\0", b"\x05\0", b"\x06\0", b"\x07", b"\x08", b"\x09\0"])
        forward, step = address - at, wanted - line
        if forward > 15 or rng.random() < 0.3:
            out, forward = out + b"\x01" + _uleb(forward), 0
        if not -4 <= step <= 10 or (forward == 15 and step > 10) or rng.random() < 0.3:
            out, step = out + b"\x02" + _sleb(step), 0
        out += special(forward, step)
        at, line = address, wanted
    return out + END


def some_entries(rng: random.Random) -> list[tuple[int, int]]:
    addresses = sorted(rng.choices(range(UNITS), k=rng.randint(1, 12)))
    return [(address, rng.choice([rng.randint(1, 60), rng.randint(1, 70000)])) for address in addresses]


def test_every_opcode_moves_as_the_format_says() -> None:
    """Whatever opcodes a table is written with, its entries come out again, and each unit has the line of the last before."""
    rng = random.Random(42)
    for _ in range(300):
        entries = some_entries(rng)
        found, first = read(written(entries, rng))
        assert list(zip(*found.positions(0), strict=True)) == entries
        for unit in range(UNITS):
            here = [line for address, line in entries if address == unit]
            before = [line for address, line in entries if address < unit]
            assert found.line(0, first + unit) == (here[0] if here else before[-1] if before else None)


def test_dexdump_reads_the_same_lines(tmp_path: Path) -> None:
    """Android's own disassembler prints the same table for tables written at random (`-i`: the checksum is of the file before)."""
    if not shutil.which("dexdump"):
        pytest.skip(
            "dexdump is not on the PATH (Debian: apt install dexdump): line tables are not compared with Android's code"
        )
    rng = random.Random(7)
    for _ in range(20):
        item = written(some_entries(rng), rng)
        path = tmp_path / "classes.dex"
        path.write_bytes(with_debug(item))
        out = subprocess.run(["dexdump", "-i", "-d", path], capture_output=True, text=True, check=True).stdout
        theirs = [(int(a, 16), int(b)) for a, b in re.findall(r"^ +0x([0-9a-f]+) line=(\d+)$", out, re.MULTILINE)]
        assert theirs
        assert list(zip(*read(item)[0].positions(0), strict=True)) == theirs


def test_the_source_file_is_that_of_the_class() -> None:
    """A class tells its file by name; one that is not there, or whose compiler noted none, tells nothing."""
    found = Lines(Dex(with_debug(_uleb(1) + _uleb(0) + END, "主 页.java")))
    assert found.source_file(b"La/A;") == "主 页.java"
    assert found.source_file(b"La/B;") is None
    assert Lines(Dex(dex(CLASSES))).source_file(b"La/A;") is None


def test_no_debug_information_is_no_line() -> None:
    """A method without debug information has no entries and no line."""
    made = Dex(dex(CLASSES))
    assert Lines(made).positions(0) == ((), ())
    assert Lines(made).line(0, int(made.methods.first[0])) is None


@pytest.mark.parametrize(
    "item",
    [
        b"", b"\x05", _uleb(1) + _uleb(300) + END, _uleb(1) + _uleb(0), _uleb(1) + _uleb(0) + b"\x01", b"\xff" * 6,
        _uleb(1) + _uleb(0) + b"\x02" + b"\x80" * 6, _uleb(1) + _uleb(0) + b"\x07" * 3000 + END,
    ],
)  # fmt: skip
def test_broken_information_is_refused_and_no_line(item: bytes) -> None:
    """Debug information that is cut off, absurd or endless is a FormatError to who wants the table, no line to who asks."""
    found, first = read(item)
    with pytest.raises(FormatError):
        found.positions(0)
    assert found.line(0, first) is None


@pytest.mark.parametrize("line", [0, -3, 1 << 31])
def test_a_line_that_cannot_be_is_not_known(line: int) -> None:
    """Lines count from one; zero, what lies before, and what no file can have are not told."""
    found, first = read(_uleb(1) + _uleb(0) + b"\x02" + _sleb(line - 1) + special(0, 0) + END)
    assert found.line(0, first) is None


def test_any_bytes_end_soon_and_only_in_the_format_error() -> None:
    """Ten thousand random tables, and one of a megabyte without an end, are read or refused in bounded time."""
    rng = random.Random(3)
    for _ in range(10_000):
        data = rng.randbytes(rng.randint(0, 40))
        try:
            addresses, found = lines.positions(data, rng.randint(0, 45), rng.randint(0, 100))
        except FormatError:
            continue
        assert len(addresses) == len(found)
        assert list(addresses) == sorted(addresses)
    start = time.perf_counter()
    with pytest.raises(FormatError):
        lines.positions(_uleb(1) + _uleb(0) + b"\x07" * (1 << 20), 0, UNITS)
    assert time.perf_counter() - start < 1
