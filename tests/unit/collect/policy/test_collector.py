"""The policy collector says what a text states, with the sentence as place, and accuses nobody by a trap of wording."""

from __future__ import annotations

import collections
import re
import time
from pathlib import Path
from typing import Any, TypeVar, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mingcha.collect.policy.collector as policy_module
from mingcha.catalogue import load
from mingcha.catalogue.load import Catalogue
from mingcha.collect.findings import FROM_POLICY
from mingcha.collect.policy.collector import collect
from mingcha.collect.policy.replies import number_of, spans
from mingcha.collect.policy.text import plain, sentences, sentences_of
from mingcha.formats.page import Document, Paragraph, read
from mingcha.model.artefact import Artefact
from mingcha.model.fact import (
    Fact,
    InformationNamedInPolicy,
    PolicyDenial,
    PolicyDocument,
    PolicyParagraph,
    ProvisionStated,
    PurposeStated,
    RecipientNamed,
    SdkNamed,
)
from mingcha.model.factbase import Covered, FactBase, Gap
from mingcha.model.words import Provision

ARTEFACT = Artefact(sha256="ab" * 32, kind="policy", name="policy.txt", size=1)
SDKS = ("umeng-analytics", "amap", "wechat-open", "alipay", "jpush", "getui-push", "bugly")
T = TypeVar("T", bound=Fact)


def _tables() -> Catalogue:
    """The words and the taxonomy as shipped, with a few of the SDKs."""
    wanted = {"information.yaml", *(f"sdks/{name}.yaml" for name in SDKS)}
    sources = load.read_sources(load.HOME)
    return load.build({k: v for k, v in sources.items() if k in wanted or k.startswith("terms/")})


TABLES = _tables()


def collected(text: str, name: str = "policy.txt") -> list[Any]:
    """Everything the collector yields for a text."""
    return list(collect(ARTEFACT, read(text.encode(), name), TABLES))


def facts(text: str, kind: type[T], name: str = "policy.txt") -> list[T]:
    """The facts of one kind."""
    return [item for item in collected(text, name) if isinstance(item, kind)]


def stated(text: str, provision: str) -> list[ProvisionStated]:
    """The statements of one provision."""
    return [fact for fact in facts(text, ProvisionStated) if fact.provision == provision]


def deadlines(text: str) -> list[tuple[int | None, str | None, tuple[str, ...]]]:
    """Number, unit and scope of every reply deadline."""
    return [(fact.number, fact.unit, fact.scope) for fact in stated(text, "reply_deadline")]


def informed(text: str) -> dict[str, bool]:
    """Types of information named for the app, and whether each is clear."""
    return {fact.information: fact.clear for fact in facts(text, InformationNamedInPolicy) if fact.party == "app"}


# --- what is never decided -------------------------------------------------------------------------------------------


def test_only_the_document_is_covered_and_all_else_has_a_gap() -> None:
    """What a text does not contain never decides: the gap hides every other kind the collector yields."""
    items = collected("隐私政策\n我们会收集您的手机号码。")
    assert [(c.kind, c.where) for c in items if isinstance(c, Covered)] == [("PolicyDocument", {})]
    (gap,) = [item for item in items if isinstance(item, Gap)]
    assert (gap.collector, gap.reason, gap.code, gap.where) == ("policy", "partial", "policy.recall_unmeasured", {})
    assert set(gap.hides) == set(FROM_POLICY) - {"PolicyDocument", "PolicyParagraph", "ProvisionNear"}
    base = FactBase.of((i for i in items if isinstance(i, Fact)), [i for i in items if isinstance(i, Covered)], [gap])
    assert base.is_complete("PolicyDocument", {})
    assert not base.is_complete("ProvisionStated", {"provision": "complaint_channel"})


@pytest.mark.parametrize("text", ["", "短", "本公司成立于2003年，主营水果批发。", "Coming soon."])
def test_text_without_rules_leaves_collection_rules_open(text: str) -> None:
    """A text too short or about something else has collection_rules null, never false."""
    (document,) = facts(text, PolicyDocument)
    assert document.collection_rules is None


def test_document_is_described() -> None:
    """Title, language and length of the document, and that it has rules."""
    (document,) = facts("登录\n某某隐私政策\n我们会收集您的手机号码和设备型号，用于注册账号和登录。", PolicyDocument)
    assert (document.title, document.language, document.collection_rules) == ("某某隐私政策", "zh-Hans", True)
    assert document.characters == len("登录某某隐私政策我们会收集您的手机号码和设备型号，用于注册账号和登录。")


