"""The page reader gives people's text, in order and numbered, from every usual form, and only FormatError from the rest."""

from __future__ import annotations

import io
import random
import time
import zipfile
import zlib

import pytest

from mingcha.errors import FormatError
from mingcha.formats import page, page_tags, page_text
from mingcha.formats.page import Document, kind_of, language_of, read
from mingcha.formats.page_blocks import unwrap, wrap_width

SENTENCE = "我们会收集您的手机号码，用于注册账号。"
POLICY = (
    "为了向您提供服务，我们会收集您的手机号码、设备型号和位置信息，并在您同意之后使用这些信息来完成账号的注册、登录以及安全"
    "验证。您可以随时在设置页面中撤回您的同意，撤回之后我们将不再收集这些信息，但不影响撤回之前已经进行的处理活动的效力。如果"
    "您对本政策有任何疑问，可以通过客服邮箱与我们联系，我们将在十五个工作日内答复您的请求，并说明理由，感谢您的理解和支持。"
)


def texts(document: Document) -> list[str]:
    """The paragraphs' texts."""
    return [paragraph.text for paragraph in document.paragraphs]


def html(body: str, head: str = "") -> bytes:
    """A page with this body."""
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode()


# --- HTML ------------------------------------------------------------------------------------------------------------


def test_html_gives_headings_and_paragraphs_numbered_from_one() -> None:
    """Blocks come out in order, numbered from 1, headings with their level, the page's title as title."""
    document = read(html("<h2>一、收集</h2><p>甲。</p>乙。<ul><li>丙</li><li>丁</ul>", "<title> 隐私\n政策 </title>"))
    assert document.title == "隐私 政策"
    assert [(p.number, p.level, p.text) for p in document.paragraphs] == [
        (1, 2, "一、收集"), (2, 0, "甲。"), (3, 0, "乙。"), (4, 0, "丙"), (5, 0, "丁"),
    ]  # fmt: skip


def test_html_leaves_out_what_people_do_not_see() -> None:
    """Scripts, styles, comments, navigation and hidden elements leave no text, and what follows them is kept."""
    body = (
        "<nav>首页 <nav>内</nav> 登录</nav><script>var a='<p>脚本</p>';</script><style>p{}</style><!-- <p>注释</p> -->"
        "<div style='color:red; display : none'>隐藏<div>深处</div></div><span hidden>隐</span><noscript>请启用</noscript>"
        "<div style='display:block'>可见</div><p hidden>没有结束的隐藏段<p>末段"
    )
    assert texts(read(html(body))) == ["可见", "末段"]


def test_html_shows_all_when_something_hidden_never_ends() -> None:
    """A hidden element that is never closed does not swallow the policy."""
    assert texts(read(html(f"<div hidden><p>{SENTENCE}</p>"))) == [SENTENCE]


def test_html_br_ends_a_line_and_a_source_line_end_does_not() -> None:
    """``<br>`` divides paragraphs; a line end in the source is no blank between two Chinese characters."""
    assert texts(read(html("<p>甲方\n  乙方。<br/>丙方。<br>Privacy\nPolicy</p>"))) == [
        "甲方乙方。",
        "丙方。",
        "Privacy Policy",
    ]


def test_html_joins_a_sentence_that_br_breaks() -> None:
    """Lines of one width that stop inside sentences are one paragraph."""
    lines = [POLICY[i : i + 30] for i in range(0, len(POLICY), 30)]
    assert texts(read(html("<p>" + "<br>".join(lines) + "</p>"))) == [POLICY]


def test_html_inline_marks_do_not_divide_sentences() -> None:
    """Bold, links and character references inside a sentence leave it whole."""
    body = "<p>我们会<b>收集</b>您的<a href='x'>手机<i>号码</i></a>&nbsp;&amp;&#23478;&#x5EAD;地址。&#99999999999;</p>"
    assert texts(read(html(body))) == ["我们会收集您的手机号码 &家庭地址。"]


def test_html_table_rows_carry_cells_and_header() -> None:
    """Rows keep their cells and the names of the columns; spanning cells are repeated in each row they cover."""
    body = (
        "<table><thead><tr><th>SDK名称</th><th>信息</th></tr></thead><tr><td rowspan=2>友盟</td><td>IMEI<br>OAID</td></tr>"
        "<tr><td>MAC</td></tr><tr><td colspan='2'>高德</td></tr></table>"
    )
    rows = [(p.row, p.header) for p in read(html(body)).paragraphs]
    header = ("SDK名称", "信息")
    assert rows == [
        (header, None), (("友盟", "IMEI\nOAID"), header), (("友盟", "MAC"), header), (("高德", "高德"), header),
    ]  # fmt: skip


