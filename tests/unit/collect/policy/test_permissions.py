"""A permission is named in a policy where it is said to be asked for, not where it is denied or is part of the app's name."""

from __future__ import annotations

import pytest

from mingcha.model.fact import PermissionNamedInPolicy, PolicyStatement
from tests.unit.collect.policy.test_statements import facts

HEAD = "# 极亮手电筒隐私政策\n\n二、系统权限\n\n"


def named(text: str) -> set[str]:
    return {fact.permission.rpartition(".")[2] for fact in facts(text, PermissionNamedInPolicy)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("极亮手电筒不申请任何需要您授权的系统权限，只声明了网络访问权限。", {"INTERNET"}),
        ("您可以在手机的“设置—应用管理—极亮手电筒—权限”中查看。", set()),
        ("极亮手电筒会申请闪光灯权限。", {"FLASHLIGHT"}),
        ("使用手电筒时需要手电筒权限。", {"FLASHLIGHT"}),
    ],
)
def test_the_name_of_the_app_is_no_permission(text: str, expected: set[str]) -> None:
    """A word for a permission inside the app's own name names none; the same word elsewhere does."""
    assert named(HEAD + text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("相机权限我们不会申请。", set()),
        ("相机功能不使用任何系统权限。", set()),
        ("我们不需要相机权限。", set()),
        ("相机权限未获取时，扫码将无法使用。", {"CAMERA"}),
        ("我们会申请相机权限。", {"CAMERA"}),
    ],
)
def test_a_denial_before_or_behind_names_no_permission(text: str, expected: set[str]) -> None:
    """What is not asked for is not named as asked, wherever in the clause the denial stands; a case of refusal is no denial."""
    assert named(text) == expected


def test_lines_behind_dashes_of_any_length_are_items() -> None:
    """A list whose items begin with a dash, be it long or short, names the permission before each colon."""
    lines = "—查看网络状态：用于离线翻译\n\n-读取共享存储：用于读取图片\n\n–读取手机状态：用于识别"
    text = f"二、权限\n\n我们会申请以下系统权限：\n\n{lines}"
    assert named(text) == {"ACCESS_NETWORK_STATE", "READ_EXTERNAL_STORAGE", "READ_PHONE_STATE"}
    stated = {(one.information, one.permission) for one in facts(text, PolicyStatement)}
    assert ("media.photo", "android.permission.READ_EXTERNAL_STORAGE") in stated
    assert "android.permission.CAMERA" not in {permission for _, permission in stated}
