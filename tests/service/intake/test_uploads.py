"""Uploads in parts: nothing is lost, mixed up or left over, whoever is killed whenever (U1, U2, U3)."""

from __future__ import annotations

import hashlib
import os
import random
import resource
import signal
import subprocess
import sys
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


# --- killed ----------------------------------------------------------------------------------------------------------

SERVER = """
import sys
from pathlib import Path
from mingcha.service.intake.uploads import Limits, Uploads
folder, upload, chunk = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
uploads = Uploads(folder, Limits(chunk=chunk, spare=0))
source = open(sys.argv[4], "rb")
import hashlib
while (at := uploads.status(upload).received) < uploads.status(upload).size:
    source.seek(at)
    part = source.read(chunk)
    print(at, flush=True)
    uploads.put(upload, at, part, hashlib.sha256(part).hexdigest())
print("finish", flush=True)
uploads.finish(upload)
print("done", flush=True)
"""


def killed_upload(folder: Path, size: int, chunk: int, kills: int, seed: int) -> list[str]:
    """Send a file through servers that are killed; the offsets that were begun, in order."""
    rng = random.Random(seed)
    source = folder / "source"
    with source.open("wb") as out:
        for _ in range(size >> 20):
            out.write(rng.randbytes(1 << 20))
    with source.open("rb") as data:
        digest = hashlib.file_digest(data, "sha256").hexdigest()
    root = folder / "uploads"
    uploads = Uploads(root, Limits(chunk=chunk, spare=0))
    upload = uploads.begin("big.apk", size, digest)
    parts, lines = -(-size // chunk), []
    points = sorted(rng.sample(range(1, parts), kills))
    for point in [*points, None]:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(root), upload, str(chunk), str(source)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line.strip())
            if point is not None and line.strip() == str(point * chunk):
                time.sleep(rng.random() * 0.02)  # anywhere in the writing of a part
                process.send_signal(signal.SIGKILL)
        process.stdout.close()
        assert process.wait() == (0 if point is None else -signal.SIGKILL)
    done = uploads.finish(upload)
    with done.path.open("rb") as data:
        assert hashlib.file_digest(data, "sha256").hexdigest() == done.digest == digest
    assert uploads.sweep(time.time()) == ()
    uploads.drop(upload)
    assert list(root.iterdir()) == []
    return lines


