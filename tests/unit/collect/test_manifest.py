"""The manifest's statements become facts, with Android's defaults where it is silent."""

from __future__ import annotations

import pytest

from mingcha.catalogue.load import Catalogue
from mingcha.collect.manifest import collect
from mingcha.errors import FormatError
from mingcha.model.fact import AppDeclared, ComponentDeclared, PermissionDeclared, QueryDeclared
from mingcha.model.factbase import Covered
from mingcha.model.sdk import Permission, Signature
from tests.build.apkparts import Package as Resources
from tests.build.apkparts import Ref, Tree, Variant, arsc
from tests.build.tinyapp import app, catalogue, element, manifest, opened, sdk


def facts(xml: bytes, tables: Catalogue | None = None, **members: bytes) -> list[object]:
    """All findings over an app with this manifest."""
    return list(
        collect(
            opened(app(members={name.replace("_", "."): data for name, data in members.items()}, xml=xml)),
            tables or catalogue(),
        )
    )


def declared(xml: bytes, **members: bytes) -> AppDeclared:
    (fact,) = [fact for fact in facts(xml, **members) if isinstance(fact, AppDeclared)]
    return fact


def components(*inside: Tree, tables: Catalogue | None = None) -> list[ComponentDeclared]:
    return [f for f in facts(manifest(application=inside), tables) if isinstance(f, ComponentDeclared)]


def test_app_as_it_says_itself() -> None:
    """Package, versions, SDK levels and flags as written."""
    sdks = element("uses-sdk", minSdkVersion=21, targetSdkVersion=33)
    application = (
        "application",
        element("x", label="小灯", debuggable=True, allowBackup=False, usesCleartextTraffic=True)[1],
        (),
    )
    xml = manifest(sdks, application, versionCode=7, versionName="1.2")
    fact = declared(xml)
    assert (fact.package, fact.version_code, fact.version_name) == ("com.example.app", 7, "1.2")
    assert (fact.min_sdk, fact.target_sdk, fact.label) == (21, 33, "小灯")
    assert (fact.debuggable, fact.allow_backup, fact.cleartext) == (True, False, True)


@pytest.mark.parametrize(
    ("inside", "levels", "cleartext"),
    [
        ((), (1, 1), True),
        ((element("uses-sdk", minSdkVersion=24),), (24, 24), True),
        ((element("uses-sdk", minSdkVersion=24, targetSdkVersion=27),), (24, 27), True),
        ((element("uses-sdk", minSdkVersion=24, targetSdkVersion=28),), (24, 28), False),
        ((element("uses-sdk", minSdkVersion="24", targetSdkVersion="33"),), (24, 33), False),
    ],
)
def test_defaults_of_android(inside: tuple[Tree, ...], levels: tuple[int, int], cleartext: bool) -> None:
    """The target is the minimum where it is not said, cleartext is allowed below 28, backup always."""
    fact = declared(manifest(*inside))
    assert (fact.min_sdk, fact.target_sdk) == levels
    assert (fact.cleartext, fact.allow_backup, fact.debuggable) == (cleartext, True, False)


def test_label_comes_from_the_resources_in_chinese_first() -> None:
    """A label given as a reference is looked up, Chinese before the default."""
    strings = {"string": [Variant({"app_name": "Lamp"}), Variant({"app_name": "小灯"}, language="zh")]}
    application = ("application", element("x", label=Ref(0x7F010000))[1], ())
    fact = declared(manifest(application), resources_arsc=arsc(Resources(strings)))
    assert fact.label == "小灯"
    assert declared(manifest(application)).label is None


def test_permissions_of_all_three_tags() -> None:
    """Every permission asked for, with what the catalogue knows of it, at its place."""
    rows = [Permission(id="android.permission.READ_SMS", dangerous=True, information=("sms",))]
    xml = manifest(
        element("uses-permission", name="android.permission.READ_SMS", maxSdkVersion=28),
        element("uses-permission-sdk-23", name="android.permission.CAMERA"),
        element("uses-permission-sdk-m", name="com.example.OWN"),
        element("uses-permission", name=""),
        element("permission", name="com.example.DEFINED"),
    )
    found = [f for f in facts(xml, catalogue(permissions=rows)) if isinstance(f, PermissionDeclared)]
    assert [(f.permission, f.max_sdk, f.dangerous, f.information) for f in found] == [
        ("android.permission.READ_SMS", 28, True, ("sms",)),
        ("android.permission.CAMERA", None, None, None),
        ("com.example.OWN", None, None, None),
    ]
    assert found[0].place.path == "AndroidManifest.xml"
    assert found[0].place.at is not None
    assert xml[found[0].place.at : found[0].place.at + 2] == b"\x02\x01"
    assert found[0].place.quote == '<uses-permission android:name="android.permission.READ_SMS">'


