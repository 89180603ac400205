"""SDKs are told by scored signs: enough makes one present, less makes it possible, look-alikes decide nothing."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import pytest

from mingcha.catalogue.load import Catalogue, load
from mingcha.collect.sdks import collect, inside, shared_hosts
from mingcha.model.fact import SdkPresent
from mingcha.model.factbase import Gap
from mingcha.model.sdk import Signature
from tests.build.dexmaker import Class
from tests.build.tinyapp import app, catalogue, element, manifest, opened, sdk


def classes(*prefixes: str, count: int = 5) -> list[Class]:
    """This many classes below each prefix; a prefix that ends in a capital letter's name is a class itself."""
    return [
        Class(f"L{prefix.replace('.', '/')}{'' if prefix.rpartition('.')[2][0].isupper() else f'/C{n}'};")
        for prefix in prefixes
        for n in range(1 if prefix.rpartition(".")[2][0].isupper() else count)
    ]


def found(tables: Catalogue, data: bytes) -> dict[str, SdkPresent]:
    return {fact.sdk: fact for fact in inside(opened(data), tables)}


def one(signature: Signature, data: bytes) -> tuple[int, bool] | None:
    """Score and whether only possible, of an SDK with this one signature; None where it is not reported at all."""
    fact = found(catalogue(sdks=[sdk("x", signature)]), data).get("x")
    return None if fact is None else (fact.score, fact.possible)


# --- points and thresholds -----------------------------------------------------------------------------------------


def test_own_class_gives_three_points() -> None:
    """A class by its exact name decides."""
    signature = Signature(form="class", value="cn.sdk.Main")
    assert one(signature, app(classes("cn.sdk.Main"))) == (3, False)
    assert one(signature, app(classes("cn.sdk.Mainly", "cn.sdk.main"))) is None


def test_component_gives_three_points() -> None:
    """A component of the manifest, by name or by pattern, decides; other elements of that name do not."""
    xml = manifest(application=[element("service", name="cn.sdk.Push"), element("meta-data", name="cn.sdk.Data")])
    assert one(Signature(form="component", value="cn.sdk.Push"), app(xml=xml)) == (3, False)
    assert one(Signature(form="component", value=r"^cn\.sdk\.P.*$", pattern=True), app(xml=xml)) == (3, False)
    assert one(Signature(form="component", value="cn.sdk.Data"), app(xml=xml)) is None
    assert one(Signature(form="component", value="cn.sdk"), app(xml=xml)) is None


@pytest.mark.parametrize(
    ("prefix", "count", "score"),
    [
        ("cn.sdk.push", 5, (2, False)),
        ("cn.sdk.push", 4, (1, True)),
        ("cn.sdk", 50, (1, True)),
        ("sdk", 50, (1, True)),
        ("cn.sdk.push", 0, None),
    ],
)
def test_package_by_length_and_number_of_classes(prefix: str, count: int, score: tuple[int, bool] | None) -> None:
    """Three segments with five classes decide; fewer classes, or one or two segments, make it possible only."""
    assert one(Signature(form="package", value=prefix), app(classes(prefix, count=count))) == score


def test_package_matches_only_at_a_dot() -> None:
    """A prefix in the middle of a segment is none, nor is a longer segment, nor the class of the prefix's name."""
    signature = Signature(form="package", value="cn.sdk.push")
    assert (
        one(signature, app(classes("cn.sdk.pusher", "cn.sdk.push2", "cn.sdk.push_x", "x.cn.sdk.push", "cn.sdk.push$x")))
        is None
    )
    assert one(signature, app([Class("Lcn/sdk/push;")])) is None
    assert one(signature, app(classes("cn.sdk.push.deep.er", "cn.sdk.pusher"))) == (2, False)


def test_native_library() -> None:
    """A library by exact name decides, by pattern it is possible only; a name elsewhere than in lib/ is none."""
    data = app(members={"lib/arm64-v8a/libpush.so": b"x", "assets/libother.so": b"x"})
    assert one(Signature(form="native", value="libpush.so"), data) == (2, False)
    assert one(Signature(form="native", value=r"^libpush.*\.so$", pattern=True), data) == (1, True)
    assert one(Signature(form="native", value=r"push.*\.so", pattern=True), data) is None
    assert one(Signature(form="native", value="libother.so"), data) is None


