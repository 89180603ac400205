"""What names of keys say, in the spellings of software, and what they do not."""

from __future__ import annotations

import pytest

from mingcha.catalogue.load import load
from mingcha.collect.traffic import keys


@pytest.mark.parametrize(
    ("key", "information"),
    [
        ("imei", "dev.imei"), ("IMEI2", "dev.imei"), ("device_imei", "dev.imei"), ("deviceImei", "dev.imei"), ("android_id", "dev.android_id"),
        ("androidId", "dev.android_id"), ("wifi-mac", "dev.mac"), ("Phone_Number", "basic.phone"), ("userMobile", "basic.phone"), ("idCardNo", "identity.id_number"),
    ],
)  # fmt: skip
def test_named(key: str, information: str) -> None:
    """The spellings of a key mean one type of information."""
    assert information in {one.information for one in keys.meanings(key)}


@pytest.mark.parametrize("key", ["", "mobileproviders", "macro", "classid", "timestamp", "k" * 500, "用户"])
def test_not_named(key: str) -> None:
    """Names that only begin like one, and names of most things, mean nothing."""
    assert keys.meanings(key) == ()


def test_types_exist() -> None:
    """Every type that a key stands for is in the catalogue."""
    types = load().information
    assert {one.information for rows in keys._MEANINGS.values() for one in rows} <= set(types)