def test_html_table_that_only_lays_out_the_page_is_plain_text() -> None:
    """One column, tables inside tables, or headings in cells mean layout, not data."""
    one = "<table><tr><td><p>甲</p><p>乙</p></td></tr></table>"
    nested = "<table><tr><td>外</td><td><table><tr><td>a</td><td>b</td></tr></table></td></tr></table>"
    headed = "<table><tr><td>菜单</td><td><h1>政策</h1>正文</td></tr></table>"
    assert texts(read(html(one))) == ["甲", "乙"]
    assert [p.row for p in read(html(nested)).paragraphs] == [None, ("a", "b")]
    assert [p.row for p in read(html(headed)).paragraphs] == [None, None, None]


def test_html_preformatted_text_keeps_its_lines() -> None:
    """Line ends inside ``<pre>`` are line ends people see."""
    assert texts(read(html("<pre>一、收集\n二、使用</pre>"))) == ["一、收集", "二、使用"]


@pytest.mark.parametrize(
    "piece",
    ["<div>", "<b>", "<table>", "<td>", "<", "<!--", '<a ="x', '<a ="x>', "<svg>", "<p hidden>", "&", "<title>", "</"],
)
def test_html_of_one_piece_repeated_is_read_or_refused(piece: str) -> None:
    """Unclosed, deeply nested and quote-swallowing tags end in a document or a FormatError, quickly."""
    try:
        document = read(("<html>" + piece * 40_000).encode())
    except FormatError:
        return
    assert len(document.paragraphs) <= 40_001


def test_html_text_after_an_unclosed_quote_is_kept() -> None:
    """A quote that never closes ends with its tag and does not swallow the rest."""
    assert texts(read(html(f'<p title="x>{SENTENCE}</p><p>末段。'))) == [SENTENCE, "末段。"]


def test_html_with_too_many_tags_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of tags is bounded."""
    monkeypatch.setattr(page_tags, "TAG_LIMIT", 50)
    with pytest.raises(FormatError, match="tags"):
        read(html("<p>x</p>" * 30))


# --- Markdown --------------------------------------------------------------------------------------------------------


def test_markdown_loses_its_marks_and_keeps_its_tables() -> None:
    """Headings, emphasis, links, numbered items and tables come out as people see them."""
    source = (
        "# 隐私政策\n\n我们会**收集**您的`手机号码`，见[清单](https://example.com/a)。7*24小时\\*。\n\n1. 甲\n2. 乙\n\n"
        "| SDK名称 | 用途 |\n|---|---|\n| **友盟** | 统计<br>分析 |\n\n<div><p>块</p></div>\n"
    )
    document = read(source.encode(), "policy.md")
    assert document.title == "隐私政策"
    assert [(p.text, p.level) for p in document.paragraphs] == [
        ("隐私政策", 1), ("我们会收集您的手机号码，见清单。7*24小时*。", 0), ("1. 甲", 0), ("2. 乙", 0),
        ("SDK名称 | 用途", 0), ("友盟 | 统计\n分析", 0), ("块", 0),
    ]  # fmt: skip
    assert document.paragraphs[5].row == ("友盟", "统计\n分析")
    assert document.paragraphs[5].header == ("SDK名称", "用途")


def test_markdown_is_told_by_content_or_by_name() -> None:
    """Several marks make Markdown of any file; one mark does if the name says so; plain text has none."""
    assert page_text.is_markdown("## 一\n\n**重要**\n\n## 二\n")
    assert page_text.is_markdown("## 一\n正文", "a.MD")
    assert not page_text.is_markdown("## 一\n正文", "a.txt")
    assert not page_text.is_markdown(POLICY, "a.md")


def test_long_markdown_is_read_as_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the parser's limit the text is still read, with its marks but those of bold text."""
    monkeypatch.setattr(page_text, "MARKDOWN_LIMIT", 10)
    assert texts(read("# 隐私政策\n\n**甲**乙丙丁。".encode(), "a.md")) == ["# 隐私政策", "甲乙丙丁。"]


# --- plain text ------------------------------------------------------------------------------------------------------