def test_every_place_holds_its_quote() -> None:
    """Each fact's paragraph contains what its quote says."""
    text = (
        "隐私政策\n更新日期：2024年1月5日\n我们会收集您的手机号码、位置信息等信息。您可以通过“我的-设置-注销账号”注销您的账号。"
        "如有投诉，请发送邮件至a@example.com联系我们，我们将在15个工作日内答复。"
    )
    document = read(text.encode())
    paragraphs = {p.number: p.text for p in document.paragraphs}
    items = [item for item in collect(ARTEFACT, document, TABLES) if isinstance(item, Fact)]
    assert len(items) > 8
    for fact in items:
        place = fact.place
        assert (place.sha256, place.path, place.unit) == (ARTEFACT.sha256, "", "paragraph")
        assert place.at is not None
        assert place.quote.removesuffix("…") in paragraphs[place.at]


# --- reply deadlines -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("如您要求更正个人信息，我们将在15个工作日内答复。", [(15, "working day", ("correction",))]),
        ("我们会在收到您的注销申请后十五个工作日内处理。", [(15, "working day", ("cancellation",))]),
        ("我们将在30天内回复您的删除请求。", [(30, "calendar day", ("deletion",))]),
        ("对于您的投诉，我们将在三十日内受理并处理。", [(30, "calendar day", ("complaint",))]),
        ("对于您的请求，我们将在15天内答复。", [(15, "calendar day", ("request",))]),
        ("我们将在15个工作日或法律法规规定的期限内答复您的请求。", [(15, "working day", ("request",))]),
        ("我们将在十五（15）个工作日内回复您的请求。", [(15, "working day", ("request",))]),
        ("我们将在【15】个工作日内回复您的请求。", [(15, "working day", ("request",))]),
        ("我们将于48小时内回复您的问题。", [(48, "hour", ("request",))]),
        ("您的请求最迟不超过二十个工作日处理完毕。", [(20, "working day", ("request",))]),
        ("您的投诉我们在24小时内初步回复，7天内正式答复。", [(24, "hour", ("complaint",)), (7, "calendar day", ("complaint",))]),
    ],
)  # fmt: skip
def test_reply_deadline_has_number_unit_and_scope(text: str, expected: list[Any]) -> None:
    """A promised time is read in digits and in Chinese, with what it is for."""
    assert deadlines(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "发生个人信息泄露等安全事件时，我们将在30个工作日内向监管部门报告处理情况。",
        "本政策修改后，将在公示7日后生效，请您及时反馈意见。",
        "我们将在48小时内审核您的注销申请，审核通过后进入15日的等待期。",
        "您的账号将进入15天的冷静期，期间您可以申请恢复账号，逾期我们将处理。",
        "客服热线提供7*24小时服务，随时处理您的问题。",
        "客服7×24小时在线回复您的问题。",
        "我们仅在6个月内保存您的反馈记录。",
        "如我们停止运营，我们会至少提前30日向您通知，并删除或匿名化处理您的个人信息。",
        "用户举报侵权内容的，我们将在30个工作日内处理。",
        "本政策于2022年6月9日更新，如有意见请反馈。",
    ],
)
def test_other_times_are_no_reply_deadlines(text: str) -> None:
    """Breach notices, entry into force, waiting periods, hotlines, retention and notices promise no answer."""
    assert deadlines(text) == []


def test_copies_have_their_own_scope() -> None:
    """A time for a copy only is no time for correction, deletion, cancellation or complaints."""
    assert deadlines("如您需要个人信息副本，我们将在30个工作日内向您反馈。") == [(30, "working day", ("access",))]


def test_scope_comes_from_the_sentence_before_only_if_this_one_continues_it() -> None:
    """A request spoken of directly before gives its scope; a section further up does not."""
    before = "如您无法自行注销账号，可以联系客服提出申请。我们将在20个工作日内处理。"
    assert deadlines(before) == [(20, "working day", ("cancellation",))]
    apart = "您有权更正、删除您的个人信息。您也可以关闭推荐。我们将在30天内答复您的请求。"
    assert deadlines(apart) == [(30, "calendar day", ("request",))]


def test_names_of_menus_give_no_scope() -> None:
    """【意见反馈及举报】 is a page, not a complaint."""
    text = "如您需要修改信息，请通过【设置】-【意见反馈及举报】联系我们，我们将在20个工作日内回复。"
    assert deadlines(text) == [(20, "working day", ("correction",))]


def test_complaints_to_authorities_or_about_others_give_no_scope() -> None:
    """Only complaints to the operator itself count."""
    assert deadlines("您可以向消费者协会投诉，我们将在30天内答复您的请求。") == [(30, "calendar day", ("request",))]


