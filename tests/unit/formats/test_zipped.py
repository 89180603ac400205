"""The ZIP reader on honest archives, on tricks that Android accepts, and on hostile ones."""

from __future__ import annotations

import mmap
import random
import struct
import tempfile
import zlib

import pytest

from mingcha.errors import FormatError
from mingcha.formats.zipped import Archive, Limits
from tests.build.apkparts import Part, deflated, zipped

MANIFEST = b"<binary manifest>" * 20
DEX = bytes(range(256)) * 40


def codes(archive: Archive) -> set[str]:
    """The kinds of oddity an archive has."""
    return {oddity.code for oddity in archive.oddities}


def app(*parts: Part, **options: object) -> Archive:
    """An archive of the given members, or of a manifest and a dex."""
    given = parts or (Part("AndroidManifest.xml", MANIFEST), Part("classes.dex", DEX, method=0))
    return Archive(zipped(given, **options))  # type: ignore[arg-type]


def test_honest_archive() -> None:
    """An honest archive has its members in order, their content, and no oddity."""
    archive = app()
    assert archive.names() == ("AndroidManifest.xml", "classes.dex")
    assert archive.read("AndroidManifest.xml") == MANIFEST
    assert archive.read("classes.dex") == DEX
    assert archive.oddities == ()


def test_fields_of_a_member() -> None:
    """A member says what the directory says and where header and data stand."""
    data = zipped([Part("a", b"12345", method=0), Part("bc", MANIFEST)])
    member = Archive(data).get("bc")
    assert member is not None
    assert (member.raw_name, member.method, member.flags, member.size) == (b"bc", 8, 0, len(MANIFEST))
    assert member.header_offset == 30 + 1 + 5
    assert member.data_offset == member.header_offset + 30 + 2
    assert member.crc == zlib.crc32(MANIFEST)
    assert data[member.data_offset :][: member.compressed_size] == deflated(MANIFEST)


@pytest.mark.parametrize("method", [0, 8])
def test_span_is_the_data(method: int) -> None:
    """The span of a member covers exactly its bytes in the file."""
    data = zipped([Part("x", b"front"), Part("y", DEX, method=method)])
    archive = Archive(data)
    start, end = archive.span(archive.members[1])
    assert data[start:end] == (DEX if method == 0 else deflated(DEX))


def test_memory_map_and_view() -> None:
    """A memory map and a memoryview are read like bytes, and the map can be closed afterwards."""
    data = zipped([Part("x", MANIFEST), Part("y", DEX, method=0)])
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            archive = Archive(mapped)
            assert (archive.read("x"), archive.read("y")) == (MANIFEST, DEX)
            assert archive.oddities == ()
    view = Archive(memoryview(data))
    assert (view.read("x"), view.read("y"), view.oddities) == (MANIFEST, DEX, ())


def test_get_of_an_absent_name() -> None:
    """An absent name gives nothing from ``get`` and a FormatError from ``read``."""
    assert app().get("absent") is None
    with pytest.raises(FormatError, match="no member absent"):
        app().read("absent")


def test_crc_is_checked_only_on_demand() -> None:
    """A wrong checksum stops no reading, and ``crc_ok`` tells."""
    archive = app(Part("good", DEX), Part("bad", DEX, crc=1))
    for name, right in (("good", True), ("bad", False)):
        member = archive.get(name)
        assert member is not None
        assert archive.crc_ok(member, archive.read(member)) is right


# ------------------------------------------------------------------------------- what Android accepts


def test_encryption_flag_is_ignored() -> None:
    """A member marked as encrypted is read as if it were not, and the mark is noted."""
    archive = app(Part("classes.dex", DEX, flags=1), Part("a.xml", MANIFEST, method=0, flags=0x801))
    assert (archive.read("classes.dex"), archive.read("a.xml")) == (DEX, MANIFEST)
    assert codes(archive) == {"encryption-flag"}


def test_unknown_method_is_stored() -> None:
    """Content under a method nobody knows is what stands there, as for Android."""
    archive = app(Part("AndroidManifest.xml", MANIFEST, method=30208))
    assert archive.read("AndroidManifest.xml") == MANIFEST
    assert codes(archive) == {"unknown-method"}


def test_unknown_method_with_forged_compressed_size() -> None:
    """Under an unknown method the uncompressed size counts, whatever the compressed size says."""
    archive = app(Part("AndroidManifest.xml", MANIFEST, method=99, packed=7))
    assert archive.read("AndroidManifest.xml") == MANIFEST
    assert archive.span(archive.members[0])[1] - archive.members[0].data_offset == len(MANIFEST)
    assert {"unknown-method", "forged-size"} <= codes(archive)


