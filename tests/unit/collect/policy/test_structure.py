"""A policy's structure: sections, lists, definitions, languages, the roles of its documents, and lists it names without holding them."""

from __future__ import annotations

from typing import Any, TypeVar

import pytest

from mingcha.catalogue import load
from mingcha.catalogue.load import Catalogue
from mingcha.collect.policy.collector import collect
from mingcha.collect.policy.roles import LIST_NOT_GIVEN, not_given, role_of
from mingcha.collect.policy.text import Sentence, sentences
from mingcha.formats.page import read
from mingcha.model.artefact import Artefact
from mingcha.model.fact import (
    Fact,
    InformationNamedInPolicy,
    PolicyDefinition,
    PolicyDocument,
    PolicyParagraph,
    ProvisionStated,
    SdkNamed,
)
from mingcha.model.factbase import Gap

T = TypeVar("T", bound=Fact)


def _tables() -> Catalogue:
    """The words and the taxonomy as shipped, with two SDKs."""
    wanted = {"information.yaml", "permissions.yaml", "sdks/umeng-analytics.yaml", "sdks/amap.yaml"}
    sources = load.read_sources(load.HOME)
    return load.build({k: v for k, v in sources.items() if k in wanted or k.startswith("terms/")})


TABLES = _tables()


def told(text: str, name: str = "a.md") -> list[Sentence]:
    """The sentences of a text."""
    return sentences(read(text.encode(), name))


def collected(text: str, name: str = "policy.md", **known: Any) -> list[Any]:
    """Everything the collector yields for a text."""
    artefact = Artefact(sha256="ab" * 32, kind="policy", name=name, size=1)
    return list(collect(artefact, read(text.encode(), name), TABLES, **known))


def facts(text: str, kind: type[T], name: str = "policy.md", **known: Any) -> list[T]:
    """The facts of one kind."""
    return [item for item in collected(text, name, **known) if isinstance(item, kind)]


def paths(text: str, name: str = "a.md") -> dict[str, tuple[str, ...]]:
    """The headings over each sentence that is none itself."""
    return {sentence.plain: sentence.path for sentence in told(text, name) if not sentence.title}


# --- sections --------------------------------------------------------------------------------------------------------

MARKED = """# 某某隐私政策
引言甲。
## 一、我们收集的信息
概述乙。
### （一）您提供的信息
**1. 注册**

手机号丙。
### （二）自动收集的信息
日志丁。
## 二、我们如何共享
共享戊。
"""


def test_marked_headings_are_a_tree_without_the_title() -> None:
    """Each sentence has all headings over it, outermost first; a bold numbered line is one below them."""
    assert paths(MARKED) == {
        "引言甲。": (),
        "概述乙。": ("一、我们收集的信息",),
        "手机号丙。": ("一、我们收集的信息", "（一）您提供的信息", "1.注册"),
        "日志丁。": ("一、我们收集的信息", "（二）自动收集的信息"),
        "共享戊。": ("二、我们如何共享",),
    }


def test_headings_of_one_level_are_nested_by_their_numbers() -> None:
    """Authors who mark all headings alike still number them."""
    text = "## 一、收集\n\n甲。\n\n## 1、注册\n\n乙。\n\n## 2、支付\n\n丙。\n\n## 二、共享\n\n丁。\n"
    assert paths(text) == {
        "甲。": ("一、收集",), "乙。": ("一、收集", "1、注册"), "丙。": ("一、收集", "2、支付"), "丁。": ("二、共享",),
    }  # fmt: skip


def test_unmarked_headings_are_a_tree_by_their_numbers() -> None:
    """Plain text has the same tree."""
    text = "某某隐私政策\n一、收集\n甲。\n（一）注册\n乙。\n1、手机\n丙。\n（二）支付\n丁。\n二、共享\n戊。\n"
    assert paths(text, "a.txt") == {
        "甲。": ("一、收集",), "乙。": ("一、收集", "（一）注册"), "丙。": ("一、收集", "（一）注册", "1、手机"),
        "丁。": ("一、收集", "（二）支付"), "戊。": ("二、共享",),
    }  # fmt: skip