def test_the_clause_of_another_number_does_not_speak() -> None:
    """In one sentence each number has its own matter."""
    text = "我们将在15个工作日内响应您的请求，对前述收集的信息，我们将在2个工作日内予以删除。"
    assert deadlines(text) == [(15, "working day", ("request",)), (2, "working day", ("deletion",))]


def test_hard_line_breaks_and_bold_marks_do_not_hide_a_deadline() -> None:
    """A sentence broken over lines, or with bold marks inside, is read as one."""
    lines = (
        "如您对本政策有任何疑问或者您需要更正、删除您的个人信息，您可以通过客服邮箱与我们联系，我们将尽快审核\n"
        "您所提出的问题，并在验证您的用户身份之后及时予以处理，一般情况下，我们承诺将会在收到您的请求之后三十\n"
        "个工作日内予以答复，感谢您的理解与支持，我们会持续努力保护您的个人信息安全，为您提供更加优质的服务。\n"
    )
    assert deadlines(lines) == [(30, "working day", ("correction", "deletion"))]
    assert deadlines("我们将在**30个**工作**日**内回复您的更正请求。") == [(30, "working day", ("correction",))]


@pytest.mark.parametrize(
    ("text", "number"),
    [("15", 15), ("十五", 15), ("三十", 30), ("二十一", 21), ("十", 10), ("两", 2), ("一百二十", 120)],
)
def test_numbers_are_read(text: str, number: int) -> None:
    """Digits and Chinese numerals."""
    assert number_of(text, {}) == number


def test_dates_are_no_spans_of_time() -> None:
    """The day of a date, the year of a date, and 7*24 are no times."""
    zh = TABLES.terms["zh"]
    assert [(s.number, s.unit) for s in spans(zh, "2022年6月9日，7*24小时，第3天，六个月，3年，十五日")] == [
        (6, "month"), (3, "year"), (15, "calendar day"),
    ]  # fmt: skip


# --- channels --------------------------------------------------------------------------------------------------------


def channels(text: str) -> list[tuple[str | None, str | None]]:
    """Form and way of every complaint channel."""
    return [(fact.form, fact.way) for fact in stated(text, "complaint_channel")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("如您有任何投诉，请发送邮件至privacy@example.com联系我们。", [("e-mail", "privacy@example.com")]),
        ("您可以拨打客服电话400-123-4567进行投诉。", [("phone", "400-123-4567")]),
        ("您可以通过“我的-帮助与反馈”投诉个人信息问题，联系在线客服。", [("online service", "“我的-帮助与反馈”")]),
        ("对个人信息有投诉的，请通过以下方式联系我们：\n（1）邮箱：a@example.com\n（2）电话：010-12345678", [
            ("e-mail", "a@example.com"), ("phone", "010-12345678"),
        ]),
        ("如有投诉，您可以通过本政策第九条公布的联系方式与我们联系。", [(None, None)]),
    ],
)  # fmt: skip
def test_complaint_channel_is_found_with_its_way(text: str, expected: list[Any]) -> None:
    """E-mail, phone and online service, in the sentence or in the list it announces; a mere reference has no form."""
    assert channels(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "重大变更包括：我们负责处理个人信息安全的责任部门、联络方式及投诉渠道发生变化；",
        "如您发现其他用户发布违法信息，可以拨打400-123-4567举报违法内容。",
        "如您不满意我们的答复，您可以向网信、公安等监管部门进行投诉或举报，电话12377。",
        "您可以向有管辖权的法院提起诉讼或向消费者协会投诉，电话12315。",
        "当您投诉时，为便于与您联系，我们可能会保存您的电话400-123-4567等联系方式。",
        "如您认为内容侵权，请发送邮件至tousu@example.com进行侵权投诉。",
        "您可以通过【设置-投诉举报】页面联系我们修改昵称，客服电话400-123-4567。",
        "此外，我们还设置了投诉举报渠道，您的意见将会得到及时的处理。",
    ],
)
def test_other_words_of_complaint_are_no_channel(text: str) -> None:
    """Changes of a channel, reports on others, authorities, our use of data, menus and empty words give no channel."""
    assert channels(text) == []


def test_contact_is_no_complaint_channel() -> None:
    """An address for questions is a contact; it is said as such and no more."""
    text = "如您对本政策有任何疑问、意见或建议，请联系privacy@example.com。"
    assert [(fact.form, fact.way) for fact in stated(text, "contact")] == [("e-mail", "privacy@example.com")]
    assert channels(text) == []


def test_contact_without_address_has_no_way() -> None:
    """Words like "邮箱" alone are no contact."""
    assert stated("如有问题请通过邮箱或问题反馈联系。", "contact") == []


