"""Only a firm promise of our own decides a clause by its text; sentences that merely look like one are left to a person."""

from __future__ import annotations

import pytest

from mingcha.catalogue.load import load
from mingcha.collect.policy.firm import firm
from mingcha.collect.policy.text import plain

TERMS = load().terms["zh"]

FIRM = [
    "对于您提出的更正、删除个人信息以及注销账号的请求，我们将在30个工作日内完成核查和处理。",
    "如果您认为我们的个人信息处理行为损害了您的合法权益，可以通过上述电子邮箱进行投诉、举报，我们将在收到投诉、举报之日起30个工作日内受理并处理。",
    "我们会在三十个工作日内回复您关于个人信息的投诉。",
    "您提交注销申请后，我们承诺在20个工作日内处理。",
]
DOUBTFUL = [  # most of them from a second reader who tried to make the tool accuse wrongly
    "您可在工作时间（9:00-18:30 工作日内）拨打客服电话进行投诉，我们会处理。",
    "您注销账户后，我们会在30个工作日内将账户内剩余的余额提现处理给您。",
    "您应当在知道之日起30个工作日内向我们投诉，否则不予受理。",
    "请您于30个工作日内提交补充材料，否则我们将关闭更正申请。",
    "发卡行会在30个工作日内处理您的投诉。",
    "合作伙伴应在30个工作日内删除您的个人信息。",
    "对主播的投诉，我们将在20个工作日内处理。",
    "我们处理投诉不会超过30个工作日，通常15个工作日内完成。",
    "法律规定的期限为30个工作日，而我们承诺在15个工作日内处理您的投诉。",
    "旧版政策规定我们在30个工作日内处理投诉，现更新为15个工作日。",
    "昵称修改需要审核，我们将在20个工作日内完成。",
    "删除请求我们将在15个工作日内答复，数据转移请求为30个工作日内。",
    "本政策更新后30个工作日内，您可以反馈意见或投诉。",
    "如账号被冻结，您可以申请解冻，我们将在20个工作日内处理，您也可以申请注销账号。",
    "我们将在30个工作日内处理您的退款申请。",
    "如您对服务质量有投诉，我们将在30个工作日内处理。",
]


@pytest.mark.parametrize("sentence", FIRM)
def test_firm(sentence: str) -> None:
    """Our own promise with one number about a request or a complaint is firm."""
    assert firm(TERMS, plain(sentence))


@pytest.mark.parametrize("sentence", DOUBTFUL)
def test_doubtful(sentence: str) -> None:
    """Office hours, money, other people's duties, limits on users, old versions and two numbers are not."""
    assert not firm(TERMS, plain(sentence))
