"""What a question that names the policy is about: the policy, or something done by it."""

from __future__ import annotations

import pytest

from mingcha.catalogue.load import load
from mingcha.collect.screens.choices import subject
from mingcha.collect.screens.reading import read_sheet
from mingcha.collect.screens.tree import from_tree
from mingcha.collect.screens.wording import Words
from mingcha.formats.uidump import read_dump
from tests.unit.collect.screens.making import APP, screen

TABLES = load()
WORDS = Words(TABLES)


def about(*texts: str, buttons: tuple[str, str] = ("不同意", "同意")) -> tuple[str | None, str | None]:
    """The kind of a dialog and its subject."""
    dump = read_dump(screen(list(texts), list(buttons)))
    reading = read_sheet(from_tree(dump, WORDS, APP), WORDS, APP)
    return reading.kind, subject(reading, TABLES)


@pytest.mark.parametrize(
    "texts",
    [
        ("个人信息保护提示", "请阅读并同意《用户协议》和《隐私政策》，我们用位置展示天气。"),
        ("欢迎", "请阅读《隐私政策》，点击同意开始使用。"),
        ("欢迎", "为向您提供个性化推荐等服务，请您阅读并同意《隐私政策》。"),
        ("提示", "您是否同意我们根据《隐私政策》收集和使用您的个人信息？"),
        ("隐私政策更新提示", "我们更新了《隐私政策》，新增了推送通知的说明，请您阅读并同意更新后的内容。"),
        (
            "用户协议与隐私政策",
            "我们会申请存储权限、位置权限，您是否同意《用户协议》《隐私政策》《儿童隐私保护政策》？",
        ),
        ("温馨提示", "我们依据《隐私政策》收集设备信息用于推送广告。您可以选择同意或不同意。"),
    ],
)
def test_the_policy_itself(texts: tuple[str, ...]) -> None:
    """Asked to agree to it, or to nothing else than it."""
    assert about(*texts) == ("consent", "policy")


@pytest.mark.parametrize(
    "texts",
    [
        ("个性化广告", "是否同意按照《隐私政策》开启个性化广告？"),
        ("温馨提示", "是否允许我们向您推送营销短信？详情见《隐私政策》。"),
        ("开启个性化推荐", "我们将依据《隐私政策》向您推荐内容。"),
        ("用户体验改进计划", "是否加入？数据处理遵循《隐私政策》"),
        ("提示", "为了给您推荐附近门店，我们将按照《隐私政策》使用您的位置信息，是否同意？"),
        ("开通会员", "开通会员请先同意《会员协议》和《隐私政策》。"),
        ("抽奖活动", "参加活动即表示同意《活动规则》与《隐私政策》。"),
        ("位置服务", "请阅读并同意《位置服务协议》及《隐私政策》中的位置条款后开启定位。"),
        ("刷脸登录", "使用刷脸登录需要您同意《人脸信息处理规则》和《隐私政策》。"),
        ("授权登录", "天气申请获得您的昵称头像，同意即接受《隐私政策》。"),
        ("温馨提示", "点击同意即表示您同意开启个性化推荐，详见《隐私政策》。"),
        ("会员服务", "请阅读并同意《会员服务协议》和《会员隐私政策》。"),
        ("儿童个人信息保护", "请您和监护人阅读并同意《儿童隐私保护政策》。"),
    ],
)
def test_something_that_is_done_by_it(texts: tuple[str, ...]) -> None:
    """Who refuses that has not refused the policy."""
    assert about(*texts) == ("consent", None)


def test_in_english() -> None:
    """The same in the other language."""
    buttons = ("Disagree", "Agree")
    assert about("Welcome", "Please read and agree to the Privacy Policy.", buttons=buttons)[1] == "policy"
    ads = about("Privacy", "Do you agree to personalised ads in line with our Privacy Policy?", buttons=buttons)
    assert ads == ("consent", None)
