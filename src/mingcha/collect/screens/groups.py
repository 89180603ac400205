"""Which groups of permissions a text speaks of."""

from __future__ import annotations

import re
from functools import lru_cache

from mingcha.collect.screens.wording import Words

GROUPS = (
    "location", "camera", "microphone", "storage", "photos", "contacts", "sms", "calendar", "phone", "call_log",
    "sensors", "activity", "nearby_devices", "notifications", "apps", "audio",
)  # fmt: skip
"""Groups of permissions as dialogs name them; each has a list ``ui_ask_…``."""


_PICTURES = frozenset({"photos", "storage"})
"""Words for what a camera makes are no request for what is kept."""


def heading(plain: str, words: Words) -> str | None:
    """The group that a text names and says no more, as the heading of a row does."""
    whole = (name for name in GROUPS if words.whole(f"ui_ask_{name}", plain))
    short = (name for name in SHORT if words.whole(f"ui_enumerated_{name}", plain))
    return next(whole, None) or next(short, None)


_MEMBERS = re.compile("[、/和与及或,，：:]|以及| and ")
SHORT = ("phone", "sms", "storage", "notifications")
"""Groups with a short name that means one only in a list of permissions."""


@lru_cache(maxsize=1024)
def asked(plain: str, words: Words) -> tuple[str, ...]:
    """The permissions a text speaks of, by the names of their groups."""
    named = _named(plain, words)
    listed = _listed(plain, words) - set(named)
    return tuple(group for group in GROUPS if group in named or group in listed)


def _listed(plain: str, words: Words) -> set[str]:
    """Short names in a list of several groups that says of itself that it lists permissions."""
    if not words.has("ui_permission_word", plain) and not (words.has("ui_opens", plain) and _named(plain, words)):
        return set()
    members = [member for member in _MEMBERS.split(plain) if member]
    return {name for name in SHORT for member in members if _is_member(member, name, words)}


def _is_member(member: str, name: str, words: Words) -> bool:
    """Whether the name stands alone between commas, or at the end or start of what it is listed in."""
    return any(
        (start == 0 and (end == len(member) or words.starts("ui_permission_word", member[end:])))
        or (end == len(member) and words.starts("ui_bare", member[:start]))
        for start, end in words.spans(f"ui_enumerated_{name}", member)
    )


def _named(plain: str, words: Words) -> tuple[str, ...]:
    if words.has("ui_ask_not", plain) and words.has("ui_ask_camera", plain):
        return tuple(name for name in GROUPS if name not in _PICTURES and words.has(f"ui_ask_{name}", plain))
    found = [name for name in GROUPS if words.has(f"ui_ask_{name}", plain)]
    if "photos" in found and "storage" in found:
        found.remove("photos")
    if "nearby_devices" in found and "location" in found and not _asks_location(plain, words):
        found.remove("location")
    if "phone" in found and "call_log" in found and not words.has("ui_ask_phone", plain.replace("通话记录", "")):
        found.remove("phone")
    return tuple(found)


def _asks_location(plain: str, words: Words) -> bool:
    """Whether a place is spoken of that is not only how devices nearby stand to one another."""
    apart = words.spans("ui_relative_position", plain)
    spans = words.spans("ui_ask_location", plain)
    return any(not any(a <= start and end <= b for a, b in apart) for start, end in spans)
