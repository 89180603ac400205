"""The string pool and the chunk walk on their own; ``test_axml`` and ``test_arsc`` use them in their files."""

from __future__ import annotations

import struct

import pytest

from mingcha.errors import FormatError
from mingcha.formats.pool import Chunk, StringPool, chunks
from tests.build.apkparts import chunk, pool


def opened(data: bytes) -> StringPool:
    """The pool that is the first chunk of the data."""
    return StringPool(data, next(chunks(data, 0, len(data))))


@pytest.mark.parametrize("utf8", [False, True])
def test_strings(utf8: bool) -> None:
    """Strings come by index, again and again, and their offsets lead to their lengths."""
    texts = ["", "a", "中文", "x" * 200]
    data = pool(texts, utf8=utf8)
    found = opened(data)
    assert [found.get(index) for index in (0, 1, 2, 3, 2)] == [*texts, "中文"]
    assert len(found) == 4
    at = found.offset(1)
    assert at is not None
    assert data[at : at + 4] == (b"\1\1a\0" if utf8 else b"\1\0a\0")


def test_index_outside() -> None:
    """An index outside the pool has neither string nor offset."""
    found = opened(pool(["a"]))
    for index in (-1, 1, 0xFFFFFFFF):
        assert (found.get(index), found.offset(index)) == (None, None)


@pytest.mark.parametrize("utf8", [False, True])
def test_length_that_leads_out(utf8: bool) -> None:
    """A string whose length leads out of the pool is not there, at the end of the file too."""
    entry = b"\x7f\x7fab" if utf8 else b"\xff\x7fab"
    found = opened(pool([entry, b"\xff\xff\xff\xff"], utf8=utf8))
    assert (found.get(0), found.get(1)) == (None, None)


def test_odd_offsets_of_wide_strings_are_rounded_down() -> None:
    """An odd offset into UTF-16 strings leads to the even place before it, as on Android."""
    data = bytearray(pool(["ab"]))
    struct.pack_into("<L", data, 28, 1)
    assert opened(bytes(data)).get(0) == "ab"


def test_pool_shorter_than_its_header() -> None:
    """A pool chunk without room for its header is refused."""
    with pytest.raises(FormatError, match="shorter than its header"):
        opened(chunk(0x0001, b"", b"\0" * 16))


def test_chunks() -> None:
    """Chunks come with their kind and absolute places; a header size that cannot be is bent into the chunk."""
    data = chunk(1, b"head", b"body") + struct.pack("<HHL", 2, 0, 8) + struct.pack("<HHL", 3, 0xFFFF, 12) + b"last"
    assert list(chunks(data, 0, len(data))) == [Chunk(1, 0, 12, 16), Chunk(2, 16, 24, 24), Chunk(3, 24, 36, 36)]


@pytest.mark.parametrize("size", [0, 7, 9, 0xFFFFFFFF])
def test_chunk_that_leads_out(size: int) -> None:
    """A chunk smaller than its own header or larger than what is left is refused, with its place."""
    data = chunk(1, b"head") + struct.pack("<HHL", 2, 8, size)
    with pytest.raises(FormatError) as caught:
        list(chunks(data, 0, len(data)))
    assert caught.value.offset == 12