def test_marks_on_entries_do_not_hide_the_real_headings() -> None:
    """Where only entries "name: value" are marked as headings, the numbered chapters are the headings."""
    entries = "".join(f"# 第三方SDK名称：{name}SDK\n\n收集信息：设备型号\n\n" for name in ("甲", "乙", "丙", "丁"))
    text = f"隐私政策\n\n一、我们收集的信息\n\n我们收集手机号码。\n\n二、第三方SDK\n\n{entries}"
    found = {sentence.plain: sentence for sentence in told(text)}
    assert found["一、我们收集的信息"].title
    assert not found["第三方sdk名称：甲sdk"].title
    assert found["收集信息：设备型号"].path == ("二、第三方sdk",)


# --- lists -----------------------------------------------------------------------------------------------------------


def leads(text: str, name: str = "a.txt") -> dict[str, str]:
    """The sentence that announced the list of each one."""
    return {sentence.plain: sentence.lead for sentence in told(text, name)}


def test_items_know_the_sentences_that_announced_their_lists() -> None:
    """An inner list has both leads; the outer one goes on after it, and what follows the list has none."""
    text = (
        "我们会收集以下信息：\n1、账号信息，包括：\n（1）手机号码；\n（2）邮箱。\n2、位置信息。\n\n以上信息仅用于本服务，我们承诺不会用于"
        "其他用途，也不会在未经您同意的情况下向任何第三方提供，您可以随时联系我们查询，我们会按照法律规定及时为您处理，感谢您的信任。\n"
    )
    found = leads(text)
    assert found["（1）手机号码；"] == "我们会收集以下信息： 1、账号信息，包括："
    assert found["2、位置信息。"] == "我们会收集以下信息："
    assert [lead for sentence, lead in found.items() if sentence.startswith("以上")] == [""]


def test_items_of_marked_lists_need_no_numbers() -> None:
    """Mark-up tells where a list begins and ends, however long its items are."""
    long = "设备信息：" + "我们会读取设备型号、操作系统版本和网络类型，以便适配您的设备；" * 4
    text = f"<html><p>我们会收集以下信息：</p><ul><li>{long}</li><li>手机号码</li></ul><p>丙。</p></html>"
    found = [sentence.lead for sentence in told(text, "a.html")]
    assert found[0] == found[-1] == ""
    assert set(found[1:-1]) == {"我们会收集以下信息："}


# --- definitions -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "term", "information"),
    [
        ("本政策所称设备信息，是指IMEI、Android ID和MAC地址。", "设备信息", {"dev.imei", "dev.android_id", "dev.mac"}),
        ("“设备信息”包括IMEI、OAID。", "设备信息", {"dev.imei", "dev.oaid"}),
        ("为了安全，我们会收集IMEI、Android ID（以下统称“设备标识”）。", "设备标识", {"dev.imei", "dev.android_id"}),
        ("设备信息包括：\n1、IMEI；\n2、OAID；\n", "设备信息", {"dev.imei", "dev.oaid"}),
        ("我们收集的设备信息，包括IMEI、OAID。", "设备信息", {"dev.imei", "dev.oaid"}),
        ("十、定义\n设备信息：IMEI、OAID。\n", "设备信息", {"dev.imei", "dev.oaid"}),
        ("Device information means the IMEI and the Android ID that we receive from your phone for the service.", "device information", {"dev.imei", "dev.android_id"}),
        ('We collect your IMEI and Android ID (collectively, "Device Information") when you use the service.', "device information", {"dev.imei", "dev.android_id"}),
    ],
)  # fmt: skip
def test_a_term_defined_by_types_of_information_is_told(text: str, term: str, information: set[str]) -> None:
    """A definition in any of its forms gives the term and what it stands for."""
    padding = (
        " We use the information that you give to us in order to provide the service to you." if term[0] < "z" else ""
    )
    found = {fact.term: set(fact.information) for fact in facts(text + padding, PolicyDefinition, "a.txt")}
    assert found[term] >= information