def test_unknown_method_over_deflated_data() -> None:
    """If the data inflates to exactly the stated size, it was deflated after all."""
    archive = app(Part("classes.dex", DEX, method=14, raw=deflated(DEX)))
    assert archive.read("classes.dex") == DEX


def test_stored_size_is_the_uncompressed_one() -> None:
    """A stored member is as long as its uncompressed size says."""
    archive = app(Part("a", MANIFEST, method=0, packed=3))
    assert archive.read("a") == MANIFEST
    assert codes(archive) == {"forged-size"}


def test_data_descriptor() -> None:
    """With the descriptor flag the local header's empty sizes are normal."""
    archive = app(Part("a", DEX, flags=8, local_sizes=(0, 0)))
    assert archive.read("a") == DEX
    assert archive.oddities == ()


def test_local_header_is_overruled() -> None:
    """Where local header and directory differ, the directory rules and the difference is noted."""
    archive = app(Part("a", DEX, local_method=0, local_sizes=(1, 2)), Part("b", DEX, local_name=b"zz"))
    assert (archive.read("a"), archive.read("b")) == (DEX, DEX)
    assert codes(archive) == {"local-differs", "name-differs"}


def test_signing_block_before_the_directory_is_normal() -> None:
    """Bytes between the last member and the directory, where signing blocks stand, are no oddity."""
    archive = app(before_directory=b"\0" * 4096)
    assert archive.oddities == ()
    assert archive.read("classes.dex") == DEX


def test_comment() -> None:
    """A comment of any allowed length is normal, even if it holds the signature of an end record."""
    fake = struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, 1, 1, 46, 0, 0)
    for comment in (b"channel=xiaomi", b"x" * 0xFFFF, fake + b"tail", b"PK\5\6", fake):
        archive = app(comment=comment)
        assert archive.read("classes.dex") == DEX
        assert archive.oddities == ()


def test_end_record_without_members_inside_a_comment() -> None:
    """A comment that ends in the end record of an empty ZIP does not empty the archive."""
    empty = zipped([])
    assert app(comment=b"channel" + empty).read("classes.dex") == DEX


def test_zip64() -> None:
    """Sizes, offsets and counts in zip64 records are read."""
    for options in ({}, {"prefix": b"junk", "shifted": True}):
        archive = app(Part("a", DEX, wide=True), Part("b", MANIFEST), zip64=True, **options)
        assert (archive.read("a"), archive.read("b")) == (DEX, MANIFEST)
        assert archive.members[0].size == len(DEX)


# ------------------------------------------------------------------- what Android refuses but people meet


def test_junk_in_front() -> None:
    """Junk in front of the whole ZIP shifts every offset, and the members are found all the same."""
    archive = app(prefix=b"#!/bin/sh\n" * 7, shifted=True)
    assert (archive.read("AndroidManifest.xml"), archive.read("classes.dex")) == (MANIFEST, DEX)
    assert codes(archive) == {"prepended-data", "shifted-offsets"}
    assert archive.members[0].header_offset == 70


def test_janus() -> None:
    """A dex in front, with offsets that count it in, is noted."""
    archive = app(prefix=b"dex\n035\0" + b"\0" * 100)
    assert archive.read("classes.dex") == DEX
    assert codes(archive) == {"prepended-data"}


def test_gap_filled_by_a_header() -> None:
    """A local header that the directory does not list, as build tools leave one at the start, is normal."""
    filler = zipped([Part("", b"", method=0)])[:30]
    archive = app(prefix=filler + b"\0" * 102)
    assert archive.read("classes.dex") == DEX
    assert archive.oddities == ()


def test_trailing_data() -> None:
    """Bytes after the end of the ZIP are noted."""
    archive = app(trailing=b"more")
    assert archive.read("classes.dex") == DEX
    assert codes(archive) == {"trailing-data"}


def test_cut_comment() -> None:
    """A comment longer than the file is noted."""
    data = zipped([Part("a", DEX)], comment=b"0123456789")
    archive = Archive(data[:-4])
    assert archive.read("a") == DEX
    assert codes(archive) == {"comment-cut"}


def test_duplicate_names() -> None:
    """Of two members with one name the first in the directory counts; both are kept."""
    archive = app(Part("classes.dex", b"first"), Part("a", b"x"), Part("classes.dex", b"second"))
    assert archive.read("classes.dex") == b"first"
    assert [archive.read(member) for member in archive.members] == [b"first", b"x", b"second"]
    assert archive.names() == ("classes.dex", "a")
    assert codes(archive) == {"duplicate-name"}


