"""Archives from strangers: refused by their directory, or read within limits (Z1, Z2)."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingcha.errors import FormatError
from mingcha.formats.zipped import Archive
from mingcha.service.intake.archives import DEFAULT, Checked, Limits, check_archive, opened
from mingcha.service.intake.refusals import IntakeError
from tests.build.zipparts import Part, deflated, zipped
from tests.service.intake.hostile import GOOD, KINDS, MANIFEST, MEGA, Z1, made

SMALL = Limits(upload=5000, members=4, member_bytes=3000, total_bytes=5000, ratio=10, ratio_above=1000)


def refused(data: Any, limits: Limits = DEFAULT) -> str | None:
    """The code of the refusal; None if it is let in."""
    try:
        check_archive(data, limits)
    except IntakeError as error:
        return error.code
    return None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("what", Z1)
def test_each_trick_is_refused_or_let_in_as_decided(what: str, kind: str) -> None:
    """Every archive of the list is decided as its row says, within two seconds."""
    _, archive, package = Z1[what]
    data = made(what, kind)
    start = time.process_time()
    assert refused(data) == (package if kind == "package" else archive)
    assert time.process_time() - start < 2


def read(checked: Checked, name: str) -> tuple[int, str | None]:
    """How many bytes a member gave, and the code of what ended it early."""
    count = 0
    try:
        for piece in checked.pieces(name):
            count += len(piece)
    except IntakeError as error:
        return count, error.code
    return count, None


@pytest.mark.parametrize("what", [what for what, row in Z1.items() if row[1] is None])
def test_what_is_let_in_is_read_within_limits(what: str) -> None:
    """Each member of an accepted archive gives exactly the bytes its directory says, or an error of ours and no more bytes."""
    with opened(made(what, "archive")) as checked:
        for member in checked.archive.members:
            count, why = read(checked, member.name)
            assert count <= member.size
            assert (count, why) == (member.size, None) or (what, why) == ("forged small", "member-damaged")


@pytest.mark.parametrize("what", [what for what, row in Z1.items() if row[2] is None])
def test_a_package_is_let_in_as_the_inspector_reads_it(what: str) -> None:
    """What is noted of a package that is let in is what the inspector's reader notes, and no member exceeds the limits there."""
    data = made(what, "package")
    facts = check_archive(data)
    archive = Archive(data)
    assert facts.package
    assert {odd.code for odd in facts.oddities} - {"unsafe-name", "special-file"} == {
        odd.code for odd in archive.oddities
    } - {"unsafe-name"}
    for member in archive.members[:50]:
        try:
            assert len(archive.read(member)) <= DEFAULT.member_bytes
        except FormatError:
            assert what in ("no local header", "forged large", "zip64 huge", "many uncounted")


def test_odd_packages_are_noted() -> None:
    """Names and links that a package was let in with are told."""
    codes = {
        what: {odd.code for odd in check_archive(made(what, "package")).oddities} for what in ("parent", "symlink")
    }
    assert codes == {"parent": {"unsafe-name"}, "symlink": {"special-file"}}


MEASURE = """
import json, pathlib, re, sys, time
from mingcha.service.intake.archives import check_archive
from mingcha.service.intake.refusals import IntakeError
rss = lambda: int(re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1]) // 1024
base, slowest = rss(), 0.0
for path in map(pathlib.Path, sys.argv[1:]):
    start = time.process_time()
    try:
        check_archive(path)
    except IntakeError:
        pass
    slowest = max(slowest, time.process_time() - start)
print(json.dumps([base, rss() - base, slowest]))
"""


