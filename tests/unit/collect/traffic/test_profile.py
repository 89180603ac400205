"""The device profile: what is read, what is refused, and which values cannot be looked for."""

from __future__ import annotations

import pytest

from mingcha.collect.traffic.profile import is_placeholder, read_profile
from mingcha.errors import RecordError

TYPES = {"dev.imei", "dev.mac", "basic.phone", "loc.precise", "dev.app_list", "dev.oaid"}


def test_scalars_as_written() -> None:
    """Numbers with leading zeros and times of YAML 1.1 (a MAC of digits) stay as they are written."""
    found = read_profile(b"values:\n  dev.imei: 012345678901234\n  dev.mac: 12:34:56:12:34:56\n", TYPES)
    assert [(one.tag, one.value) for one in found.values] == [
        ("dev.imei", "012345678901234"),
        ("dev.mac", "12:34:56:12:34:56"),
    ]


def test_kinds() -> None:
    """Several values get numbered tags; places and packages go their own way; the app's own package is left out."""
    found = read_profile(
        b"package: com.a.b\nvalues:\n  basic.phone: ['13900000001', '13900000002']\n"
        b"  loc.precise: '39.9,116.4'\n  dev.app_list: [com.a.b, com.c.d]\n",
        TYPES,
    )
    assert [one.tag for one in found.values] == ["basic.phone#1", "basic.phone#2"]
    assert found.packages == ("com.c.d",)
    assert (found.points[0].latitude, found.points[0].longitude, found.points[0].tag) == (39.9, 116.4, "loc.precise")


@pytest.mark.parametrize(
    "value",
    [
        "00000000-0000-0000-0000-000000000000",
        "02:00:00:00:00:00",
        "9774d56d682e549c",
        "ffffffff",
        "unknown",
        "139****1234",
    ],
)
def test_placeholders(value: str) -> None:
    """Values that every device hands out are not looked for, and the profile says so."""
    assert is_placeholder(value)
    found = read_profile(f"values:\n  dev.oaid: '{value}'\n".encode(), TYPES)
    assert (found.values, found.ignored) == ((), (("dev.oaid", "placeholder"),))


@pytest.mark.parametrize(
    "data", [b"", b"[", b"values: 3", b"values: {dev.nothing: x}", b"values: {dev.imei: [[x]]}", b"values: {dev.imei: ''}", b"package: [a]\nvalues: {}", b"\xff\xfe\x00", b"values: &a {dev.imei: *a}"]
)  # fmt: skip
def test_refused(data: bytes) -> None:
    """What is no profile is refused in one line."""
    with pytest.raises(RecordError, match="device profile") as caught:
        read_profile(data, TYPES)
    assert "\n" not in str(caught.value)
