"""Tables come out as rows that can be read alone, whatever spans, headers and layout their authors used."""

from __future__ import annotations

import io
import zipfile

from mingcha.formats.page import Paragraph, read

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def html(body: str) -> tuple[Paragraph, ...]:
    """The paragraphs of a page with this body."""
    return read(f"<!DOCTYPE html><html><body>{body}</body></html>".encode()).paragraphs


def markdown(text: str) -> tuple[Paragraph, ...]:
    """The paragraphs of a Markdown file."""
    return read(text.encode(), "a.md").paragraphs


def docx(body: str) -> tuple[Paragraph, ...]:
    """The paragraphs of a DOCX with this body."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
    return read(out.getvalue()).paragraphs


def tc(text: str, properties: str = "") -> str:
    """A cell of a DOCX."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"


def rows(paragraphs: tuple[Paragraph, ...]) -> list[tuple[tuple[str, ...] | None, tuple[str, ...] | None]]:
    """Cells and header of each paragraph."""
    return [(paragraph.row, paragraph.header) for paragraph in paragraphs]


def test_a_header_of_two_rows_names_each_column_once() -> None:
    """Spans of the first header row are joined with the names under them."""
    found = html(
        "<table><tr><th rowspan=2>SDK名称</th><th colspan=2>收集的信息</th></tr><tr><th>必选</th><th>可选</th></tr>"
        "<tr><td>友盟</td><td>IMEI</td><td>OAID</td></tr></table>"
    )
    header = ("SDK名称", "收集的信息 必选", "收集的信息 可选")
    assert rows(found) == [(header, None), (("友盟", "IMEI", "OAID"), header)]


def test_a_header_of_two_rows_is_seen_without_marks() -> None:
    """Plain cells count as header rows where the first spans rows and columns; data under a plain header do not."""
    two = html(
        "<table><tr><td rowspan=2>权限</td><td colspan=2>用途</td></tr><tr><td>安卓</td><td>苹果</td></tr>"
        "<tr><td>相机</td><td>拍照</td><td>拍照</td></tr></table>"
    )
    assert rows(two)[1] == (("相机", "拍照", "拍照"), ("权限", "用途 安卓", "用途 苹果"))
    one = html(
        "<table><tr><td>名称</td><td>信息</td><td>信息</td></tr><tr><td>友盟</td><td>IMEI</td><td>设备型号</td></tr>"
        "<tr><td>高德</td><td>位置</td><td>位置</td></tr></table>"
    )
    assert [row for row, header in rows(one) if header is None] == [("名称", "信息", "信息")]


def test_a_header_of_two_rows_is_seen_in_markdown() -> None:
    """Markdown has one header row: a blank name and a row that fills it are a second one."""
    found = markdown(
        "| 收集的个人信息 | | 目的 |\n|---|---|---|\n| 类型 | 字段 | |\n| 设备信息 | IMEI | 统计 |\n| | OAID | 推送 |\n"
    )
    header = ("收集的个人信息 类型", "字段", "目的")
    assert rows(found) == [
        (header, None), (("设备信息", "IMEI", "统计"), header), (("设备信息", "OAID", "推送"), header),
    ]  # fmt: skip


def test_an_indented_markdown_table_is_a_table() -> None:
    """A table that its author indented is no block of code."""
    found = markdown(
        "# 政策\n\n本应用使用：\n\n        | SDK名称 | 用途 |\n        |---|---|\n        | 友盟 | 统计 |\n"
    )
    assert rows(found)[-1] == (("友盟", "统计"), ("SDK名称", "用途"))


def test_a_header_that_comes_again_is_told_once() -> None:
    """Tables that run over pages repeat their header; no row is made of it."""
    head = "<tr><td>SDK名称</td><td>收集信息</td></tr>"
    found = html(f"<table>{head}<tr><td>友盟</td><td>IMEI</td></tr>{head}<tr><td>高德</td><td>位置</td></tr></table>")
    assert [row for row, _ in rows(found)] == [("SDK名称", "收集信息"), ("友盟", "IMEI"), ("高德", "位置")]