def test_meta_data_authority_and_asset() -> None:
    """A meta-data key, a provider authority (one of several, the app's own name as ${applicationId}) or an asset decide."""
    inside_it = [
        element("meta-data", name="CN_SDK_KEY", value="secret"),
        element("provider", name="a.B", authorities="other.files;com.example.app.sdkprovider"),
    ]
    data = app(members={"assets/sdk/config.dat": b"x"}, xml=manifest(application=inside_it))
    assert one(Signature(form="meta-data", value="CN_SDK_KEY"), data) == (2, False)
    assert one(Signature(form="authority", value="${applicationId}.sdkprovider"), data) == (2, False)
    assert one(Signature(form="authority", value="other.files"), data) == (2, False)
    assert one(Signature(form="asset", value="sdk/config.dat"), data) == (2, False)
    assert one(Signature(form="asset", value="config.dat"), data) is None
    assert one(Signature(form="meta-data", value="CN_SDK"), data) is None


def test_hosts_give_one_point_together() -> None:
    """Hosts, however many, make an SDK possible; subdomains count, look-alikes do not."""
    tables = catalogue(
        sdks=[sdk("x", Signature(form="host", value="sdk.example.com"), Signature(form="host", value="sdk.example.cn"))]
    )
    fact = found(tables, app(strings=["https://a.sdk.example.com/", "https://sdk.example.cn/"]))["x"]
    assert (fact.score, fact.possible, len(fact.signals)) == (1, True, 2)
    assert found(tables, app(strings=["https://notsdk.example.com/", "https://sdk.example.com.evil.org/"])) == {}


def test_host_that_several_sdks_share_is_no_sign() -> None:
    """A domain that two SDKs name tells neither."""
    host = Signature(form="host", value="group.example.com")
    tables = catalogue(sdks=[sdk("x", host), sdk("y", host)])
    assert shared_hosts(tables) == {"group.example.com"}
    assert found(tables, app(strings=["https://group.example.com/"])) == {}


def test_points_add_up_but_one_sign_must_decide() -> None:
    """A short prefix, a library by pattern and a host make three points and still only a possible SDK."""
    signatures = [
        Signature(form="package", value="cn.sdk"), Signature(form="native", value=r"lib.*\.so", pattern=True),
        Signature(form="host", value="sdk.example.com"),
    ]  # fmt: skip
    data = app(classes("cn.sdk"), {"lib/x86/liba.so": b"x"}, strings=["https://sdk.example.com/"])
    fact = found(catalogue(sdks=[sdk("x", *signatures)]), data)["x"]
    assert (fact.score, fact.possible) == (3, True)
    assert fact.signals == ("host sdk.example.com", "native liba.so", "package cn.sdk (5 classes)")


def test_unverified_signs_never_decide_alone() -> None:
    """A class, a component and a library that nobody verified give one point together, and a possible SDK."""
    signatures = [
        Signature(form="class", value="cn.sdk.Main", verified=False), Signature(form="component", value="cn.sdk.S", verified=False),
        Signature(form="native", value="liba.so", verified=False),
    ]  # fmt: skip
    data = app(
        classes("cn.sdk.Main"),
        {"lib/x86/liba.so": b"x"},
        xml=manifest(application=[element("service", name="cn.sdk.S")]),
    )
    fact = found(catalogue(sdks=[sdk("x", *signatures)]), data)["x"]
    assert (fact.score, fact.possible) == (1, True)
    fact = found(catalogue(sdks=[sdk("x", *signatures, Signature(form="package", value="cn.sdk"))]), data)["x"]
    assert (fact.score, fact.possible) == (2, True)
    fact = found(catalogue(sdks=[sdk("x", *signatures, Signature(form="asset", value="a"))]), data)["x"]
    assert (fact.score, fact.possible) == (1, True)


def test_place_is_that_of_the_strongest_sign() -> None:
    """The fact points at the verified sign with most points, in the member where it stands."""
    tables = catalogue(
        sdks=[sdk("x", Signature(form="asset", value="a.bin"), Signature(form="class", value="cn.sdk.Main"))]
    )
    fact = found(tables, app(classes("cn.sdk.Main"), {"assets/a.bin": b"x"}))["x"]
    assert (fact.place.path, fact.place.quote, fact.score) == ("classes.dex", "cn.sdk.Main", 5)


