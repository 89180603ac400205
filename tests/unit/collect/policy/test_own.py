"""A policy that calls its app by name means the app: the name is no third party and what is given to it is collected."""

from __future__ import annotations

import pytest

from tests.unit.collect.policy.test_statements import said

HEAD = "# 隐私政策\n\n北京某某科技有限公司（以下简称“小绿本运营方”）非常重视您的隐私。小绿本运营方会保护您的信息。小绿本运营方将遵守法律。\n\n"


def test_what_is_given_to_the_operator_by_name_is_collected() -> None:
    """ "Provide to Foo" is a collecting once the policy has said that it is Foo."""
    assert ("collect", "basic.phone", "app", False) in said(HEAD + "您需要向小绿本运营方提供您的手机号码。")


def test_the_operator_by_name_is_the_subject_behind_another_party() -> None:
    """Behind a clause about its affiliates the operator by name shares, not they."""
    text = HEAD + "为保护您或者小绿本运营方的关联公司的安全，小绿本运营方可能会与其关联公司共享您的手机号码。"
    shared = {one for one in said(text) if one[0] == "share"}
    assert shared == {("share", "basic.phone", "app", False)}


@pytest.mark.parametrize("verb", ["will collect", "may use"])
def test_a_name_that_an_english_policy_defines_is_the_app(verb: str) -> None:
    """ "The Service Provider", defined as the author of the app, is no third party."""
    head = 'This policy is by Foo (hereby referred to as "Service Provider"). The Service Provider will respect you. The Service Provider may change this.\n\n'
    found = said(head + f"The Service Provider {verb} your email address.")
    assert {one[2] for one in found if one[1] == "basic.email"} == {"app"}


def test_a_name_nobody_defined_stays_a_third_party() -> None:
    """A partner is a partner, however often it is named."""
    text = "# 隐私政策\n\n合作伙伴会收集您的手机号码。合作伙伴将保护信息。"
    assert {one[2] for one in said(text) if one[0] == "collect" and one[1] == "basic.phone"} == {None}
