"""A PDF is read by where its signs stand: broken lines are joined, running heads left out, and tables have their columns."""

from __future__ import annotations

import zlib

import pytest

from mingcha.errors import FormatError
from mingcha.formats import page_pdf
from mingcha.formats.page import Document, read

SIZE = 12
Text = tuple[float, float, str]
Rule = tuple[float, float, float, float]


def pdf(*pages: tuple[list[Text], list[Rule]]) -> Document:
    """The document in a PDF whose pages have these texts (x, y, text; a Chinese sign is 12 wide) and rules (x, y, x, y)."""
    signs = sorted({sign for texts, _ in pages for *_, text in texts for sign in text})
    codes = {sign: number for number, sign in enumerate(signs, 1)}
    mapping = "\n".join(f"<{code:04x}> <{ord(sign):04x}>" for sign, code in codes.items())
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <ffff> endcodespacerange\n{len(codes)} beginbfchar\n{mapping}\nendbfchar\n"
        "endcmap end end"
    )
    kids = " ".join(f"{7 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 6 0 R >>",
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /SimSun /DW 1000 /FontDescriptor 5 0 R"
        " /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        "<< /Type /FontDescriptor /FontName /SimSun /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 900"
        " /Descent -200 /CapHeight 700 /StemV 80 >>",
        stream(cmap),
    ]
    for number, (texts, rules) in enumerate(pages):
        said = [
            f"BT /F {SIZE} Tf {x} {y} Td <{''.join(f'{codes[s]:04x}' for s in text)}> Tj ET" for x, y, text in texts
        ]
        drawn = [f"0.5 w {a} {b} m {c} {d} l S" for a, b, c, d in rules]
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 842] /Resources << /Font << /F 3 0 R >> >>"
            f" /Contents {8 + 2 * number} 0 R >>"
        )
        objects.append(stream("\n".join([*drawn, *said])))
    out, offsets = b"%PDF-1.5\n", []
    for number, text in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    trailer = f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF"
    return read(out + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}".encode())


def stream(text: str) -> str:
    """A compressed stream object."""
    packed = zlib.compress(text.encode()).decode("latin-1")
    return f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n{packed}\nendstream"


def grid(columns: list[float], rows: list[float]) -> list[Rule]:
    """The rules of a table with these edges."""
    return [(columns[0], y, columns[-1], y) for y in rows] + [(x, rows[0], x, rows[-1]) for x in columns]


COLUMNS = [60.0, 160.0, 360.0, 540.0]
BROKEN = ["我们会收集您的手机号码和设备型号用于注册账号以及登录并在您同意之后为您提供基", "于位置的服务。"]


def lines(*said: str, top: float = 780, left: float = 60) -> list[Text]:
    """These lines, one under the other."""
    return [(left, top - 18 * number, text) for number, text in enumerate(said)]


def test_a_line_that_reaches_the_edge_goes_on_in_the_next() -> None:
    """A sentence broken at the right edge is one paragraph, a short line above it stays apart, an indented one begins anew."""
    full = BROKEN[0]
    said = [*lines("一、我们收集的信息", full, BROKEN[1]), (84, 726, full[:-2]), (60, 708, "于位置的服务。")]
    assert [p.text for p in pdf((said, [])).paragraphs] == [
        "一、我们收集的信息",
        "".join(BROKEN),
        full[:-2] + "于位置的服务。",
    ]


def test_lines_that_end_where_they_like_are_paragraphs() -> None:
    """Without an edge that sentences run over, each line is its own paragraph."""
    said = ["手机号码", "设备型号和操作系统", "位置", "您发布的图片和文字内容", "日志"]
    assert [p.text for p in pdf((lines(*said), [])).paragraphs] == said


def test_heads_and_page_numbers_go_and_numbers_in_them_do_not_matter() -> None:
    """A line at the edge of three pages that differs only in its numbers is no text."""
    pages = [
        ([(60, 815, f"某某应用隐私政策 第{n}页"), *lines(f"第{word}条 内容如下。", "说明。"), (290, 30, str(n))], [])
        for n, word in enumerate("一二三", 1)
    ]
    assert [p.text for p in pdf(*pages).paragraphs] == [
        "第一条 内容如下。", "说明。", "第二条 内容如下。", "说明。", "第三条 内容如下。", "说明。",
    ]  # fmt: skip