def measured(paths: list[Path]) -> tuple[int, float]:
    """Growth of memory in MB and the slowest check in seconds, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, *map(str, paths)], capture_output=True, text=True, check=True, timeout=60
    )
    _, grown, slowest = json.loads(done.stdout)
    return grown, slowest


def test_the_whole_list_stays_small_and_quick(tmp_path: Path) -> None:
    """All archives of the list, and the largest directories that are let in, cost at most 100 MB and two seconds each."""
    every = [made(what, kind) for kind in KINDS for what in Z1]
    names = [f"{n:05}" + "n" * 110 for n in range(65_535)]
    every.append(zipped([Part(name, method=0) for name in names], zip64=True))
    lie = {"method": 0, "packed": 3, "local_name": b"", "local_method": 9}
    every.append(zipped([MANIFEST, *(Part(f"{n}", **lie) for n in range(65_000))]))
    paths = []
    for number, data in enumerate(every):
        paths.append(tmp_path / str(number))
        paths[-1].write_bytes(data)
    grown, slowest = measured(paths)
    assert grown <= 100
    assert slowest <= 2


# --- limits: at the limit and one beyond -----------------------------------------------------------------------------


def sparse(path: Path, size: int) -> Path:
    """A package of this size: zeros in front, on a file system that does not store them."""
    end = zipped([MANIFEST])
    with path.open("wb") as out:
        out.seek(size - len(end))
        out.write(end)
    return path


def test_the_size_of_an_upload(tmp_path: Path) -> None:
    """Two gigabytes are let in and one byte more is not; neither is read into memory."""
    assert refused(sparse(tmp_path / "at", 2 << 30)) is None
    assert refused(sparse(tmp_path / "over", (2 << 30) + 1)) == "upload-too-big"
    grown, slowest = measured([tmp_path / "at", tmp_path / "over"])
    assert grown <= 100
    assert slowest <= 2


def test_the_number_of_members() -> None:
    """65,535 members are let in and 65,536 are not."""
    parts = [Part(f"{n}", method=0) for n in range(65_536)]
    assert refused(zipped(parts[:-1], zip64=True)) is None
    assert refused(zipped(parts, zip64=True)) == "too-many-members"


def declared(*sizes: int) -> bytes:
    """Members that declare these sizes and are packed as well as allowed; the content is never looked at."""
    return zipped([Part(f"{n}", raw=bytes(-(-size // 100)), size=size, crc=0) for n, size in enumerate(sizes)])


def test_the_size_of_a_member() -> None:
    """512 MB are let in and one byte more is not."""
    assert refused(declared(512 << 20)) is None
    assert refused(declared((512 << 20) + 1)) == "member-too-big"


def test_the_size_of_all_members() -> None:
    """4 GB in all are let in and one byte more is not."""
    assert refused(declared(*[512 << 20] * 8)) is None
    assert refused(declared(*[512 << 20] * 8, 1)) == "total-too-big"


def test_the_ratio() -> None:
    """A member may be packed a hundredfold, beyond that only if it is small."""
    at = 100 * 20_000
    assert refused(zipped([Part("a", raw=bytes(20_000), size=at)])) is None
    assert refused(zipped([Part("a", raw=bytes(20_000), size=at + 1)])) == "ratio-too-high"
    assert refused(zipped([Part("a", b"\0" * MEGA)])) is None
    assert refused(zipped([Part("a", b"\0" * (MEGA + 1))])) == "ratio-too-high"


def test_the_directory() -> None:
    """A directory is bounded by its own size, not only by its members."""
    parts = [Part("n" * 60_000 + str(n), method=0) for n in range(250)]
    assert refused(zipped(parts[:200])) is None
    assert refused(zipped(parts)) == "directory-too-big"


def test_limits_are_settings() -> None:
    """Other limits hold where they are given."""
    good = zipped([GOOD])
    assert refused(good, SMALL) is None
    assert refused(good, replace(SMALL, upload=len(good))) is None
    assert refused(good, replace(SMALL, upload=len(good) - 1)) == "upload-too-big"
    assert refused(zipped([Part(f"{n}") for n in range(5)]), SMALL) == "too-many-members"


def test_raw_data_does_not_swell() -> None:
    """In a package a member of an unknown method that lies there raw is no bomb; one that would be unpacked is."""
    raw = Part("classes.dex", bytes(2 * MEGA), method=0x2333, raw=bytes(2 * MEGA), packed=0)
    assert refused(zipped([MANIFEST, raw])) is None
    bomb = Part("classes.dex", bytes(2 * MEGA), method=0x2333, raw=deflated(bytes(2 * MEGA)))
    assert refused(zipped([MANIFEST, bomb])) == "ratio-too-high"


# --- reading ---------------------------------------------------------------------------------------------------------


def many_pieces(data: bytes, name: str, limits: Limits = DEFAULT) -> Iterator[bytes]:
    with opened(data, limits) as checked:
        yield from checked.pieces(name)


def test_members_are_given_in_small_pieces(tmp_path: Path) -> None:
    """Content comes whole, in pieces of at most 64 KB, from a path, an open file and bytes alike."""
    content = os.urandom(300_000) + b"text" * 50_000
    data = zipped([Part("packed", content), Part("stored", content, method=0)])
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    with path.open("rb") as file:
        for source in (data, path, file):
            with opened(source) as checked:
                for name in ("packed", "stored"):
                    pieces = list(checked.pieces(name))
                    assert b"".join(pieces) == content
                    assert max(map(len, pieces)) <= 65_536


@pytest.mark.parametrize(
    "part",
    [
        Part("a", b"hello", crc=7), Part("a", b"hello" * 9, size=44), Part("a", b"hello" * 9, raw=b"\xff" * 20),
        Part("a", b"hello", method=0, crc=7), Part("a", b"hello" * 50, raw=deflated(b"hello" * 50)[:-3]),
    ],
)  # fmt: skip
def test_damage_is_told(part: Part) -> None:
    """Content that is not what the directory says ends in an error of ours."""
    with pytest.raises(IntakeError, match="damaged"):
        list(many_pieces(zipped([part]), "a"))


def test_all_reads_together_are_bounded() -> None:
    """Reading members again and again ends at the limit for the whole archive."""
    with opened(zipped([GOOD]), SMALL) as checked:
        for _ in range(SMALL.total_bytes // 600):
            list(checked.pieces("a.txt"))
        with pytest.raises(IntakeError):
            list(checked.pieces("a.txt"))


def test_a_member_that_is_not_there() -> None:
    """A name is looked up among the members and nowhere else."""
    with pytest.raises(IntakeError, match="no '/etc/passwd'"):
        list(many_pieces(zipped([GOOD]), "/etc/passwd"))


@given(st.data())
def test_any_bytes_are_refused_or_let_in(data: st.DataObject) -> None:
    """However an archive is damaged, the only error is ours, and what is read stays within the limits."""
    seed = zipped(data.draw(st.sampled_from([[GOOD], [MANIFEST, GOOD], [Part("x", b"1", method=0)]])))
    mutated = bytearray(seed)
    for _ in range(data.draw(st.integers(0, 6))):
        mutated[data.draw(st.integers(0, len(seed) - 1))] = data.draw(st.integers(0, 255))
    try:
        with opened(bytes(mutated), SMALL) as checked:
            names = [member.name for member in checked.archive.members]
            assert all(read(checked, name)[0] <= SMALL.member_bytes for name in names)
    except IntakeError:
        return


def test_an_empty_file(tmp_path: Path) -> None:
    """An empty file is told as such, however it comes."""
    empty = tmp_path / "empty"
    empty.touch()
    assert refused(empty) == refused(b"") == "empty"
    with empty.open("rb") as file:
        assert refused(file) == "empty"
    with pytest.raises(io.UnsupportedOperation):
        check_archive(io.BytesIO(b"x"))
