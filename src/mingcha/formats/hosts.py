"""Host names written in bytes, found without decoding the strings they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOP = (
    b"com|cn|net|org|io|co|top|xyz|info|me|tv|cc|hk|vip|app|dev|cloud|tech|site|online|club|mobi|link|im|ai|biz|us|uk"
    b"|jp|kr|de|ru|sg|tw|eu|pro|pub|run|live|fun|win|plus|ltd|store|shop|work|ink|games|ly|gl|to|la|li|sh|so"
)
_END = re.compile(rb"\.(?:" + _TOP + rb")(?=[\0/:?#\"'<\s\\])", re.IGNORECASE)
_LABELS = re.compile(rb"(?<![A-Za-z0-9._%@/$-])(?:[A-Za-z]{2,8}://)?((?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)*"
                     rb"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)$")  # fmt: skip
_LONGEST = 253


def find_hosts(data: bytes, start: int = 0, end: int | None = None) -> Iterator[tuple[int, str]]:
    """(offset, host) for every name that ends in a common top-level domain and is followed by the end of a host.

    A name counts where it starts a string or follows ``scheme://``; names inside paths, packages and mail addresses do not.
    """
    for match in _END.finditer(data, start, len(data) if end is None else end):
        labels = _LABELS.search(data, max(start, match.start() - _LONGEST), match.start())
        if labels:
            host = data[labels.start(1) : match.end()].decode("ascii").lower()
            if "." in host:
                yield labels.start(1), host
