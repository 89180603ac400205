"""What hides code from reading is said: damage, packers, other runtimes, native code, loading, reflection."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from mingcha.collect.protection import collect
from mingcha.model.fact import CodeProtected
from mingcha.model.factbase import Covered, Gap
from mingcha.model.sdk import Marks, Signature
from tests.build import dexcode as d
from tests.build.apkparts import Part, zipped
from tests.build.dexmaker import Class, Code, Method, dex
from tests.build.tinyapp import app, catalogue, element, manifest, opened, sdk

LOADER = "Ldalvik/system/DexClassLoader;-><init>(Ljava/lang/String;)V"
FOR_NAME = "Ljava/lang/Class;->forName(Ljava/lang/String;)Ljava/lang/Class;"
MARKS = Marks(
    runtimes={
        "Flutter": (r"lib/[^/]+/libflutter\.so", "assets/flutter_assets/.*"),
        "Cordova": (r"assets/www/cordova\.js",),
    },
    loaders=("Ldalvik/system/DexClassLoader;-><init>",),
    reflection={"Ljava/lang/Class;->forName": 0},
)
TABLES = catalogue(
    marks=MARKS,
    sdks=[
        sdk("shell", Signature(form="native", value="libshell.so"), purpose="hardening"),
        sdk("patcher", Signature(form="class", value="cn.patch.Main"), purpose="hot_update"),
        sdk("doubtful", Signature(form="native", value="libdoubt.so", verified=False), purpose="hardening"),
        sdk("plain", Signature(form="native", value="libplain.so")),
    ],
)
MAIN = [Class("Lcom/example/app/Main;")]


def told(data: bytes, **limits: int) -> tuple[list[tuple[str, str, str]], list[tuple[str, str, dict[str, str]]]]:
    """Protections as (form, name, path), and gaps as (code, reason, values)."""
    findings = list(collect(opened(data, **limits), TABLES))
    assert [f.kind for f in findings if isinstance(f, Covered)] == ["CodeProtected"]
    facts = [(f.form, f.name, f.place.path) for f in findings if isinstance(f, CodeProtected)]
    return facts, [(f.code, f.reason, f.values) for f in findings if isinstance(f, Gap)]


def run(*ops: d.Op, name: str = "Lcom/example/app/Main;") -> Class:
    return Class(name, [Method("run()V", Code(4, [*ops, d.return_void()]))])


def test_plain_app_hides_nothing() -> None:
    """An app whose code can be read whole has no protection and no gap."""
    assert told(app(MAIN)) == ([], [])


def test_no_code_at_all() -> None:
    """An app without DEX has a gap that says so."""
    assert told(app()) == ([], [("code.none", "missing", {})])


def test_code_that_cannot_be_read() -> None:
    """Each broken or too large DEX is a gap with its path; it is not "no code"."""
    data = app(members={"classes.dex": b"dex\n035\0" + b"\xff" * 200})
    ((code, reason, values),) = told(data)[1]
    assert (code, reason, values["path"]) == ("code.unreadable", "unreadable", "classes.dex")
    ((code, reason, values),) = told(app(MAIN), code=100)[1]
    assert (code, reason, values["path"]) == ("code.unreadable", "too big", "classes.dex")


def test_members_lost() -> None:
    """A directory that promises more members than can be found is a gap."""
    data = zipped([Part("AndroidManifest.xml", manifest()), Part("classes.dex", dex(MAIN))], count=9)
    ((code, reason, values),) = told(data)[1]
    assert (code, reason, values["path"]) == ("archive.members_lost", "unreadable", "app.apk")


def test_code_before_the_archive() -> None:
    """A DEX in front of the archive (Janus) is told as unread code."""
    assert told(dex(MAIN) + app(MAIN))[1] == [("code.before_archive", "unreadable", {"path": "app.apk"})]


def test_methods_left_out() -> None:
    """Methods that could not be read are counted."""
    data = bytearray(dex([run(d.nop())]))
    at = data.index(b"\4\0\0\0\0\0\0\0\0\0\0\0\2\0\0\0")
    struct.pack_into("<L", data, at + 12, 1 << 30)
    assert told(app(members={"classes.dex": bytes(data)})) == (
        [], [("code.methods_dropped", "unreadable", {"path": "classes.dex", "count": "1"})],
    )  # fmt: skip


def test_code_carried_elsewhere() -> None:
    """A DEX in assets is code that the app must load by itself."""
    assert told(app(MAIN, {"assets/plugin": dex([])})) == ([("dynamic loading", "assets/plugin", "assets/plugin")], [])


def test_packer_and_hot_patch() -> None:
    """A hardening shell or a hot-update SDK that is inside is a protection and a gap; doubtful and other SDKs are none."""
    members = {f"lib/x86/lib{name}.so": b"x" for name in ("shell", "doubt", "plain")}
    facts, gaps = told(app([*MAIN, Class("Lcn/patch/Main;")], members))
    assert [fact for fact in facts if fact[0] != "native"] == [
        ("packer", "shell", "lib/x86/libshell.so"), ("hot patch", "patcher", "classes.dex"),
    ]  # fmt: skip
    assert [gap for gap in gaps if gap[0] != "code.native"] == [
        ("code.packer", "protected", {"sdk": "shell"}), ("code.hot_patch", "protected", {"sdk": "patcher"}),
    ]  # fmt: skip


def test_components_that_no_code_defines() -> None:
    """Declared components whose classes are nowhere hint at hidden code: counted, with the first as example."""
    inside = [
        element("activity", name=".Main"), element("activity", name=".Gone"), element("service", name="Work"),
        element("receiver", name="org.other.On"), element("activity-alias", name=".Alias"), element("meta-data", name="x.Y"),
    ]  # fmt: skip
    xml = manifest(application=inside)
    expected = ("code.components_missing", "protected", {"count": "3", "example": "com.example.app.Gone"})
    assert told(app(MAIN, xml=xml)) == ([], [expected])
    assert told(app(xml=xml))[1] == [("code.none", "missing", {})]


def test_components_where_the_manifest_cannot_be_read() -> None:
    """Without a manifest nothing is said about components."""
    assert told(app(MAIN, xml=b"")) == ([], [])


def test_other_runtimes() -> None:
    """Each runtime by its first mark; a file that is only near one is none."""
    members = {
        "assets/flutter_assets/kernel_blob.bin": b"x",
        "assets/www/cordova.js": b"x",
        "assets/www/cordova.json": b"x",
    }
    facts, gaps = told(app(MAIN, members))
    assert facts == [
        ("other runtime", "Flutter", "assets/flutter_assets/kernel_blob.bin"), ("other runtime", "Cordova", "assets/www/cordova.js"),
    ]  # fmt: skip
    assert [values for _, _, values in gaps] == [{"runtime": "Flutter"}, {"runtime": "Cordova"}]
    assert told(app(MAIN, {"assets/flutter_asset/x": b"x"})) == ([], [])


def test_native_libraries() -> None:
    """Each library once, whatever the number of architectures, and one gap."""
    members = {
        "lib/arm64-v8a/liba.so": b"x",
        "lib/x86/liba.so": b"x",
        "lib/x86/libb.so": b"x",
        "lib/x86/readme.txt": b"x",
    }
    facts, gaps = told(app(MAIN, members))
    assert [(form, name) for form, name, _ in facts] == [("native", "liba.so"), ("native", "libb.so")]
    assert gaps == [("code.native", "partial", {"count": "2"})]


def test_loading_at_run_time() -> None:
    """Each class that brings code in is one fact at its first call."""
    load = d.invoke_direct(LOADER, 0, 1)
    data = app([run(load, load), run(load, name="La/B;"), *classes_without_loading()])
    facts, gaps = told(data)
    assert facts == [
        ("dynamic loading", "com.example.app.Main", "classes.dex"),
        ("dynamic loading", "a.B", "classes.dex"),
    ]
    assert gaps == [("code.dynamic_loading", "protected", {"count": "2"})]


def classes_without_loading() -> Sequence[Class]:
    other = d.invoke_virtual("Ldalvik/system/DexClassLoader;->loadClass(Ljava/lang/String;)Ljava/lang/Class;", 0, 1)
    return [
        run(other, name="Lc/D;"),
        run(d.invoke_direct("La/DexClassLoader;-><init>(Ljava/lang/String;)V", 0, 1), name="Le/F;"),
    ]


def test_reflection_counts_only_what_no_constant_names() -> None:
    """Reflection on a constant name hides nothing; on an unknown one it is counted over calls and flows."""
    known = run(d.const_string(0, "a.B"), d.invoke_static(FOR_NAME, 0))
    unknown = run(d.invoke_static(FOR_NAME, 3), d.invoke_static(FOR_NAME, 2), name="La/B;")
    assert told(app([*MAIN, Class("La/C;", known.methods)])) == ([], [])
    assert told(app([known, unknown]))[1] == [("code.reflection", "partial", {"count": "2"})]
    (gap,) = [f for f in collect(opened(app([unknown])), TABLES) if isinstance(f, Gap)]
    assert gap.hides == ("SensitiveCall", "InformationFlow")
