"""Language tags of resource configurations, and how close one language is to another."""

from __future__ import annotations

_CONFIGURATION = 60  # bytes after the size field, as of Android 15
_TRADITIONAL = frozenset({"Hant", "TW", "HK", "MO"})


def configuration(raw: bytes) -> tuple[str | None, int]:
    """Language tag of a configuration (its bytes after the size), and how many other bytes of it are set."""
    raw = raw[:_CONFIGURATION].ljust(_CONFIGURATION, b"\0")
    language = _letters(raw[4:6], ord("a"))
    parts = [
        language,
        _ascii(raw[32:36]) if not raw[48] else "",
        _letters(raw[6:8], ord("0")),
        _ascii(raw[36:44]),
    ]
    others = raw[:4] + raw[8:32] + raw[44:48]
    return "-".join(part for part in parts if part) if language else None, sum(map(bool, others))


def _letters(raw: bytes, base: int) -> str:
    """Two letters, or three packed into 15 bits."""
    first, second = raw
    if not first & 0x80:
        return _ascii(raw)
    codes = (second & 0x1F, second >> 5 | (first & 0x03) << 3, first >> 2 & 0x1F)
    return _ascii(bytes(base + code for code in codes))


def _ascii(raw: bytes) -> str:
    text = raw.split(b"\0", 1)[0].decode("ascii", "replace")
    return text if text.isalnum() else ""


def distance(has: str | None, wanted: str | None) -> int:
    """0 the same, then the same language in another form, 5 the default, 6 anything else."""
    if has == wanted:
        return 0
    if has is None:
        return 5
    if wanted is None:
        return 6
    have, want = has.split("-"), wanted.split("-")
    if have[0] != want[0]:
        return 6
    if bool(_TRADITIONAL.intersection(have)) != bool(_TRADITIONAL.intersection(want)):
        return 4
    return 1 if len(have) == 1 else 2 + (have[-1] != want[-1])
