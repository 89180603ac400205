"""Uploads in parts: nothing is lost, mixed up or left over, whoever is killed whenever (U1, U2, U3)."""

from __future__ import annotations

import hashlib
import os
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingcha.service.intake.refusals import IntakeError
from mingcha.service.intake.uploads import Limits, Upload, Uploads, shown_name

CONTENT = bytes(range(256)) * 40
LIMITS = Limits(chunk=4096, spare=0)


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    return Uploads(tmp_path / "uploads", LIMITS)


def put(uploads: Uploads, upload: str, offset: int, chunk: bytes) -> Upload:
    return uploads.put(upload, offset, chunk, sha(chunk))


def code(act: Callable[[], Any]) -> str:
    with pytest.raises(IntakeError) as told:
        act()
    return told.value.code


def send(uploads: Uploads, upload: str, content: bytes = CONTENT, step: int = 4096) -> None:
    for offset in range(uploads.status(upload).received, len(content), step):
        put(uploads, upload, offset, content[offset : offset + step])


def test_a_file_arrives_whole(uploads: Uploads) -> None:
    """What was sent in parts is one file with the hash of the whole."""
    upload = uploads.begin("应用.apk", len(CONTENT), sha(CONTENT).upper())
    send(uploads, upload)
    done = uploads.finish(upload)
    assert (done.path.read_bytes(), done.digest) == (CONTENT, sha(CONTENT))
    assert (done.upload.name, done.upload.digest) == ("应用.apk", done.digest)


def test_the_same_part_twice_changes_nothing(uploads: Uploads) -> None:
    """A part whose answer was lost may be sent again, and so may any part before it, even after the end."""
    upload = uploads.begin("a", len(CONTENT))
    first = put(uploads, upload, 0, CONTENT[:4096])
    assert put(uploads, upload, 0, CONTENT[:4096]) == first
    send(uploads, upload)
    before = uploads.finish(upload)
    assert put(uploads, upload, 4096, CONTENT[4096:8192]).received == len(CONTENT)
    assert uploads.finish(upload) == before


def test_other_content_for_a_part_is_refused(uploads: Uploads) -> None:
    """What was received is not replaced, and the upload goes on as before."""
    upload = uploads.begin("a", len(CONTENT))
    put(uploads, upload, 0, CONTENT[:4096])
    assert code(lambda: put(uploads, upload, 0, b"x" * 4096)) == "upload-differs"
    send(uploads, upload)
    assert uploads.finish(upload).digest == sha(CONTENT)


def test_a_gap_is_answered_with_the_byte_to_go_on_at(uploads: Uploads) -> None:
    """Parts out of order are refused, told where to go on, and leave nothing."""
    upload = uploads.begin("a", len(CONTENT))
    with pytest.raises(IntakeError) as told:
        put(uploads, upload, 4096, CONTENT[4096:8192])
    assert (told.value.code, told.value.said) == ("upload-offset", {"expected": 0})
    put(uploads, upload, 0, CONTENT[:4096])
    for offset in (2048, -1, 1 << 62):
        assert code(lambda offset=offset: put(uploads, upload, offset, b"x" * 4096)) == "upload-offset"
    assert uploads.status(upload).received == 4096


@pytest.mark.parametrize(
    ("offset", "chunk", "digest", "expected"),
    [
        (0, b"hello", sha(b"hallo"), "chunk-hash"),
        (0, b"hello", "", "hash-form"),
        (0, b"hello", "../" * 20, "hash-form"),
        (0, b"", sha(b""), "chunk-size"),
        (0, b"x" * 4097, sha(b"x" * 4097), "chunk-size"),
    ],
)
def test_a_bad_part_is_refused(uploads: Uploads, offset: int, chunk: bytes, digest: str, expected: str) -> None:
    """A part with a wrong hash, without content or too long is refused and changes nothing."""
    upload = uploads.begin("a", len(CONTENT))
    assert code(lambda: uploads.put(upload, offset, chunk, digest)) == expected
    assert uploads.status(upload).received == 0


def test_nothing_goes_beyond_the_stated_size(uploads: Uploads) -> None:
    """A file ends where its sender said; what is more is refused, before and after it is finished."""
    upload = uploads.begin("a", 5)
    assert code(lambda: put(uploads, upload, 0, b"123456")) == "chunk-size"
    put(uploads, upload, 0, b"12345")
    assert code(lambda: put(uploads, upload, 5, b"6")) == "chunk-size"
    uploads.finish(upload)
    assert code(lambda: put(uploads, upload, 5, b"6")) == "upload-closed"


def test_sizes_are_bounded(tmp_path: Path) -> None:
    """A file of the largest size may begin, one byte more and nothing at all may not."""
    uploads = Uploads(tmp_path, Limits(size=100, spare=0))
    uploads.begin("a", 100)
    assert code(lambda: uploads.begin("a", 101)) == "upload-too-big"
    assert code(lambda: uploads.begin("a", 0)) == "empty"


def test_a_wrong_whole_is_refused_and_may_begin_again(uploads: Uploads) -> None:
    """A file that has not the stated hash is never handed on; sent rightly it is."""
    upload = uploads.begin("a", len(CONTENT), sha(CONTENT))
    send(uploads, upload, bytes(len(CONTENT)))
    assert code(lambda: uploads.finish(upload)) == "file-hash"
    send(uploads, upload)
    assert uploads.finish(upload).path.read_bytes() == CONTENT


