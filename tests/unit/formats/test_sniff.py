"""The kind of a file is told from its content alone."""

from __future__ import annotations

import pytest

from mingcha.formats.sniff import NOT_READ, kind_of
from tests.build.apkparts import Part, zipped
from tests.build.dexmaker import dex


@pytest.mark.parametrize(
    ("members", "kind"),
    [
        (["AndroidManifest.xml"], "apk"),
        (["classes.dex", "x.apk"], "apk"),
        (["AndroidManifest.xml", "assets/plugin.apk"], "apk"),
        (["base.apk", "split_config.zh.apk", "toc.pb"], "apk set"),
        (["manifest.json", "com.example.apk", "icon.png"], "apk set"),
        (["word/document.xml", "[Content_Types].xml"], "docx"),
        (["BundleConfig.pb", "base/manifest/AndroidManifest.xml"], "apk bundle"),
        (["base/manifest/AndroidManifest.xml"], "apk bundle"),
        (["Payload/Example.app/Info.plist"], "ios app"),
        (["Payload/notes.txt"], "zip"),
        (["module.json", "ets/modules.abc"], "harmony app"),
        (["config.json", "assets/index.hap"], "harmony app"),
        (["pack.info", "entry.hap"], "harmony app"),
        (["config.json", "readme.txt"], "zip"),
        (["app-service.js", "page-frame.html"], "mini program"),
        (["__APP__.wxapkg"], "mini program"),
        (["a.txt"], "zip"),
        ([], "zip"),
    ],
)
def test_archives_by_what_is_inside(members: list[str], kind: str) -> None:
    """An archive is what its members make it; an APK inside an APK's assets makes no set."""
    assert kind_of(b"", members) == kind


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (zipped([Part("a", b"")]), "zip"),
        (b"PK\5\6" + bytes(18), "zip"),
        (b"%PDF-1.7\n", "pdf"),
        (b"\xef\xbb\xbf\n%PDF-1.4", "pdf"),
        (b"\xbe\0\0\0\0\0\0\0\1\0\0\0\2\xed", "mini program"),
        (dex([]), "binary"),
        (b"\x7fELF\2\1\1\0", "binary"),
        (b"\xff\xfet\0e\0x\0t\0", "text"),
        (b"\xfe\xff\0t\0e", "text"),
        (b'  {"format": 1}', "json"),
        ("隐私政策".encode(), "text"),
        ("隐私政策".encode("gb18030"), "text"),
        (b"<!DOCTYPE html>", "text"),
        (b"", "text"),
    ],
)
def test_other_files_by_their_first_bytes(head: bytes, kind: str) -> None:
    """Documents, packages and binaries are told by how they begin; what has no NUL is a text."""
    assert kind_of(head[:4096]) == kind


def test_what_is_not_read_has_its_line() -> None:
    """Every package recognised and not read is answered in one line that names it."""
    assert set(NOT_READ) == {"apk bundle", "ios app", "harmony app", "mini program", "zip", "binary"}
    assert all(line and "\n" not in line for line in NOT_READ.values())
