"""Statements say who does what with which information, whether it is denied, and under which condition."""

from __future__ import annotations

import time
from typing import Any, TypeVar

import pytest

from mingcha.catalogue import load
from mingcha.catalogue.load import Catalogue
from mingcha.collect.policy.collector import collect
from mingcha.formats.page import read
from mingcha.model.artefact import Artefact
from mingcha.model.fact import (
    Fact,
    InformationNamedInPolicy,
    PermissionNamedInPolicy,
    PolicyDenial,
    PolicyStatement,
    SdkNamed,
)

ARTEFACT = Artefact(sha256="ab" * 32, kind="policy", name="policy.txt", size=1)
SDKS = ("umeng-analytics", "amap", "jpush", "bugly")
T = TypeVar("T", bound=Fact)


def _tables() -> Catalogue:
    """The words, the taxonomy and the permissions as shipped, with a few of the SDKs."""
    wanted = {"information.yaml", "permissions.yaml", *(f"sdks/{name}.yaml" for name in SDKS)}
    sources = load.read_sources(load.HOME)
    return load.build({k: v for k, v in sources.items() if k in wanted or k.startswith("terms/")})


TABLES = _tables()


def facts(text: str, kind: type[T], name: str = "policy.md") -> list[T]:
    """The facts of one kind."""
    return [f for f in collect(ARTEFACT, read(text.encode(), name), TABLES) if isinstance(f, kind)]


def said(text: str, name: str = "policy.md") -> set[tuple[Any, ...]]:
    """Deed, type, party and denial of every statement."""
    return {(f.does, f.information, f.party, f.negated) for f in facts(text, PolicyStatement, name)}


# --- deeds and objects -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我们会收集您的手机号码。", {("collect", "basic.phone", "app", False)}),
        ("我们会将您的手机号码提供给物流公司。", {("share", "basic.phone", "app", False)}),
        ("您的手机号码将被存储在中国境内的服务器。", {("store", "basic.phone", "app", False)}),
        ("您需要提供您的真实姓名。", {("collect", "basic.name", "app", False)}),
        (
            "我们收集您的性别，用于推荐内容。",
            {("collect", "basic.gender", "app", False), ("use", "basic.gender", "app", False)},
        ),
        (
            "我们会收集您的手机号码并共享给物流公司。",
            {("collect", "basic.phone", "app", False), ("share", "basic.phone", "app", False)},
        ),
        ("第三方会收集您的设备型号。", {("collect", "dev.model", None, False)}),
        ("您的生日由第三方收集。", {("collect", "basic.birth_age", None, False)}),
        ("第三方会向我们提供您的昵称。", {("collect", "basic.nickname", "app", False)}),
        ("我们会收集您使用服务时产生的搜索记录。", {("collect", "web.search", "app", False)}),
        (
            "We collect your email address when you register an account with us.",
            {("collect", "basic.email", "app", False)},
        ),
        (
            "Third-party partners may collect your IP address when you open the app.",
            {("collect", "net.ip", None, False)},
        ),
    ],
)
def test_a_sentence_states_its_deeds_with_their_objects(text: str, expected: set[tuple[Any, ...]]) -> None:
    """Each verb has its own doer and takes what stands behind it, else what stands before it."""
    assert said(text, "policy.txt") == expected


def test_an_item_has_the_verb_of_its_lead() -> None:
    """Items of an announced list are collected as the lead says."""
    text = "我们会收集以下信息：\n1、手机号码\n2、设备型号\n"
    assert {("collect", "basic.phone", "app", False), ("collect", "dev.model", "app", False)} <= said(
        text, "policy.txt"
    )


@pytest.mark.parametrize(
    "text",
    [
        "您有权访问、更正您的手机号码。",
        "个人信息是指姓名、出生日期、身份证号码等。",
        "您可以分享您的照片。",
        "您无需提供身份证号码。",
        "与国家安全有关的，收集手机号码无需征得您的同意。",
        "我们会通过短信方式通知您。",
    ],
)
def test_rights_definitions_and_peoples_own_acts_state_nothing(text: str) -> None:
    """A sentence without anybody handling information has no statement."""
    assert said(text, "policy.txt") == set()


