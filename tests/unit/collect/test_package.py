"""An APK or split set is opened once: its parts, manifest, texts, and every DEX that can be read, wherever it lies."""

from __future__ import annotations

import struct

import pytest

from mingcha.collect.package import dotted
from mingcha.errors import FormatError, LimitError
from mingcha.formats.axml import Reference
from tests.build import dexcode as d
from tests.build.apkparts import Package as Resources
from tests.build.apkparts import Part, Ref, Variant, arsc, zipped
from tests.build.dexmaker import Class, Code, Method, container, dex
from tests.build.tinyapp import app, manifest, opened

A, B = dex([Class("La/A;")]), dex([Class("Lb/B;")])


def code(data: bytes, **limits: int) -> list[tuple[str, bool, list[bytes]]]:
    """Path, whether Android loads it, and classes of every image."""
    return [(c.path, c.main, c.dex.class_descriptors()) for c in opened(data, **limits).code]


def broken(data: bytes, **limits: int) -> list[tuple[str, bool]]:
    """Path of every DEX that could not be read, and whether it was too big."""
    package = opened(data, **limits)
    assert package.code is not None
    return [(b.path, b.too_big) for b in package.broken_code]


def test_one_apk_is_one_part() -> None:
    """A plain APK has one part with an empty path, and names itself."""
    package = opened(app([Class("La/A;")]))
    assert [part.path for part in package.parts] == [""]
    assert package.package_name == "com.example.app"
    assert package.classes == {"a.A": "classes.dex"}
    place = package.place("classes.dex", 5, "  one\n two ")
    assert (place.sha256, place.path, place.at, place.quote) == (package.artefact.sha256, "classes.dex", 5, "one two")


def test_split_set() -> None:
    """Each APK of a set is a part; the base is the one whose manifest names no split; paths lead into the parts."""
    splits = {
        "split_config.zh.apk": app(xml=manifest(split="config.zh", package="wrong")),
        "base.apk": app([Class("La/A;")]),
        "feature.apk": app([Class("Lb/B;")], xml=manifest(split="feature")),
        "icon.png": b"x",
    }
    data = zipped(Part(name, content, method=0) for name, content in splits.items())
    package = opened(data)
    assert [part.path for part in package.parts] == ["split_config.zh.apk!/", "base.apk!/", "feature.apk!/"]
    assert package.base.path == "base.apk!/"
    assert package.package_name == "com.example.app"
    assert package.classes == {"a.A": "base.apk!/classes.dex", "b.B": "feature.apk!/classes.dex"}


def test_split_set_beyond_the_limit() -> None:
    """A set that asks for more than the limit is refused before its parts are all in memory."""
    data = zipped(Part(f"{n}.apk", app()) for n in range(9))
    with pytest.raises(LimitError):
        opened(data, parts=2000)


def test_what_is_no_archive() -> None:
    """A file that is no ZIP is a FormatError."""
    with pytest.raises(FormatError):
        opened(b"PK\3\4 and nothing else")


def test_code_in_every_usual_place() -> None:
    """Multidex, and DEX hidden in assets, in raw resources and inside archives, each with what leads to it."""
    members = {
        "classes2.dex": B,
        "assets/plugin.bin": A,
        "res/raw/data": B,
        "assets/more.jar": zipped([Part("classes.dex", A), Part("classes2.dex", B), Part("x.dex", B)]),
        "lib/arm64-v8a/hidden.dex": A,
        "lib/arm64-v8a/libx.so": A,
        "assets/text.zip": zipped([Part("a.txt", b"no code")]),
        "classesx.dex": B,
    }
    assert code(app([Class("La/A;")], members)) == [
        ("classes.dex", True, [b"La/A;"]),
        ("classes2.dex", True, [b"Lb/B;"]),
        ("assets/plugin.bin", False, [b"La/A;"]),
        ("res/raw/data", False, [b"Lb/B;"]),
        ("assets/more.jar!/classes.dex", False, [b"La/A;"]),
        ("assets/more.jar!/classes2.dex", False, [b"Lb/B;"]),
        ("lib/arm64-v8a/hidden.dex", False, [b"La/A;"]),
        ("classesx.dex", False, [b"Lb/B;"]),
    ]


def test_container_gives_several_images_of_one_member() -> None:
    """The images of a container share their path, and their strings are searched once."""
    data = app(members={"classes.dex": container([Class("La/A;")], [Class("Lb/B;")])})
    assert code(data) == [("classes.dex", True, [b"La/A;"]), ("classes.dex", True, [b"Lb/B;"])]
    package = opened(data)
    (region,) = package.strings
    spans = [c.dex.string_span for c in package.code]
    assert region[2:] == (min(s for s, _ in spans), max(e for _, e in spans))


def test_broken_code_is_listed_and_hides_no_other() -> None:
    """A DEX that cannot be read is listed with its path; the others are read."""
    data = app(
        [Class("La/A;")],
        {"classes2.dex": b"dex\n035\0" + b"\xff" * 200, "classes3.dex": B, "assets/x": A[:0x6F] + b"\xff"},
    )
    assert broken(data) == [("classes2.dex", False), ("assets/x", False)]
    assert [path for path, _, _ in code(data)] == ["classes.dex", "classes3.dex"]


def test_code_whose_class_names_cannot_be_read_is_broken() -> None:
    """A DEX with a class of no name is listed; the names of the others are still known."""
    data = bytearray(B)
    at = struct.unpack_from("<L", data, 0x64)[0]
    struct.pack_into("<L", data, at, 0xFFFF)
    package = opened(app([Class("La/A;")], {"classes2.dex": bytes(data)}))
    assert package.classes == {"a.A": "classes.dex"}
    assert [b.path for b in package.broken_code] == ["classes2.dex"]


