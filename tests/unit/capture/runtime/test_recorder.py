"""The recorder around the agent: devices, processes that come and go, silence, full disks; every failure is one line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from mingcha.capture.runtime import devices, recorder, watching
from mingcha.capture.runtime.recorder import Recorded, record_runtime
from mingcha.catalogue.load import load
from mingcha.collect.runtime.ground import Ground, sealing
from mingcha.collect.runtime.importing import import_runtime
from mingcha.errors import MingchaError, UsageError
from tests.unit.capture.runtime.fakefrida import CALL, MOMENT, Device, given

PACKAGE = "com.example.app"
ALIVE = {"kind": "alive", **MOMENT, "calls": 1, "lost": 0, "failed": 0}
CALLS = {"kind": "calls", "calls": [CALL]}


@pytest.fixture
def device(monkeypatch: pytest.MonkeyPatch) -> Device:
    """A phone, and a recorder that looks around without delay."""
    found = Device()
    given(monkeypatch, found)
    monkeypatch.setattr(recorder, "EVERY", 0.02)
    monkeypatch.setattr(recorder, "NEW", 0.05)
    return found


def record(out: Path, **options: Any) -> Recorded:
    return record_runtime(PACKAGE, out, **{"seconds": 0.2, **options})


def lines(out: Path) -> list[dict[str, Any]]:
    return [msgspec.json.decode(line) for line in out.read_bytes().splitlines()]


def kinds(out: Path) -> list[str]:
    return [line["kind"] for line in lines(out)]


def test_an_app_is_started_with_its_hooks_in_place(device: Device, tmp_path: Path) -> None:
    """The app runs only after the hooks were asked for; the log is what the importer reads, without the phone's serial number."""
    device.says += [CALLS, ALIVE]
    done = record(tmp_path / "log", seal=sealing(b"k", {"v": "dev.imei"}))
    assert device.done[:6] == ["gate", f"spawn {PACKAGE}", "attach 7", "load 7", "install 7", "resume 7"]
    assert kinds(tmp_path / "log") == ["start", "call", "alive", "end"]
    start, call, _, end = lines(tmp_path / "log")
    assert (start["device"], start["process"], start["pid"]) == ("Pixel 6; Android 13; arm64", PACKAGE, 7)
    assert (start["catalogue"], len(start["hooked"])) == (load().digest, 2)
    assert set(start["hooked"]) | set(start["missing"]) == set(done.hooked + done.missing)
    assert (call["result"]["p"], end["calls"], end["lost"], end["reason"]) == ("dev.imei", 9, 2, "time")
    assert (done.calls, done.lost, done.ended, done.processes) == (1, 2, "time", (PACKAGE,))
    assert Device.id.encode() not in (tmp_path / "log").read_bytes()
    read = import_runtime((tmp_path / "log").read_bytes(), Ground(tables=load(), sha256="0" * 64, package=PACKAGE))
    assert [event.kind for event in read.events] == ["mark", "call", "alive", "mark"]
    assert read.events[1].result is not None
    assert read.events[1].result.tag == "dev.imei"
    assert device.sessions[7].script.posted == [{"type": "ack"}]


def test_what_comes_before_the_start_line_waits(device: Device, tmp_path: Path) -> None:
    """Calls from the first moments of an app stand behind the start line, none is lost."""
    device.says = [CALLS, CALLS, *device.says]
    record(tmp_path / "log")
    assert kinds(tmp_path / "log") == ["start", "call", "call", "end"]


def test_gaps_and_late_hooks(device: Device, tmp_path: Path) -> None:
    """What cannot be hooked is a line, a missing class is none; classes that come later and a fault of the agent are told."""
    gaps = [{"hook": 1, "reason": "overload_missing", "descriptor": "(I)V"}, {"hook": 2, "reason": "class_missing"}]
    device.says = [
        {**device.says[0], "gaps": gaps},
        {"kind": "hooked", **MOMENT, "hooked": [2]},
        {"kind": "calls", "calls": [{}]},
    ]
    record(tmp_path / "log")
    assert kinds(tmp_path / "log") == ["start", "gap", "hooked", "gap", "end"]
    _, gap, _, fault, _ = lines(tmp_path / "log")
    assert (gap["reason"], gap["descriptor"], fault["reason"]) == ("overload_missing", "(I)V", "agent_fault")


def test_running_processes(device: Device, tmp_path: Path) -> None:
    """Without starting it, each process of the app is attached to, its others by their names; another app's is not."""
    device.running = {3: PACKAGE, 4: f"{PACKAGE}:push", 5: "com.example.app2", 6: "com.example.app2:push"}
    done = record(tmp_path / "log", spawn=False)
    assert [what for what in device.done if what.startswith("attach")] == ["attach 3", "attach 4"]
    assert done.processes == (PACKAGE, f"{PACKAGE}:push")
    assert not any("spawn" in what or "resume" in what for what in device.done)