# --- denials and conditions ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["我们不会收集您的通讯录。", "我们绝不收集您的通讯录。", "我们不会收集您的任何通讯录信息。"]
)
def test_a_flat_denial_is_negated_and_has_no_condition(text: str) -> None:
    """What is not done, without exception, is negated."""
    (statement,) = facts(text, PolicyStatement, "policy.txt")
    assert (statement.does, statement.information, statement.negated, statement.condition) == (
        "collect",
        "contacts.book",
        True,
        None,
    )


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("除非您明确同意，我们不会收集您的通讯录。", "collect"),
        ("我们不会收集您的通讯录，除非您使用添加好友功能。", "collect"),
        ("未经您同意，我们不会向第三方提供您的通讯录。", "share"),
    ],
)
def test_a_denial_with_an_exception_is_a_condition(text: str, does: str) -> None:
    """ "Not unless" says that it is done under a condition."""
    (statement,) = facts(text, PolicyStatement, "policy.txt")
    assert (statement.does, statement.information, statement.negated) == (does, "contacts.book", False)
    assert statement.condition
    assert facts(text, PolicyDenial, "policy.txt") == []


def test_a_negation_holds_in_its_own_clause_alone() -> None:
    """What one clause denies, the next may affirm."""
    text = "我们不会收集您的通讯录，我们会收集您的手机号码。"
    assert said(text, "policy.txt") == {
        ("collect", "contacts.book", "app", True),
        ("collect", "basic.phone", "app", False),
    }


@pytest.mark.parametrize(
    "text", ["我们不会收集您的通讯录。", "我们不收集您的手机号码、位置信息。", "我们不会共享您的任何手机号码。"]
)
def test_every_denial_has_a_negated_statement(text: str) -> None:
    """What decides an accusation is never at odds with the statements."""
    denied = {(f.action, f.information, f.party) for f in facts(text, PolicyDenial, "policy.txt")}
    assert denied
    assert denied <= {(f.does, f.information, f.party) for f in facts(text, PolicyStatement, "policy.txt") if f.negated}


def test_what_stops_after_withdrawal_is_denied_under_that_condition() -> None:
    """It is no flat denial: the condition says when."""
    (statement,) = facts("当您撤回同意后，我们将不再收集您的位置信息。", PolicyStatement, "policy.txt")
    assert statement.negated
    assert statement.condition


# --- receivers, purposes, functions ----------------------------------------------------------------------------------


def test_a_sharing_names_its_receiver() -> None:
    """Whom it is given to stands as written."""
    (statement,) = facts("我们会向顺丰速运提供您的收货地址。", PolicyStatement, "policy.txt")
    assert (statement.does, statement.receiver) == ("share", "顺丰速运")


def test_purpose_and_condition_stand_in_the_statement() -> None:
    """Why and when are kept in the policy's words."""
    found = facts("当您注册账号时，我们会收集您的手机号码，用于验证身份。", PolicyStatement, "policy.txt")
    assert {(f.purpose, f.condition) for f in found} == {("验证身份", "当您注册账号时")}


# --- SDKs ------------------------------------------------------------------------------------------------------------


def test_rows_of_an_sdk_table_are_the_sdks() -> None:
    """A row's information is collected by the SDK that it names, under its catalogue id."""
    text = (
        "# 第三方SDK清单\n\n| SDK名称 | 使用目的 | 收集信息 |\n|---|---|---|\n| 友盟统计； | 统计 | IMEI、设备型号 |\n"
    )
    assert {
        ("collect", "dev.imei", "umeng-analytics", False),
        ("collect", "dev.model", "umeng-analytics", False),
    } == said(text)
    assert [fact.name for fact in facts(text, SdkNamed)] == ["友盟统计"]