def test_text_broken_inside_sentences_is_joined() -> None:
    """Lines of one width that stop inside sentences are joined without a blank; the next paragraph stays apart."""
    lines = [POLICY[i : i + 35] for i in range(0, len(POLICY), 35)]
    source = "隐私政策\n\n" + "\n".join(lines) + "\n\n二、其他\n第二段。"
    assert texts(read(source.encode())) == ["隐私政策", POLICY, "二、其他", "第二段。"]


def test_text_broken_at_a_comma_or_open_bracket_is_joined() -> None:
    """A line that ends in a comma or an open bracket goes on in the next, even over a blank line."""
    assert unwrap(["我们收集姓名，", "手机号。", "设备信息（", "", "IMEI）。"]) == [
        "我们收集姓名，手机号。",
        "设备信息（IMEI）。",
    ]


def test_text_of_whole_paragraphs_is_left_alone() -> None:
    """Where each line is a paragraph, headings and items stay apart from what follows."""
    lines = ["隐私政策", "一、我们收集的信息", POLICY, "（1）手机号码", "（2）位置信息", POLICY]
    assert wrap_width(lines) == 0
    assert unwrap(lines) == lines


def test_english_lines_are_joined_with_a_blank() -> None:
    """Words at a line end do not grow together."""
    line = "We collect your phone number and your location in order to create an account for you"
    assert unwrap([line, line, line, line + "."])[0] == " ".join([line, line, line, line + "."])


def test_text_divided_by_tabs_is_a_table() -> None:
    """Two or more lines with the same three cells are rows under a header."""
    document = read("前文。\nSDK名称\t用途\t信息\n友盟SDK\t统计\tIMEI\n后文。".encode())
    assert [p.row for p in document.paragraphs] == [
        None,
        ("SDK名称", "用途", "信息"),
        ("友盟SDK", "统计", "IMEI"),
        None,
    ]
    assert document.paragraphs[2].header == ("SDK名称", "用途", "信息")


def test_invisible_characters_are_dropped() -> None:
    """Zero-width characters, soft hyphens and controls do not break words."""
    assert texts(read("手\u200b机\ufeff号\u00ad码\x07。　完".encode())) == ["手机号码。 完"]


# --- encodings and languages -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
def test_chinese_encodings_are_recognised(codec: str) -> None:
    """The same text comes out of each encoding, marked or not."""
    data = POLICY.encode(codec)
    assert texts(read(data)) == [POLICY]


def test_declared_charset_decides_where_utf8_does_not_fit() -> None:
    """A Big5 page that says so is read as Big5; a page that is UTF-8 is read as UTF-8 whatever it says."""
    traditional = "我們會收集您的電話號碼與個人資訊，並請您設定權限後開啟網際網路。" * 2
    page_bytes = f"<html><head><meta charset=big5></head><body><p>{traditional}</p></body></html>"
    assert texts(read(page_bytes.encode("big5"))) == [traditional]
    assert texts(read(page_bytes.encode("utf-8"))) == [traditional]


def test_bytes_of_no_encoding_are_refused() -> None:
    """Noise is no text."""
    noise = random.Random(7).randbytes(5000).replace(b"\0", b"\x81")
    with pytest.raises(FormatError):
        read(noise)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (POLICY, "zh-Hans"),
        ("我們會收集您的電話號碼與個人資訊，並請您設定權限後開啟網際網路。", "zh-Hant"),
        ("We may collect your information when you use our services and share it with our partners in the app or for ads.", "en"),
        ("個人情報の取り扱いについて、当社はお客様の情報をこのように収集し、利用いたします。", None),
        ("Wir erheben Daten von Ihnen, wenn Sie unsere Dienste nutzen und diese Daten werden dann von uns verarbeitet ja ja.", None),
        ("短", None),
    ],
)  # fmt: skip
def test_language_is_told_from_characters_and_words(text: str, language: str | None) -> None:
    """Simplified, traditional and English are told apart; other languages and too little text give None."""
    assert language_of([text]) == language


# --- DOCX ------------------------------------------------------------------------------------------------------------

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
STYLES = f'<w:styles {W}><w:style w:styleId="3"><w:name w:val="heading 2"/></w:style></w:styles>'


def docx(body: str, styles: str = STYLES, prolog: str = "") -> bytes:
    """A DOCX with this body."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"{prolog}<w:document {W} {MC}><w:body>{body}</w:body></w:document>")
        archive.writestr("word/styles.xml", styles)
    return out.getvalue()


def p(text: str, properties: str = "") -> str:
    """A paragraph of WordprocessingML."""
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


def tc(text: str, properties: str = "") -> str:
    """A cell."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"