def test_a_process_that_comes_later(device: Device, tmp_path: Path) -> None:
    """A process that the app starts during the recording is joined, with its own start and a gap for what was before."""
    push = {9: f"{PACKAGE}:push"}
    done = record(
        tmp_path / "log",
        seconds=0.5,
        progress=lambda text: device.running.update(push) if "recording" in text else None,
    )
    starts = [line for line in lines(tmp_path / "log") if line["kind"] == "start"]
    assert [(line["pid"], line["process"]) for line in starts] == [(7, PACKAGE), (9, f"{PACKAGE}:push")]
    late = [line["pid"] for line in lines(tmp_path / "log") if line.get("reason") == "joined_late"]
    assert (late, done.processes) == ([9], (PACKAGE, f"{PACKAGE}:push"))


def test_processes_are_met_at_their_start(device: Device, tmp_path: Path) -> None:
    """A process of the app that starts is held until its hooks are there and has no gap; those of other apps go on at once."""

    def said(text: str) -> None:
        if text == f"recording {PACKAGE}":
            device.starts(5, "com.example.app2")
            device.starts(6, None)
            device.starts(9, f"{PACKAGE}:push")

    done = record(tmp_path / "log", progress=said)
    assert {"resume 5", "resume 6"} <= set(device.done)
    assert device.done.index("install 9") < device.done.index("resume 9")
    assert "attach 5" not in device.done
    assert (done.processes, kinds(tmp_path / "log").count("gap")) == ((PACKAGE, f"{PACKAGE}:push"), 0)
    assert not device.gated


def test_without_a_gate(device: Device, tmp_path: Path) -> None:
    """A device that cannot hold new processes is recorded all the same, and the tester is told what that means."""
    device.fails["gate"] = sys.modules["frida"].NotSupportedError("not yet supported on this OS")
    said: list[str] = []
    assert record(tmp_path / "log", progress=said.append).ended == "time"
    assert "a moment late" in said[0]


def test_an_app_that_ends_and_comes_back(device: Device, tmp_path: Path) -> None:
    """The end of an app's process ends its part of the log; a new one is joined; when the device is gone all is over."""

    def later() -> None:
        del device.running[7]
        device.sessions[7].end("process-terminated")
        device.running[8] = PACKAGE

    def said(text: str) -> None:
        if text.startswith("recording"):
            (later if 8 not in device.sessions else lambda: device.sessions[8].end("device-lost"))()

    done = record(tmp_path / "log", seconds=20, progress=said)
    ends = [(line["pid"], line["reason"]) for line in lines(tmp_path / "log") if line["kind"] == "end"]
    assert ends == [(7, "process-terminated"), (8, "device-lost")]
    assert done.ended == "device-lost"