def test_overlap() -> None:
    """Two members on the same bytes are noted and both can be read."""
    archive = app(Part("a", DEX), Part("a", DEX, header_offset=0))
    assert "overlap" in codes(archive)
    assert archive.read(archive.members[1]) == DEX


def test_missing_local_header() -> None:
    """A member without local header is listed but cannot be read; the others can."""
    archive = app(Part("b", DEX), Part("a", DEX, local_signature=b"XXXX"), Part("c", DEX, header_offset=1 << 30))
    assert archive.read("b") == DEX
    assert codes(archive) == {"no-local-header"}
    for name in "ac":
        with pytest.raises(FormatError, match="local header is missing"):
            archive.read(name)


@pytest.mark.parametrize("change", [-1, 1, 40, 300])
def test_forged_record_length(change: int) -> None:
    """A record whose lengths lead astray hides no other member."""
    parts = [Part(f"member{number}", DEX, extra=b"e" * 8) for number in range(5)]
    data = bytearray(zipped(parts))
    start = Archive(bytes(data)).central_directory_offset
    record = 46 + 7 + 8
    struct.pack_into("<H", data, start + record + 30, 8 + change)
    archive = Archive(bytes(data))
    assert archive.names() == tuple(part.name for part in parts)
    assert codes(archive) == {"directory-forged"}


def test_more_members_stated_than_there() -> None:
    """A directory that ends before its stated count gives what it has and says so."""
    archive = app(Part("a", DEX), count=500)
    assert archive.names() == ("a",)
    assert codes(archive) == {"directory-cut"}


def test_fewer_members_stated_than_there() -> None:
    """Records beyond the stated count, which Android does not see, are noted and left out."""
    archive = app(Part("a", DEX), Part("hidden", DEX), count=1)
    assert archive.names() == ("a",)
    assert codes(archive) == {"unlisted-member"}


def test_names() -> None:
    """Names that are not UTF-8 or lead out of their folder are kept, readable and noted."""
    archive = app(Part("文档/图标.png", DEX), Part(b"\xff\xfe", DEX), Part("../../etc/passwd", DEX), Part("/abs", DEX))
    assert archive.names() == ("文档/图标.png", "\\xff\\xfe", "../../etc/passwd", "/abs")
    assert codes(archive) == {"name-not-utf8", "unsafe-name"}
    assert archive.read("文档/图标.png") == DEX


def test_control_characters_stay_out_of_messages() -> None:
    """A name with line breaks and escape sequences leaves every message on one plain line."""
    name = "evil\n\x1b[31m" + "x" * 500
    archive = app(Part(name, DEX, flags=1), Part(name, DEX, raw=b"\xff", method=8))
    with pytest.raises(FormatError) as caught:
        archive.read(archive.members[1])
    for text in [str(caught.value), *(oddity.detail for oddity in archive.oddities)]:
        assert text.isprintable()
        assert len(text) < 400


# ------------------------------------------------------------------------------------------ hostile


def test_zip64_marks_without_zip64_records() -> None:
    """An end record that points to zip64 records which are not there is read as it stands."""
    mark = struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    for data in (mark, b"x" * 90 + mark):
        with pytest.raises(FormatError, match="not a ZIP"):
            Archive(data)
    assert app(Part("a", DEX), count=0xFFFF).names() == ("a",)


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\5\6", b"not a zip at all" * 10, b"\0" * 70_000])
def test_not_a_zip(data: bytes) -> None:
    """What has no end record is refused in one line."""
    with pytest.raises(FormatError, match="not a ZIP"):
        Archive(data)


def test_empty_archive() -> None:
    """A ZIP without members opens and has none."""
    archive = Archive(zipped([]))
    assert (archive.members, archive.names(), archive.oddities) == ((), (), ())


def test_every_truncation() -> None:
    """A file cut anywhere is refused or opens; nothing else happens."""
    data = zipped([Part("a", DEX), Part("b", MANIFEST, method=0)], comment=b"c")
    opened = 0
    for length in range(len(data)):
        try:
            Archive(data[:length])
            opened += 1
        except FormatError:
            pass
    assert opened == 1  # the one without its comment


