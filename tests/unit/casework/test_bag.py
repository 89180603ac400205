"""BagIt in a ZIP: what is written follows RFC 8493, and no bytes can harm the reader."""

from __future__ import annotations

import hashlib
import io
import random
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingcha.casework import bag
from mingcha.errors import FormatError, UsageError
from tests.build.chains import packed, relisted, unpacked

PAYLOAD = {"case.json": b"{}\n", "evidence/照片 100%.jpg": bytes(range(256)), "empty": b""}
INFO = [("External-Identifier", "演示〔2026〕1号"), ("Bagging-Date", "2026-11-22")]


def written(payload: dict[str, bytes] = PAYLOAD, base: str = "one") -> bytes:
    """A bag with a seal that only lists paths."""
    out = io.BytesIO()
    bag.write(out, base, payload, INFO, lambda files: "\n".join(sorted(files)).encode())
    return out.getvalue()


def test_the_files_are_those_of_the_rfc() -> None:
    """Declaration, information, both manifests, payload below data/: read here without our reader."""
    files = unpacked(written())
    assert files["bagit.txt"] == b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    assert files["bag-info.txt"].decode().splitlines() == [
        "External-Identifier: 演示〔2026〕1号", "Bagging-Date: 2026-11-22", "Payload-Oxum: 259.3",
    ]  # fmt: skip
    lines = files["manifest-sha256.txt"].decode().splitlines()
    assert lines == sorted(lines, key=lambda line: line.split("  ")[1])
    assert f"{hashlib.sha256(bytes(range(256))).hexdigest()}  data/evidence/照片 100%25.jpg" in lines
    assert len(lines) == 3
    tags = dict(reversed(line.split("  ")) for line in files["tagmanifest-sha256.txt"].decode().splitlines())
    expected = {name: hashlib.sha256(data).hexdigest() for name, data in files.items() if "/" not in name}
    del expected["tagmanifest-sha256.txt"]
    assert tags == expected
    assert files["data/evidence/照片 100%.jpg"] == bytes(range(256))


def test_the_seal_is_asked_about_all_other_files() -> None:
    """The seal covers every file but itself and the tag manifest, which covers the seal."""
    files = unpacked(written())
    assert files["seal.json"].decode().splitlines() == sorted(files.keys() - {"seal.json", "tagmanifest-sha256.txt"})


def test_the_same_files_give_the_same_bytes() -> None:
    """Order of the given files, the clock and the machine leave no trace: nothing packed, one folder, times of 1980."""
    data = written()
    assert data == written(dict(reversed(PAYLOAD.items())))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist() == sorted(archive.namelist())
        assert {name.partition("/")[0] for name in archive.namelist()} == {"one"}


def test_what_is_written_is_read() -> None:
    """Paths, contents, hashes and manifests come back, stored or packed anew by another tool."""
    data = written()
    for archive in (data, packed(unpacked(data), zipfile.ZIP_DEFLATED)):
        read = bag.read(archive)
        assert read.paths == tuple(sorted(unpacked(data)))
        assert {path: read.read(path) for path in read.paths} == unpacked(data)
        assert all(read.sha256(path) == hashlib.sha256(read.read(path)).hexdigest() for path in read.paths)
        assert read.listed(bag.MANIFEST) == {f"data/{p}": hashlib.sha256(d).hexdigest() for p, d in PAYLOAD.items()}


def test_a_manifest_of_another_tool_is_read() -> None:
    """Capital digits, one blank or a tab, and escaped line breaks are allowed by the RFC; anything else is refused."""
    digest = "ab" * 32
    files = unpacked(written())
    files["manifest-sha256.txt"] = f"{digest.upper()} data/a%0ab\n{digest}\tdata/c%25d\n".encode()
    assert bag.read(packed(files)).listed(bag.MANIFEST) == {"data/a\nb": digest, "data/c%d": digest}
    for bad in (b"no manifest\n", b"\xff\xfe", f"{digest}\n".encode()):
        with pytest.raises(FormatError, match="manifest"):
            bag.read(packed(files | {"manifest-sha256.txt": bad})).listed(bag.MANIFEST)


