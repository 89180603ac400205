"""The shapes of a value: those of each kind, base64 in any text, and nothing short."""

from __future__ import annotations

import base64
import hashlib
import random

import pytest

from mingcha.collect.traffic.profile import Known
from mingcha.collect.traffic.variants import SHORTEST, package_variants, variants


def shapes(information: str, value: str, package: str = "") -> dict[bytes, str]:
    """Bytes and names of all variants."""
    return {variant.data: variant.name for variant in variants(Known(information, value, "t"), package)}


@pytest.mark.parametrize(
    ("information", "value", "text", "name"),
    [
        ("dev.mac", "3c:AA:bb:cc:dd:e1", "3c-aa-bb-cc-dd-e1", "with dashes"),
        ("dev.mac", "3CAABBCCDDE1", "3c:aa:bb:cc:dd:e1", "with colons"),
        ("dev.mac", "3c:aa:bb:cc:dd:e1", hashlib.md5(b"3CAABBCCDDE1").hexdigest(), "md5(upper, without separators)"),
        ("dev.oaid", "1f2e3d4c-5b6a-7988-90a1-b2c3d4e5f607", "1f2e3d4c5b6a7988", "first 16 characters"),
        ("dev.oaid", "1f2e3d4c5b6a798890a1b2c3d4e5f607", "1f2e3d4c-5b6a-7988-90a1-b2c3d4e5f607", "with dashes"),
        ("dev.imei", "861234567890123", "86123456789012", "without check digit"),
        ("dev.imei", "861234567890123", "321098765432168", "reversed"),
        ("dev.imei", "861234567890123", hashlib.md5(b"861234567890123").hexdigest()[8:24], "middle of md5(raw)"),
        ("dev.imei", "861234567890123", hashlib.new("sm3", b"861234567890123").hexdigest(), "sm3(raw)"),
        ("dev.imei", "861234567890123", hashlib.sha256(b"861234567890123com.a").hexdigest(), "sha256(raw+package)"),
        ("dev.imei", "861234567890123", hashlib.sha1(b"com.a861234567890123").hexdigest(), "sha1(package+raw)"),
        ("basic.phone", "13900001111", "139-0000-1111", "with dashes"),
        ("basic.phone", "+86 139 0000 1111", hashlib.md5(b"13900001111").hexdigest(), "md5(national)"),
        ("dev.android_id", "0123456789abcdef", "123456789abcdef", "without leading zeros"),
        ("basic.name", "欧阳测试", "\\u6b27\\u9633\\u6d4b\\u8bd5", "escaped(raw)"),
        ("basic.name", "欧阳测试", "%c5%b7%d1%f4%b2%e2%ca%d4", "url(gbk(raw))"),
        ("basic.email", "a.b@mail.example", "a.b%2540mail.example", "url(url(raw))"),
    ],
)
def test_shape(information: str, value: str, text: str, name: str) -> None:
    """Each shape is there under its name."""
    assert shapes(information, value, "com.a")[text.encode()] == name


def test_base64_in_any_text() -> None:
    """Whatever stands before and behind a value, its base64 holds one of the variants, standard and URL-safe."""
    rng = random.Random(3)
    value = "tester~?>_88?"
    found = [v for v in variants(Known("net.account", value, "t")) if v.name.startswith("base64(raw")]
    for _ in range(200):
        text = rng.randbytes(rng.randrange(12)) + value.encode() + rng.randbytes(rng.randrange(12))
        for encoded in (base64.b64encode(text), base64.urlsafe_b64encode(text)):
            assert any(variant.exact and variant.data in encoded for variant in found)


def test_nothing_short() -> None:
    """No shape below eight bytes is looked for; a value of five letters has only shapes that carry it longer."""
    assert all(len(data) >= SHORTEST for data in shapes("net.account", "abcde"))
    assert not any(name.startswith(("md5", "sha")) for name in shapes("net.account", "abcde").values())
    assert all(len(variant.data) >= SHORTEST for variant in package_variants("a.b.c"))


def test_edges() -> None:
    """Short numbers and short words may not stand inside of longer ones; long ones may."""
    edges = {v.name: v.edge for v in variants(Known("basic.phone", "13900001111", "t"))}
    assert edges["raw"] == "digit"
    assert {v.name: v.edge for v in variants(Known("dev.imei", "861234567890123", "t"))}["raw"] == ""
    assert {v.name: v.edge for v in variants(Known("net.account", "testerone", "t"))}["raw"] == "word"


def test_each_once() -> None:
    """No shape comes twice, and a hundred of a value are enough."""
    found = list(variants(Known("dev.mac", "3c:aa:bb:cc:dd:e1", "t"), "com.a"))
    assert len({(v.data, v.exact) for v in found}) == len(found)
    assert len(found) < 500
