"""Spreadsheets of all three forms give the same rows; damaged ones give a FormatError or say that something is missing."""

from __future__ import annotations

import io
import random
import struct
import time
import zipfile

import pytest

from mingcha.errors import FormatError
from mingcha.formats.spreadsheet import read_spreadsheet
from tests.build.workbooks import container, record, workbook, xls, xlsx
from tests.fuzz.mutate import mutated

ROWS = [["时间点", "行为主体", "plain"], ["2024-0-5 9:3:7", "友盟 𠀀", "x"], [], ["a", "", 'last, "quoted"\nline']]
WANTED = (("时间点", "行为主体", "plain"), ("2024-0-5 9:3:7", "友盟 𠀀", "x"), (), ("a", "", 'last, "quoted"\nline'))


@pytest.mark.parametrize("piece", [12, 13, 16, 31, 8000])
@pytest.mark.parametrize("small", [False, True])
def test_xls(piece: int, small: bool) -> None:
    """A text is whole wherever the records of the string table are cut, in a short stream and in a long one."""
    book = read_spreadsheet(xls(("一", ROWS), ("二", [["b"]]), piece=piece, small=small))
    assert [(sheet.name, sheet.rows) for sheet in book.sheets] == [("一", WANTED), ("二", (("b",),))]
    assert (book.form, book.partial) == ("xls", False)


def test_xlsx() -> None:
    """Shared strings in several runs, inline strings and numbers come out as text; readings of characters are left out."""
    book = read_spreadsheet(xlsx(("一", ROWS), ("二", [["b", 45352.5]])))
    assert [(sheet.name, sheet.rows) for sheet in book.sheets] == [
        ("一", WANTED),
        ("二", (("b", "2024-03-01 12:00:00"),)),
    ]
    assert (book.form, book.partial) == ("xlsx", False)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv(encoding: str, delimiter: str) -> None:
    """A table as text is read in the encodings that Chinese office programs save, quotes and line breaks included."""
    text = f'时间点{delimiter}行为主体\n2024-0-5{delimiter}"友盟{delimiter}\n二"\n'
    book = read_spreadsheet(text.encode(encoding))
    assert book.sheets[0].rows == (("时间点", "行为主体"), ("2024-0-5", f"友盟{delimiter}\n二"))
    assert (book.form, book.partial) == ("csv", False)


def test_dates() -> None:
    """A number with the format of a date is the date; the 29 February 1900 that never was moves none after it."""
    made = xls(("s", [[45352.5, 1.0, 61.0]]), date_style=True)
    assert read_spreadsheet(made).sheets[0].rows == (
        ("2024-03-01 12:00:00", "1900-01-01 00:00:00", "1900-03-01 00:00:00"),
    )
    assert read_spreadsheet(xls(("s", [[45352.5, 3.0]]))).sheets[0].rows == (("45352.5", "3"),)


def test_numbers_formulas_and_truth() -> None:
    """Short numbers, rows of them, results of formulas and truth values show as their text."""
    body = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    body += record(0x27E, struct.pack("<HHHI", 0, 0, 0, 12345 << 2 | 2))
    body += record(0x27E, struct.pack("<HHHI", 0, 1, 0, 12345 << 2 | 3))
    body += record(0xBD, struct.pack("<HHHIHIH", 0, 2, 0, 1 << 2 | 2, 0, 2 << 2 | 2, 3))
    body += record(0x06, struct.pack("<HHH6sHH4x", 0, 4, 0, b"\0" * 6, 0xFFFF, 0))
    body += record(0x207, struct.pack("<HB", 2, 1) + "结果".encode("utf-16-le"))
    body += record(0x205, struct.pack("<HHHBB", 0, 5, 0, 1, 0)) + record(0x205, struct.pack("<HHHBB", 0, 6, 0, 42, 1))
    body += record(0x0A, b"")
    whole = workbook([("s", [])])
    assert read_spreadsheet(
        container(whole[: whole.rindex(record(0x809, struct.pack("<HH", 0x600, 0x10)[:4] + bytes(12))[:8])] + body)
    ).sheets[0].rows == (("12345", "123.45", "1", "2", "结果", "TRUE", "#N/A"),)


