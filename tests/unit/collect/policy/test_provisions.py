"""Provisions are found in other words than the usual, each trap of wording is kept out, and hostile texts take linear time."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from mingcha.catalogue import load
from mingcha.catalogue.load import Catalogue
from mingcha.collect.policy.collector import collect
from mingcha.formats.page import read
from mingcha.model.artefact import Artefact
from mingcha.model.fact import PolicyParagraph, ProvisionStated
from mingcha.model.words import Provision

ARTEFACT = Artefact(sha256="ab" * 32, kind="policy", name="policy.txt", size=1)


def _tables() -> Catalogue:
    sources = load.read_sources(load.HOME)
    kept = {k: v for k, v in sources.items() if k == "information.yaml" or k.startswith("terms/")}
    return load.build(kept)


TABLES = _tables()


def stated(text: str, provision: str) -> list[ProvisionStated]:
    """The facts of one provision."""
    items = collect(ARTEFACT, read(text.encode(), "policy.txt"), TABLES)
    return [item for item in items if isinstance(item, ProvisionStated) and item.provision == provision]


RIGHTS = "我们如何保障您的权利\n"
CASES: list[tuple[str, str, dict[str, Any]]] = [
    # --- channels
    ("complaint_channel", "你可以使用客服功能，向我们发起投诉、申诉。", {"form": "online service"}),
    ("complaint_channel", "投诉电话：400-123-4567", {"form": "phone", "way": "400-123-4567"}),
    ("complaint_channel", "如何联系我们\n如有不满，请告知我们的投诉处理人。\n电子邮箱：complaint@example.com", {"form": "e-mail"}),
    ("complaint_channel", "To report any violations of the Policy, please contact us at a@example.com. We read every letter and answer it.", {"form": "e-mail"}),
    # --- rights, by list, by heading, by whom
    ("access", RIGHTS + "您依法享有查阅、复制、更正、补充您的个人信息等权利。", {}),
    ("correction", RIGHTS + "当您发现您的个人信息有错误时，您可通过【个人中心-编辑资料】自行更正。", {"way": "【个人中心-编辑资料】"}),
    ("deletion", RIGHTS + "监护人可以联系我们，要求删除儿童的个人信息。", {}),
    ("withdrawal", RIGHTS + "您可以随时给予或收回您的授权同意。", {}),
    ("withdrawal", RIGHTS + "您可以随时在系统设置中关闭上述权限。", {}),
    # --- cancelling
    ("account_cancellation", "注销渠道：我的-设置-关于我们-注销账号", {"way": "我的-设置-关于我们-注销账号"}),
    ("account_cancellation", "如您希望注销账号，您可以通过本政策第九条的联系方式联络我们注销您的账号。", {"way": "您可以通过本政策第九条的联系方式联络我们注销您的账号"}),
    ("account_cancellation", "如需注销账号，您须上传手持身份证照片。", {"form": "手持身份证"}),
    # --- third parties
    ("sdk_list", "点击《第三方SDK类服务商目录》可查看我们接入的SDK详情。", {"form": "link"}),
    ("sdk_list", "终端设备制造商（华为、小米等）通过推送SDK收集您的手机型号，用于消息推送。", {"form": "inline"}),
    ("sdk_list", "本应用未接入任何第三方SDK。", {"form": "denied"}),
    # --- what is collected for what
    ("collection_list", "当您注册时，我们会收集您的手机号码，用于创建账号。\n当您使用地图时，我们会收集您的位置信息，用于导航。", {"form": "inline"}),
    # --- storage
    ("retention", "我们仅会在达到本政策所述目的所必需的时限内保存您的个人信息。", {"form": "as long as needed"}),
    ("retention", "您的日志将保存90天，订单信息将保存3年。", {"number": 90, "unit": "calendar day"}),
    ("storage_place", "您的偏好设置仅保存在您的设备本地。", {}),
    ("cross_border", "我们收集的个人信息存储在中国境内，以下情形除外：", {"form": "conditional"}),
    # --- changes, personalisation, consent
    ("update_notice", "本政策的更新\n对于重大变更，我们会提供更显著的通知。", {"form": "active"}),
    ("personalisation", "我们可能向您推送您可能感兴趣的内容。", {"form": None}),
    ("personalisation", "我们不会进行用户画像，也不会向您推送个性化广告。", {"form": "denied"}),
    ("personalisation_switch", "如您不想看到个性化广告，可前往【设置-隐私-个性化广告】进行关闭，若选择关闭，广告数量不会减少。", {"way": "【设置-隐私-个性化广告】"}),
    ("consent_by_use", "如您在本政策调整后继续使用我们提供的任一服务或访问相关网站，则表示您已充分阅读并同意调整后的政策。", {"form": "continued use"}),
    # --- who and when
    ("operator_identity", "本政策由某某游戏科技工作室（以下简称“我们”）制定。", {"form": "name"}),
    ("operator_identity", "我们，即北京甲乙科技有限公司，非常重视您的隐私。", {"form": "name"}),
    ("date", "更新日期：【2024】年【4】月【 1 】日", {"form": "updated", "way": "2024-04-01"}),
    # --- duties of the newer laws
    ("after_expiry", "前述期限届满后，我们将对您的个人信息做删除或匿名化处理。", {}),
    ("after_cancellation", "在您注销账号后，我们将停止为您提供服务并删除您的个人信息。", {}),
    ("sensitive_information", "我们处理您的敏感个人信息前会取得您的单独同意。", {}),
    ("separate_consent", "向他人提供您的个人信息前，我们会取得您的单独同意。", {}),
    ("guardian_consent", "未满14周岁的儿童使用本应用，应征得监护人的同意。", {}),
    ("copy", "您有权获取您的个人信息副本。", {}),
    ("portability", "您可以请求将您的个人信息转移至您指定的个人信息处理者。", {}),
    ("explanation", "您有权要求我们对个人信息处理规则进行解释说明。", {}),
    ("deceased", "用户去世的，其近亲属可以为自身合法利益查阅其个人信息。", {}),
    ("refusal_reasons", "在以下情形中，我们将无法响应您的请求：", {}),
    ("merger", "如发生合并、收购或破产清算，我们会要求新的持有您个人信息的公司继续受本政策的约束。", {}),
    ("public_disclosure", "我们仅会在获得您的单独同意后公开披露您的个人信息。", {}),
    ("consent_exceptions", "以下情形中，处理您的个人信息无需征得您的授权同意：", {}),
    ("incident_notice", "发生个人信息安全事件后，我们会及时告知您基本情况和可能的影响。", {}),
    ("officer", "个人信息保护负责人邮箱：privacy@example.com", {}),
    ("cookies", "我们会使用cookies存储您的偏好。", {}),
    ("verification", "为保障安全，我们会先验证您的身份，再处理您的请求。", {}),
    ("automated_decision", "在某些业务功能中，我们可能仅依据信息系统、算法等非人工自动决策机制作出决定。", {}),
]  # fmt: skip


@pytest.mark.parametrize(("provision", "text", "parameters"), CASES)
def test_provision_is_found_in_other_words(provision: str, text: str, parameters: dict[str, Any]) -> None:
    """Lists, headings, labels and newer duties are read, with their parameters."""
    found = stated(text, provision)
    assert any(all(getattr(fact, k) == v for k, v in parameters.items()) for fact in found), found


PARAPHRASES = yaml.safe_load(Path(__file__).with_name("paraphrases.yaml").read_text("utf-8"))


def _told(text: str, provision: str) -> list[ProvisionStated]:
    """The facts that state it; cancelling counts with a way only."""
    return [fact for fact in stated(text, provision) if provision != "account_cancellation" or fact.way]


@pytest.mark.parametrize("provision", PARAPHRASES)
def test_seven_provisions_are_found_in_many_wordings(provision: str) -> None:
    """Each of the seven that must be found best is found in at least twenty wordings, and in none of the near ones."""
    texts = PARAPHRASES[provision]
    assert len(texts["states"]) >= 20
    assert [text for text in texts["states"] if not _told(text, provision)] == []
    assert [text for text in texts["silent"] if _told(text, provision)] == []


@pytest.mark.parametrize(
    ("provision", "text", "parameters"),
    [
        (
            "complaint_channel",
            "如您认为个人信息权利受到侵害，您可以联系我们。\n邮箱：a@example.com",
            {"form": "e-mail"},
        ),
        ("date", "最近更新于二〇二四年一月五日", {"way": "2024-01-05"}),
        ("date", "版本更新：20240105", {"way": "2024-01-05"}),
        ("operator_identity", "开发者：李小明", {"form": "name", "way": "李小明"}),
        ("reply_deadline", "客服将在1-3个工作日内处理您的请求。", {"number": 3, "unit": "working day"}),
        ("contact", "我们的注册地址：北京市海淀区学院路1号，来信请寄至该地址。", {"form": "address"}),
    ],
)
def test_values_are_read_in_other_shapes(provision: str, text: str, parameters: dict[str, Any]) -> None:
    """A complaint without its word, dates in other digits, a person as operator, the upper end of a range, a seat to write to."""
    found = stated(text, provision)
    assert any(all(getattr(fact, k) == v for k, v in parameters.items()) for fact in found), found


@pytest.mark.parametrize(
    ("provision", "text"),
    [
        ("contact", "我们的注册地址：北京市海淀区学院路1号。"),
        ("contact", "您可以联系客服。"),
        ("complaint_channel", "投诉请通过以下方式联系我们：\n客服邮箱：待补充"),
        ("operator_identity", "开发者：待补充"),
        ("sdk_list", "本应用由深圳市腾讯计算机系统有限公司（以下简称“我们”）提供服务。"),
        ("personalisation", "我们会形成不包含用户画像的行业报告。"),
    ],
)
def test_blanks_seats_and_own_names_state_nothing(provision: str, text: str) -> None:
    """A seat is no way to write, a blank no channel, the operator no third party, a report without profiles no profiling."""
    assert stated(text, provision) == []


def test_every_provision_has_a_case() -> None:
    """The provisions of the newer laws, added together, each have a text that states them."""
    newer = get_args(Provision)[get_args(Provision).index("after_expiry") :]
    assert set(newer) <= {provision for provision, *_ in CASES}


@pytest.mark.parametrize(
    ("provision", "text"),
    [
        ("complaint_channel", "我们负责处理个人信息安全的责任部门、联络方式及投诉渠道发生变化时；"),
        ("complaint_channel", "您可以通过举报功能举报其他用户的评论，客服电话400-123-4567。"),
        ("complaint_channel", "如您对我们的答复不满意，可以向监管部门投诉，或向法院起诉。"),
        ("minors", "儿童：指不满十四周岁的未成年人。"),
        ("account_cancellation", "您或您监护的儿童通过注销等方式终止使用产品或者服务的。"),
        ("account_cancellation", "如您长期未登录，我们有权注销您的账号。"),
        ("reply_deadline", "本政策修改后将于公布7日后生效，请您及时反馈。"),
        ("reply_deadline", "我们将在48小时内审核您的注销申请，审核通过后进入15日的等待期。"),
        ("reply_deadline", "客服热线7*24小时为您处理问题。"),
        ("sdk_list", "我们可能接入第三方SDK为您提供服务。"),
        ("sdk_list", "您可以将内容分享给微信好友或发布到朋友圈。"),
        ("collection_list", "我们会收集您的手机号码，用于创建账号。"),
        ("open_list", "我们会将信息委托给有关认证机构（如个人征信机构、政府部门等）核对。"),
        ("open_list", "本应用不申请定位、通讯录、相机等任何敏感权限。"),
        ("open_list", "我们会根据您的等级和积分提供服务。"),
        ("security", "我们采取合理的安全措施保护您的个人信息。"),
        ("personalisation", "我们努力为您提供更个性化的服务体验。"),
        ("personalisation_switch", "您可自主选择是否关闭个性化推荐。"),
        ("cross_border", "请特别阅读“未成年人信息保护、安全措施、跨境传输”等部分的内容，其中涉及您的信息的处理。"),
        ("update_notice", "发生个人信息泄露等安全事件后，我们会及时通知您，并更新本政策。"),
        ("guardian_consent", "我们的产品主要面向成年人。"),
        ("merger", "我们会合并统计数据以改进服务。"),
    ],
)
def test_traps_of_wording_state_nothing(provision: str, text: str) -> None:
    """Changes of a channel, reports on others, definitions, sanctions, waiting periods, general talk: none is a provision."""
    assert stated(text, provision) == []


@pytest.mark.parametrize(
    ("provision", "text", "form"),
    [
        ("deletion", "您可以联系客服删除您的个人信息，但需提供手持身份证照片。", "手持身份证"),
        ("correction", "您可以联系客服更正您的银行卡号等信息。", None),
        ("verification", "处理您的请求前，我们会要求您提供手持身份证照片以核实您的身份。", "手持身份证"),
        ("verification", "为保障安全，我们会先以短信验证码验证您的身份，再处理您的请求。", None),
    ],
)
def test_hard_conditions_are_noted_where_they_are_demanded(provision: str, text: str, form: str | None) -> None:
    """A document that people must hand in is the form of the right; one that is only spoken of is not."""
    assert [fact.form for fact in stated(text, provision)] == [form]


def test_above_requests_are_those_of_the_section() -> None:
    """ "The above requests", and requests in a section on rights, are for the rights it offers; in another section they are not."""
    rights = "您的权利\n您可以更正您的个人信息。\n您可以删除您的个人信息。\n"
    (fact,) = stated(rights + "我们将在15个工作日内答复您的上述请求。", "reply_deadline")
    assert fact.scope == ("correction", "deletion", "request")
    (inside,) = stated(rights + "我们将在15个工作日内答复您的请求。", "reply_deadline")
    assert inside.scope == ("correction", "deletion", "request")
    apart = "其他事项\n" + "本政策适用中国法律。\n" * 8
    (plain,) = stated(rights + apart + "我们将在15个工作日内答复您的请求。", "reply_deadline")
    assert plain.scope == ("request",)


@pytest.mark.parametrize(
    ("text", "form", "over"),
    [
        ("我们将在30个工作日内处理您删除个人信息的请求。", "firm", True),
        ("我们将在60天内处理您删除个人信息的请求。", "firm", True),
        ("我们将在30天内处理您删除个人信息的请求。", "firm", None),
        ("我们将在15天内处理您删除个人信息的请求。", "firm", False),
        ("您删除个人信息的请求，通常会在60天内由第三方处理。", None, True),
    ],
)
def test_calendar_days_are_over_the_limit_only_from_every_day(text: str, form: str | None, over: bool | None) -> None:
    """A promise in calendar days is judged by the calendar of working days; one in doubtful words is not firm."""
    (fact,) = stated(text, "reply_deadline")
    assert (fact.form, fact.over_limit) == (form, over)


def test_heading_of_a_whole_paragraph_is_read() -> None:
    """A paragraph that is marked as a heading but holds sentences is no heading."""
    text = "# 政策\n\n## 一、权利\n\n#### 1.您可以访问、修改您的个人信息，也可以与我们联系。我们会在核实后处理，请您耐心等待我们的答复和通知。\n"
    items = collect(ARTEFACT, read(text.encode(), "policy.md"), TABLES)
    assert {"access", "correction"} <= {item.provision for item in items if isinstance(item, ProvisionStated)}


@pytest.mark.parametrize(
    "piece",
    ["北京某某公司（以下简称“我们”", "由某公司", "【2024】年", "注销账号", "上述请求", "您可以关闭个性化推荐", "《第三方sdk", "姓名等信息例如", "监护人同意", "微信合作方",
     "期限届满后删除", "如何投诉：", "我们将在60天内删除个人信息"],
)  # fmt: skip
def test_hostile_texts_take_linear_time(piece: str) -> None:
    """Sixty thousand characters of one piece, in one line or one line each, end within seconds."""
    for text in (piece * (60_000 // len(piece)), (piece + "。\n") * (20_000 // len(piece))):
        document = read(text.encode(), "a.txt")
        start = time.perf_counter()
        assert any(not isinstance(found, PolicyParagraph) for found in collect(ARTEFACT, document, TABLES))
        assert time.perf_counter() - start < 4.0


@pytest.mark.parametrize(
    ("text", "promised"),
    [
        ("在您注销账号后，我们会在六个月内删除您的个人信息或者作匿名化处理。", []),
        ("您注销账号后，您的个人信息将在180天内删除。", []),
        ("我们会在15个工作日内完成您注销账号的请求。", [15]),
        ("您提交注销账号的申请后，我们会在六个月内处理。", [6]),
    ],
)
def test_how_long_is_kept_after_closing_is_no_time_to_answer(text: str, promised: list[int]) -> None:
    """Months until erasure once an account is closed are a time of keeping; a request that waits for months is an answer."""
    assert [fact.number for fact in stated("# 隐私政策\n\n五、您的权利\n\n" + text, "reply_deadline")] == promised


def test_what_may_go_abroad_is_not_told_as_done() -> None:
    """ "May" gives another form than "will"."""
    assert [fact.form for fact in stated("您的个人信息可能会传输至境外服务器。", "cross_border")] == ["perhaps"]
    assert [fact.form for fact in stated("您的个人信息会传输至境外服务器。", "cross_border")] == ["done"]
