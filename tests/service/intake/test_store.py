"""Evidence by digest: written once, whole, under no other name than its digest (T1, U3)."""

from __future__ import annotations

import hashlib
import io
import os
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mingcha.service.intake.refusals import IntakeError
from mingcha.service.intake.store import Kept, Store

CONTENT = b"evidence " * 1000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store", spare=0)


def files(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "store").rglob("*") if path.is_file())


def test_what_is_kept_comes_back(store: Store) -> None:
    """Content from a file or in pieces is hashed both ways while it arrives and comes back as it was."""
    kept = store.keep(io.BytesIO(CONTENT))
    assert (kept.sha256, kept.size, kept.new) == (SHA256, 9000, True)
    assert store.keep(CONTENT[at : at + 7] for at in range(0, 9000, 7)) == Kept(SHA256, kept.sm3, 9000, new=False)
    with store.open(SHA256) as stream:
        assert stream.read() == CONTENT
    assert store.path(SHA256).read_bytes() == CONTENT
    assert list(store.digests()) == [SHA256]


def test_sm3_is_the_standards(store: Store) -> None:
    """SM3 of "abc" is the example of GB/T 32905-2016."""
    expected = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert store.keep([b"abc"]).sm3 == expected


def test_the_same_content_is_kept_once(store: Store, tmp_path: Path) -> None:
    """Kept again, it stays the very same file, and nothing else is left."""
    store.keep([CONTENT])
    (first,) = files(tmp_path)
    before = first.stat()
    store.keep([CONTENT])
    assert files(tmp_path) == [first]
    assert (first.stat().st_ino, first.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_evidence_is_read_only(store: Store, tmp_path: Path) -> None:
    """A kept file can be read by its owner and written by nobody."""
    store.keep([CONTENT])
    assert stat.S_IMODE(files(tmp_path)[0].stat().st_mode) == 0o400


def test_many_at_once(store: Store, tmp_path: Path) -> None:
    """The same content from many sides at once is kept once, and exactly one of them is told that it is new."""
    told: list[bool] = []
    threads = [threading.Thread(target=lambda: told.append(store.keep([CONTENT]).new)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(told) == [False] * 7 + [True]
    assert len(files(tmp_path)) == 1


NAMES = [
    "", ".", "..", "../../etc/passwd", "/etc/passwd", SHA256.upper(), SHA256[:-1], SHA256 + "0", SHA256 + "\n", "../" * 21 + "a",
    "0" * 64, SHA256[:2] + "/" + SHA256[2:], "%2e%2e%2f" * 7 + "a", "\0" * 64, "é" * 64, "arriving", "０" * 64,
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_only_digests_open_anything(store: Store, tmp_path: Path, name: str) -> None:
    """Nothing but the digest of something kept opens a file (T1)."""
    store.keep([CONTENT])
    (tmp_path / "secret").write_text("secret")
    for act in (store.open, store.path, store.verify):
        with pytest.raises(IntakeError) as told:
            act(name)
        assert told.value.code == "evidence-unknown"


def test_a_link_in_the_store_leads_nowhere(store: Store, tmp_path: Path) -> None:
    """Even a link that somebody put in the store under a digest is not followed."""
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "store" / "aa").mkdir()
    (tmp_path / "store" / "aa" / ("a" * 62)).symlink_to(tmp_path / "secret")
    with pytest.raises(OSError, match="symbolic"):
        store.open("a" * 64)
    with pytest.raises(IntakeError):
        store.path("a" * 64)


def test_altered_evidence_is_told(store: Store, tmp_path: Path) -> None:
    """One changed byte is found by its digest, and the same content kept again does not pass over it."""
    store.keep([CONTENT])
    assert store.verify(SHA256).size == 9000
    (path,) = files(tmp_path)
    path.chmod(0o600)
    path.write_bytes(CONTENT[:-1] + b"!")
    for act in (lambda: store.verify(SHA256), lambda: store.keep([CONTENT])):
        with pytest.raises(IntakeError) as told:
            act()
        assert told.value.code == "evidence-altered"


class BrokenOffError(Exception):
    """The sender went away."""


def breaking() -> Iterator[bytes]:
    yield CONTENT
    raise BrokenOffError


def test_what_does_not_arrive_whole_leaves_nothing(store: Store, tmp_path: Path) -> None:
    """Content that breaks off, is empty or too long leaves no file."""
    with pytest.raises(BrokenOffError):
        store.keep(breaking())
    for pieces, code in (([], "empty"), ([b""], "empty"), ([CONTENT], "upload-too-big")):
        with pytest.raises(IntakeError) as told:
            store.keep(pieces, most=8999)
        assert told.value.code == code
    assert files(tmp_path) == []
    assert store.keep([CONTENT], most=9000).new


def test_what_a_kill_left_is_swept(store: Store, tmp_path: Path) -> None:
    """Halves of files go after a day; evidence stays however old."""
    store.keep([CONTENT])
    (tmp_path / "store" / "arriving" / "half").write_bytes(b"half")
    assert store.sweep(time.time()) == 0
    assert store.sweep(time.time() + 90_000) == 1
    assert [path.read_bytes() for path in files(tmp_path)] == [CONTENT]


class Killed(BaseException):
    """Stands for a kill."""


@pytest.mark.parametrize("call", ["fchmod", "fsync", "link", "unlink", "open", "mkdir"])
def test_a_kill_leaves_all_or_nothing(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    """Stopped before any step, what is under the digest is the whole content or nothing, and keeping it again works."""

    def stop(*_: object, **__: object) -> None:
        raise Killed

    monkeypatch.setattr(os, "unlink", lambda *_: None)  # after a kill nobody cleans up
    monkeypatch.setattr(os, call, stop)
    with pytest.raises(Killed):
        store.keep([CONTENT])
    monkeypatch.undo()
    assert all(path.read_bytes() == CONTENT for path in map(store.path, store.digests()))
    assert store.keep([CONTENT]).size == 9000
    store.sweep(time.time() + 90_000)
    assert len(files(tmp_path)) == 1


def test_a_full_disk_is_told_and_breaks_nothing(tiny_disk: Path) -> None:
    """Evidence that does not fit is refused in one line, leaves no half, and fits once there is room."""
    store = Store(tiny_disk / "store", spare=0)
    kept = store.keep([CONTENT])
    filler = tiny_disk / "filler"
    filler.write_bytes(bytes(700_000))
    with pytest.raises(IntakeError) as told:
        store.keep([os.urandom(1000) for _ in range(600)])
    assert told.value.code == "disk-full"
    assert list((tiny_disk / "store" / "arriving").iterdir()) == []
    assert store.verify(kept.sha256) == Kept(kept.sha256, kept.sm3, kept.size, new=False)
    filler.unlink()
    assert store.keep([os.urandom(600_000)]).new


def test_the_last_room_is_spared(tmp_path: Path) -> None:
    """When the disk has less room than is spared, nothing more is taken."""
    with pytest.raises(IntakeError) as told:
        Store(tmp_path / "store", spare=1 << 60).keep([CONTENT])
    assert told.value.code == "disk-full"