def test_address_of_a_vendor_in_an_sdk_list_is_no_contact() -> None:
    """What stands in an entry of somebody else is not ours."""
    assert stated("第三方SDK目录\n某某SDK，联系方式：sdk@vendor.example。", "contact") == []


# --- cancellation ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "way", "form"),
    [
        ("您可以通过“我的-设置-账号与安全-注销账号”注销您的账号。", "“我的-设置-账号与安全-注销账号”", None),
        ("您可以在【设置】>【删除账号】中自行删除账号。", "【设置】>【删除账号】", None),
        ("您可以发送邮件至a@example.com申请关闭账户。", "a@example.com", None),
        ("如需注销账号，您需要提交手持身份证照片并通过审核。", None, "手持身份证"),
        ("您有权注销您的账号。", None, None),
    ],
)
def test_cancellation_has_way_and_hard_condition(text: str, way: str | None, form: str | None) -> None:
    """The way may be a menu or a channel, under any of the usual names; a condition that is hard to meet is noted."""
    assert [(fact.way, fact.form) for fact in stated(text, "account_cancellation")] == [(way, form)]


@pytest.mark.parametrize(
    "text",
    [
        "如您违反本协议，我们有权注销您的账号。",
        "您注销账号后，我们将停止为您提供服务并删除您的个人信息。",
        "请注意：注销账号是不可恢复的操作，请您谨慎选择。",
        "在您申请注销账号时，我们可能不会立即从备份系统中删除信息。",
        "您可以通过菜单注销账户变动通知服务。",
    ],
)
def test_other_words_of_cancelling_are_no_right(text: str) -> None:
    """A sanction, what happens afterwards, warnings and other services are no way to cancel."""
    assert stated(text, "account_cancellation") == []


# --- other provisions ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("provision", "text", "parameters"),
    [
        ("operator_identity", "某某由北京甲乙科技有限公司（以下简称“我们”）运营。", {"form": "name", "way": "北京甲乙科技有限公司"}),
        ("operator_identity", "注册地址：上海市浦东新区测试路1号2楼。", {"form": "address", "way": "上海市浦东新区测试路1号2楼"}),
        ("date", "生效日期：2022 年 08 月 01 日", {"form": "effective", "way": "2022-08-01"}),
        ("date", "更新时间：2021-11-30", {"form": "updated", "way": "2021-11-30"}),
        ("access", "您有权查阅、复制您的个人信息。", {}),
        ("correction", "您可以在“我的-设置-个人资料”修改您的头像信息。", {"way": "“我的-设置-个人资料”"}),
        ("deletion", "您可以要求我们删除您的个人信息。", {}),
        ("withdrawal", "您可以随时在系统设置中撤回授权。", {}),
        ("sdk_list", "具体情况请点击查看《第三方SDK目录》。", {"form": "link"}),
        ("sdk_list", "我们与第三方共享的情况详见《与第三方共享个人信息清单》。", {"form": "link"}),
        ("collection_list", "您可以点击查看《个人信息收集清单》。", {"form": "link"}),
        ("minors", "未满14周岁的儿童应在监护人同意后使用本应用。", {}),
        ("retention", "您的日志信息保存期限为6个月。", {"number": 6, "unit": "month"}),
        ("retention", "我们仅在实现目的所必需的最短时间内保存您的个人信息。", {"form": "as long as needed"}),
        ("storage_place", "我们收集的个人信息存储在中华人民共和国境内。", {}),
        ("cross_border", "我们不会将您的个人信息传输至境外。", {"form": "not done"}),
        ("cross_border", "如需向境外提供您的个人信息，我们会征得您的单独同意。", {"form": "conditional"}),
        ("cross_border", "您的个人信息会传输至境外服务器存储。", {"form": "done"}),
        ("security", "我们采用加密技术保护您的个人信息。", {}),
        ("sharing", "我们会与合作伙伴共享您的订单信息。", {}),
        ("personalisation", "我们会根据您的浏览记录为您提供个性化推荐。", {}),
        ("personalisation_switch", "您可以通过“我的-设置-个性化推荐”关闭个性化推荐。", {"way": "“我的-设置-个性化推荐”"}),
        ("update_notice", "本政策更新后，我们会通过弹窗方式通知您。", {"form": "active"}),
        ("update_notice", "本政策变更后，我们会在本页面上发布更新后的政策。", {"form": "publish"}),
        ("open_list", "我们会收集您的姓名、手机号码等信息。", {}),
        ("open_list", "我们会收集包括但不限于您的姓名、手机号码。", {}),
        ("consent_by_use", "您使用本应用即视为同意本政策。", {"form": "use"}),
        ("consent_by_use", "本政策更新后，您继续使用即表示您同意更新后的政策。", {"form": "continued use"}),
    ],
)  # fmt: skip
def test_provision_is_stated(provision: str, text: str, parameters: dict[str, Any]) -> None:
    """Each provision is seen where the text has it, with its parameters."""
    found = stated(text, provision)
    assert found, text
    assert {name: getattr(found[0], name) for name in parameters} == parameters