def test_data_are_not_taken_for_a_header() -> None:
    """A first row with an address, a number or a yes is data, so no row is read under wrong names."""
    for first in ("<td>友盟</td><td>https://a.example</td>", "<td>1</td><td>相机</td>", "<td>相机</td><td>是</td>"):
        found = html(f"<table><tr>{first}</tr><tr><td>高德</td><td>位置</td></tr></table>")
        assert [header for _, header in rows(found)] == [None, None]


def test_a_table_of_names_and_values_is_one_row_for_each_record() -> None:
    """Where the first column names what the second tells, each record is a row with those names as its header."""
    record = "<tr><td>SDK名称</td><td>{}</td></tr><tr><td>使用目的</td><td>{}</td></tr><tr><td>收集信息类型</td><td>{}</td></tr>"
    found = html("<table>" + record.format("友盟", "统计", "IMEI") + record.format("高德", "定位", "位置") + "</table>")
    header = ("SDK名称", "使用目的", "收集信息类型")
    assert rows(found) == [(("友盟", "统计", "IMEI"), header), (("高德", "定位", "位置"), header)]
    assert found[0].text == "SDK名称：友盟 | 使用目的：统计 | 收集信息类型：IMEI"


def test_a_table_of_two_columns_with_a_header_stays_rows() -> None:
    """Two columns under their names are no record, even where the left cells end like names."""
    found = html(
        "<table><tr><td>权限名称</td><td>使用目的</td></tr><tr><td>相机权限</td><td>拍照</td></tr>"
        "<tr><td>位置权限</td><td>导航</td></tr></table>"
    )
    assert rows(found)[1:] == [
        (("相机权限", "拍照"), ("权限名称", "使用目的")), (("位置权限", "导航"), ("权限名称", "使用目的")),
    ]  # fmt: skip


def test_a_row_across_all_columns_divides_the_table() -> None:
    """A caption or a group title in a spanning cell is a paragraph, not a record of three equal cells."""
    found = html(
        "<table><tr><td colspan=3>第三方SDK清单</td></tr><tr><td>名称</td><td>目的</td><td>信息</td></tr>"
        "<tr><td colspan=3>推送类</td></tr><tr><td>极光</td><td>推送</td><td>IMEI</td></tr></table>"
    )
    header = ("名称", "目的", "信息")
    assert [(p.text, p.row) for p in found] == [
        ("第三方SDK清单", None), ("名称 | 目的 | 信息", header), ("推送类", None), ("极光 | 推送 | IMEI", ("极光", "推送", "IMEI")),
    ]  # fmt: skip
    assert found[3].header == header


def test_docx_cells_that_span_are_repeated_and_marked_headers_are_headers() -> None:
    """gridSpan, vMerge and tblHeader mean in DOCX what spans and th mean in HTML."""
    head, wide, first = "<w:trPr><w:tblHeader/></w:trPr>", '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>'
    found = docx(
        f"<w:tbl><w:tr>{head}{tc('SDK名称')}{tc('收集信息，及目的', wide)}</w:tr>"
        f"<w:tr>{tc('友盟', first)}{tc('IMEI')}{tc('统计')}</w:tr>"
        f"<w:tr>{tc('', '<w:vMerge/>')}{tc('OAID')}{tc('推送')}</w:tr></w:tbl>"
    )
    header = ("SDK名称", "收集信息，及目的", "收集信息，及目的")
    assert rows(found) == [(header, None), (("友盟", "IMEI", "统计"), header), (("友盟", "OAID", "推送"), header)]


def test_a_table_in_a_cell_is_read_and_the_outer_one_only_lays_out() -> None:
    """The outer table of a page becomes paragraphs, the inner one rows."""
    found = html(
        "<table><tr><td>菜单</td><td>政策。<table><tr><th>名称</th><th>信息</th></tr><tr><td>友盟</td><td>IMEI</td></tr>"
        "</table></td></tr></table>"
    )
    assert rows(found) == [
        (None, None), (None, None), (("名称", "信息"), None), (("友盟", "IMEI"), ("名称", "信息")),
    ]  # fmt: skip


