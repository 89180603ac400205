"""Joins of a policy with its app and with its older version, over facts written by hand."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from mingcha.catalogue.load import load
from mingcha.model.artefact import Case, Place
from mingcha.model.fact import (
    AppDeclared,
    Fact,
    ForeignNameInPolicy,
    InformationNamedInPolicy,
    PermissionDeclared,
    PermissionNamedInPolicy,
    PolicyDefinition,
    PolicyDocument,
    PolicyParagraph,
    PolicyStatement,
    ProvisionAbsent,
    ProvisionNear,
    ProvisionStated,
    SaidAgainstDone,
    SaidNotDone,
    SdkNamed,
    SdkPresent,
    SensitiveCall,
    VersionChange,
)
from mingcha.model.factbase import Covered, FactBase, Gap
from mingcha.model.measured import Measured
from mingcha.relate.joins import relate

MEASURED = Measured(
    provision="minors", language="zh", positives=150, missed=1, absent=100, source="written for the test"
)
TABLES = msgspec.structs.replace(load(), measured=(MEASURED,))
POLICY, APK = "b" * 64, "a" * 64
MAIN = PolicyDocument(
    place=Place(sha256=POLICY, at=1, unit="paragraph"), title="隐私政策", language="zh-Hans", characters=9000,
    collection_rules=True, learnt=True,
)  # fmt: skip
UNMEASURED = Gap(collector="policy", reason="partial", hides=("ProvisionStated",), code="policy.recall_unmeasured")


def said(quote: str) -> Place:
    return Place(sha256=POLICY, at=3, unit="paragraph", quote=quote)


def joined(kind: type[Fact], facts: list[Fact], tables: Any = TABLES, **more: Any) -> list[Any]:
    base = FactBase.of(facts, more.pop("covered", ()), more.pop("gaps", ()))
    previous = FactBase.of(more["previous"]) if more.get("previous") else None
    return [fact for fact in relate(base, Case(), tables, previous).facts if isinstance(fact, kind)]


# --- said against done -------------------------------------------------------------------------------------------------


def taken(information: str) -> Fact:
    return SensitiveCall(
        place=Place(sha256=APK), interface="i", information=information, owner="app", caller="c", callee="d"
    )


def test_a_term_names_what_the_policy_defines_it_to_mean() -> None:
    """ "We collect device information" names the IMEI clearly where the policy itself defines the term by it."""
    named = InformationNamedInPolicy(place=said("我们收集设备信息"), information="dev.generic", clear=False)
    defined = PolicyDefinition(place=said("设备信息包括IMEI"), term="设备信息", information=("dev.imei",))
    outcomes = {
        f.information: f.outcome for f in joined(SaidAgainstDone, [taken("dev.imei"), taken("dev.mac"), named, defined])
    }
    assert outcomes == {"dev.imei": "clear"}
    assert joined(SaidAgainstDone, [taken("dev.imei"), named]) == []


def test_a_definition_that_nothing_uses_names_nothing() -> None:
    """To define a term is not to say that it is collected."""
    defined = PolicyDefinition(place=said("设备信息包括IMEI"), term="设备信息", information=("dev.imei",))
    assert joined(SaidAgainstDone, [taken("dev.imei"), defined]) == []


def test_the_general_word_defined_by_a_long_list_names_nothing() -> None:
    """A definition of "personal information" as such discloses no collection."""
    named = InformationNamedInPolicy(place=said("我们收集个人信息"), information="generic.pi", clear=False)
    defined = PolicyDefinition(place=said("个人信息包括IMEI"), term="个人信息", information=("dev.imei",))
    assert joined(SaidAgainstDone, [taken("dev.imei"), named, defined]) == []


# --- absent provisions -------------------------------------------------------------------------------------------------


def absent(*facts: Fact, measured: Measured = MEASURED, gaps: tuple[Gap, ...] = (UNMEASURED,)) -> list[str]:
    tables = msgspec.structs.replace(TABLES, measured=(measured,))
    return [fact.provision for fact in joined(ProvisionAbsent, list(facts), tables, gaps=gaps)]


def test_a_measured_provision_that_nothing_comes_near_is_absent() -> None:
    """One row of measurements that passes, one main policy wholly read: its silence is a fact."""
    assert absent(MAIN) == ["minors"]


@pytest.mark.parametrize(
    "measured",
    [
        {"positives": 149},
        {"missed": 2},
        {"positives": 300, "missed": 1, "absent": 48},
        {"absent": 0},
        {"language": "en"},
    ],
)
def test_a_provision_that_is_not_measured_well_enough_is_never_absent(measured: dict[str, Any]) -> None:
    """Fewer than 150 positives, two missed, more than two in a hundred false, or another language: no verdict."""
    assert absent(MAIN, measured=msgspec.structs.replace(MEASURED, **measured)) == []


def test_what_is_stated_or_nearly_stated_is_not_absent() -> None:
    """A statement, and also a sentence that only comes near, keep a provision from being called absent."""
    place = said("未满十四周岁的，请由父母陪同阅读。")
    assert absent(MAIN, ProvisionStated(place=place, provision="minors")) == []
    assert absent(MAIN, ProvisionNear(place=place, provision="minors")) == []


@pytest.mark.parametrize(
    "changes",
    [{"role": "sdk_list"}, {"learnt": False}, {"collection_rules": None}, {"language": "zh-Hant"}, {"language": None}],
)
def test_only_a_main_policy_that_was_wholly_read_counts(changes: dict[str, Any]) -> None:
    """A list, a text read without the model, one that is no policy for certain, another language: silence proves nothing."""
    assert absent(msgspec.structs.replace(MAIN, **changes)) == []


@pytest.mark.parametrize(
    "gap",
    [
        Gap(collector="policy", reason="unreadable", hides=("ProvisionStated",), code="collector.unreadable"),
        Gap(collector="policy", reason="partial", hides=("ProvisionStated",), code="policy.no_model"),
        Gap(collector="relate", reason="missing", hides=("SdkNamed",), code="policy.list_not_given"),
    ],
)
def test_another_gap_keeps_silence_from_deciding(gap: Gap) -> None:
    """A document that could not be read, no model, a list that was not handed in."""
    assert absent(MAIN, gaps=(UNMEASURED, gap)) == []


def test_two_main_policies_are_never_silent() -> None:
    """Where it is unclear which text is the policy, nothing is absent."""
    other = msgspec.structs.replace(MAIN, place=Place(sha256="c" * 64, at=1, unit="paragraph"))
    assert absent(MAIN, other) == []


def test_what_is_stated_is_covered_as_not_absent() -> None:
    """A clause that asks for an absent provision is answered no where the provision is stated."""
    base = relate(FactBase.of([ProvisionStated(place=said("x"), provision="minors")]), Case(), TABLES)
    assert base.is_complete("ProvisionAbsent", {"provision": "minors"})
    assert not base.is_complete("ProvisionAbsent", {"provision": "contact"})


# --- said, not done ----------------------------------------------------------------------------------------------------

APP = AppDeclared(place=Place(sha256=APK), package="cn.a", label="极亮手电筒")
WHOLE = (Covered(kind="PermissionDeclared", collector="manifest"),)


def test_a_permission_that_is_named_but_not_asked_for_is_over_declared() -> None:
    """Only where the manifest was wholly read."""
    named = PermissionNamedInPolicy(place=said("相机"), permission="android.permission.CAMERA")
    assert [(f.what, f.value) for f in joined(SaidNotDone, [APP, named], covered=WHOLE)] == [
        ("permission", "android.permission.CAMERA")
    ]
    assert joined(SaidNotDone, [APP, named]) == []
    declared = PermissionDeclared(place=Place(sha256=APK), permission="android.permission.CAMERA")
    assert joined(SaidNotDone, [APP, named, declared], covered=WHOLE) == []


def test_an_sdk_that_is_named_but_not_inside_is_over_declared() -> None:
    """Not if its name is unknown or may mean one that is inside, nor where code is hidden."""
    known = SdkNamed(place=said("友盟"), name="友盟统计", sdk="umeng")
    finite = Gap(collector="sdks", reason="partial", hides=("SdkPresent",), code="sdks.table_is_finite")
    packed = Gap(collector="protection", reason="protected", hides=("SdkPresent",), code="protection.packed")
    inside = SdkPresent(place=Place(sha256=APK), sdk="umeng", score=5, signals=("package",))
    unknown = SdkNamed(place=said("某某"), name="某某SDK")
    assert [f.value for f in joined(SaidNotDone, [APP, known, unknown], gaps=(finite,))] == ["友盟统计"]
    assert joined(SaidNotDone, [APP, known], gaps=(finite, packed)) == []
    assert joined(SaidNotDone, [APP, known, inside], gaps=(finite,)) == []


def test_information_that_no_permission_opens_is_over_declared() -> None:
    """Call records need a permission; with it, or with code that reads them, nothing is said. A typed name never counts."""
    calls = InformationNamedInPolicy(place=said("通话记录"), information="comm.call_log", clear=True)
    name = InformationNamedInPolicy(place=said("姓名"), information="basic.name", clear=True)
    allowed = PermissionDeclared(place=Place(sha256=APK), permission="android.permission.READ_CALL_LOG")
    assert [f.value for f in joined(SaidNotDone, [APP, calls, name], covered=WHOLE)] == ["comm.call_log"]
    assert joined(SaidNotDone, [APP, calls, allowed], covered=WHOLE) == []
    assert joined(SaidNotDone, [APP, calls, taken("comm.call_log")], covered=WHOLE) == []


@pytest.mark.parametrize(
    ("title", "text", "names"),
    [
        ("快乐记账隐私政策", "快乐记账重视您的隐私。", ["快乐记账"]),
        ("快乐记账App用户隐私保护政策", "", ["快乐记账"]),
        ("隐私政策", "", []),
        ("极亮手电筒隐私政策", "", []),
        ("极亮软件隐私政策", "", []),
        ("快乐科技隐私政策", "快乐科技旗下的极亮手电筒。", []),
        ("儿童个人信息保护规则", "", []),
    ],
)
def test_a_title_of_another_app_is_foreign(title: str, text: str, names: list[str]) -> None:
    """Not where the inspected app's name stands in the text, or a part of it in the title."""
    document = msgspec.structs.replace(MAIN, title=title)
    paragraph = PolicyParagraph(place=said(text), text=text)
    assert [f.name for f in joined(ForeignNameInPolicy, [APP, document, paragraph])] == names