@pytest.mark.parametrize(
    ("provision", "text"),
    [
        ("access", "我们可能需要访问您的相机权限，以收集您的信息。"),
        ("correction", "我们可能适时修改本政策的内容和信息。"),
        ("deletion", "当您从我们的服务中删除信息后，我们可能不会立即从备份系统中删除。"),
        ("minors", "儿童是指不满十四周岁的人。"),
        ("retention", "我们将在15天内回复您的请求。"),
        ("cross_border", "涉及跨境交易时您需要提供身份证件信息以完成清关。"),
        ("operator_identity", "关联公司：指甲乙科技有限公司及其控制的公司。"),
        ("personalisation_switch", "若您选择关闭，您看到的广告数量不会减少，但不再个性化。"),
        ("update_notice", "您使用本服务将被视为同意更新后的政策。"),
        ("consent_by_use", "您点击“同意”按钮即表示您同意本政策。"),
        ("consent_by_use", "您开启权限即代表您授权我们收集相关信息。"),
        ("consent_by_use", "您在同意服务使用协议之时，即视为您已经同意本政策。"),
        ("consent_by_use", "您浏览网页不视为同意本政策。"),
        ("open_list", "我们不会收集您的姓名、手机号码等信息。"),
        ("open_list", "个人信息是指姓名、手机号码等信息。"),
        ("open_list", "我们会收集您的设备信息，以便获取屏幕分辨率等信息。"),
        ("open_list", "我们收集您的手机号码，并采取加密等措施，包括但不限于访问控制。"),
        ("collection_list", "详见《与第三方共享个人信息清单》。"),
    ],
)
def test_similar_wording_is_no_provision(provision: str, text: str) -> None:
    """Wording that only resembles a provision does not count as one."""
    assert stated(text, provision) == []


# --- information named -----------------------------------------------------------------------------------------------


def test_longest_word_wins_and_splits_are_told_apart() -> None:
    """SIM 卡序列号 is ICCID, not a serial number; OAID, IMEI and MAC are leaves; blanks and case do not matter."""
    named = informed("我们会收集您的SIM卡序列号、ＯＡＩＤ、imei、Android ID、MAC 地址和蓝牙MAC地址。")
    assert named == dict.fromkeys(
        ("dev.iccid", "dev.oaid", "dev.imei", "dev.android_id", "dev.mac", "dev.bluetooth_mac"), True
    )


def test_parents_and_general_words_are_not_clear() -> None:
    """A parent term is named but not clear; 信息 and 资料 mean the general type, and only where nothing else is named."""
    assert informed("我们会收集您的设备标识符和位置信息。") == {"dev.id": False, "loc": False}
    assert informed("我们会收集您的资料和数据。") == {"generic.pi": False}


@pytest.mark.parametrize(
    "text",
    [
        "个人敏感信息是指身份证号、银行账号等信息。",
        "个人信息包括姓名、出生日期、身份证号码。",
        "以下情形我们收集您的手机号无需征得您的同意。",
        "我们不会收集您的通讯录。",
        "您可以访问、更正、删除您的手机号码。",
        "请在显著位置查看。",
    ],
)
def test_definitions_denials_and_rights_name_nothing(text: str) -> None:
    """Information is named only where something is said to be done with it."""
    assert informed(text) == {}


def test_items_of_an_announced_list_are_named() -> None:
    """A list takes its meaning from the sentence that announces it, until it ends."""
    text = "我们会收集以下信息：\n（1）手机号码\n（2）位置信息\n其他说明：本条与头像无关。\n二、其他\n昵称"
    assert informed(text) == {"generic.pi": False, "basic.phone": True, "loc": False}


def test_purpose_and_condition_are_kept() -> None:
    """What the information is for, and when, in the sentence's own words."""
    (fact,) = facts("当您注册账号时，我们会收集您的手机号码，用于验证身份。", InformationNamedInPolicy)
    assert (fact.information, fact.purpose, fact.condition) == ("basic.phone", "验证身份", "当您注册账号时")


