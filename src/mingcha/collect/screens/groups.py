"""Which groups of permissions a text speaks of."""

from __future__ import annotations

from mingcha.collect.screens.wording import Words

GROUPS = (
    "location", "camera", "microphone", "storage", "photos", "contacts", "sms", "calendar", "phone", "call_log",
    "sensors", "activity", "nearby_devices", "notifications", "apps", "audio",
)  # fmt: skip
"""Groups of permissions as dialogs name them; each has a list ``ui_ask_…``."""


_PICTURES = frozenset({"photos", "storage"})
"""Words for what a camera makes are no request for what is kept."""


def asked(plain: str, words: Words) -> tuple[str, ...]:
    """The permissions a text speaks of, by the names of their groups."""
    if words.has("ui_ask_not", plain) and words.has("ui_ask_camera", plain):
        return tuple(name for name in GROUPS if name not in _PICTURES and words.has(f"ui_ask_{name}", plain))
    found = [name for name in GROUPS if words.has(f"ui_ask_{name}", plain)]
    if "photos" in found and "storage" in found:
        found.remove("photos")
    if "nearby_devices" in found and "location" in found:  # "the relative position of nearby devices"
        found.remove("location")
    if "phone" in found and "call_log" in found and not words.has("ui_ask_phone", plain.replace("通话记录", "")):
        found.remove("phone")
    return tuple(found)
