"""Whatever is read in a child, the parent gets an outcome, nothing is left over, and nothing leaves the machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from mingcha.service.jobs import child
from mingcha.service.jobs.child import MIB, Limits, Outcome

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def _place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("MINGCHA_DATABASE_URL", "postgresql://secret@127.0.0.1/x")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def run(name: str, limits: Limits | None = None, **arguments: object) -> Outcome:
    return child.run(f"tests.service.jobs.targets:{name}", arguments, limits or Limits(wall=20))


def alive(pid: int) -> bool:
    """Whether the process runs; a dead one that nobody has waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def gone(pid: int) -> bool:
    until = time.monotonic() + 5
    while alive(pid) and time.monotonic() < until:
        time.sleep(0.02)
    return not alive(pid)


def test_a_result_comes_back_and_the_folder_goes(tmp_path: Path) -> None:
    """What the target gives is the outcome's data, and its folder is no more."""
    outcome = run("echo", say="你好")
    assert outcome.kind == "done"
    assert outcome.data.decode().startswith("('你好', ")
    assert list(tmp_path.iterdir()) == []


def test_the_child_knows_no_proxy_and_no_database() -> None:
    """Neither proxies nor the database's address are in the child's environment."""
    told = run("echo", say="").data.decode()
    assert "'PATH'" in told
    assert "PROXY" not in told
    assert "DATABASE" not in told


@pytest.mark.parametrize(
    ("name", "limits", "kind", "detail"),
    [
        ("abort", Limits(wall=20), "crash", "signal 6"),
        ("raises", Limits(wall=20), "crash", "status 1"),
        ("refuses", Limits(wall=20), "refused", "two members of one name (at byte 12)"),
        ("greedy", Limits(memory=400 * MIB, wall=20), "memory", "more than 400 MB"),
        ("spins", Limits(cpu=1, wall=20), "timeout", "more than 1 s of work"),
        ("spins", Limits(wall=0.6), "timeout", "not done in 0.6 s"),
    ],
)
def test_each_way_to_fail_is_an_outcome(name: str, limits: Limits, kind: str, detail: str, tmp_path: Path) -> None:
    """A crash, an exception, a refusal, too much memory, work or time is told as such, and the folder goes."""
    outcome = run(name, limits)
    assert (outcome.kind, outcome.detail, outcome.data) == (kind, detail, b"")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("size", "kind"), [(1000, "done"), (1001, "too big")])
def test_a_result_is_read_up_to_its_limit(size: int, kind: str) -> None:
    """A result at the limit is read, one byte more is not."""
    assert run("large", Limits(wall=20, result=1000), size=size).kind == kind


@pytest.mark.parametrize("name", ["links", "pipes"])
def test_a_link_or_pipe_in_place_of_the_result_is_not_read(name: str, tmp_path: Path) -> None:
    """A child cannot have the parent read another file for it, or wait for ever."""
    (tmp_path / "secret").write_text("secret")
    outcome = run(name, path=str(tmp_path / "secret"))
    assert (outcome.kind, outcome.data) == ("crash", b"")


def test_stopping_ends_the_child_and_what_it_started(tmp_path: Path) -> None:
    """What `ask` raises leaves, and neither the child nor its own child goes on."""
    pids = tmp_path / "pids"

    def ask() -> None:
        if pids.exists() and len(pids.read_text().split()) == 2:
            raise KeyError

    with pytest.raises(KeyError):
        child.run("tests.service.jobs.targets:sleeps", {"pids": str(pids)}, Limits(wall=20), ask)
    assert all(gone(int(pid)) for pid in pids.read_text().split())
    assert [path.name for path in tmp_path.iterdir()] == ["pids"]


def test_a_killed_worker_takes_its_child_along(tmp_path: Path) -> None:
    """After kill -9 of the parent the child is gone, and a sweep removes what it left."""
    pids = tmp_path / "pids"
    code = f"from mingcha.service.jobs import child; child.run('tests.service.jobs.targets:sleeps', {{'pids': {str(pids)!r}}})"
    parent = subprocess.Popen([sys.executable, "-c", code], env=os.environ | {"TMPDIR": str(tmp_path)})
    while not (pids.exists() and len(pids.read_text().split()) == 2):
        assert parent.poll() is None
        time.sleep(0.05)
    parent.kill()
    parent.wait()
    assert gone(int(pids.read_text().split()[0]))
    assert child.sweep() == 1
    assert [path.name for path in tmp_path.iterdir()] == ["pids"]


def test_a_sweep_leaves_the_living_alone(tmp_path: Path) -> None:
    """A folder of a process that still runs is not swept."""
    (tmp_path / f"{child.PREFIX}{os.getpid()}-abc").mkdir()
    assert child.sweep() == 0


def test_the_child_reaches_no_network() -> None:
    """A listener on loopback sees no connection; where the machine has no such means the outcome says `open`."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        outcome = run("dials", port=listener.getsockname()[1])
    if outcome.network == "open":
        pytest.skip("THIS MACHINE DOES NOT ALLOW unshare: children run with a network")
    assert (outcome.kind, outcome.network) == ("crash", "none")
