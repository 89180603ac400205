"""Workbooks as runtime tools write them: BIFF 8 in its container, and xlsx."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence
from html import escape

Rows = Sequence[Sequence[str | float]]
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def xls(
    *sheets: tuple[str, Rows], piece: int = 8000, small: bool = False, extra: bytes = b"", date_style: bool = False
) -> bytes:
    """A workbook; ``piece`` is how long a record of shared strings may be, ``small`` keeps it below the size of a whole stream."""
    return container(workbook(sheets, piece, extra, date_style), small=small)


def record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def workbook(
    sheets: Sequence[tuple[str, Rows]], piece: int = 8000, extra: bytes = b"", date_style: bool = False
) -> bytes:
    """The records: globals, then each sheet."""
    texts = list(dict.fromkeys(cell for _, rows in sheets for row in rows for cell in row if isinstance(cell, str)))
    numbers = {text: number for number, text in enumerate(texts)}
    bof = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    bodies = [_sheet(rows, numbers) for _, rows in sheets]
    styles = record(0xE0, struct.pack("<HH16x", 0, 22 if date_style else 0))
    shared = _shared(texts, piece)
    names = [name.encode("utf-16-le") for name, _ in sheets]
    length = len(bof) + len(styles) + len(extra) + sum(12 + len(name) for name in names) + len(shared) + 4
    heads = b""
    for name, body in zip(names, bodies, strict=True):
        heads += record(0x85, struct.pack("<IBBBB", length, 0, 0, len(name) // 2, 1) + name)
        length += len(body)
    return bof + styles + extra + heads + shared + record(0x0A, b"") + b"".join(bodies)


def _sheet(rows: Rows, numbers: dict[str, int]) -> bytes:
    out = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            if isinstance(cell, str):
                out += record(0xFD, struct.pack("<HHHI", y, x, 0, numbers[cell])) if cell else b""
            else:
                out += record(0x203, struct.pack("<HHHd", y, x, 0, cell))
    return out + record(0x0A, b"")


def _shared(texts: list[str], piece: int) -> bytes:
    """The table of strings, cut after ``piece`` bytes wherever that is, in the middle of a text too."""
    records = [struct.pack("<II", len(texts), len(texts))]
    for text in texts:
        head = struct.pack("<HB", len(text.encode("utf-16-le")) // 2, 1)
        if len(records[-1]) + len(head) > piece:
            records.append(b"")
        records[-1] += head
        body = text.encode("utf-16-le")
        while body:
            room = max(piece - len(records[-1]), 2) // 2 * 2
            part, body = body[:room], body[room:]
            records[-1] += part
            if body:
                narrow = all(body[1::2][n] == 0 for n in range(len(body) // 2))
                if narrow:  # the rest may be written in bytes of Latin letters
                    records.append(b"\0" + body[::2])
                    body = b""
                else:
                    records.append(b"\1")
    return record(0xFC, records[0]) + b"".join(record(0x3C, body) for body in records[1:])


def container(stream: bytes, *, small: bool = False) -> bytes:
    """An office file with one stream "Workbook"."""
    return _small_container(stream) if small else _whole_container(stream)


def _entry(name: str, kind: int, start: int, size: int, child: int = _FREE) -> bytes:
    label = name.encode("utf-16-le") + b"\0\0"
    head = label.ljust(64, b"\0") + struct.pack("<HBB", len(label), kind, 1)
    return head + struct.pack("<III36xII4x", _FREE, _FREE, child, start, size)


def _header(tables: list[int], directory: int, small_table: int = _END, smalls: int = 0) -> bytes:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    head += struct.pack("<IIIIIIII", len(tables), directory, 0, 4096, small_table, smalls, _END, 0)
    return head + struct.pack("<109I", *tables, *[_FREE] * (109 - len(tables)))


def _chain(first: int, count: int) -> list[int]:
    return [*range(first + 1, first + count), _END] if count else []


def _whole_container(stream: bytes) -> bytes:
    size = max(len(stream), 4096)
    body = stream.ljust(-(-size // 512) * 512, b"\0")
    count = len(body) // 512
    tables = -(-(count + 2) // 127)
    chain = [*_chain(0, count), _END, *[_TABLE] * tables]
    table = struct.pack(f"<{tables * 128}I", *chain, *[_FREE] * (tables * 128 - len(chain)))
    directory = _entry("Root Entry", 5, _END, 0, 1) + _entry("Workbook", 2, 0, size) + bytes(256)
    return _header([count + 1 + n for n in range(tables)], count) + body + directory + table


def _small_container(stream: bytes) -> bytes:
    assert len(stream) < 4096
    pieces = -(-len(stream) // 64)
    body = stream.ljust(-(-pieces * 64 // 512) * 512, b"\0")
    count = len(body) // 512
    small = struct.pack("<128I", *_chain(0, pieces), *[_FREE] * (128 - pieces))
    chain = [*_chain(0, count), _END, _END, _TABLE]
    table = struct.pack("<128I", *chain, *[_FREE] * (128 - len(chain)))
    directory = _entry("Root Entry", 5, 0, len(body), 1) + _entry("Workbook", 2, 0, len(stream)) + bytes(256)
    return _header([count + 2], count, count + 1, 1) + body + directory + small + table


def xlsx(*sheets: tuple[str, Rows], declare: str = "") -> bytes:
    """A workbook with inline and shared strings by turns."""
    shared: list[str] = []
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (_, rows) in enumerate(sheets, 1):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", declare + _xml_sheet(rows, shared))
        strings = "".join(
            f"<si><r><t>{escape(text[:1])}</t></r><r><t>{escape(text[1:])}</t></r><rPh><t>x</t></rPh></si>"
            for text in shared
        )
        archive.writestr("xl/sharedStrings.xml", f"<sst>{strings}</sst>")
        listed = "".join(
            f'<sheet name="{escape(name)}" sheetId="{n}" r:id="r{n}"/>' for n, (name, _) in enumerate(sheets, 1)
        )
        archive.writestr("xl/workbook.xml", f'<workbook xmlns:r="r"><sheets>{listed}</sheets></workbook>')
        related = "".join(
            f'<Relationship Id="r{n}" Target="worksheets/sheet{n}.xml"/>' for n in range(1, len(sheets) + 1)
        )
        archive.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{related}</Relationships>")
        archive.writestr(
            "xl/styles.xml", '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>'
        )
    return out.getvalue()


def _xml_sheet(rows: Rows, shared: list[str]) -> str:
    lines = []
    for y, row in enumerate(rows, 1):
        cells = []
        for x, cell in enumerate(row):
            at = f"{chr(65 + x)}{y}"
            if isinstance(cell, float):
                cells.append(f'<c r="{at}" s="1"><v>{cell}</v></c>')
            elif (x + y) % 2:
                cells.append(f'<c r="{at}" t="inlineStr"><is><t>{escape(str(cell))}</t></is></c>')
            else:
                shared.append(str(cell))
                cells.append(f'<c r="{at}" t="s"><v>{len(shared) - 1}</v></c>')
        lines.append(f'<row r="{y}">{"".join(cells)}</row>')
    return f"<worksheet><sheetData>{''.join(lines)}</sheetData></worksheet>"