def test_cut_off() -> None:
    """A workbook without its end gives the rows there are and says that it is not whole."""
    whole = workbook([("s", [[f"row {n}"] for n in range(50)])])
    book = read_spreadsheet(container(whole[:-100]))
    assert book.partial
    assert book.sheets[0].rows[0] == ("row 0",)
    assert 30 < len(book.sheets[0].rows) < 50


def test_cut_off_xlsx() -> None:
    """A sheet that ends in the middle of a tag gives the rows before it."""
    data = xlsx(("s", [["a"], ["b"]]))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name)[: -40 if "sheet1" in name else None])
    book = read_spreadsheet(out.getvalue())
    assert (book.partial, book.sheets[0].rows) == (True, (("a",),))


@pytest.mark.parametrize(
    "data",
    [
        b"", b"one line", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\3\4", bytes(5000), xls(("s", []), extra=record(0x2F, b"\0" * 6)),
        container(b"\0" * 5000), xlsx(("s", []))[:200],
    ],
)  # fmt: skip
def test_refused(data: bytes) -> None:
    """What is no spreadsheet, and one that is encrypted, is refused."""
    with pytest.raises(FormatError):
        read_spreadsheet(data)


def test_entities_refused() -> None:
    """A part that declares entities leaves its sheet empty and not whole: nothing is unpacked."""
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    book = read_spreadsheet(xlsx(("s", [["a"]]), declare=bomb))
    assert (book.partial, book.sheets[0].rows) == (True, ())


def test_chains_end() -> None:
    """A chain of sectors that runs in a circle is refused, and soon."""
    data = bytearray(xls(("s", ROWS)))
    table = struct.unpack_from("<I", data, 76)[0]
    directory = struct.unpack_from("<I", data, 48)[0]
    struct.pack_into("<I", data, (table + 1) * 512 + 4 * directory, directory)
    begin = time.monotonic()
    with pytest.raises(FormatError):
        read_spreadsheet(bytes(data))
    assert time.monotonic() - begin < 1


def test_far_cells_are_left_out() -> None:
    """Cells far to the right do not make rows of thousands of empty ones; that they are missing is said."""
    body = (
        record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
        + record(0x203, struct.pack("<HHHd", 0, 200, 0, 1))
        + record(0x0A, b"")
    )
    whole = workbook([("s", [])])
    book = read_spreadsheet(container(whole[:-24] + body))
    assert (book.partial, book.sheets[0].rows) == (True, ())


@pytest.mark.parametrize(
    "make", [lambda: xls(("一", ROWS), piece=31), lambda: xls(("一", ROWS), small=True), lambda: xlsx(("一", ROWS))]
)
def test_damage(make: object) -> None:
    """Damaged files end in rows or in a FormatError, never in anything else."""
    data, ends = make(), set()  # type: ignore[operator]
    for number in range(300):
        try:
            ends.add(type(read_spreadsheet(mutated(data, random.Random(number)))).__name__)
        except FormatError as error:
            ends.add("refused" if "\n" not in str(error) else str(error))
    assert ends == {"Book", "refused"}


def test_sheets_share_their_room() -> None:
    """Many sheets that begin at one place are one, and many far rows do not add up: the book says that something is missing."""
    one = workbook([("s", [["a"]])])
    twice = workbook([("s", [["a"]]), ("t", [["b"]])])
    first = struct.pack("<I", twice.index(record(0x809, struct.pack("<HH", 0x600, 0x10) + bytes(12))[:8]))
    second = struct.pack("<I", twice.rindex(record(0x809, struct.pack("<HH", 0x600, 0x10) + bytes(12))[:8]))
    assert len(read_spreadsheet(container(one)).sheets) == 1
    same = read_spreadsheet(container(twice.replace(second, first)))
    assert ([sheet.name for sheet in same.sheets], same.partial) == (["s"], True)
    far = xlsx(*((str(number), [["a"]]) for number in range(3)))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(far)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'<row r="1">', b'<row r="700000">'))
    book = read_spreadsheet(out.getvalue())
    assert (book.partial, [len(sheet.rows) for sheet in book.sheets]) == (True, [700000, 0, 0])