@pytest.mark.parametrize(
    "text",
    [
        "# 第三方SDK\n\n## 腾讯Bugly\n\n目的：崩溃统计\n\n信息：设备型号、崩溃日志\n",
        "第三方SDK列表\nSDK名称：腾讯Bugly；\n使用目的：崩溃统计；\n收集类型：设备型号、崩溃日志；\n",
    ],
)
def test_headings_and_keyed_lines_are_entries(text: str) -> None:
    """An SDK may be a heading or a line with a key, and what follows is its own."""
    (sdk,) = facts(text, SdkNamed)
    assert (sdk.name, sdk.sdk, sdk.purpose) == ("腾讯Bugly", "bugly", "崩溃统计")
    assert {("collect", "dev.model", "bugly", False)} <= said(text)
    assert {f.party for f in facts(text, InformationNamedInPolicy)} == {"bugly"}


# --- permissions -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我们会申请相机权限，用于扫描二维码。", {("android.permission.CAMERA", "扫描二维码")}),
        ("android.permission.RECORD_AUDIO：用于语音搜索", {("android.permission.RECORD_AUDIO", "语音搜索")}),
        ("需要 READ_CONTACTS 权限。", {("android.permission.READ_CONTACTS", None)}),
        ("我们不需要相机权限。", set()),
        ("我们会收集您的照片。", set()),
    ],
)
def test_permissions_are_told_by_constant_and_by_name(text: str, expected: set[tuple[str, str | None]]) -> None:
    """A constant or a usual name near the word "permission" names it, with its purpose; a denied one is not named."""
    assert {(f.permission, f.purpose) for f in facts(text, PermissionNamedInPolicy, "policy.txt")} == expected


def test_permissions_in_a_table_are_told_by_their_column() -> None:
    """The cell need not say "permission" again."""
    text = "# 权限列表\n\n| 权限名称 | 使用目的 |\n|---|---|\n| 麦克风 | 语音通话 |\n"
    found = {(f.permission, f.purpose) for f in facts(text, PermissionNamedInPolicy)}
    assert found == {("android.permission.RECORD_AUDIO", "语音通话")}


def test_information_named_by_a_permission_alone_is_not_clear() -> None:
    """The permission for the camera names photos only vaguely."""
    found = [
        f
        for f in facts("为了扫码，我们会申请使用您的相机权限。", PolicyStatement, "policy.txt")
        if f.information == "media.photo"
    ]
    assert found
    assert {(f.clear, f.permission) for f in found} == {(False, "android.permission.CAMERA")}


# --- bounds ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "piece", ["我们不会收集", "收集手机号码", "如您、", "第三方向我们", "权限、相机", "用于向第三方提供"]
)
def test_time_is_linear(piece: str) -> None:
    """Ten times the text takes no more than about ten times as long."""
    small, large = (_seconds(piece * (size // len(piece))) for size in (5_000, 50_000))
    assert large < 25 * max(small, 0.02)


def _seconds(text: str) -> float:
    document = read(text.encode(), "policy.txt")
    start = time.perf_counter()
    assert sum(1 for _ in collect(ARTEFACT, document, TABLES)) >= 1
    return time.perf_counter() - start


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("这些信息和资料可能传送至您所在国家、地区的境外。", {("generic.pi", None)}),
        ("我们会将您的手机号码和资料与合作伙伴共享。", {("basic.phone", "合作伙伴")}),
        ("我们会向合作伙伴可能提供您的手机号码。", {("basic.phone", "合作伙伴")}),
        ("我们会把您的手机号码和某某协会共享。", {("basic.phone", "某某协会")}),
    ],
)
def test_neither_a_second_thing_nor_a_place_is_somebody(text: str, expected: set[tuple[str, str | None]]) -> None:
    """Behind "and" a word for information is no receiver, nor is the place something is sent to the thing that is sent."""
    assert {(one.information, one.receiver) for one in facts(text, PolicyStatement) if one.does == "share"} == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我们会收集来自您所在的位置信息，用于推荐附近门店。", {"loc"}),
        ("我们会收集您的信息，包括来自您所在的城市、地区的信息。", {"basic.region"}),
        ("我们会将您的手机号码传输至您所在的国家或地区之外。", {"basic.phone"}),
    ],
)
def test_information_on_a_place_is_taken(text: str, expected: set[str]) -> None:
    """Where somebody is, as information, is taken; the place that something goes to is not."""
    assert {one.information for one in facts(text, PolicyStatement)} == expected