def test_the_table_is_finite() -> None:
    """Whatever is found, a gap says that the catalogue does not know every SDK."""
    findings = list(collect(opened(app()), catalogue(sdks=[sdk("x", Signature(form="asset", value="a"))])))
    (gap,) = findings
    assert isinstance(gap, Gap)
    assert (gap.reason, gap.hides, gap.code, gap.values) == (
        "partial",
        ("SdkPresent",),
        "sdks.table_is_finite",
        {"count": "1"},
    )


def test_app_without_manifest_or_code() -> None:
    """Files alone are enough to find an SDK."""
    data = app(members={"lib/x86/liba.so": b"x"}, xml=b"")
    assert one(Signature(form="native", value="liba.so"), data) == (2, False)
    assert one(Signature(form="component", value="a.B"), data) is None


# --- the shipped catalogue -----------------------------------------------------------------------------------------


@cache
def shipped() -> Catalogue:
    return load()


def present(prefixes: Iterable[str] = (), libraries: Iterable[str] = (), hosts: Iterable[str] = ()) -> set[str]:
    """SDKs of the shipped catalogue that an app with thirty classes below each prefix, and these libraries, has."""
    members = {f"lib/arm64-v8a/{name}": b"x" for name in libraries}
    data = app(classes(*prefixes, count=30), members, strings=[f"https://{host}/" for host in hosts])
    return {name for name, fact in found(shipped(), data).items() if not fact.possible}


def test_shipped_catalogue_finds_a_known_sdk() -> None:
    """Umeng's analytics, by its package, is reported from the shipped data."""
    assert "umeng-analytics" in present(["com.umeng.analytics", "com.umeng.commonsdk"])


@pytest.mark.parametrize(
    ("prefixes", "libraries", "wrong"),
    [
        (["com.netease.nis.sdkwrapper.Utils", "XI"], [], "yidun"),
        (["com.baidu.mobstat.forbes"], [], "baidu-mobstat"),
        (["org.android.agoo", "com.taobao.accs"], [], "umeng-push aliyun-push"),
        (["com.uc.crashsdk", "com.efs.sdk"], [], "uc-webview umeng-apm"),
        (["com.ta.utdid2", "com.ut.device"], [], "alipay umeng aliyun"),
        ([], ["libgtcore.so"], "jverification"),
        ([], ["libCtaApiLib.so"], "jverification"),
        (["com.arcsoft.hpay100"], ["libarcsoft_camera.so", "libarcsoft_beautyshot.so", "libarcsoft_night_shot.so"], "arcsoft"),
        (["com.sensetime.stmobile"], ["libst_mobile.so"], "sensetime"),
        ([], ["libfb.so", "libfbjni.so"], "facebook"),
        (["com.yxcorp.gifshow", "com.yxcorp.kuaishou.addfp"], [], "pangle"),
        ([], ["lib39285EFA.so", "libA3AEECD8.so"], "msa-oaid legu 360jiagu ijiami bangcle naga baidu-protect ali-jaq yidun-protect"),
        (["com.loc", "a.b", "a.a.a", "com.dv"], [], "*"),
        (["aegon.chrome", "org.chromium.base", "org.chromium.net", "okhttp3"], [], "kuaishou-ads uc-webview"),
        (["com.bytedance.msdk"], [], "pangle"),
    ],
)  # fmt: skip
def test_look_alikes(prefixes: list[str], libraries: list[str], wrong: str) -> None:
    """Each of the fifteen traps of the evidence reference (A.3): what it looks like is not reported as present."""
    names = present(prefixes, libraries)
    if wrong == "*":
        assert names == set()
    else:
        assert all(any(name.startswith(start) for name in shipped().sdks) for start in wrong.split())
    assert not {name for name in names for start in wrong.split() if name.startswith(start)}


def test_look_alikes_that_are_really_something_else() -> None:
    """What a trap really is, where one product owns the sign, is told: GeeTest by its library, Telecom by its own."""
    assert present(libraries=["libgtcore.so"]) == {"geetest-captcha"}
    assert present(libraries=["libCtaApiLib.so"]) == {"ctcc-auth"}