def test_unnamed_third_parties_are_not_the_app() -> None:
    """What third parties are said to collect has no known party."""
    found = facts("第三方合作伙伴会收集您的手机号码。", InformationNamedInPolicy)
    assert [(fact.information, fact.party) for fact in found] == [("basic.phone", None)]


# --- denials ---------------------------------------------------------------------------------------------------------


def denied(text: str, name: str = "policy.txt") -> list[tuple[str, str | None, str]]:
    """Information, party and action of every denial."""
    return [(fact.information, fact.party, fact.action) for fact in facts(text, PolicyDenial, name)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我们不会收集您的指纹信息。", [("bio.fingerprint", "app", "collect")]),
        ("本应用不收集任何个人信息。", [("generic.pi", "app", "collect")]),
        ("我们不会读取、上传您的通讯录和短信。", [("comm.sms", "app", "collect"), ("contacts.book", "app", "collect")]),
        ("我们不会共享您的位置信息。", [("loc", "app", "share")]),
        ("我们不收集以下任何信息：\n- 位置信息\n- 设备标识符", [("loc", "app", "collect"), ("dev.id", "app", "collect")]),
    ],
)  # fmt: skip
def test_flat_denials_are_seen(text: str, expected: list[Any]) -> None:
    """A denial without exception or condition, in a clause or as a list."""
    assert denied(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "除非获得您的同意，我们不会收集您的通讯录。",
        "我们不会收集您的通讯录，但法律另有规定的除外。",
        "我们不会收集您的通讯录。但以下情形除外：",
        "未经您同意，我们不会共享您的位置信息。",
        "如您拒绝授权，我们将不会收集您的位置信息。",
        "在您未唤醒语音助手时，我们均不会收集您的语音信息。",
        "您关闭权限后，我们不再收集您的位置信息。",
        "我们不会主动收集您的通讯录。",
        "我们不会收集与服务无关的个人信息。",
        "我们不会收集您的剪贴板其他信息。",
        "我们不会存储您的剪贴板信息。",
        "我们不会收集未满14周岁儿童的手机号码。",
        "该权限仅在本地使用，并不收集任何数据。",
        "第三方不会收集您的位置信息。",
        "我们不会将您的通讯录用于营销。",
        "我们不会收集您的手机号码用于营销。",
        "未经您同意，我们不收集以下信息：\n- 位置信息",
    ],
)
def test_conditions_and_qualifications_are_no_denial(text: str) -> None:
    """不会…除非 and everything that limits the denial leaves it conditional."""
    assert denied(text) == []


# --- purposes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "only", "forced"),
    [
        ("为了提升用户体验，我们会收集您的位置信息，否则您将无法使用本应用。", True, True),
        ("我们会收集您的通讯录，用于改善服务质量和研发新产品。", True, None),
        ("为了增强安全性，我们会收集您的设备信息，您可以拒绝。", True, False),
        ("为了完成注册并提升用户体验，我们会收集您的手机号码。", False, None),
        ("为了向您提供服务、改善产品体验，我们会收集您的头像。", False, None),
        ("我们会收集您的收货地址，用于配送商品。", False, None),
    ],
)
def test_purpose_is_only_improvement_when_nothing_else_is_named(text: str, only: bool, forced: bool | None) -> None:
    """Improving, pushing and research alone; any other purpose beside them settles it; force must be said."""
    found = facts(text, PurposeStated)
    assert found
    assert {(fact.only_improvement, fact.forced) for fact in found} == {(only, forced)}


# --- other parties ---------------------------------------------------------------------------------------------------

TABLE = """# 隐私政策

## 第三方SDK目录

| SDK名称 | 第三方公司 | 使用目的 | 收集的个人信息 |
|---|---|---|---|
| 友盟统计SDK | 友盟同欣(北京)科技有限公司 | 统计分析 | IMEI、OAID |
| 某某SDK | 无名公司 | 客服 | 手机号码 |
"""


def test_rows_of_an_sdk_table_name_sdks_and_what_they_take() -> None:
    """Each row is an SDK, with its catalogue id where the name is known; its information belongs to it, not to the app."""
    named = facts(TABLE, SdkNamed, "policy.md")
    assert [(fact.name, fact.sdk, fact.information, fact.purpose) for fact in named] == [
        ("友盟统计SDK", "umeng-analytics", ("dev.imei", "dev.oaid"), "统计分析"),
        ("某某SDK", None, ("basic.phone",), "客服"),
    ]
    information = facts(TABLE, InformationNamedInPolicy, "policy.md")
    assert {(fact.information, fact.party) for fact in information} == {
        ("dev.imei", "umeng-analytics"), ("dev.oaid", "umeng-analytics"), ("basic.phone", None),
    }  # fmt: skip