def test_finishing_too_early_is_refused(uploads: Uploads) -> None:
    """An upload that lacks a part is not handed on."""
    upload = uploads.begin("a", len(CONTENT))
    put(uploads, upload, 0, CONTENT[:4096])
    assert code(lambda: uploads.finish(upload)) == "upload-incomplete"


@pytest.mark.parametrize(
    "identifier", ["", ".", "..", "../" * 7 + "a", "/etc/passwd", "a" * 21, "a" * 22, "a" * 23, "a/" * 11, "é" * 22, "a" * 21 + "\n"]
)  # fmt: skip
def test_only_our_identifiers_open_anything(uploads: Uploads, tmp_path: Path, identifier: str) -> None:
    """Whatever is given as an identifier leads to no file but an upload's own (T1)."""
    (tmp_path / "state.json").write_text("{}")
    for act in (uploads.status, uploads.finish, lambda name: put(uploads, name, 0, b"x")):
        assert code(lambda act=act: act(identifier)) == "upload-unknown"
    uploads.drop(identifier)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["state.json", "uploads"]


@given(st.text(max_size=300))
def test_names_are_only_shown(name: str) -> None:
    """Of a sender's name only its last part is kept, printable and short, and never nothing."""
    kept = shown_name(name)
    assert 0 < len(kept) <= 200
    assert not set("/\\\0\n\r\t\u202e\u200b\u2066") & set(kept)


def test_names_lead_nowhere(uploads: Uploads, tmp_path: Path) -> None:
    """A name with a path in it makes no file of that name."""
    upload = uploads.begin("../../../evil\u202e.apk", 3)
    put(uploads, upload, 0, b"abc")
    assert uploads.finish(upload).upload.name == "evil.apk"
    assert not [path for path in tmp_path.rglob("*") if "evil" in path.name]


# --- several at once -------------------------------------------------------------------------------------------------


def test_two_clients_on_one_upload(tmp_path: Path) -> None:
    """Clients that send the same file at the same time end with one right file, whoever is first with which part."""
    content = random.Random(5).randbytes(200_000)
    upload = Uploads(tmp_path, LIMITS).begin("a", len(content), sha(content))
    failed: list[str] = []

    def client(step: int) -> None:
        own = Uploads(tmp_path, LIMITS)
        while (at := own.status(upload).received) < len(content):
            try:
                put(own, upload, at, content[at : at + step])
            except IntakeError as error:
                if error.code != "upload-offset":
                    failed.append(error.code)
                    return

    threads = [threading.Thread(target=client, args=(step,)) for step in (4096, 4096, 1000, 3333)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not failed
    assert Uploads(tmp_path, LIMITS).finish(upload).path.read_bytes() == content


def test_two_clients_with_different_files(tmp_path: Path) -> None:
    """Of two files sent into one upload none is mixed with the other: the hash of the whole refuses what is neither."""
    one, other = b"1" * 50_000, b"2" * 50_000
    upload = Uploads(tmp_path, LIMITS).begin("a", 50_000, sha(one))
    threads = [
        threading.Thread(target=_pushed, args=(Uploads(tmp_path, LIMITS), upload, content)) for content in (one, other)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    uploads = Uploads(tmp_path, LIMITS)
    mixed = (tmp_path / upload / "data").read_bytes() != one
    assert code(lambda: uploads.finish(upload)) == "file-hash" if mixed else uploads.finish(upload).digest == sha(one)


def _pushed(uploads: Uploads, upload: str, content: bytes) -> None:
    while (at := uploads.status(upload).received) < len(content):
        try:
            put(uploads, upload, at, content[at : at + 4096])
        except IntakeError:
            continue


# --- swept -----------------------------------------------------------------------------------------------------------


def test_a_sweep_takes_what_nobody_touches(uploads: Uploads, tmp_path: Path) -> None:
    """Old uploads go, finished or not, and remains of kills; what was touched since stays."""
    old, done, young = (uploads.begin(name, 3) for name in ("old", "done", "young"))
    put(uploads, done, 0, b"abc")
    uploads.finish(done)
    (tmp_path / "uploads" / ".gone-x").mkdir()
    (tmp_path / "uploads" / ("n" * 22)).mkdir()  # killed while it began
    now = time.time() + LIMITS.keep_seconds + 10
    state = tmp_path / "uploads" / young / "state.json"
    os.utime(state, (now, now))
    assert set(uploads.sweep(now)) == {old, done, "n" * 22}
    assert [path.name for path in (tmp_path / "uploads").iterdir()] == [young]
    assert code(lambda: uploads.status(old)) == "upload-unknown"


def test_a_sweep_spares_what_is_being_sent(uploads: Uploads) -> None:
    """An upload in the middle of a part is not swept away, however old."""
    upload = uploads.begin("a", 3)
    with uploads._locked(upload):
        assert uploads.sweep(time.time() + LIMITS.keep_seconds + 10) == ()
    put(uploads, upload, 0, b"abc")
    assert uploads.finish(upload).path.read_bytes() == b"abc"


def test_dropping_twice(uploads: Uploads, tmp_path: Path) -> None:
    """A dropped upload leaves nothing, and dropping it again is no error."""
    upload = uploads.begin("a", 3)
    uploads.drop(upload)
    uploads.drop(upload)
    assert list((tmp_path / "uploads").iterdir()) == []
