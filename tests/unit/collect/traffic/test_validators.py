"""Each validator on values that are right, and on their nearest neighbours that are not."""

from __future__ import annotations

import random

import pytest

from mingcha.collect.traffic import validators as v
from tests.build.hartraffic import id_number, luhn_digit


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (v.resident_id, "11010519491231002X", "110105194912310021"),
        (v.resident_id, "11010519491231002x", "99010519491231002X"),
        (v.imei, "490154203237518", "490154203237519"),
        (v.imsi, "460011234567890", "310011234567890"),
        (v.iccid, "89860123456789012345", "89850123456789012345"),
        (v.mobile, "+86 138-0013-8000", "12800138000"),
        (v.bank_card, "6222 0212 3456 7890 128", "6222021234567890129"),
        (v.mac, "3c:aa:bb:cc:dd:e1", "3c:aa:bb-cc:dd:e1"),
        (v.android_id, "a1b2c3d4e5f60718", "g1b2c3d4e5f60718"),
        (v.advertising, "1f2e3d4c-5b6a-7988-90a1-b2c3d4e5f607", "not an id"),
        (v.email, "a.b@mail.example", "a.b@"),
        (v.han_name, "欧阳测试", "abc"),
        (v.passport, "E12345678", "E1234567"),
        (v.plate, "京A12345", "东A12345"),
        (v.plate, "粤BD12345", "粤BI12345X"),
        (v.address, "10.1.2.3", "10.1.2.300"),
        (v.serial, "R58M123ABC", "ab"),
        (v.digest, "0123456789abcdef0123456789abcdef", "0123456789abcdef"),
    ],
)
def test_pairs(check: object, good: str, bad: str) -> None:
    """The right value passes and its neighbour does not."""
    if check is v.imei:  # the example's type code, 49, is not one of those in use
        good, bad = "86" + good[2:14], "86" + bad[2:14]
        good += luhn_digit(good)
        bad += str((int(luhn_digit(bad)) + 1) % 10)
    if check is v.bank_card:
        good = good[:-1] + luhn_digit(good[:-1].replace(" ", ""))
        bad = bad[:-1] + str((int(luhn_digit(bad[:-1])) + 1) % 10)
    assert check(good)  # type: ignore[operator]
    assert not check(bad)  # type: ignore[operator]


def test_false_positives() -> None:
    """Of random numbers, fewer pass than evidence_sources.md F measured: identity 0.01 %, IMEI 0.4 %."""
    rng = random.Random(11)
    assert sum(v.resident_id(f"{rng.randrange(10**18):018}") for _ in range(50_000)) <= 10
    assert sum(v.imei(f"{rng.randrange(10**15):015}") for _ in range(50_000)) <= 50_000 * 0.006


def test_right_ones() -> None:
    """Every identity number that is made right passes; with another check character none does."""
    rng = random.Random(12)
    for _ in range(300):
        number = id_number(rng)
        assert v.resident_id(number)
        assert not v.resident_id(number[:17] + ("0" if number[17] != "0" else "1"))


@pytest.mark.parametrize("value", ["", "0" * 15, "139****1234", "unknown", "000000000000000"])
def test_masked_and_empty(value: str) -> None:
    """Masked values and placeholders fit nothing."""
    assert not v.fits(v.word, value)


def test_digests_fit() -> None:
    """A digest under the key of an identifier is taken for it."""
    assert v.fits(v.imei, "5f4dcc3b5aa765d61d8327deb882cf99")


def test_kind() -> None:
    """A kind names the form and never the value."""
    assert [v.kind(x) for x in ("1f2e3d4c-5b6a-7988-90a1-b2c3d4e5f607", "3c:aa:bb:cc:dd:e1", "12345", "ab12", "灯", "a@b.cn")] == [
        "uuid", "mac", "digits", "hex", "text", "email",
    ]  # fmt: skip


def test_any_text() -> None:
    """No check fails on any text."""
    rng = random.Random(13)
    checks = [
        v.resident_id,
        v.imei,
        v.equipment,
        v.imsi,
        v.iccid,
        v.mobile,
        v.bank_card,
        v.mac,
        v.advertising,
        v.email,
        v.address,
        v.plate,
        v.kind,
    ]
    for _ in range(500):
        text = "".join(
            chr(rng.choice([rng.randrange(0x30, 0x3A), rng.randrange(1, 0x2000), 0xB2, 0x0661]))
            for _ in range(rng.choice([1, 15, 18, 19]))
        )
        for check in checks:
            check(text)