def test_entries_in_lines_are_read_like_rows() -> None:
    """A name on its own line, followed by lines with keys, is an entry."""
    text = "第三方SDK列表\n极光推送SDK\n使用目的：消息推送\n收集的个人信息：设备型号、IP地址\n\n支付宝SDK\n使用目的：支付\n收集的个人信息：MAC地址"
    assert [(fact.name, fact.sdk, fact.information, fact.purpose) for fact in facts(text, SdkNamed)] == [
        ("极光推送SDK", "jpush", ("dev.model", "net.ip"), "消息推送"),
        ("支付宝SDK", "alipay", ("dev.mac",), "支付"),
    ]


def test_a_sentence_about_one_sdk_gives_its_information_to_it() -> None:
    """What "the X SDK collects" belongs to X."""
    text = "为了向您展示地图，我们使用了高德地图SDK，高德地图SDK会收集您的精确位置信息。"
    assert [(fact.name, fact.sdk) for fact in facts(text, SdkNamed)] == [("高德地图", "amap")]
    assert {(f.information, f.party) for f in facts(text, InformationNamedInPolicy)} == {("loc.precise", "amap")}


def test_general_talk_of_sdks_names_none() -> None:
    """ "第三方SDK" and "推送SDK" are no names."""
    assert facts("我们接入的第三方SDK可能会收集您的设备信息。第三方推送SDK会收集您的位置信息。", SdkNamed) == []


def test_recipients_are_companies_and_kinds_of_companies() -> None:
    """Who gets information is named, with the relation where a word tells it; a denial names nobody."""
    text = "我们会将您的收货信息提供给物流公司和深圳市甲乙物流有限公司。我们不会将信息共享给广告主。"
    found = {(fact.name, fact.relation) for fact in facts(text, RecipientNamed)}
    assert found == {("物流", "delivery"), ("深圳市甲乙物流有限公司", None)}


# --- English ---------------------------------------------------------------------------------------------------------

ENGLISH = """# Privacy Policy

Last updated: March 11, 2024

This app is operated by Example Apps Ltd. ("we"). We collect your email address, your precise location and other
information in order to provide the service to you and to keep your account safe on all of your devices.

We use analytics partners and may share your information with third-party service providers. We do not collect your
fingerprints. We will not share your contacts without your consent.

You have the right to access, correct or delete your personal information. You can delete your account in the settings
by tapping Delete Account. We will respond to your request within 30 days.

If you have a complaint about how we handle your data, please contact us at privacy@example.com.

We retain log data for 90 days. We may update this policy and will notify you by email. By using the app you agree to
this policy. Children under 13 need the consent of a parent or guardian.
"""


def test_english_policies_are_read_too() -> None:
    """The same provisions are seen in English, by simpler rules."""
    found = {(f.provision, f.number, f.unit, f.form, f.way) for f in facts(ENGLISH, ProvisionStated, "policy.md")}
    assert {
        ("date", None, None, "updated", "2024-03-11"),
        ("operator_identity", None, None, "name", "Example Apps Ltd."),
        ("reply_deadline", 30, "calendar day", None, None),
        ("complaint_channel", None, None, "e-mail", "privacy@example.com"),
        ("contact", None, None, "e-mail", "privacy@example.com"),
        ("retention", 90, "calendar day", None, None),
        ("update_notice", None, None, "active", None),
        ("consent_by_use", None, None, "use", None),
    } <= found
    assert {"minors", "sharing", "access", "correction", "deletion", "account_cancellation"} <= {f[0] for f in found}
    named = {f.information: f.clear for f in facts(ENGLISH, InformationNamedInPolicy, "policy.md")}
    assert (named["basic.email"], named["loc.precise"]) == (True, True)
    assert [(f.information, f.action) for f in facts(ENGLISH, PolicyDenial, "policy.md")] == [
        ("bio.fingerprint", "collect")
    ]


# --- text ------------------------------------------------------------------------------------------------------------


def test_sentences_end_at_stops_outside_brackets_and_quotes() -> None:
    """Stops inside brackets and quotes end nothing, line ends do, abbreviations do not."""
    assert sentences_of("甲（乙。丙）丁。“戊。”己；庚\n辛") == ["甲（乙。丙）丁。", "“戊。”己；", "庚", "辛"]
    assert sentences_of("We use e.g. Firebase. You may object! Write to Example Inc. in Paris.") == [
        "We use e.g. Firebase.", "You may object!", "Write to Example Inc. in Paris.",
    ]  # fmt: skip