def test_silence_is_told_once(device: Device, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that gives no sign of life is a gap, once, and the tester is told."""
    monkeypatch.setattr(watching, "SILENT", 0.1)
    said: list[str] = []
    record(tmp_path / "log", seconds=0.5, progress=said.append)
    assert kinds(tmp_path / "log") == ["start", "gap", "end"]
    assert sum("silent" in text for text in said) == 1


def test_an_interruption_is_an_end(device: Device, tmp_path: Path) -> None:
    """Ctrl-C ends a recording as time does: what was recorded is whole."""

    def interrupted(text: str) -> None:
        if text.startswith("recording"):
            raise KeyboardInterrupt

    done = record(tmp_path / "log", seconds=20, progress=interrupted)
    assert (done.ended, kinds(tmp_path / "log")) == ("stopped", ["start", "end"])


def test_a_process_that_will_not_stop(device: Device, tmp_path: Path) -> None:
    """If the agent does not answer at the end, the log ends all the same and the tester is told."""
    device.stopped = sys.modules["frida"].InvalidOperationError("script has been destroyed\n  at x")
    said: list[str] = []
    done = record(tmp_path / "log", progress=said.append)
    assert (done.ended, kinds(tmp_path / "log")[-1]) == ("time", "end")
    assert said[-1] == f"process 7 ({PACKAGE}): script has been destroyed"


@pytest.mark.parametrize(
    ("call", "error", "told"),
    [
        ("attach", "ServerNotRunningError", r"process 7 .*frida-server"),
        ("attach", "PermissionDeniedError", "frida-server must run as root"),
        ("attach", "ProcessNotFoundError", "unable to find"),
        ("spawn", "ExecutableNotFoundError", f"^{PACKAGE}: is not installed on it"),
        ("spawn", "TimedOutError", f"^{PACKAGE}: unable to find"),
        ("resume", "TransportError", "the connection to it broke"),
    ],
)
def test_what_frida_refuses(device: Device, tmp_path: Path, call: str, error: str, told: str) -> None:
    """Each failure of Frida is one line about the process or the app; an app that was started is not left stopped."""
    device.fails[call] = getattr(sys.modules["frida"], error)("unable to find it\nmore")
    with pytest.raises(UsageError, match=told) as raised:
        record(tmp_path / "log")
    assert "\n" not in str(raised.value)
    assert call == "spawn" or device.done[-2:] == ["resume 7", "detach 7"] or device.done[-1] == "resume 7"


def test_no_java(device: Device, tmp_path: Path) -> None:
    """A process in which the agent finds no Java is refused."""
    device.installed = {"available": False}
    with pytest.raises(UsageError, match="there is no Java in it"):
        record(tmp_path / "log")


def test_classes_that_never_come(device: Device, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An app whose classes cannot be hooked within the time for it gives an error, not an empty log that looks whole."""
    monkeypatch.setattr(recorder, "READY", 0.1)
    device.says = []
    with pytest.raises(UsageError, match="its classes did not come"):
        record(tmp_path / "log", seconds=20)


def test_an_app_that_ends_at_once(device: Device, tmp_path: Path) -> None:
    """An app that is over before its hooks are in place gives an error, and no empty file that is in the way of another try."""
    device.says = []
    with pytest.raises(UsageError, match=r"over \(time\) before its hooks were in place"):
        record(tmp_path / "log")
    assert not (tmp_path / "log").exists()


def test_an_interruption_before_anything(device: Device, tmp_path: Path) -> None:
    """Ctrl-C before the app was attached to is no recording."""

    def interrupted(_: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(UsageError, match="nothing was recorded"):
        record(tmp_path / "log", progress=interrupted)


def test_a_process_that_cannot_be_recorded(device: Device, tmp_path: Path) -> None:
    """One process of several that has no Java is told of; the others are recorded."""
    device.running = {3: PACKAGE, 4: f"{PACKAGE}:sandbox"}
    device.without_java.add(4)
    said: list[str] = []
    done = record(tmp_path / "log", spawn=False, progress=said.append)
    assert done.processes == (PACKAGE,)
    assert "process 4 (com.example.app:sandbox): there is no Java in it" in said


def test_a_process_that_does_not_answer(device: Device, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting for a process that is stopped ends."""
    monkeypatch.setattr(devices, "PATIENCE", 0.2)
    device.slow = 3.0
    with pytest.raises(UsageError, match="does not answer"):
        record(tmp_path / "log")


def test_devices(device: Device, tmp_path: Path) -> None:
    """A device that is not there, an app that does not run, and this machine without a process are refused in one line."""
    with pytest.raises(UsageError, match="device emulator-5554: no matching device found"):
        record(tmp_path / "a", device="emulator-5554")
    with pytest.raises(UsageError, match=f"{PACKAGE}: does not run on it"):
        record(tmp_path / "b", spawn=False)
    device.system = "debian"
    with pytest.raises(UsageError, match="--pid"):
        record(tmp_path / "c")
    record(tmp_path / "d", device="tcp:192.0.2.1:27042", pid=7)
    assert "remote 192.0.2.1:27042" in device.done
    assert not (tmp_path / "c").exists()


def test_without_frida(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where Frida is not installed the line says how to install it."""
    monkeypatch.setitem(sys.modules, "frida", None)
    with pytest.raises(MingchaError, match=r"pip install 'mingcha\[capture\]'"):
        record(tmp_path / "log")


def test_no_device(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without a phone at USB the line says to connect one."""
    given(monkeypatch, None)
    with pytest.raises(UsageError, match=r"no device at USB.*adb devices"):
        record(tmp_path / "log")


def test_nothing_is_written_over(device: Device, tmp_path: Path) -> None:
    """A file that is there stays as it is."""
    (tmp_path / "log").write_text("evidence")
    with pytest.raises(UsageError, match="is there already"):
        record(tmp_path / "log")
    assert (tmp_path / "log").read_text() == "evidence"
    with pytest.raises(UsageError, match="No such file or directory"):
        record(tmp_path / "none" / "log")


def test_a_full_disk(device: Device, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk without room ends the recording with one line that says so, and the hooks are taken away."""
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    real = Path.open
    full = {"xb": lambda path, *_, **__: real(Path("/dev/full"), "wb", buffering=0)}
    monkeypatch.setattr(
        Path, "open", lambda path, mode="r", *rest, **more: full.get(mode, real)(path, mode, *rest, **more)
    )
    with pytest.raises(UsageError, match="log: No space left on device; the recording stops, no call is kept"):
        record(tmp_path / "log")
    assert device.done[-1] == "detach 7"
