"""Pieces of each language that texts are damaged with: what opens, closes, nests, refers, counts or hides."""

from __future__ import annotations

WORDS = (
    "我们会", "我们不会", "收集", "、", "。", "；", "：", "“", "”", "（", "）", "【", "第三方SDK", "以下", "15个工作日", "99999999999999999999日", "十",
    "联系我们", "投诉", "注销", "设置-", "->", "1.", "①", "手机号码", "IMEI", "\u200b", "\u202e", "\n", "\n\n", "\t", "|", "we collect ", "within ",
    "http://", "@", "400-", "但", "除非", "等", "\ufffd", "\U0001f600",
)  # fmt: skip
_PLAIN = tuple(word.encode() for word in WORDS)
HTML = (
    *_PLAIN, b"<table>", b"<tr>", b"<td rowspan=99999 colspan=99999>", b"</td>", b"<div>", b"</div>", b"<div hidden>", b"<p>", b"<!--", b"-->",
    b"<script>", b"</script>", b"<style>", b"<pre>", b"<br>", b"<li>", b"<ol>", b"<", b">", b"&", b"&#x110000;", b"&#55555;", b"&lt;", b"<a href='",
    b"<meta charset=gbk>", b"<meta charset=utf-16>", b"<![CDATA[", b"<svg>", b"<h1>", b"<template>", b"\xff", b"style='display:none'",
)  # fmt: skip
MARKDOWN = (
    *_PLAIN, b"#", b"# ", b"* ", b"> ", b"```\n", b"    ", b"[", b"](", b")", b"**", b"_", b"`", b"|", b"|---|", b"\n|", b"![", b"---\n", b"<div>",
    b"\\", b"~~", b"1. ", b"[^1]", b"&amp;", b"\r", b"\xff",
)  # fmt: skip
XML = (
    b"<w:p>", b"</w:p>", b"<w:r>", b"<w:t>", b"</w:t>", b"<w:tbl>", b"</w:tbl>", b"<w:tr>", b"<w:tc>", b"<w:gridSpan w:val='99999'/>", b"<w:vMerge/>",
    b"<w:del>", b"<w:br/>", b"<w:tab/>", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b"&#0;", b"<![CDATA[", b"]]>", b"<!--", b"<?", b"\xff", *_PLAIN[:8],
)  # fmt: skip
PDF = (
    b"<<", b">>", b"[", b"]", b"(", b")", b" 0 R", b"endobj", b"stream\n", b"endstream", b"/Kids", b"/Parent 2 0 R", b"/Length 99999999", b"/Count -1",
    b"/Filter /FlateDecode", b"/Filter [/ASCIIHexDecode]", b"xref", b"trailer", b"%%EOF", b"BT", b"ET", b"Tj", b"9999999999", b"-1 ", b"1 0 R", b"/Root 1 0 R",
)  # fmt: skip
YAML = (
    b"answers:", b"  - ", b"- ", b": ", b"{", b"}", b"[", b"]", b"&a ", b"*a", b"<<: *a", b"!!python/object:x ", b"!!binary ", b"'", b'"', b"|\n", b">\n",
    b"null", b"~", b"yes", b"0x10", b"2026-01-01", b"2026-99-99", b"1e400", b".nan", b"%YAML 9.9\n", b"---\n", b"...\n", b"\t", b"#", b"? ", b"\xff", b"\\",
    b"answer: true", b"about: ", b"clause: idm-2019/1.1",
)  # fmt: skip