def test_base_whose_manifest_is_broken() -> None:
    """A manifest that cannot be read makes its APK no split: what needs no manifest (resources, signatures) still works."""
    package = opened(app([Class("La/A;")], xml=b"<manifest/>"))
    assert package.base.path == ""
    assert package.resources is None
    splits = {"config.apk": app(xml=manifest(split="config.zh")), "base.apk": app(xml=b"<manifest/>")}
    assert opened(zipped(Part(name, content) for name, content in splits.items())).base.path == "base.apk!/"


def test_code_beyond_the_limits() -> None:
    """What exceeds the room for code is listed as too big; the room is shared by all code, nested and hidden too."""
    data = app([Class("La/A;")], {"classes2.dex": B, "assets/x": A, "assets/y.jar": zipped([Part("classes.dex", A)])})
    assert broken(data, code=len(A) + 10) == [("classes2.dex", True), ("assets/x", True), ("assets/y.jar", True)]
    assert broken(data, nested=len(A) - 1) == [("assets/x", True), ("assets/y.jar!/classes.dex", True)]
    assert broken(data, code=3 * len(A)) == [("assets/y.jar", True)]


def test_only_so_many_hidden_files_are_looked_into() -> None:
    """Of ten DEX in assets as many are read as the limit says."""
    data = app(members={f"assets/{n}": A for n in range(10)})
    assert len(code(data, hidden_files=4)) == 4


def test_manifest_that_is_none() -> None:
    """Without a manifest, or with another document in its place, there is no package name and the manifest is an error."""
    for xml in (b"", b"<manifest/>", manifest()[:40]):
        package = opened(app([Class("La/A;")], xml=xml))
        assert package.package_name is None
        with pytest.raises(FormatError):
            assert package.manifest
        assert package.classes == {"a.A": "classes.dex"}


def test_texts_of_manifest_values() -> None:
    """A text stands for itself, a reference for its string in the language asked for, everything else for nothing."""
    table = arsc(Resources({"string": [Variant({"a": "one", "b": 5}), Variant({"a": "一"}, language="zh")]}))
    package = opened(app(members={"resources.arsc": table}))
    assert package.text("plain") == "plain"
    assert package.text(Reference(0x7F010000)) == "one"
    assert package.text(Reference(0x7F010000), "zh") == "一"
    assert [package.text(value) for value in (Reference(0x7F010001), Reference(0x7F020000), 5, True, None)] == [
        None
    ] * 5
    assert opened(app()).text(Reference(0x7F010000)) is None
    assert opened(app(members={"resources.arsc": b"\2\0\14\0\xff\xff\xff\xff"})).text(Reference(0x7F010000)) is None


def test_hosts_with_the_first_place() -> None:
    """Each host once, with the first member and byte that names it, from code and resources."""
    table = arsc(Resources({"string": [Variant({"a": "https://b.example.com/", "b": "https://c.example.com/"})]}))
    data = app(members={"resources.arsc": table}, strings=["https://a.example.com/", "https://b.example.com/"])
    package = opened(data)
    assert {host: path for host, (path, _) in package.hosts.items()} == {
        "a.example.com": "classes.dex", "b.example.com": "classes.dex", "c.example.com": "resources.arsc",
    }  # fmt: skip
    for host, (path, at) in package.hosts.items():
        assert package.base.archive.read(path)[at : at + len(host)] == host.encode()


def test_more_hosts_than_any_app_has() -> None:
    """Of too many hosts as many are kept as show that there are too many."""
    package = opened(app(strings=[f"https://h{n}.example.com/" for n in range(30)]), findings=20)
    assert len(package.hosts) == 21


def test_sites_beyond_the_limit() -> None:
    """Sites come through as they are, until there are too many."""
    calls = Code(1, [*[d.invoke_static("Lb/B;->x()V")] * 5, d.return_void()])
    package = opened(app([Class("La/A;", [Method("a()V", calls)])]), findings=4)
    sites = package.bounded(package.code[0].dex.sites(range(2)), "call sites")
    assert len([next(sites) for _ in range(4)]) == 4
    with pytest.raises(LimitError):
        next(sites)


def test_once_makes_once() -> None:
    """What several collectors need is made for the first and kept for the others."""
    package, made = opened(app()), []
    assert [package.once("x", lambda: made.append(1) or len(made)) for _ in range(3)] == [1, 1, 1]
    assert package.once("y", lambda: 7) == 7


@pytest.mark.parametrize(
    ("descriptor", "name"),
    [("La/b/C;", "a.b.C"), ("La/b/C$D;", "a.b.C$D"), ("[La/B;", "[La/B;"), ("I", "I"), ("LC;", "C")],
)
def test_dotted(descriptor: str, name: str) -> None:
    """A class descriptor as people write the name; other types stay as they are."""
    assert dotted(descriptor) == name


def test_members_with_one_name_are_each_read() -> None:
    """A second member of the same name, which other tools may run instead, is read too."""
    data = zipped([Part("AndroidManifest.xml", manifest()), Part("classes.dex", A), Part("classes.dex", B)])
    assert [classes for _, _, classes in code(data)] == [[b"La/A;"], [b"Lb/B;"]]


def test_reference_as_package_name_is_none() -> None:
    """A package name that is a reference or a number is not known."""
    for value in (Ref(0x7F010000), 5, ""):
        assert opened(app(xml=manifest(package=value))).package_name is None


def test_class_names_in_any_bytes() -> None:
    """A class whose name is no text is shown replaced and breaks nothing."""
    data = bytearray(dex([Class("La/XX;")]))
    at = data.index(b"La/XX;")
    struct.pack_into("<2s", data, at + 3, b"\xff\xed")
    assert opened(app(members={"classes.dex": bytes(data)})).classes == {"a.��": "classes.dex"}