def test_plain_form_is_half_width_lower_case_and_without_blanks_in_chinese() -> None:
    """Rules see one spelling of what people write in several."""
    assert plain("ＩＭＥＩ 号(Android ID) , 我的 → 设置:是") == "imei号（android id），我的>设置：是"


def test_contents_of_a_table_of_contents_announce_nothing() -> None:
    """The list behind "目录：" is not a list of what is collected."""
    document = read("目录：\n一、我们如何收集\n1、姓名：指您的名字。".encode())
    assert all(sentence.lead == "" for sentence in sentences(document) if sentence.text.startswith("1、"))


# --- the whole -------------------------------------------------------------------------------------------------------


def test_word_lists_are_complete_and_known() -> None:
    """Both languages have every list the rules ask for, and name only types and provisions that exist."""
    sources = "".join(path.read_text() for path in Path(policy_module.__file__).parent.glob("*.py"))
    asked = set(re.findall(r"@([a-z_]+)@", sources))
    asked |= set(re.findall(r'(?:has|pattern)\("([a-z_]+)"', sources))
    asked |= {
        name for group in re.findall(r"with_words\(([^)]*)\)", sources) for name in re.findall(r'"([a-z_]+)"', group)
    }
    assert len(asked) > 80
    for terms in TABLES.terms.values():
        rules = {name for rule in terms.provisions for name in (*rule.needs, *rule.unless)}
        assert (asked | rules) - {"month_name"} <= set(terms.words)
        assert set(terms.information) <= set(TABLES.information)
        assert {rule.provision for rule in terms.provisions} <= set(get_args(Provision))


def test_no_word_means_two_types() -> None:
    """Each word of a language stands under one type only."""
    for terms in TABLES.terms.values():
        words = [word.replace(" ", "") for kind in terms.information.values() for word in kind]
        assert len(words) == len(set(words))


_LINEAR = 3.0
"""Twice the text costs at most so many times as much; a rule that takes quadratic time comes to four."""


def _processor_time(text: str) -> float:
    """Seconds of the processor that a reading takes, the best of several, so that other programs' load does not count."""
    document = read(text.encode(), "a.txt")
    times = []
    for _ in range(3):
        start = time.process_time()
        collections.deque(collect(ARTEFACT, document, TABLES), maxlen=0)
        times.append(time.process_time() - start)
    return min(times)


def test_twice_the_policy_takes_about_twice_the_time() -> None:
    """A long policy costs in proportion to its length (seconds are measured by tests/bench/policy_speed.py)."""
    line = (
        "当您注册账号时，我们会收集您的手机号码、设备型号和位置信息，用于验证身份，我们将在15个工作日内答复您的请求。\n"
    )
    assert _processor_time(line * 200) < _LINEAR * _processor_time(line * 100)


@pytest.mark.parametrize(
    "piece",
    ["不会收集", "我们不会收集任何", "15个工作日内回复", "您可以删除您的", "（", "设置-", "以下：\n1、姓名\n", "a.b@"],
)
def test_repeated_words_take_linear_time(piece: str) -> None:
    """Texts made to provoke a rule (one piece over and over) state little, and cost in proportion to their length."""
    count = 6_000 // len(piece)
    document = read((piece * count).encode(), "a.txt")
    assert sum(not isinstance(found, PolicyParagraph) for found in collect(ARTEFACT, document, TABLES)) < 100
    assert _processor_time(piece * 2 * count) < _LINEAR * _processor_time(piece * count)


def test_same_document_same_facts() -> None:
    """Two readings give the same facts in the same order."""
    document = read(TABLE.encode(), "policy.md")
    assert list(collect(ARTEFACT, document, TABLES)) == list(collect(ARTEFACT, document, _tables()))


PIECES = st.sampled_from(
    ["我们", "不会", "收集", "您的", "手机号", "，", "。", "：", "\n", "（", "）", "15个工作日内", "回复", "SDK", "友盟", "注销账号", "(", '"', "除非",
     "投诉", "a@b.com", "2022年1月1日", "设置-", "以下", "1、", "【", "】", " ", "|", "We collect ", "your email "]
)  # fmt: skip


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.lists(PIECES, max_size=30), max_size=6))
def test_any_text_is_read_without_error(lines: list[list[str]]) -> None:
    """Whatever the words, the collector ends with its coverage and its gap."""
    paragraphs = tuple(Paragraph(n, "".join(line)) for n, line in enumerate(lines, 1) if "".join(line).strip())
    items = list(collect(ARTEFACT, Document("", None, paragraphs), TABLES))
    assert isinstance(items[0], PolicyDocument)
    assert [type(item).__name__ for item in items[-2:]] == ["Covered", "Gap"]
