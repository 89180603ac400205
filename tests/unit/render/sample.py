"""Made-up reports for the tests of ``render``: facts written by hand, verdicts by ``judge``, a small catalogue beside them."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

from mingcha.catalogue.load import HOME, Catalogue, build, read_sources
from mingcha.judge.evaluate import judge
from mingcha.model.artefact import App, Artefact, Case, Place, clip
from mingcha.model.fact import AnyFact, Fact
from mingcha.model.factbase import Covered, FactBase, Gap
from mingcha.model.report import FORMAT, Report, Tool
from mingcha.model.verdict import PersonAnswer

APK = "a1" * 32
POLICY = "b2" * 32
TRAFFIC = "c3" * 32
CLAUSES = ("regulation", "1.3", "3.1", "6.5")

_CATALOGUE = {
    "information.yaml": """
generic.pi: {name: {zh: 个人信息, en: personal information}}
dev: {name: {zh: 设备信息, en: device information}, parent: generic.pi}
dev.imei: {name: {zh: IMEI, en: IMEI}, parent: dev, sensitive_2020: false}
dev.oaid: {name: {zh: OAID, en: OAID}, parent: dev}
dev.apps: {name: {zh: 已安装应用列表, en: list of installed apps}, parent: dev, sensitive_2020: true}
loc: {name: {zh: 位置信息, en: location}, parent: generic.pi}
loc.precise: {name: {zh: 精确位置, en: precise location}, parent: loc, sensitive_2020: true}
generic.contact: {name: {zh: 联系方式, en: contact details}, parent: generic.pi}
contacts: {name: {zh: 联系人, en: contacts}, parent: generic.pi}
contacts.book: {name: {zh: 通讯录, en: address book}, parent: contacts, sensitive_2020: true}
""",
    "permissions.yaml": """
android.permission.ACCESS_FINE_LOCATION:
  {dangerous: true, information: [loc.precise], name: {zh: 获取精确位置, en: precise location}}
android.permission.READ_CONTACTS: {dangerous: true, information: [contacts.book], name: {zh: 读取通讯录, en: read contacts}}
""",
    "sdks/umeng-analytics.yaml": """
id: umeng-analytics
name: {zh: 友盟+移动统计 U-App, en: Umeng U-App}
vendor: 友盟同欣（北京）科技有限公司
purpose: analytics
declared: [dev.oaid]
signatures: [{form: package, value: com.umeng.analytics}]
""",
    "sdks/pangle.yaml": """
id: pangle
name: {zh: 穿山甲, en: Pangle}
vendor: 北京巨量引擎网络技术有限公司
purpose: ads
signatures: [{form: package, value: com.bytedance.sdk.openadsdk}]
""",
    "app_types.yaml": """