def test_docx_gives_paragraphs_headings_and_tables_in_order() -> None:
    """Paragraphs and tables stand as in the document; styles tell headings; merged cells are repeated."""
    heading = p("一、收集", '<w:pPr><w:pStyle w:val="3"/></w:pPr>')
    rows = (
        f"<w:tr>{tc('SDK名称')}{tc('信息')}</w:tr>"
        f"<w:tr>{tc('友盟', '<w:vMerge w:val=&quot;restart&quot;/>'.replace('&quot;', chr(34)))}{tc('IMEI')}</w:tr>"
        f"<w:tr>{tc('', '<w:vMerge/>')}{tc('MAC')}</w:tr>"
    )
    document = read(docx(heading + p("甲。") + f"<w:tbl>{rows}</w:tbl>" + p("乙。")))
    assert [(q.text, q.level) for q in document.paragraphs[:2]] == [("一、收集", 2), ("甲。", 0)]
    assert [q.row for q in document.paragraphs[2:5]] == [("SDK名称", "信息"), ("友盟", "IMEI"), ("友盟", "MAC")]
    assert document.paragraphs[5].text == "乙。"


def test_docx_leaves_out_hidden_and_deleted_text_and_repeats_nothing() -> None:
    """Hidden runs, deleted text, field codes and the fallback of a text box are not text."""
    body = (
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r><w:r><w:t>可见</w:t><w:br/><w:t>换行</w:t></w:r>"
        "<w:del><w:r><w:delText>删除</w:delText></w:r></w:del><w:r><w:instrText>HYPERLINK</w:instrText></w:r></w:p>"
        f"<mc:AlternateContent><mc:Choice>{p('框')}</mc:Choice><mc:Fallback>{p('框')}</mc:Fallback></mc:AlternateContent>"
    )
    assert texts(read(docx(body))) == ["可见", "换行", "框"]


def test_docx_that_unpacks_too_large_is_refused() -> None:
    """A part whose unpacked size passes the limit is not unpacked."""
    with pytest.raises(FormatError, match="more than"):
        read(docx(p("一" * 6_000_000)))


def test_docx_with_entities_or_damage_is_refused() -> None:
    """Document types (entity bombs), broken XML, missing parts and truncated archives are FormatErrors."""
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]>'
    whole = docx(p("甲"))
    for data in (docx(p("&c;"), prolog=bomb), docx("<w:p>"), whole[: len(whole) // 2] + b"word/document.xml"):
        with pytest.raises(FormatError):
            read(data)


# --- PDF -------------------------------------------------------------------------------------------------------------


def pdf(pages: list[list[str]]) -> bytes:
    """A PDF with these lines on each page, in a font that is named, not embedded, and mapped to Unicode."""
    characters = sorted({c for page_lines in pages for line in page_lines for c in line})
    codes = {c: n for n, c in enumerate(characters, 1)}
    mapping = "\n".join(f"<{n:04x}> <{ord(c):04x}>" for c, n in codes.items())
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <ffff> endcodespacerange\n{len(codes)} beginbfchar\n{mapping}\nendbfchar\n"
        "endcmap end end"
    )
    contents = [
        "BT /F 12 Tf 40 800 Td 16 TL "
        + " ".join(f"<{''.join(f'{codes[c]:04x}' for c in s)}> Tj T*" for s in lines)
        + " ET"
        for lines in pages
    ]
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{7 + 2 * n} 0 R' for n in range(len(pages)))}] >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 6 0 R >>",
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /SimSun /DW 1000 /FontDescriptor 5 0 R"
        " /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        "<< /Type /FontDescriptor /FontName /SimSun /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 900"
        " /Descent -100 /CapHeight 700 /StemV 80 >>",
        _stream(cmap),
    ]
    for number, content in enumerate(contents):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 1000 842] /Resources << /Font << /F 3 0 R >> >>"
            f" /Contents {8 + 2 * number} 0 R >>"
        )
        objects.append(_stream(content))
    out, offsets = b"%PDF-1.5\n", []
    for number, text in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    trailer = f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF"
    return out + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}".encode()


def _stream(text: str) -> str:
    packed = zlib.compress(text.encode()).decode("latin-1")
    return f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n{packed}\nendstream"


