"""The table of android: attribute ids."""

from __future__ import annotations

import pytest

from mingcha.formats.attributes import ANDROID_ATTRIBUTES


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (0x01010001, "label"),
        (0x01010003, "name"),
        (0x01010010, "exported"),
        (0x01010018, "authorities"),
        (0x0101020C, "minSdkVersion"),
        (0x0101021B, "versionCode"),
        (0x0101021C, "versionName"),
        (0x01010270, "targetSdkVersion"),
        (0x01010271, "maxSdkVersion"),
        (0x01010280, "allowBackup"),
        (0x010104EC, "usesCleartextTraffic"),
        (0x01010527, "networkSecurityConfig"),
        (0x01010599, "foregroundServiceType"),
        (0x01010603, "requestLegacyExternalStorage"),
        (0x0101063E, "dataExtractionRules"),
        (0x01010644, "usesPermissionFlags"),
    ],
)
def test_ids_that_manifests_use(number: int, name: str) -> None:
    """The ids that the platform's documentation and aapt give for these names are in the table."""
    assert ANDROID_ATTRIBUTES[number] == name


def test_table_is_consistent() -> None:
    """Every id is an attribute of the platform, and no name has two ids."""
    assert len(ANDROID_ATTRIBUTES) == 198
    assert all(number >> 16 == 0x0101 for number in ANDROID_ATTRIBUTES)
    assert len(set(ANDROID_ATTRIBUTES.values())) == len(ANDROID_ATTRIBUTES)
