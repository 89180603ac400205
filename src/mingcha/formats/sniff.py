"""What a file is, told from its content; the name is never asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

Kind = Literal[
    "apk",
    "apk set",
    "apk bundle",
    "ios app",
    "harmony app",
    "mini program",
    "docx",
    "pdf",
    "json",
    "text",
    "zip",
    "binary",
]

NOT_READ: dict[str, str] = {
    "apk bundle": "an Android App Bundle (AAB), from which stores build APKs: hand in the APK or split set that users get",
    "ios app": "an iOS app (IPA), which Mingcha does not read yet",
    "harmony app": "a HarmonyOS app (HAP), which Mingcha does not read yet",
    "mini program": "a mini program package, which Mingcha does not read yet",
    "zip": "a ZIP archive without an app inside",
    "binary": "neither an app nor a text",
}
"""One line for each kind that is recognised and not read."""


def kind_of(head: bytes, members: Sequence[str] | None = None) -> Kind:
    """The kind of a file from its first bytes (4 KiB do) and, if it is a ZIP that opens, the names inside."""
    if members is not None:
        return _zipped(members)
    if head[:5] == b"%PDF-" or b"%PDF-" in head[:1024]:
        return "pdf"
    if head[:1] == b"\xbe" and head[13:14] == b"\xed":
        return "mini program"
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return "zip"
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "binary"
    return "json" if head.lstrip()[:1] == b"{" else "text"


def _zipped(members: Sequence[str]) -> Kind:
    names = set(members)
    if "AndroidManifest.xml" in names or "classes.dex" in names:
        return "apk"
    if "word/document.xml" in names:
        return "docx"
    if "BundleConfig.pb" in names or "base/manifest/AndroidManifest.xml" in names:
        return "apk bundle"
    if any(name.startswith("Payload/") and ".app/" in name for name in names):
        return "ios app"
    if names & {"module.json", "config.json"} and any(
        n.endswith((".abc", ".hap")) or n.startswith("ets/") for n in names
    ):
        return "harmony app"
    if "pack.info" in names:
        return "harmony app"
    if {"app-service.js", "app-config.json"} & names or any(name.endswith(".wxapkg") for name in names):
        return "mini program"
    if any(name.endswith(".apk") for name in names):
        return "apk set"
    return "zip"