def test_pdf_lines_become_paragraphs_across_pages() -> None:
    """Lines of one width are joined, over a page end too; running heads and page numbers are left out."""
    lines = [POLICY[i : i + 30] for i in range(0, len(POLICY), 30)]
    pages = [
        ["隐私政策文本", *lines[:3], "1"],
        ["隐私政策文本", *lines[3:], "2"],
        ["隐私政策文本", "一、其他", "- 3 -"],
    ]
    document = read(pdf(pages))
    assert texts(document) == [POLICY, "一、其他"]
    assert document.language == "zh-Hans"


def test_pdf_without_text_is_refused_with_advice() -> None:
    """A PDF of pictures says so instead of passing for an empty policy."""
    with pytest.raises(FormatError, match="without any text"):
        read(pdf([[""]]))


def test_damaged_pdf_is_refused() -> None:
    """A PDF that pdfium cannot open is a FormatError."""
    with pytest.raises(FormatError, match="PDF"):
        read(b"%PDF-1.7\n" + b"x" * 200)


# --- kinds and bounds ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.4", "pdf"),
        (docx(p("x")), "docx"),
        (html("x"), "html"),
        (b"<p>a</p><p>b</p>", "text"),
        (b"<p>a</p><p>b</p><div>c</div>", "html"),
        ("<html><p>x".encode("utf-16"), "html"),
        (POLICY.encode(), "text"),
        (b"", "text"),
        (b"PK\x03\x04 some.apk", None),
        (b"\x7fELF\0\0", None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0", None),
        (b"{\\rtf1 x}", None),
    ],
)
def test_kind_is_told_from_content(data: bytes, kind: str | None) -> None:
    """The kind comes from the bytes; binary is None."""
    assert kind_of(data) == kind


@pytest.mark.parametrize("piece", [b"<!---->", b"<!-- ", b" ", b"<?xml ", b"\n", b"<p "])
def test_kind_is_told_quickly(piece: bytes) -> None:
    """A long run of what may stand before a page's first tag is passed in linear time."""
    start = time.perf_counter()
    assert kind_of(piece * 60_000 + b"x") == "text"
    assert time.perf_counter() - start < 1.0


def test_kinds_not_read_are_refused_with_advice() -> None:
    """Old Word, RTF and web archives say what to do; too large a file is refused before it is looked at."""
    for data, word in (
        (b"\xd0\xcf\x11\xe0\0", "docx"),
        (b"{\\rtf1", "docx"),
        (b"MIME-Version: 1.0", "HTML"),
        (b"a\0", "neither"),
    ):
        with pytest.raises(FormatError, match=word):
            read(data)
    with pytest.raises(FormatError, match="MiB"):
        read(bytes(page.SIZE_LIMIT + 1))


def test_a_text_of_too_many_characters_is_refused() -> None:
    """Two million characters are the limit of every form."""
    for data in ("字" * 2_000_001, "<html>" + "字" * 2_000_001, "<html><p>" + "字</p><p>" * 10 + "字" * 2_000_000):
        with pytest.raises(FormatError, match="characters"):
            read(data.encode())


def test_mutated_files_are_read_or_refused() -> None:
    """Any damage to a file of any form ends in a document or a FormatError."""
    seeds = [
        html(f"<table><tr><td>{SENTENCE}<td>x</table>"),
        docx(p(SENTENCE)),
        pdf([[SENTENCE]]),
        POLICY.encode("gb18030"),
    ]
    chance = random.Random(20260101)
    outcomes = set()
    for _ in range(300):
        data = bytearray(chance.choice(seeds))
        for _ in range(chance.randint(1, 12)):
            at = chance.randrange(len(data))
            data[at : at + chance.choice((0, 1, 1, 4))] = chance.randbytes(chance.choice((0, 1, 1, 4)))
        try:
            outcomes.add(type(read(bytes(data))).__name__)
        except FormatError:
            outcomes.add("FormatError")
    assert outcomes == {"Document", "FormatError"}


def test_a_few_long_lines_do_not_hide_that_the_others_are_broken() -> None:
    """A Markdown policy broken at eighty characters is read in sentences although some lines were pasted in whole."""
    broken = "This page informs you of our policies regarding the collection, use, and\ndisclosure of personal data when you use our Service and the choices you\nhave associated with that data.\n\n"
    long = (
        "We may share your data with "
        + "the partners that are named in the list at the end of this page, " * 4
        + "\n\n"
    )
    texts = [p.text for p in read(("# Privacy Policy\n\n" + broken * 12 + long * 2).encode(), "policy.md").paragraphs]
    assert sum(text.startswith("This page") and text.endswith("that data.") for text in texts) == 12