- {number: 38, name: {zh: 实用工具类, en: utilities}, function: {zh: 日历、天气等, en: calendar and weather}}
""",
}


@cache
def catalogue() -> Catalogue:
    """The three first finished clauses as shipped, with a handful of made-up rows for everything else."""
    wanted = {f"regulations/idm-2019/{name}.yaml" for name in CLAUSES} | {"drafts/zh.yaml", "drafts/en.yaml"}
    shipped = {name: data for name, data in read_sources(HOME).items() if name in wanted}
    return build(shipped | {name: text.encode() for name, text in _CATALOGUE.items()}, "d" * 64)


def fact(kind: str, at: int | None = None, path: str = "classes.dex", **fields: Any) -> Fact:
    """A fact of the APK, or of the policy where the path is empty."""
    quote = fields.pop("quote", "")
    place = Place(sha256=fields.pop("sha256", APK), path=path, at=at, unit=fields.pop("counted", "byte"), quote=quote)
    return msgspec.convert({"kind": kind, "place": msgspec.to_builtins(place), **fields}, AnyFact)


def said(kind: str, at: int, quote: str, **fields: Any) -> Fact:
    """A fact of the policy, at a paragraph."""
    return fact(kind, at, path="", sha256=POLICY, counted="paragraph", quote=quote, **fields)


def call(at: int, information: str | None, caller: str, callee: str, owner: str | None, reach: str) -> Fact:
    """A call site."""
    return fact(
        "SensitiveCall", at, interface=callee, information=information, owner=owner, caller=caller, callee=callee, reach=reach
    )  # fmt: skip


PHONE = "Landroid/telephony/TelephonyManager;->getDeviceId()Ljava/lang/String;"
PLACES = "Landroid/location/LocationManager;->getLastKnownLocation(Ljava/lang/String;)Landroid/location/Location;"
APPS = "Landroid/content/pm/PackageManager;->getInstalledPackages(I)Ljava/util/List;"

FACTS = (
    fact("AppDeclared", path="AndroidManifest.xml", package="com.example.flash", version_name="1.0", target_sdk=29),
    fact("PermissionDeclared", 412, "AndroidManifest.xml", permission="android.permission.ACCESS_FINE_LOCATION",
         dangerous=True, information=["loc.precise"]),
    fact("PermissionDeclared", 520, "AndroidManifest.xml", permission="android.permission.READ_CONTACTS",
         dangerous=True, information=["contacts.book"]),
    fact("PermissionDeclared", 600, "AndroidManifest.xml", permission="android.permission.CAMERA"),
    fact("SdkPresent", sdk="umeng-analytics", score=5, signals=["com.umeng.analytics", "libumeng-spy.so"], version="9.4.4"),
    fact("SdkPresent", sdk="pangle", score=1, signals=["com.bytedance.sdk.openadsdk"], possible=True),
    call(6699, "dev.imei", "Lcom/example/flash/App;->onCreate()V", PHONE, "app", "startup"),
    call(9120, "loc.precise", "Lcom/example/flash/MainActivity;->onClick(Landroid/view/View;)V", PLACES, "app", "user-act"),
    call(20480, "dev.imei", "Lcom/umeng/analytics/a;->b()V", PHONE, "umeng-analytics", "unknown"),
    call(20512, "dev.apps", "Lcom/umeng/analytics/a;->c()V", APPS, "umeng-analytics", "unknown"),
    fact("InformationTaken", 6699, information="dev.imei", grade="potential", actor="app", party="app"),
    fact("InformationTaken", 9120, information="loc.precise", grade="potential", actor="app", party="app"),
    fact("InformationTaken", 20480, information="dev.imei", grade="potential", party="umeng-analytics"),
    fact("InformationTaken", 20512, information="dev.apps", grade="potential", party="umeng-analytics"),
    said("PolicyDocument", 1, "示例手电隐私政策", title="示例手电隐私政策", language="zh", characters=2310),
    said("ProvisionStated", 12, "我们将在30个工作日内回复您的投诉。", provision="reply_deadline", number=30,
         unit="working day", scope=["complaint"], form="firm"),
    said("InformationNamedInPolicy", 4, "我们会收集您的位置信息，用于显示天气。", information="loc.precise", clear=True,
         purpose="显示天气", condition="打开天气页时"),
    said("SdkNamed", 9, "友盟统计SDK", name="友盟统计SDK", sdk="umeng-analytics", information=["dev.oaid"], purpose="统计分析"),
)  # fmt: skip

SENT = (
    fact("InformationTaken", 3, "log.entries[3]", sha256=TRAFFIC, counted="entry", information="dev.imei", grade="transmitted",
         phase="P1", party="umeng-analytics", quote='POST /v1 {"imei":"8641…"}'),
)  # fmt: skip

GAPS = (
    Gap(collector="calls", reason="partial", hides=("SensitiveCall", "InformationTaken"), code="calls.reflection",
        values={"count": "3"}, place=Place(sha256=APK, path="classes.dex")),
    Gap(collector="traffic", reason="missing", hides=("InformationSent", "InformationTaken", "HostContacted"), code="no.such.code"),
    Gap(collector="policy", reason="partial", hides=("ProvisionStated",), code="policy.recall",
        place=Place(sha256=POLICY)),
)  # fmt: skip

ANSWERS = (
    PersonAnswer(clause="idm-2019/6.5", question="promise_too_long", answer=True, who="李检查", role="检查员",
                 date="2026-11-20", proof="screenshot-3.png"),
)  # fmt: skip

CASE = Case(
    artefacts=(
        Artefact(sha256=APK, kind="apk", name="flash.apk", size=48211),
        Artefact(sha256=POLICY, kind="policy", name="policy.html", size=9120),
        Artefact(sha256=TRAFFIC, kind="other", name="run.har", size=120034),
    ),
    app=App(package="com.example.flash", version_name="1.0", version_code=1, min_sdk=21, target_sdk=29, label="示例手电",
            signer_sha256="e4" * 32),
    guessed_type=38,
    conduct_date="2026-11-01",
)  # fmt: skip


def report(
    facts: tuple[Fact, ...] = FACTS,
    gaps: tuple[Gap, ...] = GAPS,
    covered: tuple[Covered, ...] = (),
    answers: tuple[PersonAnswer, ...] = ANSWERS,
    case: Case = CASE,
    rules: Catalogue | None = None,
) -> Report:
    """A judged report of the facts given."""
    rules = rules or catalogue()
    base = FactBase.of(facts, covered, gaps)
    verdicts = judge(rules.regulations["idm-2019"].clauses, base, case, answers, rules.is_a)
    return Report(
        format=FORMAT,
        tool=Tool(name="Mingcha", version="0.1.0", catalogue=rules.digest),
        case=case,
        facts=base.facts,
        covered=base.covered,
        gaps=base.gaps,
        answers=answers,
        regulations=("idm-2019",),
        verdicts=verdicts,
    )


# --- ways through code ---------------------------------------------------------------------------------------------

WRITE = "Ljava/io/OutputStream;->write([B)V"


def step(at: int, method: str, does: str, what: str) -> dict[str, Any]:
    """One step of a path, as a row of JSON."""
    return {"method": method, "does": does, "place": {"sha256": APK, "path": "classes.dex", "at": at, "quote": what}}


def early(at: int, information: str | None, owner: str | None, order: int, entry: str, *through: str) -> Fact:
    """A call that can run at the start: from ``entry`` over ``through`` to where it stands."""
    methods = (entry, *through)
    called = [
        step(at - 9 + n, method, "calls", to) for n, (method, to) in enumerate(zip(methods, through, strict=False))
    ]
    steps = [step(at - 10, entry, "enters", entry), *called, step(at, methods[-1], "reads", PHONE)]
    return fact(
        "SensitiveCall", at, interface=PHONE, information=information, owner=owner, caller=methods[-1], callee=PHONE,
        reach="startup", order=order, steps=steps,
    )  # fmt: skip


def leak(at: int, information: str | None, owner: str | None, channel: str, length: int = 3, **fields: Any) -> Fact:
    """A flow from a source at ``at`` - 1 to a sink at ``at``, in so many steps."""
    between = [
        step(at, f"Lcom/example/S{n};->go()V", "passes", f"Lcom/example/S{n + 1};->go") for n in range(length - 2)
    ]
    steps = [
        step(at - 1, "Lcom/example/S;->read()V", "reads", PHONE),
        *between,
        step(at, "Lcom/example/S;->send()V", "sends", WRITE),
    ]
    place = {"sha256": APK, "path": "classes.dex", "at": at - 1, "quote": PHONE}
    return fact(
        "InformationFlow", at, information=information, source=PHONE, source_place=place, sink=WRITE, channel=channel,
        owner=owner, steps=steps, **fields,
    )  # fmt: skip


PROVIDER, APPLICATION = "Lcom/example/flash/Early;->onCreate()Z", "Lcom/example/flash/App;->onCreate()V"
WAYS = (
    early(30010, "dev.oaid", "app", 1, PROVIDER),
    early(30110, "dev.imei", "umeng-analytics", 2, APPLICATION, "Lcom/umeng/analytics/A;->init()V"),
    early(30210, None, None, 2, APPLICATION),
    leak(31010, "contacts.book", "app", "network", host="match.example.org", transforms=["md5"]),
    leak(31110, "dev.imei", "app", "sdk", receiver="pangle"),
    leak(31210, "dev.imei", "umeng-analytics", "network", 40),
    leak(31310, "dev.imei", "umeng-analytics", "network", 4),
    leak(31410, "dev.imei", "umeng-analytics", "log"),
    leak(30011, "dev.oaid", "app", "file"),
)  # fmt: skip
"""Calls at the start, and flows: to a host, to an SDK, by an SDK to the network and to the log, to a file."""


# --- a policy, as text and as what was read from it --------------------------------------------------------------------


def paragraph(at: int, text: str, level: int = 0, cells: list[str] | None = None, **fields: Any) -> Fact:
    """A paragraph of the policy, or a row of a table."""
    return said("PolicyParagraph", at, clip(text), text=text, level=level, cells=cells, language="zh-Hans", **fields)


BOOK, PLACE = "我们不会读取您的通讯录。", "我们会收集您的位置信息，用于显示天气。"
SHARE = "我们会将您的IMEI提供给友盟，用于统计分析。"
ROW = ["友盟统计SDK", "OAID", "统计分析"]
POLICY_TEXT = (
    paragraph(1, "示例手电隐私政策", 1),
    paragraph(2, "我们不会读取您的通讯录。如果您同意，" + PLACE),
    paragraph(3, "一、我们如何收集和使用您的信息", 2),
    paragraph(4, PLACE + "感谢您的信任。"),
    paragraph(5, "二、第三方共享", 2),
    paragraph(6, SHARE),
    paragraph(7, "名称 | 信息 | 目的", cells=["名称", "信息", "目的"]),
    paragraph(8, " | ".join(ROW), cells=ROW),
    paragraph(9, "三、您的权利", 2),
    paragraph(10, "您可以在“我的—注销”中注销账号，需上传手持身份证照片。"),
    paragraph(11, "我们会在15个工作日内答复您的更正、删除请求。"),
    paragraph(12, "您可以发送邮件至 help@example.com 投诉。"),
)
POLICY_READ = (
    said("PolicyDenial", 2, BOOK, information="contacts.book"),
    said("PolicyStatement", 4, PLACE, does="collect", information="loc.precise", clear=True, purpose="显示天气",
         permission="android.permission.ACCESS_FINE_LOCATION"),
    said("PolicyStatement", 6, SHARE, does="share", information="dev.imei", clear=True, receiver="友盟", purpose="统计分析"),
    said("SdkNamed", 8, " | ".join(ROW), name="友盟统计SDK", sdk="umeng-analytics", information=["dev.oaid"], purpose="统计分析"),
    said("PermissionNamedInPolicy", 4, PLACE, permission="android.permission.ACCESS_FINE_LOCATION", purpose="显示天气"),
    said("ProvisionStated", 10, "您可以在“我的—注销”中注销账号，需上传手持身份证照片。", provision="account_cancellation",
         way="我的—注销", form="手持身份证照片"),
    said("ProvisionStated", 11, "我们会在15个工作日内答复您的更正、删除请求。", provision="reply_deadline", number=15,
         unit="working day", scope=["correction", "deletion"], form="firm"),
    said("ProvisionStated", 12, "您可以发送邮件至 help@example.com 投诉。", provision="complaint_channel", form="e-mail",
         way="help@example.com"),
    said("ForeignNameInPolicy", 6, SHARE, name="另一款手电", form="app"),
)  # fmt: skip
WITH_POLICY = FACTS + SENT + WAYS + POLICY_TEXT + POLICY_READ