def test_a_text_divided_by_bars_is_a_table() -> None:
    """Lines of a plain text with the same three cells are rows, the rule under the header is left out."""
    found = read("清单如下\nSDK | 目的 | 信息\n--- | --- | ---\n友盟 | 统计 | IMEI\n完。".encode(), "a.txt").paragraphs
    assert rows(found) == [
        (None, None), (("SDK", "目的", "信息"), None), (("友盟", "统计", "IMEI"), ("SDK", "目的", "信息")), (None, None),
    ]  # fmt: skip


def test_links_bold_and_lists_are_told() -> None:
    """A paragraph knows the words that lead elsewhere, that all of it is bold, and how deep in lists it stands."""
    found = html(
        "<p><b>一、共享</b></p><p>详见<a href='sdk.html'>第三方SDK目录</a>和<a href='#x'>本页</a>。</p>"
        "<ul><li>甲<ul><li>乙</li></ul></li></ul><p>丙<b>丁</b></p>"
    )
    assert [(p.strong, p.links, p.item) for p in found] == [
        (True, (), 0), (False, ("第三方SDK目录",), 0), (False, (), 1), (False, (), 2), (False, (), 0),
    ]  # fmt: skip
    marked = markdown("# 政策\n\n**一、共享**\n\n见[清单](a.html)\n\n- 甲\n  - 乙\n")
    assert [(p.strong, p.links, p.item) for p in marked[1:]] == [
        (True, (), 0), (False, ("清单",), 0), (False, (), 1), (False, (), 2),
    ]  # fmt: skip


def test_a_break_before_a_source_line_end_is_seen() -> None:
    """``<br>`` at the end of a source line divides as any other, and a bold line stays apart from the text under it."""
    found = html("<p><strong>1、注册</strong><br>\n   （1）手机号码，<br>\r\n（2）邮箱。</p>")
    assert [p.text for p in found] == ["1、注册", "（1）手机号码，", "（2）邮箱。"]


def test_front_matter_is_no_text() -> None:
    """The head that a site's software reads gives the title and leaves no paragraph."""
    document = read("---\nid: privacy\ntitle: 隐私政策\n---\n\n## 一、收集\n\n我们收集手机号码。\n".encode(), "a.mdx")
    assert document.title == "隐私政策"
    assert [p.text for p in document.paragraphs] == ["一、收集", "我们收集手机号码。"]


def test_bold_marks_and_doubled_signs_are_dropped() -> None:
    """Marks of bold text left in any format go, masked numbers stay; a radical beside its sign is one sign."""
    found = html("<p>通过**等保三级**备案，手机号138****1234。</p><p>使⽤用应⽤，进⾏行数据传输，可⻅。谢谢。</p>")
    assert [p.text for p in found] == [
        "通过等保三级备案，手机号138****1234。", "使用应用，进行数据传输，可见。谢谢。",
    ]  # fmt: skip


def test_each_paragraph_has_its_language() -> None:
    """In a text of two languages each paragraph has its own, and a short one that of those before it."""
    chinese = "我们会收集您的手机号码，用于注册和登录账号，并在您同意后使用您的位置信息提供附近的服务。" * 15
    english = "We collect your phone number to create your account and we use your location with your consent. " * 10
    found = read(f"隐私政策\n{chinese}\n1\n{english}\nEmail: a@b.cn\n".encode(), "a.txt").paragraphs
    assert [p.language for p in found] == ["zh-Hans", "zh-Hans", "zh-Hans", "en", "en"]
    few = read(
        f"隐私政策\n{chinese}\nThis is the name of the app and of us and it is for you.\n".encode(), "a.txt"
    ).paragraphs
    assert {p.language for p in few} == {"zh-Hans"}
