"""A deed needs a subject that does it and a verb that governs the information: nouns, attributes and suppositions are none."""

from __future__ import annotations

from typing import Any

import pytest

from mingcha.model.fact import InformationNamedInPolicy, PermissionNamedInPolicy, PolicyDenial, PolicyStatement
from tests.unit.collect.policy.test_statements import facts, said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("应用使用的第三方SDK可能会收集您的手机号码。", {("collect", "basic.phone", None, False)}),
        ("与我们合作的第三方会收集您的手机号码。", {("collect", "basic.phone", None, False)}),
        (
            "我们会向法院、执法机构、政府机关或经授权的第三方披露您的手机号码。",
            {("share", "basic.phone", "app", False)},
        ),
        ("我们可能会向我们的关联公司提供您的手机号码。", {("share", "basic.phone", "app", False)}),
        ("我们会与合作伙伴共享您的手机号码。", {("share", "basic.phone", "app", False)}),
        (
            "我们或我们的合作伙伴会收集您的手机号码。",
            {("collect", "basic.phone", "app", False), ("collect", "basic.phone", None, False)},
        ),
        ("您同意我们收集您的手机号码。", {("collect", "basic.phone", "app", False)}),
        ("我们将与全部产品（包括关联公司的产品）共同收集您的手机号码。", {("collect", "basic.phone", "app", False)}),
    ],
)
def test_the_subject_of_the_clause_is_who_does_it(text: str, expected: set[tuple[Any, ...]]) -> None:
    """Receivers, brackets and those who merely agree are no subjects; a relative clause makes no object of its noun."""
    assert said(text, "policy.txt") == expected


@pytest.mark.parametrize(
    "text",
    [
        "个人信息收集和使用规则会随服务而变化。",
        "如果我们处理个人信息的行为违反了与您的约定，您可以联系客服。",
        "请妥善保管您的密码，不将您的密码透露给他人。",
        "我们会要求第三方按照约定处理您的手机号码。",
        "您使用服务前，我们会先取得您的同意。",
    ],
)
def test_nouns_duties_and_requests_are_no_deeds(text: str) -> None:
    """Rules for collecting, what others must do and what people are asked to do state nothing."""
    assert said(text, "policy.txt") == set()


def test_an_attribute_is_no_deed_of_its_own() -> None:
    """What was collected is stored: that it was collected is not what the sentence says."""
    text = "我们在境内收集和产生的手机号码，将存储在中国境内。"
    assert said(text, "policy.txt") == {("store", "basic.phone", "app", False)}


def test_an_exception_by_reference_leaves_a_denial_as_it_is() -> None:
    """ "Besides those above we ask for none": all others are denied, and none is named as asked for."""
    text = "除上述权限外，本应用不申请定位、通讯录、麦克风、存储读取等任何敏感权限。"
    found = facts(text, PolicyStatement, "policy.txt")
    assert found
    assert all(fact.negated for fact in found)
    assert facts(text, InformationNamedInPolicy, "policy.txt") == []


def test_an_exception_of_cases_makes_a_condition() -> None:
    """ "Except in the cases of this policy we do not share" is a sharing under a condition."""
    text = "除本政策以及用户协议规定的情形外，我们不会共享您的手机号码。"
    assert said(text, "policy.txt") == {("share", "basic.phone", "app", False)}


def test_every_type_of_a_flat_denial_is_denied() -> None:
    """A list of types, with brackets and a general end, is denied type by type."""
    text = "我们不收集您的姓名、手机号、位置、设备标识符（如 IMEI）、日志或任何其他可识别个人身份的信息。"
    denied = {fact.information for fact in facts(text, PolicyDenial, "policy.txt")}
    assert denied == {"basic.name", "basic.phone", "loc", "dev.id", "dev.imei", "web.log"}


def test_a_denial_of_the_type_outweighs_the_permission_for_it() -> None:
    """The camera is asked for as a light; pictures are not taken, and so not named."""
    text = "我们需要申请相机权限，用于打开闪光灯。我们不会使用相机拍摄照片。"
    assert facts(text, InformationNamedInPolicy, "policy.txt") == []
    assert [fact.permission for fact in facts(text, PermissionNamedInPolicy, "policy.txt")] == [
        "android.permission.CAMERA"
    ]


def test_items_of_a_list_of_permissions_name_them() -> None:
    """An item need not say "permission" again; its purpose stands behind the colon."""
    text = "需要用到以下权限：\n-查看网络连接：用于判断网络状态\n-读取共享存储：用于暂存更新\n"
    found = {fact.permission for fact in facts(text, PermissionNamedInPolicy, "policy.txt")}
    assert found == {"android.permission.ACCESS_NETWORK_STATE", "android.permission.READ_EXTERNAL_STORAGE"}


def test_the_system_settings_are_no_permission() -> None:
    """They are the place in which permissions are switched off."""
    assert facts("您可以在系统设置中关闭上述权限。", PermissionNamedInPolicy, "policy.txt") == []


def test_brackets_say_what_a_general_word_means() -> None:
    """ "Device information (model)" names the model, unless the list is open."""
    closed = facts("我们会收集您的设备信息（设备型号）。", InformationNamedInPolicy, "policy.txt")
    opened = facts("我们会收集您的设备信息（如设备型号）。", InformationNamedInPolicy, "policy.txt")
    assert {fact.information for fact in closed} == {"dev.model"}
    assert {fact.information for fact in opened} == {"dev.generic", "dev.model"}
