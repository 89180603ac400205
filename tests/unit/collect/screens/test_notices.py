"""A notice tells that the policy has changed; that it may change, or that the app has, tells nothing."""

from __future__ import annotations

import pytest

from mingcha.catalogue.load import load
from mingcha.collect.screens.notices import tells_of_change
from mingcha.collect.screens.reading import read_sheet
from mingcha.collect.screens.tree import from_tree
from mingcha.collect.screens.wording import Words
from mingcha.formats.uidump import read_dump
from tests.unit.collect.screens.making import APP, screen

TABLES = load()
WORDS = Words(TABLES)


def told(*texts: str, buttons: tuple[str, ...] = ("不同意", "同意"), tabs: tuple[str, ...] = ()) -> bool:
    """Whether a screen with these texts tells of a change."""
    sheet = from_tree(read_dump(screen(list(texts), list(buttons), tabs=list(tabs))), WORDS, APP)
    return tells_of_change(sheet, read_sheet(sheet, WORDS, APP), WORDS) is not None


@pytest.mark.parametrize(
    "text",
    [
        "我们更新了《隐私政策》，请您阅读。",
        "《隐私政策》已于3月1日修订，请您阅读并同意。",
        "隐私政策更新提示",
        "We have updated our Privacy Policy.",
    ],
)
def test_it_has_changed(text: str) -> None:
    """The word for a change beside the policy's name."""
    assert told("提示", text)


@pytest.mark.parametrize(
    "text",
    [
        "请阅读并同意《隐私政策》，我们可能会更新《隐私政策》。",
        "如《隐私政策》有更新，我们会通知您。请阅读并同意。",
        "请阅读并同意《隐私政策》。发现新版本，请更新。",
        "请阅读并同意《用户协议》和《隐私政策》。",
    ],
)
def test_it_may_change_or_something_else_did(text: str) -> None:
    """Without a change of the policy that has happened there is no notice."""
    assert not told("提示", text)


def test_a_line_on_a_main_screen_and_an_entry_of_a_list() -> None:
    """A line over the tabs is a notice; the name of an entry on some page is none."""
    assert told("今天 晴", "《隐私政策》已更新，点此查看", buttons=(), tabs=("首页", "我的"))
    assert not told("关于我们", "隐私政策更新说明", buttons=("检查",))