def test_damaged_and_cut_data() -> None:
    """Data that does not inflate, or not to its end, is a FormatError with the member's name."""
    archive = app(Part("bad", DEX, raw=b"\xff\xff\xff"), Part("cut", DEX, raw=deflated(DEX)[:-5]), Part("c", DEX))
    with pytest.raises(FormatError, match="bad: damaged"):
        archive.read("bad")
    with pytest.raises(FormatError, match="cut: compressed data is cut short"):
        archive.read("cut")
    assert archive.read("c") == DEX


def test_data_past_the_end_of_the_file() -> None:
    """A member whose data would lie outside the file is listed and noted, and cannot be read."""
    archive = app(Part("a", DEX, method=0, size=1 << 20, packed=1 << 20))
    assert codes(archive) == {"data-outside"}
    for action in (archive.read, archive.span):
        with pytest.raises(FormatError, match="past the end"):
            action(archive.members[0])


@pytest.mark.parametrize("method", [0, 8, 77])
def test_limit_on_reading(method: int) -> None:
    """A limit of exactly the size passes, one byte less does not, whatever the headers claim."""
    archive = app(Part("a", DEX, method=method))
    assert archive.read("a", len(DEX)) == DEX
    with pytest.raises(FormatError, match=f"{len(DEX) - 1} bytes"):
        archive.read("a", len(DEX) - 1)


def test_bomb() -> None:
    """A member that inflates far beyond its stated size stops at the limit."""
    archive = app(Part("bomb", b"\0" * 50_000_000, size=10))
    with pytest.raises(FormatError, match="more than 1000000 bytes"):
        archive.read("bomb", 1_000_000)
    assert archive.head("bomb", 5) == b"\0" * 5


def test_forged_size_is_impossible() -> None:
    """A size that no deflate stream of that length can reach is noted."""
    assert "forged-size" in codes(app(Part("a", b"x", size=0xFFFFFFF0)))


def test_head() -> None:
    """``head`` gives the first bytes, fewer if there are not so many."""
    archive = app(Part("a", DEX), Part("b", DEX, method=0), Part("cut", DEX, raw=deflated(DEX)[:200]))
    for name in ("a", "b", "cut"):
        assert archive.head(name, 4) == DEX[:4]
        assert archive.head(name, 0) == b""
    assert archive.head("a", 1 << 20) == archive.head("b", 1 << 20) == DEX


def test_limit_on_members() -> None:
    """More members than the limit are refused."""
    data = zipped([Part(f"m{number}") for number in range(11)])
    assert len(Archive(data, Limits(members=11)).members) == 11
    with pytest.raises(FormatError, match="more than 10 members"):
        Archive(data, Limits(members=10))


def test_oddities_are_bounded() -> None:
    """A thousand members with the same oddity give a short list that says how many more there are."""
    archive = app(*(Part(f"m{number}", flags=1) for number in range(1000)))
    assert len(archive.oddities) == 21
    assert archive.oddities[-1].detail == "980 more of the same"


def test_comment_full_of_end_records() -> None:
    """Sixty-five thousand bytes of end signatures cost no time and hide nothing."""
    assert app(comment=(b"PK\5\6" * 16383)).read("classes.dex") == DEX


def test_forged_local_name_lengths() -> None:
    """Many members that share one local header with a forged name length are read without copying it each time."""
    header = Part("a" * 60_000, DEX)
    many = [Part(f"m{number}", DEX, header_offset=0) for number in range(3000)]
    archive = app(header, *many)
    assert len(archive.members) == 3001
    assert {"name-differs", "overlap"} <= codes(archive)


def test_mutations_raise_format_error_or_succeed() -> None:
    """Of 600 damaged archives each opens and reads, or raises FormatError."""
    dice = random.Random(7)
    seeds = [
        zipped([Part("a", DEX), Part("b", MANIFEST, method=0, flags=1)], comment=b"hello"),
        zipped([Part("a", DEX, wide=True), Part("b", MANIFEST)], zip64=True),
        zipped([Part("x", DEX), Part("x", b"y", method=99)], prefix=b"junk", shifted=True),
    ]
    read = 0
    for _ in range(600):
        data = bytearray(dice.choice(seeds))
        for _ in range(dice.randint(1, 6)):
            place = len(data) - 1 - dice.randrange(200 if dice.random() < 0.8 else len(data))
            data[place] = dice.choice([0, 1, 8, 0x7F, 0x80, 0xFF, dice.randrange(256)])
        try:
            archive = Archive(bytes(data))
            read += sum(len(archive.read(member, 1 << 20)) for member in archive.members)
        except FormatError:
            continue
    assert read > 0
