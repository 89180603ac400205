"""Uploads whose server is killed or whose disk is full: what was received stays, and the rest is sent (U1, U3)."""

from __future__ import annotations

import hashlib
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mingcha.service.intake.uploads import Limits, Uploads
from tests.service.intake.test_uploads import CONTENT, LIMITS, code, put, send, sha

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