# --- versions of a policy ----------------------------------------------------------------------------------------------


def policy(*sentences: tuple[str, str], date: str = "2026-01-01") -> list[Fact]:
    facts: list[Fact] = [AppDeclared(place=Place(sha256=APK), package="cn.a")]
    facts += [PolicyParagraph(place=said(text), text=text) for text, _ in sentences]
    facts += [PolicyStatement(place=said(text), does="collect", information=i, clear=True) for text, i in sentences]
    return [*facts, ProvisionStated(place=said("日期"), provision="date", form="updated", way=date)]


def changes(old: list[Fact], new: list[Fact]) -> list[tuple[str, str, str]]:
    found = joined(VersionChange, new, previous=old)
    return [(f.what, f.value, f.change) for f in found]


def test_what_new_sentences_say_is_added_and_what_gone_ones_said_is_removed() -> None:
    """A policy that now names the IMEI and no longer the contacts, under a new date."""
    old = policy(("收集头像。", "basic.avatar"), ("收集通讯录。", "contacts.book"))
    new = policy(("收集头像。", "basic.avatar"), ("收集IMEI。", "dev.imei"), date="2026-06-01")
    assert sorted(changes(old, new)) == [
        ("policy", "", "changed"), ("policy date", "2026-06-01", "changed"), ("said", "contacts.book", "removed"),
        ("said", "dev.imei", "added"),
    ]  # fmt: skip


def test_a_sentence_that_stood_there_before_adds_nothing() -> None:
    """A newer reader that understands an old sentence is no change of the policy."""
    old = [
        fact
        for fact in policy(("收集头像。", "basic.avatar"), ("收集IMEI。", "dev.imei"))
        if "IMEI" not in fact.place.quote or isinstance(fact, PolicyParagraph)
    ]
    new = policy(("收集头像。", "basic.avatar"), ("收集IMEI。", "dev.imei"), ("谢谢。", "basic.avatar"))
    assert changes(old, new) == [("policy", "", "changed")]


def test_an_equal_text_has_not_changed_whatever_the_line_breaks() -> None:
    """White space is no change."""
    assert changes(policy(("收集 头像。", "basic.avatar")), policy(("收集头像。", "basic.avatar"))) == []
