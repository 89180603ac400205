"""Which permissions of Android a dialog's words mean."""

from __future__ import annotations

from collections.abc import Iterable

from mingcha.catalogue.load import Catalogue

_ANDROID = "android.permission."
_MEANT = {
    "location": _ANDROID + "ACCESS_FINE_LOCATION",
    "camera": _ANDROID + "CAMERA",
    "microphone": _ANDROID + "RECORD_AUDIO",
    "storage": _ANDROID + "READ_EXTERNAL_STORAGE",
    "photos": _ANDROID + "READ_MEDIA_IMAGES",
    "audio": _ANDROID + "READ_MEDIA_AUDIO",
    "contacts": _ANDROID + "READ_CONTACTS",
    "sms": _ANDROID + "READ_SMS",
    "calendar": _ANDROID + "READ_CALENDAR",
    "phone": _ANDROID + "READ_PHONE_STATE",
    "call_log": _ANDROID + "READ_CALL_LOG",
    "sensors": _ANDROID + "BODY_SENSORS",
    "activity": _ANDROID + "ACTIVITY_RECOGNITION",
    "nearby_devices": _ANDROID + "BLUETOOTH_SCAN",
    "notifications": _ANDROID + "POST_NOTIFICATIONS",
    "apps": "com.android.permission.GET_INSTALLED_APPS",
}
"""A dialog asks for a whole group of permissions; this is the one of each group that opens the information."""


def permissions_of(groups: Iterable[str], tables: Catalogue) -> tuple[str, ...]:
    """The permissions that stand for these groups, those the catalogue knows."""
    return tuple(_MEANT[group] for group in groups if _MEANT.get(group) in tables.permissions)


def opens_information(permission: str, tables: Catalogue) -> bool:
    """Whether holding it opens personal information."""
    row = tables.permissions.get(permission)
    return row is not None and bool(row.information)
