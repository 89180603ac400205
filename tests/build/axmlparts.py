"""Makes binary XML from a nested tuple tree, honest or with packers' tricks."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from tests.build.poolparts import Given, Strings, Typed, chunk, pool

ANDROID = "http://schemas.android.com/apk/res/android"


@dataclass(frozen=True)
class Attr:
    """An attribute. ``id`` puts it into the resource map; ``shown`` is its name in the pool, if another."""

    name: str
    value: Given
    id: int | None = None
    namespace: str | None = ANDROID
    shown: str | None = None
    raw: str | None = None


Tree = tuple[str, Sequence[Attr], Sequence["Tree | str | bytes"]]
"""Name, attributes, children; a child of bytes is a chunk put in as it is."""


@dataclass(frozen=True)
class XmlOptions:
    utf8: bool = False
    kind: int = 0x0003
    stated_size: int | None = None
    attribute_size: int = 20
    attribute_start: int = 20
    terminated: bool = True
    strings_stated: int | None = None
    resource_map: bool = True
    before_nodes: bytes = b""
    after_root: bytes = b""


_HONEST_XML = XmlOptions()


def axml(tree: Tree, options: XmlOptions = _HONEST_XML) -> bytes:
    """Binary XML with one namespace around the root."""
    mapped = _mapped(tree)
    strings = Strings()
    # Names with an id come first, each in its own place even if two are alike, so that the map fits.
    names = [attr.name if attr.shown is None else attr.shown for attr in mapped]
    nodes = _nodes(tree, mapped, strings, len(names), options)
    prefix, uri = len(names) + strings.place("android"), len(names) + strings.place(ANDROID)
    nodes = _node(0x0100, struct.pack("<LL", prefix, uri)) + nodes + options.after_root
    texts = pool(names + strings.texts, utf8=options.utf8, count=options.strings_stated, terminated=options.terminated)
    ids = b"".join(struct.pack("<L", attr.id or 0) for attr in mapped)
    table = chunk(0x0180, b"", ids) if options.resource_map else b""
    body = texts + table + options.before_nodes + nodes
    stated = 8 + len(body) if options.stated_size is None else options.stated_size
    return struct.pack("<HHL", options.kind, 8, stated) + body


def _mapped(tree: Tree) -> list[Attr]:
    """One attribute for each distinct id, in order of id."""
    found: dict[int, Attr] = {}
    waiting = [tree]
    while waiting:
        _, attributes, children = waiting.pop()
        found.update({attr.id: attr for attr in attributes if attr.id is not None})
        waiting += [child for child in children if isinstance(child, tuple)]
    return [found[number] for number in sorted(found)]


def _node(kind: int, body: bytes, line: int = 1) -> bytes:
    return chunk(kind, struct.pack("<LL", line, 0xFFFFFFFF), body)


def _nodes(tree: Tree, mapped: list[Attr], strings: Strings, base: int, options: XmlOptions) -> bytes:
    name, attributes, children = tree
    out = start_tag(
        base + strings.place(name),
        [_attribute(attr, mapped, strings, base, options.attribute_size) for attr in attributes],
        size=options.attribute_size,
        start=options.attribute_start,
    )
    for child in children:
        if isinstance(child, bytes):
            out += child
        elif isinstance(child, str):
            out += _node(0x0104, struct.pack("<LHBBL", base + strings.place(child), 8, 0, 0, 0))
        else:
            out += _nodes(child, mapped, strings, base, options)
    return out + end_tag(base + strings.place(name))


def start_tag(
    name: int, attributes: Sequence[bytes] = (), *, size: int = 20, start: int = 20, count: int | None = None
) -> bytes:
    stated = len(attributes) if count is None else count
    head = struct.pack("<LLHHHHHH", 0xFFFFFFFF, name, start, size, stated, 0, 0, 0)
    return _node(0x0102, head.ljust(start, b"\0") + b"".join(attributes))


def end_tag(name: int) -> bytes:
    return _node(0x0103, struct.pack("<LL", 0xFFFFFFFF, name))


def _attribute(attr: Attr, mapped: list[Attr], strings: Strings, base: int, size: int) -> bytes:
    ids = [other.id for other in mapped]
    shown = attr.name if attr.shown is None else attr.shown
    name = ids.index(attr.id) if attr.id is not None else base + strings.place(shown)
    namespace = 0xFFFFFFFF if attr.namespace is None else base + strings.place(attr.namespace)
    raw = attr.raw if attr.raw is not None else attr.value if isinstance(attr.value, str) else None
    kind, data = strings.value(attr.value)
    data += base if kind == 0x03 and not isinstance(attr.value, Typed) else 0
    place = 0xFFFFFFFF if raw is None else base + strings.place(raw)
    return struct.pack("<LLLHBBL", namespace, name, place, 8, 0, kind, data).ljust(size, b"\0")