def sent_again(lines: list[str], size: int, chunk: int) -> int:
    """How many parts were begun more than once."""
    return len([line for line in lines if line.isdigit()]) - -(-size // chunk)


def test_kills_in_the_middle_of_an_upload(tmp_path: Path) -> None:
    """20 MB arrive whole although the server is killed three times; each kill costs at most one part sent again."""
    lines = killed_upload(tmp_path, 20 << 20, 1 << 20, 3, 1)
    assert lines[-1] == "done"
    assert sent_again(lines, 20 << 20, 1 << 20) <= 3


@pytest.mark.long
def test_ten_kills_in_200_megabytes(tmp_path: Path) -> None:
    """200 MB arrive whole although the server is killed at ten random points; each costs at most one part (U1)."""
    lines = killed_upload(tmp_path, 200 << 20, 4 << 20, 10, 2)
    assert lines[-1] == "done"
    assert sent_again(lines, 200 << 20, 4 << 20) <= 10


class Killed(BaseException):
    """Stands for a kill: nothing may catch it."""


CALLS = ("mkdir", "open", "pwrite", "fsync", "replace")


def killed_at(patch: pytest.MonkeyPatch, count: int) -> None:
    """Stop before a call to the system after ``count`` others; of a write a half may be done."""
    left = [count]

    def stopping(name: str) -> Callable[..., Any]:
        real = getattr(os, name)

        def call(*given: Any, **more: Any) -> Any:
            left[0] -= 1
            if left[0] < 0:
                if name == "pwrite":
                    real(given[0], bytes(given[1])[: len(given[1]) // 2], given[2])
                raise Killed
            return real(*given, **more)

        return call

    for name in CALLS:
        patch.setattr(os, name, stopping(name))


def test_a_kill_at_any_call_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    """Stopped before every single call to the system, or in the middle of a write, an upload goes on and ends right."""
    killed, count = True, 0
    while killed:
        killed = stopped_once(tmp_path / str(count), count)
        count += 1
    assert count > 30


def stopped_once(folder: Path, count: int) -> bool:
    uploads, content, upload, killed = Uploads(folder, LIMITS), CONTENT[:6000], None, False
    with pytest.MonkeyPatch.context() as patch:
        killed_at(patch, count)
        try:
            upload = uploads.begin("a", len(content), sha(content))
            send(uploads, upload, content)
            uploads.finish(upload)
        except Killed:
            killed = True
    if upload is not None:
        send(uploads, upload, content)
        assert uploads.finish(upload).path.read_bytes() == content
        uploads.drop(upload)
    uploads.sweep(time.time() + LIMITS.keep_seconds + 60)
    assert list(folder.iterdir()) == []
    return killed


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


# --- a full disk -----------------------------------------------------------------------------------------------------


def test_a_full_disk_is_told_and_breaks_nothing(tiny_disk: Path) -> None:
    """A part that does not fit is refused in one line; what was received stays, and with room the upload goes on."""
    uploads = Uploads(tiny_disk / "uploads", Limits(chunk=300_000, spare=0))
    content = random.Random(3).randbytes(900_000)
    upload = uploads.begin("a", len(content), sha(content))
    filler = tiny_disk / "filler"
    filler.write_bytes(bytes(500_000))
    put(uploads, upload, 0, content[:300_000])
    assert code(lambda: put(uploads, upload, 300_000, content[300_000:600_000])) == "disk-full"
    assert uploads.status(upload).received == 300_000
    assert code(lambda: uploads.begin("b", 900_000)) == "disk-full"
    filler.unlink()
    send(uploads, upload, content, 300_000)
    assert uploads.finish(upload).digest == sha(content)


def test_a_disk_that_fills_in_the_middle_of_a_write(tiny_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system itself says that there is no room, the half part gives its room back and nothing is lost."""
    monkeypatch.setattr("mingcha.service.intake.uploads.refuse_if_full", lambda *_: None)
    uploads = Uploads(tiny_disk / "uploads", Limits(chunk=900_000, spare=0))
    content = random.Random(4).randbytes(900_000)
    upload = uploads.begin("a", len(content), sha(content))
    put(uploads, upload, 0, content[:100_000])
    filler = tiny_disk / "filler"
    filler.write_bytes(bytes(500_000))
    assert code(lambda: put(uploads, upload, 100_000, content[100_000:])) == "disk-full"
    assert uploads.status(upload).received == 100_000
    assert (tiny_disk / "uploads" / upload / "data").stat().st_size == 100_000
    filler.unlink()
    put(uploads, upload, 100_000, content[100_000:])
    assert uploads.finish(upload).digest == sha(content)


def test_a_disk_without_room_for_the_state(tiny_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If only the note of a part does not fit, the part counts as not received."""
    monkeypatch.setattr("mingcha.service.intake.uploads.refuse_if_full", lambda *_: None)
    uploads = Uploads(tiny_disk / "uploads", Limits(chunk=900_000, spare=0))
    upload = uploads.begin("a", 8192)
    free = os.statvfs(tiny_disk)
    (tiny_disk / "filler").write_bytes(bytes((free.f_bavail - 2) * free.f_frsize))
    assert code(lambda: put(uploads, upload, 0, b"x" * 8192)) == "disk-full"
    assert uploads.status(upload).received == 0
    (tiny_disk / "filler").unlink()
    put(uploads, upload, 0, b"x" * 8192)
    assert uploads.finish(upload).digest == sha(b"x" * 8192)


def test_a_limit_on_files(tmp_path: Path) -> None:
    """A limit on the size of files (where no disk can be filled) is told like a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    uploads = Uploads(tmp_path, Limits(chunk=8192, spare=0))
    upload = uploads.begin("a", 8192)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5000, hard))
    try:
        assert code(lambda: put(uploads, upload, 0, b"x" * 8192)) == "disk-full"
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert uploads.status(upload).received == 0
    put(uploads, upload, 0, b"x" * 8192)
    assert uploads.finish(upload).digest == sha(b"x" * 8192)
