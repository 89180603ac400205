"""Host names written in bytes, found without decoding the strings they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOP = (
    b"com|cn|net|org|io|co|top|xyz|info|me|tv|cc|hk|vip|app|dev|cloud|tech|site|online|club|mobi|link|im|ai|biz|us|uk"
    b"|jp|kr|de|ru|sg|tw|eu|pro|pub|run|live|fun|win|plus|ltd|store|shop|work|ink|games|ly|gl|to|la|li|sh|so"
)
_END = re.compile(rb"\.(?:" + _TOP + rb")(?=[\0/:?#\"'<\s\\])", re.IGNORECASE)
_NAME = re.compile(rb"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]+")
_BARE = re.compile(
    rb"(?!(?:com|org|net|io|me|android|androidx|java|javax|kotlin)\.)[a-z0-9.-]+\.(?:com|cn|net|org|cc|hk|tw|vip|xyz|top)"
)
"""Without a scheme, packages (com.example.app), classes (Dispatchers.IO) and files (libx.so) look like hosts."""
_IN_NAMES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-"
_NOT_BEFORE = b"_%@/$"
"""Before a name these say that it is part of a path, an address or an identifier."""
_LONGEST = 253


def find_hosts(data: bytes, start: int = 0, end: int | None = None) -> Iterator[tuple[int, str]]:
    """(offset, host) for every name that ends in a common top-level domain and is followed by the end of a host.

    A name counts where it follows ``scheme://``, or where it starts a string and cannot be taken for something else;
    names inside paths, packages and mail addresses do not.
    """
    for match in _END.finditer(data, start, len(data) if end is None else end):
        low = max(start, match.start() - _LONGEST - 2)
        head = data[low : match.start()].rstrip(_IN_NAMES)
        begin = low + len(head)
        linked = head.endswith(b"://") and head[-5:-3].isalpha()
        if not linked:
            begin += _length_bytes(data, begin)
            if begin > low and data[begin - 1] in _NOT_BEFORE and _length_bytes(data, begin - 1) != 1:
                continue
        name = data[begin : match.end()]
        if len(name) <= _LONGEST and _NAME.fullmatch(name) and (linked or _BARE.fullmatch(name)):
            yield begin, name.decode("ascii").lower()


def _length_bytes(data: bytes, at: int) -> int:
    """How many bytes at the start of a string are its length (one in DEX, two in resources), which may look like letters."""
    rest = data.find(b"\0", at + 1, at + 0x80) - at
    if data[at] == rest - 1:
        return 1
    return 2 if data[at] == rest - 2 and data[at] == data[at + 1] else 0
