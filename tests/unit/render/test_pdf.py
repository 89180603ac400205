"""The PDF prints the same words as the page, in our fonts, with nothing read as markup and no date."""

from __future__ import annotations

import struct
from pathlib import Path

import pypdfium2
import pytest

import mingcha.render
from mingcha.model.clause import Reader
from mingcha.model.report import Report
from mingcha.render import render
from mingcha.render.charset import drawable, has
from tests.unit.render import sample
from tests.unit.render.test_html import hostile

FONTS = Path(mingcha.render.__file__).parent / "fonts"


def pdf(report: Report, reader: Reader = "operator") -> bytes:
    return render(report, sample.catalogue(), reader, "pdf", "zh")


def text(data: bytes) -> str:
    """The text of all pages without white space, soft breaks and hyphens of the line."""
    with pypdfium2.PdfDocument(data) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    return "".join("".join(pages).replace("\u200b", "").split())


@pytest.mark.parametrize("reader", ["operator", "regulator", "public"])
def test_pdf_says_what_the_page_says(reader: Reader) -> None:
    """Status and what was found stand in the text of the PDF; the file is tagged and has no date."""
    data = pdf(sample.report(sample.FACTS + sample.SENT), reader)
    told = text(data)
    plain = "机器检查了“示例手电”，发现2项疑似违反个人信息规定的做法；还有1项因为缺少证据没有结论。"
    assert (plain if reader == "public" else "发现2项疑似违反；另有1项未能判定。") in told
    assert b"/StructTreeRoot" in data
    assert b"CreationDate" not in data
    assert b"ModDate" not in data


@pytest.mark.parametrize("reader", ["operator", "regulator"])
def test_routes_of_the_picture_are_links_to_their_steps(reader: Reader) -> None:
    """Each numbered line of the picture is a link inside the document; receivers and steps stand in its text."""
    data = pdf(sample.report(sample.FACTS + sample.WAYS), reader)
    told = text(data)
    assert "match.example.org" in told
    assert "通讯录→应用自身→match.example.org" in told
    with pypdfium2.PdfDocument(data) as document:
        links = [pypdfium2.raw.FPDFPage_GetAnnotCount(page) for page in document]
    assert sum(links) == 5


def test_pdf_tells_one_way_and_counts_the_others() -> None:
    """A route with two ways shows the shorter; the number of others is stated."""
    told = text(pdf(sample.report(sample.WAYS)))
    assert "另有1条同样去向的路径" in told
    assert "此处省略" not in told


def test_nothing_from_outside_is_read_as_markup() -> None:
    """Typst code in names and quotes is printed letter by letter."""
    attack = '#panic("x") #import "base.typ" *b* _i_ $x$ ]#[ \\u{41} <a> @b `c` // d /* e */ = f'
    told = text(pdf(hostile(attack), "regulator"))
    assert "".join(attack.split()) in told


def test_characters_the_fonts_lack_are_named() -> None:
    """A rare character is printed by its number, never as an empty box or another character."""
    told = text(pdf(hostile("龘\U0001f600手电")))
    assert "[U+9F98][U+1F600]手电" in told


def test_only_the_shipped_fonts_are_used() -> None:
    """Every font in the file is one of ours."""
    data = pdf(sample.report())
    names = {part.split(b"/")[0].split()[0] for part in data.split(b"/BaseFont/")[1:]} | {
        part.split()[0] for part in data.split(b"/BaseFont /")[1:]
    }
    assert names
    assert all(b"MingchaSansSC" in name for name in names)


@pytest.mark.parametrize("face", ["Regular", "Bold"])
def test_fonts_hold_what_the_rule_says(face: str) -> None:
    """Each font has a glyph for every character that the PDF prints as itself, all 6,763 of GB 2312 among them."""
    held = _characters((FONTS / f"MingchaSansSC-{face}.otf").read_bytes())
    wanted = {n for n in range(0x20, 0x10000) if not 0xD800 <= n < 0xE000 and has(chr(n))}
    assert wanted <= held
    assert sum(0x4E00 <= n < 0xA000 for n in wanted) == 6763


def test_licence_lies_beside_the_fonts() -> None:
    """The fonts are shipped with the licence that allows it."""
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text("utf-8")
    assert max(path.stat().st_size for path in FONTS.iterdir()) < 5_000_000


def test_drawable_keeps_what_can_be_drawn() -> None:
    """Chinese, Latin and our marks stay; others become numbers."""
    assert drawable("明察 Mingcha › 0x1A，〔2019〕 ü") == "明察 Mingcha › 0x1A，〔2019〕 ü"
    assert drawable("體\u0301한") == "[U+9AD4][U+0301][U+D55C]"


def _characters(font: bytes) -> set[int]:
    """The characters of a font's table of format 4, read by hand."""
    count = struct.unpack(">H", font[4:6])[0]
    tables = {
        font[12 + 16 * n : 16 + 16 * n]: struct.unpack(">II", font[20 + 16 * n : 28 + 16 * n]) for n in range(count)
    }
    start = tables[b"cmap"][0]
    number = struct.unpack(">H", font[start + 2 : start + 4])[0]
    offsets = [struct.unpack(">I", font[start + 8 + 8 * n : start + 12 + 8 * n])[0] for n in range(number)]
    at = next(start + o for o in offsets if font[start + o : start + o + 2] == b"\0\4")
    size = struct.unpack(">H", font[at + 6 : at + 8])[0] // 2
    ends = struct.unpack(f">{size}H", font[at + 14 : at + 14 + 2 * size])
    starts = struct.unpack(f">{size}H", font[at + 16 + 2 * size : at + 16 + 4 * size])
    return {n for first, last in zip(starts, ends, strict=True) for n in range(first, last + 1) if n != 0xFFFF}