def test_a_ruled_table_has_its_cells_with_broken_lines_joined() -> None:
    """Cells are what stands between the rules; lines broken at a cell's edge are joined, the text around stays text."""
    said = [
        (60, 790, "我们接入的第三方如下："),
        (70, 740, "SDK名称"), (170, 740, "目的"), (370, 740, "收集信息"),
        (70, 700, "友盟"), (170, 700, "统计分析和崩溃分析以及性能监控"[:15]), (170, 684, "和推送消息"), (370, 700, "设备型号"),
        (60, 640, "以上信息。"),
    ]  # fmt: skip
    found = pdf((said, grid(COLUMNS, [760, 720, 670]))).paragraphs
    header = ("SDK名称", "目的", "收集信息")
    assert [(p.text if p.row is None else p.row, p.header) for p in found] == [
        ("我们接入的第三方如下：", None), (header, None),
        (("友盟", "统计分析和崩溃分析以及性能监控和推送消息", "设备型号"), header), ("以上信息。", None),
    ]  # fmt: skip


def test_a_missing_rule_joins_cells() -> None:
    """A cell that spans two rows is repeated in both, as the rule between them is missing there."""
    rules = [r for r in grid(COLUMNS, [760, 720, 690, 660]) if not (r[1] == r[3] == 690)] + [(160, 690, 540, 690)]
    said = [
        (70, 735, "名称"), (170, 735, "目的"), (370, 735, "信息"),
        (70, 685, "友盟"), (170, 700, "统计"), (370, 700, "型号"), (170, 670, "推送"), (370, 670, "位置"),
    ]  # fmt: skip
    header = ("名称", "目的", "信息")
    assert [(p.row, p.header) for p in pdf((said, rules)).paragraphs] == [
        (header, None), (("友盟", "统计", "型号"), header), (("友盟", "推送", "位置"), header),
    ]  # fmt: skip


def test_a_table_goes_on_over_a_page_end() -> None:
    """Rows on the next page belong to the table, its repeated header is told once, a row without name to the one cut in two."""
    head = [(70.0, 735.0, "名称"), (170.0, 735.0, "目的"), (370.0, 735.0, "信息")]
    one = [*head, (70.0, 700.0, "友盟"), (170.0, 700.0, "统计"), (370.0, 700.0, "型号")]
    two = [(370.0, 735.0, "位置"), (70.0, 700.0, "高德"), (170.0, 700.0, "定位"), (370.0, 700.0, "基站")]
    rules = grid(COLUMNS, [760, 720, 690])
    header = ("名称", "目的", "信息")
    assert [p.row for p in pdf((one, rules), (two, rules)).paragraphs] == [
        header, ("友盟", "统计", "型号\n位置"), ("高德", "定位", "基站"),
    ]  # fmt: skip
    again = [*head, *two[1:]]
    assert [p.row for p in pdf((one, rules), (again, rules)).paragraphs] == [
        header, ("友盟", "统计", "型号"), ("高德", "定位", "基站"),
    ]  # fmt: skip


def test_rules_that_cut_signs_or_mark_text_make_no_table() -> None:
    """Lines drawn through, under or around text are no columns: the text stays text."""
    said = lines("我们会收集您的手机号码和设备型号", "用于注册账号。", top=745)
    through = pdf((said, grid([60, 127, 230, 540], [760, 740, 720]))).paragraphs
    frame = pdf((said, grid([55, 540], [765, 720]))).paragraphs
    under = pdf((said, [(60, 740, 200, 740), (60, 722, 150, 722)])).paragraphs
    assert all(p.row is None for found in (through, frame, under) for p in found)


def test_columns_that_line_up_over_three_lines_are_a_table() -> None:
    """Without rules, three lines with the same three columns are rows; two lines are not enough to be sure."""
    said = [
        (x, y, text)
        for y, row in (
            (700, ("权限", "用途", "可否关闭")),
            (682, ("相机", "扫码", "可以")),
            (664, ("位置", "导航", "可以")),
        )
        for x, text in zip((60, 200, 400), row, strict=True)
    ]
    assert [p.row for p in pdf((said, [])).paragraphs] == [
        ("权限", "用途", "可否关闭"), ("相机", "扫码", "可以"), ("位置", "导航", "可以"),
    ]  # fmt: skip
    assert all(p.row is None for p in pdf((said[:6], [])).paragraphs)


def test_pages_of_many_paths_are_read_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Over the limit of drawn paths nothing is searched for tables, and no text is lost."""
    monkeypatch.setattr(page_pdf, "_PATHS_LIMIT", 3)
    said = [(70.0, 735.0, "名称"), (170.0, 735.0, "目的"), (370.0, 735.0, "信息")]
    found = pdf((said, grid(COLUMNS, [760, 720]))).paragraphs
    assert [(p.text, p.row) for p in found] == [("名称 目的 信息", None)]


def test_too_many_pages_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of pages is bounded."""
    monkeypatch.setattr(page_pdf, "PAGE_LIMIT", 1)
    with pytest.raises(FormatError, match="pages"):
        pdf(([(60, 700, "甲")], []), ([(60, 700, "乙")], []))