@pytest.mark.parametrize("name", ["../x", "/x", "a//b", "a/./b", "a\\b", "a\nb", "a\u202eb", "x" * 500, ""], ids=repr)
def test_paths_that_are_not_plain_are_not_written(name: str) -> None:
    """A path that leaves its folder, shows as another one or is no path is refused."""
    with pytest.raises(UsageError, match="plain path"):
        written({name: b""})


def test_names_that_some_systems_confuse_are_not_written() -> None:
    """Two names that differ in capitals only are refused, and so is a base that is not one folder."""
    with pytest.raises(UsageError, match="capital"):
        written({"A": b"", "a": b""})
    with pytest.raises(UsageError, match="plain path"):
        written(base="a/b")


def hostile() -> dict[str, bytes]:
    """ZIPs that are no bag or can be read in two ways."""
    files = unpacked(written())
    good = packed(files)
    twice = io.BytesIO()
    with zipfile.ZipFile(twice, "w") as archive:
        archive.writestr("b/seal.json", "one")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("b/seal.json", "two")
    return {
        "empty": b"",
        "no ZIP": b"PK\3\4" + bytes(100),
        "no member": packed({}),
        "another ZIP": packed({"readme.txt": b"x"}),
        "two folders": _renamed(good, b"any/bagit.txt", b"nay/bagit.txt"),
        "no folder": _renamed(good, b"any/bagit.txt", b"any-bagit.txt"),
        "out of its folder": _renamed(good, b"any/data/empty", b"any/../a/emptyy"[:14]),
        "cursor moved": _renamed(good, b"any/data/empty", b"any/data/\x1b[2Jy"),
        "twice": twice.getvalue(),
        "something behind": good + b"x",
        "something before": b"x" + good,
        "cut": good[:-30],
    }


def _renamed(data: bytes, old: bytes, new: bytes) -> bytes:
    assert len(old) == len(new)
    assert data.count(old) == 2
    return data.replace(old, new)


@pytest.mark.parametrize("name", [*hostile()])
def test_hostile_zips_are_refused(name: str) -> None:
    """Each is refused with one line that can be shown on a terminal."""
    with pytest.raises(FormatError) as caught:
        bag.read(hostile()[name])
    assert str(caught.value).isprintable()


def test_a_bomb_is_refused_before_it_unpacks() -> None:
    """A member that states a small size and unpacks to a large one gives up at the stated size."""
    data = packed({"bagit.txt": bytes(1 << 20)}, zipfile.ZIP_DEFLATED)
    small = data.replace((1 << 20).to_bytes(4, "little"), (999).to_bytes(4, "little"))
    with pytest.raises(FormatError, match="999"):
        bag.read(small).read("bagit.txt")


def test_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sum of all sizes has a limit, whatever each member says."""
    monkeypatch.setattr(bag, "_ALL_BYTES", 400)
    with pytest.raises(FormatError, match="more than"):
        bag.read(written())


def test_what_could_not_be_read_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """More bytes, or more files, than the reader takes are refused before anything is written."""
    monkeypatch.setattr(bag, "_MOST_PAYLOAD", 258)
    with pytest.raises(UsageError, match="at most"):
        written()
    with pytest.raises(UsageError, match="at most"):
        written({str(number): b"" for number in range(bag.LIMITS.members)})


@settings(max_examples=300)
@given(st.binary(max_size=400))
def test_random_bytes(data: bytes) -> None:
    """Random bytes are no package, said in one line."""
    with pytest.raises(FormatError) as caught:
        bag.read(data)
    assert str(caught.value).isprintable()


def test_damaged_packages_are_read_or_refused() -> None:
    """Packages cut anywhere, or with bytes changed anywhere, are read in bounded time or refused in one line; nothing else leaves."""
    good, chance = packed(relisted(unpacked(written())), zipfile.ZIP_DEFLATED), random.Random(6)
    refused = []
    for _ in range(1500):
        data = bytearray(good)
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            read = bag.read(bytes(data[: chance.choice([len(data), chance.randrange(len(data))])]))
            for path in read.paths:
                read.read(path)
        except FormatError as error:
            refused.append(str(error))
    assert 500 < len(refused) < 1500
    assert all(text.isprintable() for text in refused)