@pytest.mark.parametrize(
    "text",
    [
        "个人信息是指以电子或者其他方式记录的各种信息，包括姓名、出生日期、身份证件号码和住址。",
        "个人敏感信息包括身份证件号码、个人生物识别信息、银行账号。",
        "此类信息包括IMEI、OAID。",
        "我们会收集IMEI、OAID用于安全风控。",
        "设备信息是指与您的设备有关的信息。",
    ],
)
def test_general_words_and_plain_sentences_define_nothing(text: str) -> None:
    """What the law calls personal information, a pointing word, or a list under no term is no definition."""
    assert facts(text, PolicyDefinition, "a.txt") == []


# --- languages -------------------------------------------------------------------------------------------------------

CHINESE = (
    "一、我们收集的信息\n当您注册账号时，我们会收集您的手机号码。\n二、联系我们\n我们将在15个工作日内答复您的删除请求。\n"
    + "我们非常重视您的隐私，并会采取合理的措施保护您的信息安全。\n" * 25
)
ENGLISH = (
    "1. Information we collect\nWhen you create an account, we collect your email address.\n2. Contact\n"
    + "We respect your privacy and we take reasonable measures to protect the information that you give to us.\n" * 12
)


def test_a_text_of_two_languages_is_read_with_both_word_tables() -> None:
    """Each half is read with its own words, and no sentence twice."""
    both = collected(CHINESE + ENGLISH, "a.txt")
    named = [f for f in both if isinstance(f, InformationNamedInPolicy)]
    assert {("basic.phone", 2), ("basic.email", 31)} <= {(f.information, f.place.at) for f in named}
    alone = [f for f in collected(CHINESE, "a.txt") if isinstance(f, ProvisionStated)]
    chinese = [f for f in both if isinstance(f, ProvisionStated) and f.place.at <= 29]
    assert chinese == alone
    assert any(f.provision == "reply_deadline" for f in alone)
    assert sum(isinstance(f, PolicyDocument) for f in both) == 1
    languages = {f.place.at: f.language for f in both if isinstance(f, PolicyParagraph)}
    assert languages[2] == "zh-Hans"
    assert languages[31] == "en"


def test_headings_without_mark_up_are_kept_as_headings() -> None:
    """A report shows a line that is read as a heading as one, by its depth; the table of contents before it stays text."""
    text = (
        "隐私政策\n\n一、我们收集的信息\n\n二、联系我们\n\n一、我们收集的信息\n\n（一）注册\n\n我们收集您的手机号码。\n\n"
        "二、联系我们\n\n请发邮件。\n"
    )
    found = [(f.text, f.level) for f in facts(text, PolicyParagraph, "policy.txt")]
    assert found == [
        ("隐私政策", 1), ("一、我们收集的信息", 0), ("二、联系我们", 0), ("一、我们收集的信息", 1), ("（一）注册", 2),
        ("我们收集您的手机号码。", 0), ("二、联系我们", 1), ("请发邮件。", 0),
    ]  # fmt: skip


# --- roles -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "name", "role"),
    [
        ("某某隐私政策", "a.html", "main"),
        ("某某隐私政策（含第三方SDK清单）", "a.html", "main"),
        ("第三方信息共享清单", "a.html", "sdk_list"),
        ("某某App接入第三方SDK目录", "a.html", "sdk_list"),
        ("个人信息收集清单", "a.html", "collection_list"),
        ("应用权限申请与使用情况说明", "a.html", "permission_list"),
        ("儿童个人信息保护规则及监护人须知", "a.html", "children"),
        ("用户服务协议", "a.html", "other"),
        ("附件一", "第三方SDK清单.html", "sdk_list"),
        ("附件一", "a.html", "main"),
        ("List of third-party SDKs", "a.html", "sdk_list"),
    ],
)
def test_the_role_is_told_from_title_first_lines_and_name(title: str, name: str, role: str) -> None:
    """The words of a title decide, then those of the file's name; a text that does not say is the policy itself."""
    document = read(f"<html><title>{title}</title><p>我们会为您提供各种服务。</p></html>".encode(), name)
    assert role_of(document, name, TABLES.terms) == role


