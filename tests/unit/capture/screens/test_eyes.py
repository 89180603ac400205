"""What a walk alone may touch: entries on the way, and never what does something."""

from __future__ import annotations

import pytest

from mingcha.capture.screens.acts import Shot, touched
from mingcha.capture.screens.eyes import Eyes, Sight
from mingcha.formats.uidump import read_dump
from tests.build.fakephone import APP, FakePhone, Look, row


@pytest.fixture(scope="module")
def eyes() -> Eyes:
    """A reader of the test's app."""
    return Eyes(APP)


def seen(eyes: Eyes, *labels: str) -> Sight:
    """A list with these entries, all of which can be touched."""
    phone = FakePhone()
    phone.looks["list"] = Look("list", tuple(row(number, label, "!harm") for number, label in enumerate(labels)))
    phone.shown = "list"
    tree = phone.tree()
    return eyes.see(Shot(0.0, tree, None, None, read_dump(tree)))


def test_what_is_looked_for_comes_before_what_leads_there(eyes: Eyes) -> None:
    """The policy first, then the account's end, then settings, then the person's own page."""
    doors = eyes.doors(seen(eyes, "我的", "设置", "注销账号", "隐私政策", "今日天气"))
    assert [door.label for door in doors] == ["隐私政策", "注销账号", "设置", "我的"]
    assert [door.to for door in doors] == ["policy", "account_cancellation", None, None]


@pytest.mark.parametrize("label", [
    "删除账号", "确认注销", "立即购买", "去支付", "提交", "提交投诉", "发送反馈", "退出登录", "清除缓存", "拨打客服电话", "开通会员", "撤回同意",
    "Delete account", "Log out", "Buy now", "Submit", "Confirm", "Call us", "删除個人資料",
])  # fmt: skip
def test_what_does_something_is_never_touched(eyes: Eyes, label: str) -> None:
    """Not even where it is the name of an entry that is looked for."""
    assert eyes.doors(seen(eyes, label, "关于我们"))[0].label == "关于我们"
    assert len(eyes.doors(seen(eyes, label, "关于我们"))) == 1


def test_a_touch_meets_what_answers_it() -> None:
    """The last node that answers touches, not the text drawn inside it nor the window behind; without any, the last one drawn."""
    head = "<?xml version='1.0' ?><hierarchy rotation='0'>"
    dump = read_dump(
        f"{head}<node clickable='true' bounds='[0,0][500,900]'><node clickable='true' bounds='[10,10][200,60]'>"
        "<node text='同意' clickable='false' bounds='[20,20][100,50]'/></node></node><node bounds='[300,300][400,400]'/></hierarchy>".encode()
    )
    assert touched(dump, (30, 30)) == (10, 10, 200, 60)
    assert touched(dump, (350, 350)) == (0, 0, 500, 900)
    assert touched(dump, (600, 30)) is None
    assert touched(None, (30, 30)) is None
