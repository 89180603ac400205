"""Language tags of configurations, and which language stands in for another."""

from __future__ import annotations

import pytest

from mingcha.formats.languages import configuration, distance


def raw(language: bytes = b"", region: bytes = b"", script: bytes = b"", variant: bytes = b"", **more: int) -> bytes:
    """A configuration without its size field; ``more`` sets single bytes by place."""
    out = bytearray(60)
    out[4 : 4 + len(language)] = language
    out[6 : 6 + len(region)] = region
    out[32 : 32 + len(script)] = script
    out[36 : 36 + len(variant)] = variant
    for place, value in more.items():
        out[int(place[1:])] = value
    return bytes(out)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (raw(), (None, 0)),
        (raw(b"zh"), ("zh", 0)),
        (raw(b"zh", b"CN"), ("zh-CN", 0)),
        (raw(b"zh", b"TW", b"Hant"), ("zh-Hant-TW", 0)),
        (raw(b"en", b"", b"", b"POSIX"), ("en-POSIX", 0)),
        (raw(b"\xad\x05"), ("fil", 0)),  # three letters of five bits: f=5, i=8, l=11
        (raw(b"es", b"\xa4\x24"), ("es-419", 0)),
        (raw(b"zh", b"CN", b"Hans", p48=1), ("zh-CN", 1 - 1)),  # a script that Android worked out is not shown
        (raw(b"", b"CN"), (None, 0)),
        (raw(p0=0xCC, p10=2, p20=21), (None, 3)),
        (raw(b"\x01\x02"), (None, 0)),
        (b"", (None, 0)),
        (raw(b"zh")[:8], ("zh", 0)),
    ],
)
def test_configuration(given: bytes, expected: tuple[str | None, int]) -> None:
    """A configuration gives its language tag and how many other conditions it sets."""
    assert configuration(given) == expected


@pytest.mark.parametrize(
    ("wanted", "order"),
    [
        ("zh", ["zh", "zh-CN", "zh-TW", None, "en"]),
        ("zh-CN", ["zh-CN", "zh", "zh-Hans-CN", "zh-SG", "zh-Hant-TW", None, "en"]),
        ("zh-HK", ["zh-HK", "zh-TW", "zh-CN", None, "en"]),
        ("en", ["en", "en-GB", None, "de"]),
        (None, [None, "en"]),
    ],
)
def test_distance(wanted: str | None, order: list[str | None]) -> None:
    """Languages rank by closeness: the same, the same in other forms, the default, others."""
    ranks = [distance(has, wanted) for has in order]
    assert ranks == sorted(ranks)
    assert ranks[0] == 0
    assert len(set(ranks)) == len(ranks)
