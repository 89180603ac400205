"""What a page hides and still means to say, and text whose paragraphs are only line ends."""

from __future__ import annotations

import random
import time

import pytest

from mingcha.errors import FormatError
from mingcha.formats import page_hidden
from mingcha.formats.page_html import is_written, read

PROSE = "".join(f"我们为第{n}项功能收集您的设备信息和位置信息，用于向您提供服务。" for n in range(12))
OTHER = "".join(f"您可以在第{n}页查询、更正、删除您的个人信息，也可以注销账号。" for n in range(12))


def texts(html: str) -> list[str]:
    """The text of each block."""
    return [block.text for block in read(html)[1]]


# --- hidden ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["hidden", 'style="display:none"', "style='visibility: hidden'"])
def test_hidden_prose_is_read(how: str) -> None:
    """A tab that is not open when the page opens is a part of the policy, in its place."""
    assert texts(f"<p>政策</p><div {how}><p>{PROSE}</p></div><p>末段</p>") == ["政策", PROSE, "末段"]


def test_hidden_tips_and_menus_stay_hidden() -> None:
    """Short texts, links, buttons and choices leave no text, however many there are."""
    menu = "<li><a href='/x'>我们的产品与服务</a></li><li><button>提交您的意见</button></li>" * 60
    choices = "<select>" + "".join(f"<option>选项之{n}</option>" for n in range(200)) + "</select>"
    html = (
        f"<p>政策</p><div hidden>已复制</div><ul hidden>{menu}</ul><div style='display:none'>{choices}</div><p>末段</p>"
    )
    assert texts(html) == ["政策", "末段"]


def test_a_tip_inside_a_hidden_tab_stays_hidden() -> None:
    """Each hidden element is judged by its own text."""
    assert texts(f"<div hidden><p>{PROSE}</p><span hidden>已复制</span></div><p>末段</p>") == [PROSE, "末段"]


def test_hidden_tab_inside_a_hidden_page_is_read() -> None:
    """A page that hides its body until it has loaded is read, with its tabs."""
    html = f"<body style='display:none'><p>政策</p><div hidden><p>{PROSE}</p></div><div hidden>已复制</div></body>"
    assert texts(html) == ["政策", PROSE]


def test_a_hidden_copy_says_nothing_new() -> None:
    """The same text again for another width of screen, before or behind the one that is shown, is read once."""
    copy = f"<div style='display:none'><p>{PROSE}</p></div>"
    assert texts(f"{copy}<p>{PROSE}</p>{copy}") == [PROSE]


def test_hidden_text_many_times_over_is_read_once() -> None:
    """A page that hides one text ten thousand times is read in a moment, and says it once."""
    start = time.perf_counter()
    assert texts(f"<p>政策</p>{f'<div hidden><p>{PROSE}</p></div>' * 10_000}") == ["政策", PROSE]
    assert time.perf_counter() - start < 5


def test_hidden_elements_inside_each_other_take_linear_time() -> None:
    """A hundred thousand hidden elements inside each other, with text in the innermost, are read in a moment."""
    start = time.perf_counter()
    assert texts("<div hidden>" * 100_000 + PROSE + "</div>" * 100_000 + "<p>末段</p>") == [PROSE, "末段"]
    assert time.perf_counter() - start < 5


def test_unclosed_elements_inside_a_hidden_one_do_no_harm() -> None:
    """A link or an item that is never closed does not make the text behind it a menu."""
    html = f"<div hidden><a href='/x'>目录<p>{PROSE}</div><p hidden>没有结束<p>末段"
    assert texts(html) == ["目录", PROSE, "末段"]


def test_any_page_of_such_pieces_is_read() -> None:
    """Pieces of hidden elements in any order give blocks or a refusal, and never leave out what is shown before them."""
    pieces = [
        "<div hidden>", "</div>", "<p hidden>", "</p>", "<nav>", "</nav>", "<a href=x>", "</a>", f"<p>{OTHER}", "<select>", "短",
        "<td hidden>", "<table>", "</table>", "<span style='display:none'>", "</span>", "<br>", "<!--", "-->", "<title>",
    ]  # fmt: skip
    rand = random.Random(4)
    for _ in range(400):
        html = f"<p>{PROSE}</p>" + "".join(rand.choices(pieces, k=30))
        try:
            found = texts(html)
        except FormatError:
            continue
        assert found[0].startswith(PROSE)


def test_what_is_hidden_is_found_by_where_it_begins() -> None:
    """The position is that behind the tag; a text that is shown elsewhere does not count."""
    html = f"<div hidden>{PROSE}</div><div hidden>{OTHER}</div>"
    assert page_hidden.prose(html, {page_hidden.squeezed(OTHER)}) == {len("<div hidden>")}


# --- paragraphs that are line ends -----------------------------------------------------------------------------------------

WRITTEN = f"""
    一、前言

    本软件重视您的隐私。{OTHER}

    二、我们收集的信息
    我们可能收集如下信息：

    ·日志信息，包括您的浏览记录、
      网络地址；

    ·位置信息。
"""


def test_blank_lines_of_a_long_text_end_paragraphs() -> None:
    """Text pasted into one element keeps its paragraphs, its items and its headings, as a text file would."""
    assert texts(f"<div>{WRITTEN}</div>") == [
        "一、前言",
        f"本软件重视您的隐私。{OTHER}",
        "二、我们收集的信息",
        "我们可能收集如下信息：",
        "·日志信息，包括您的浏览记录、网络地址；",
        "·位置信息。",
    ]


def test_a_heading_in_the_midst_of_such_a_text_stands_alone() -> None:
    """A line with the number of a chapter is a paragraph, with or without blank lines around it."""
    lines = f"一、前言\n{OTHER}\n二、收集\n{PROSE}\n三、联系我们\n请发邮件。"
    found = texts(f"<div>{lines}</div>")
    assert found == ["一、前言", OTHER, "二、收集", PROSE, "三、联系我们", "请发邮件。"]


def test_text_behind_bold_words_goes_on_in_its_lines() -> None:
    """Bold words inside such a text change nothing for the lines behind them, and the next element begins anew."""
    html = f"<div>{WRITTEN}\n\n注意：<b>请细读</b>。\n\n末行。</div><div>源码的\n\n换行</div>"
    assert texts(html)[-3:] == ["注意：请细读。", "末行。", "源码的换行"]


@pytest.mark.parametrize(
    "text",
    [
        "短文\n\n\n\n\n短文\n\n二、\n\n三、",
        f"{PROSE}\n\n{OTHER}",
        "\n\n\n\n" + PROSE + "\n\n\n\n",
        "\n".join([PROSE] * 3),
    ],
)
def test_line_ends_of_the_source_are_no_paragraphs(text: str) -> None:
    """A short text, one blank line, blanks around a text and a wrapped text are as browsers show them."""
    assert not is_written(text)
