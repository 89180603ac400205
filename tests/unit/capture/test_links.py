"""Which links of a policy lead to its own lists and rules."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingcha.capture.links import Link, read, read_words, role_of
from mingcha.catalogue.load import HOME
from mingcha.errors import CatalogueError, FormatError


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("《第三方SDK目录》", "sdk_list"),
        ("第三方 SDK 列表", "sdk_list"),
        ("接入第三方SDK类服务商目录", "sdk_list"),
        ("《第三方共享清单》", "sdk_list"),
        ("第三方信息共享清单", "sdk_list"),
        ("与第三方共享个人信息清单", "sdk_list"),
        ("List of Third-Party SDKs", "sdk_list"),
        ("our third‑party service providers", "sdk_list"),
        ("《个人信息收集清单》", "collection_list"),
        ("已收集个人信息清单", "collection_list"),
        ("Personal Information Collection List", "collection_list"),
        ("应用权限申请与使用情况说明", "permission_list"),
        ("系统权限列表", "permission_list"),
        ("App Permissions", "permission_list"),
        ("《儿童个人信息保护规则》", "children"),
        ("儿童隐私保护声明", "children"),
        ("《未成年人个人信息保护规则及监护人须知》", "children"),
        ("Children’s Privacy", "children"),
        ("《隐私政策》完整版", "main"),
        ("查看隐私政策全文", "main"),
        ("Cookie 政策", "other"),
        ("《人脸信息处理规则》", "other"),
        ("用户协议", None),
        ("隐私政策", None),
        ("友盟隐私权政策", None),
        ("Privacy Policy", None),
        ("首页", None),
        ("下载App", None),
        ("《儿童个人信息网络保护规定》", None),
        ("中华人民共和国未成年人保护法", None),
        ("Children's Online Privacy Protection Act", None),
        ("", None),
    ],
)
def test_words_decide(text: str, role: str | None) -> None:
    """A link is followed if its text names a list or rules of the policy, and not if it names a law or another document."""
    assert role_of(Link("/x", text)) == role


@pytest.mark.parametrize("text", ["点击查看", "这里", "【查看】", "https://policy.example/sdk", "here", ""])
def test_a_link_without_a_name_takes_the_words_before(text: str) -> None:
    """A link that says only "here" is what the words of its sentence before it name."""
    assert role_of(Link("/x", text, "我们接入的SDK请见《第三方SDK目录》：")) == "sdk_list"
    assert role_of(Link("/x", text, "请见《第三方SDK目录》。用户协议请见")) is None


def test_a_named_link_is_not_renamed_by_the_words_before() -> None:
    """Words before a link that names something else lead nowhere."""
    assert role_of(Link("/x", "友盟隐私政策", "第三方SDK目录：")) is None


def test_a_sentence_is_no_name() -> None:
    """A whole sentence in a link is not taken for the name of a list."""
    assert role_of(Link("/x", "我们会在第三方SDK目录中说明" + "各个合作方如何处理您的信息" * 5)) is None


PAGE = """<!doctype html><html><head><base href="https://cdn.example/p/"><meta http-equiv="Refresh" content="0; url='next.html'">
<title>x</title><script>document.write('<a href="no">第三方SDK目录</a>')</script></head><body>
<nav><a href="menu.html">个人信息收集清单</a></nav><!-- <a href="no">第三方SDK目录</a> -->
<p>见<a class=x href='sdk.html?a=1&amp;b=2'>第三方<b>SDK</b>目录</a>，儿童规则请<a href=child.html>点击查看</a>。</p>
<p>权限清单：</p><p><a href="perm.html">https://x.example/perm</a></p>
<p>敏感个人信息处理规则：https://policy.example/sensitive。</p>
<table><tr><td>第三方SDK清单</td><td><a href="https://vendor.example/">查看</a></td></tr></table>
<a href="pic.html"><img src="a.png" alt="权限说明"></a><a href="titled.html" title="第三方共享清单"></a>
<iframe src="frame.html" title="t"></iframe><a name="anchor">儿童隐私保护</a>
<a href="unclosed.html">Cookie政策<p>x"""


def test_links_of_a_page() -> None:
    """Links are read with their text and context; scripts, comments and cells of tables lend no words."""
    page = read(PAGE.encode())
    found = {(link.reference, role) for link, role in page.named()}
    assert found == {
        ("menu.html", "collection_list"),
        ("sdk.html?a=1&b=2", "sdk_list"),
        ("child.html", "children"),
        ("perm.html", "permission_list"),
        ("https://policy.example/sensitive", "other"),
        ("pic.html", "permission_list"),
        ("titled.html", "sdk_list"),
    }
    assert page.base == "https://cdn.example/p/"
    assert [(link.kind, link.reference) for link in page.frames()] == [
        ("refresh", "next.html"),
        ("frame", "frame.html"),
    ]


def test_addresses_in_plain_text() -> None:
    """A text without mark-up leads where the addresses written in it lead."""
    text = "第三方SDK目录：https://policy.example/sdk。\n个人信息收集清单：\nhttps://policy.example/list\n官网 https://x.example/"
    assert [(link.reference, role) for link, role in read(text.encode()).named()] == [
        ("https://policy.example/sdk", "sdk_list"),
        ("https://policy.example/list", "collection_list"),
    ]


def test_words_in_gbk() -> None:
    """A page in another encoding than it was sent as is read by its own declaration."""
    html = '<html><meta charset="gbk"><body><a href="a">第三方共享清单</a>' + "隐私政策正文。" * 30
    page = read(html.encode("gbk"))
    assert [role for _, role in page.named()] == ["sdk_list"]
    assert page.characters > 200


def test_no_page_is_slow() -> None:
    """Pages made to be slow are read in a second each."""
    for text in ("<a href=x>" * 60_000, "<a " * 200_000, "<p>a:" * 20_000, "http://" * 100_000, "<a title='" * 50_000):
        start = time.monotonic()
        try:
            read(b"<html>" + text.encode())
        except FormatError:
            pass
        assert time.monotonic() - start < 2


@given(
    st.lists(
        st.sampled_from(
            ["<a href=", "'", '"', ">", "</a>", "SDK目录", "<iframe src=x", "<p>", "&#x;", "https://a", "<!--", " "]
        )
    )
)
def test_any_page_is_read(parts: list[str]) -> None:
    """Any run of tags and quotes is read, or refused with FormatError."""
    try:
        list(read(b"<html>" + "".join(parts).encode()).named())
    except FormatError:
        return


def test_the_file_of_words_is_sound() -> None:
    """Every role has words in both languages, none stands twice, and a mistake in the file is told."""
    linked = read_words((HOME / "linked.yaml").read_bytes())
    words = [word.lower() for lists in linked.roles.values() for row in lists.values() for word in row]
    assert len(words) == len(set(words))
    assert all(lists["zh"] and lists["en"] for lists in linked.roles.values())
    for word, role in ((w, r) for r, lists in linked.roles.items() for row in lists.values() for w in row):
        assert role_of(Link("/x", word.replace("…", "甲"))) == role, word
    with pytest.raises(CatalogueError, match="linked"):
        read_words(b"roles: {lawyers: {zh: [x]}}\nunless: {}\nhere: {}\n")
    with pytest.raises(CatalogueError, match="linked"):
        read_words(b"roles: [")