def test_rows_of_a_collection_list_are_collected_by_the_app() -> None:
    """A list whose columns do not say that anything is collected is read as what it is."""
    text = "# 个人信息收集清单\n\n| 场景 | 个人信息 |\n|---|---|\n| 注册 | 手机号码 |\n| 导航 | 位置信息 |\n"
    assert {"basic.phone", "loc"} <= {f.information for f in facts(text, InformationNamedInPolicy) if f.party == "app"}
    rows = [s for s in sentences(read(text.encode(), "a.md")) if s.header]
    assert [s.lead for s in rows] == ["", ""]


def test_rows_of_an_sdk_list_are_third_parties_whatever_the_columns_are_called() -> None:
    """The first column that does not only count names the third party."""
    for header in ("| 序号 | 产品 | 内容 |\n|---|---|---|\n", "| 1 | 某某 | 无 |\n|---|---|---|\n"):
        text = f"# 第三方SDK清单\n\n{header}| 1 | 友盟统计 | IMEI |\n| 2 | 高德地图 | 位置信息 |\n"
        assert {f.name for f in facts(text, SdkNamed)} - {"某某"} == {"友盟统计", "高德地图"}


def test_a_role_that_is_known_is_kept() -> None:
    """What a record of fetching says of a document outweighs its title."""
    (document,) = facts("# 说明\n\n正文。\n", PolicyDocument, role="sdk_list")
    assert document.role == "sdk_list"
    (document,) = facts("# 隐私政策\n\n正文。\n", PolicyDocument)
    assert document.role == "main"


# --- lists that are named ----------------------------------------------------------------------------------------------

MAIN = (
    "# 隐私政策\n\n## 一、共享\n\n详情请见《第三方信息共享清单》和[个人信息收集清单](b.html)。\n\n依据《儿童个人信息网络保护规定》，"
    "我们制定了《儿童隐私保护规则》。\n\n权限见[设备权限清单](#c)。\n"
)


def gaps(found: list[Any]) -> set[tuple[str, str]]:
    """Roles and names of the lists that gaps speak of."""
    return {(g.values["role"], g.values["list"]) for g in found if isinstance(g, Gap) and g.code == LIST_NOT_GIVEN}


def test_a_list_that_is_named_and_not_given_leaves_a_gap() -> None:
    """A gap hides what the list may say, at the place that names it; laws and places in the same page are no lists."""
    found = collected(MAIN)
    assert gaps(not_given(found)) == {
        ("sdk_list", "第三方信息共享清单"), ("collection_list", "个人信息收集清单"), ("children", "儿童隐私保护规则"),
    }  # fmt: skip
    (gap,) = [g for g in found if isinstance(g, Gap) and g.values.get("role") == "sdk_list"]
    assert {"SdkNamed", "InformationNamedInPolicy", "PolicyStatement", "RecipientNamed"} == set(gap.hides)
    assert gap.place is not None
    assert gap.place.at == 3


def test_a_list_that_is_given_leaves_none() -> None:
    """A document of that role among those handed in, or a section of the document itself, answers the reference."""
    other = collected("# 第三方SDK目录\n\n| SDK名称 | 信息 |\n|---|---|\n| 友盟统计 | IMEI |\n")
    assert {role for role, _ in gaps(not_given([*collected(MAIN), *other]))} == {"collection_list", "children"}
    own = MAIN + "\n## 第三方信息共享清单\n\n| SDK名称 | 信息 |\n|---|---|\n| 友盟统计 | IMEI |\n"
    assert {role for role, _ in gaps(not_given(collected(own)))} == {"collection_list", "children"}
    bare = MAIN + "\n## 第三方信息共享清单\n\n请点击链接查看。\n"
    assert "sdk_list" in {role for role, _ in gaps(not_given(collected(bare)))}
