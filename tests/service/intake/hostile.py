"""Archives that strangers might hand in: every trick of the list Z1, as a plain archive and as an Android package."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from functools import cache

from tests.build.zipparts import Part, zipped

MANIFEST = Part("AndroidManifest.xml", b"\3\0\x08\0")
GOOD = Part("a.txt", b"hello " * 100)
MEGA = 1 << 20


def symlink(parts: Sequence[Part], number: int, mode: int = 0o120777) -> bytes:
    """The archive of these parts with one member marked as what ``mode`` says."""
    data = bytearray(zipped(parts))
    at = -1
    for _ in range(number + 1):
        at = data.index(b"PK\1\2", at + 1)
    data[at + 5] = 3  # made on Unix
    data[at + 38 : at + 42] = struct.pack("<L", mode << 16)
    return bytes(data)


def flat_bomb(parts: list[Part]) -> bytes:
    """50 MB of zeros, packed a thousandfold."""
    return zipped([*parts, Part("zeros", b"\0" * (50 * MEGA))])


def overlapping(parts: list[Part]) -> bytes:
    """Twenty members over the same bytes."""
    kernel = Part("0", b"\0" * (10 * MEGA))
    at = zipped(parts).index(b"PK\1\2") if parts else 0
    again = [Part(f"{n}", kernel.data, raw=b"", packed=len(kernel.stored), header_offset=at) for n in range(1, 20)]
    return zipped([*parts, kernel, *again])


def nested(parts: list[Part]) -> bytes:
    """An archive in an archive in an archive, each holding sixteen of the next."""
    inner = zipped([Part(f"z{n}", b"\0" * MEGA) for n in range(16)])
    for _ in range(2):
        inner = zipped([Part(f"l{n}.zip", inner) for n in range(16)])
    return zipped([*parts, Part("inner.zip", inner)])


def forged_small(parts: list[Part]) -> bytes:
    """A member that says 10 bytes and unpacks to five million."""
    return zipped([*parts, Part("small", b"\0" * (5 * MEGA), size=10)])


def forged_large(parts: list[Part]) -> bytes:
    """A member of a few bytes that says 900,000."""
    return zipped([*parts, Part("large", b"abc", size=900_000)])


def stored_short(parts: list[Part]) -> bytes:
    """A stored member whose two sizes differ."""
    return zipped([*parts, Part("classes.dex", b"x" * 500, method=0, packed=0)])


def many(parts: list[Part], count: int = 200_000) -> bytes:
    """200,000 members, with the record that can count them."""
    return zipped([*parts, *(Part(f"{n}", method=0) for n in range(count - len(parts)))], zip64=True)


def many_uncounted(parts: list[Part]) -> bytes:
    """200,000 members and a record that cannot count so far."""
    return zipped([*parts, *(Part(f"{n}", method=0) for n in range(200_000))], count=200_000 & 0xFFFF)


def bad_encoding(parts: list[Part]) -> bytes:
    """A name in the encoding of a Chinese Windows."""
    return zipped([*parts, Part("证据.txt".encode("gbk"), b"x")])


def duplicates(parts: list[Part]) -> bytes:
    """Two members of one name."""
    return zipped([*parts, GOOD, Part("a.txt", b"other")])


def link(parts: list[Part]) -> bytes:
    """A symbolic link to a file of the server."""
    return symlink([*parts, Part("link", b"/etc/passwd")], len(parts))


def device(parts: list[Part]) -> bytes:
    """A block device."""
    return symlink([*parts, Part("disk", b"")], len(parts), 0o060666)


def comment(parts: list[Part]) -> bytes:
    """The longest comment there can be, with end records inside."""
    return zipped([*parts, GOOD], comment=(b"PK\5\6" + b"\0" * 18) * 2978)


def encrypted(parts: list[Part]) -> bytes:
    """A member that is marked as encrypted."""
    return zipped([*parts, Part("secret.txt", b"x" * 100, flags=1)])


def zip64(parts: list[Part]) -> bytes:
    """Sizes and offsets in the wide fields, all of them true."""
    return zipped([*parts, Part("a.txt", b"hello " * 100, wide=True)], zip64=True)


def zip64_huge(parts: list[Part]) -> bytes:
    """A wide field that says eight exabytes."""
    return zipped([*parts, Part("a.txt", b"x", size=1 << 63, wide=True, local_sizes=(3, 1))], zip64=True)


def prepended(parts: list[Part]) -> bytes:
    """Another file in front of the archive."""
    return zipped([*parts, GOOD], prefix=b"dex\n035\0" + b"\0" * 1000)


def trailing(parts: list[Part]) -> bytes:
    """Something behind the archive."""
    return zipped([*parts, GOOD], trailing=b"more" * 1000)


def cut(parts: list[Part]) -> bytes:
    """A directory that breaks off."""
    return zipped([*parts, GOOD], count=5 + len(parts))


def local_name(parts: list[Part]) -> bytes:
    """A member that is called otherwise where it stands."""
    return zipped([*parts, Part("shown.txt", b"x", local_name=b"other.exe")])


def no_local(parts: list[Part]) -> bytes:
    """A record that leads to no member."""
    return zipped([*parts, GOOD, Part("gone", b"x", local_signature=b"XXXX")])


def unknown_method(parts: list[Part]) -> bytes:
    """A method that does not exist, which Android takes for stored."""
    return zipped([*parts, Part("classes.dex", b"x" * 100, method=0x2333)])


def named(name: str | bytes) -> Callable[[list[Part]], bytes]:
    """An archive with a member of this name."""
    return lambda parts: zipped([*parts, Part(name, b"x")])


def noise(parts: list[Part]) -> bytes:
    """No archive at all."""
    return bytes(range(256)) * 100


def end_only(parts: list[Part]) -> bytes:
    """End records and nothing else."""
    return (b"PK\5\6" + b"\1" * 18) * 3000


# what, refused as (None: let in), refused in a package as
Z1: dict[str, tuple[Callable[[list[Part]], bytes], str | None, str | None]] = {
    "flat bomb": (flat_bomb, "ratio-too-high", "ratio-too-high"),
    "overlapping": (overlapping, "overlap", "overlap"),
    "nested": (nested, None, None),
    "forged small": (forged_small, None, None),
    "forged large": (forged_large, "ambiguous", None),
    "stored short": (stored_short, "ambiguous", None),
    "200,000 members": (many, "too-many-members", "too-many-members"),
    "200,000 uncounted": (many_uncounted, "ambiguous", None),
    "bad encoding": (bad_encoding, None, "bad-names"),
    "duplicate names": (duplicates, "duplicate-name", "duplicate-name"),
    "symlink": (link, "special-file", None),
    "device file": (device, "special-file", None),
    "huge comment": (comment, None, None),
    "encrypted": (encrypted, "encrypted", None),
    "zip64": (zip64, None, None),
    "zip64 huge": (zip64_huge, "ambiguous", "member-too-big"),
    "prepended": (prepended, "ambiguous", None),
    "trailing": (trailing, "ambiguous", None),
    "cut": (cut, "ambiguous", "ambiguous"),
    "local name": (local_name, "ambiguous", "ambiguous"),
    "no local header": (no_local, "ambiguous", None),
    "unknown method": (unknown_method, "ambiguous", None),
    "parent": (named("../evil"), "unsafe-name", None),
    "parent inside": (named("a/../../evil"), "unsafe-name", None),
    "absolute": (named("/etc/passwd"), "unsafe-name", None),
    "backslash": (named("..\\evil"), "unsafe-name", None),
    "drive": (named("C:evil"), "unsafe-name", None),
    "device name": (named("a/con.txt"), "unsafe-name", None),
    "device port": (named("LPT1"), "unsafe-name", None),
    "nul": (named("a\0b"), "unsafe-name", None),
    "line break": (named("a\nb"), "unsafe-name", None),
    "two dots in a name": (named("报告..v2.pdf"), None, None),
    "noise": (noise, "not-an-archive", "not-an-archive"),
    "end records only": (end_only, "not-an-archive", "not-an-archive"),
}


KINDS: dict[str, list[Part]] = {"archive": [], "package": [MANIFEST]}


@cache
def made(what: str, kind: str) -> bytes:
    """An archive of the list; some take a second to make."""
    return Z1[what][0](list(KINDS[kind]))