def test_components_and_their_doors() -> None:
    """Kind, full name, export (said, or by a filter), permission and actions of each component."""
    view = element("intent-filter", element("action", name="VIEW"), element("action", name="MAIN"))
    found = components(
        element("activity", view, name=".Main"),
        element("activity-alias", name="Alias", exported=True, enabled=False),
        element("service", name="com.other.Work", permission="p", exported=False),
        element("receiver", view, name=".On", exported=False),
        element("provider", name=".Files", authorities="com.example.app.files"),
        element("meta-data", name="key"),
        element("activity"),
    )
    assert [(f.component, f.name, f.exported, f.enabled, f.permission, f.actions) for f in found] == [
        ("activity", "com.example.app.Main", True, True, None, ("MAIN", "VIEW")),
        ("activity", "com.example.app.Alias", True, False, None, ()),
        ("service", "com.other.Work", False, True, "p", ()),
        ("receiver", "com.example.app.On", False, True, None, ("MAIN", "VIEW")),
        ("provider", "com.example.app.Files", False, True, None, ()),
    ]
    assert found[4].place.quote == "<provider com.example.app.Files authorities=com.example.app.files>"


def test_export_given_as_something_else_is_not_known() -> None:
    """An export that is no truth value (a reference, a text) is null, never guessed."""
    assert components(element("activity", name=".A", exported="maybe"))[0].exported is None
    assert components(element("activity", name=".A", exported=Ref(0x7F010000)))[0].exported is None


def test_foreground_service_types() -> None:
    """The bits of foregroundServiceType by their names."""
    (found,) = components(element("service", name=".S", foregroundServiceType=0x8 | 0x80 | 0x40000000))
    assert found.foreground == ("location", "microphone", "specialUse")


def test_owner_of_a_component() -> None:
    """A component of an SDK's package is the SDK's, one of the app's package the app's, others nobody's."""
    tables = catalogue(sdks=[sdk("push", Signature(form="package", value="cn.push.sdk"))])
    names = ("cn.push.sdk.Receiver", ".Main", "org.other.Thing", "cn.push.sdkx.Near")
    found = components(*(element("service", name=name) for name in names), tables=tables)
    assert [f.owner for f in found] == ["push", "app", None, None]


def test_queries() -> None:
    """Packages, intents and providers that the app asks to see."""
    block = element(
        "queries",
        element("package", name="com.whatsapp"),
        element("intent", element("action", name="android.intent.action.SEND")),
        element("provider", authorities="com.other.files"),
    )
    found = [f.target for f in facts(manifest(block)) if isinstance(f, QueryDeclared)]
    assert found == ["com.whatsapp", "android.intent.action.SEND", "com.other.files"]


def test_a_read_manifest_is_covered() -> None:
    """Reading the manifest covers its four kinds; without one there is nothing but an error."""
    assert {f.kind for f in facts(manifest()) if isinstance(f, Covered)} == {
        "AppDeclared", "PermissionDeclared", "ComponentDeclared", "QueryDeclared",
    }  # fmt: skip
    with pytest.raises(FormatError):
        list(collect(opened(app([], xml=b"")), catalogue()))
    with pytest.raises(FormatError):
        list(collect(opened(app(xml=manifest()[:-60])), catalogue()))


def test_permissions_elsewhere_do_not_count() -> None:
    """A permission inside the application element, where Android does not look, was not asked for."""
    inside = element("application", element("uses-permission", name="android.permission.READ_SMS"))
    assert not [f for f in facts(manifest(inside), catalogue()) if isinstance(f, PermissionDeclared)]


def test_two_levels_are_not_known() -> None:
    """Two uses-sdk elements: which one counts differs, so the target is not known and accuses nobody."""
    xml = manifest(element("uses-sdk", targetSdkVersion=19), element("uses-sdk", targetSdkVersion=33))
    (app,) = (f for f in facts(xml, catalogue()) if isinstance(f, AppDeclared))
    assert app.target_sdk is None
