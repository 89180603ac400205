"""A Frida of this test: devices, processes and scripts that say what they are told to say."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

ERRORS = (
    "ServerNotRunningError", "TransportError", "ProtocolError", "PermissionDeniedError", "ExecutableNotFoundError", "NotSupportedError",
    "ProcessNotRespondingError", "InvalidArgumentError", "ProcessNotFoundError", "TimedOutError", "InvalidOperationError",
    "AddressInUseError", "OperationCancelledError", "ExecutableNotSupportedError", "RPCException",
)  # fmt: skip
MOMENT = {"t": 1767232800120, "m": 5_000_000}
CALL = {**MOMENT, "seq": 1, "hook": 0, "descriptor": "()Ljava/lang/String;", "tid": 3, "thread": "main", "args": [],
        "stack": "[a.B.c(Native Method), com.example.app.Main.run(Main.java:4)]", "result": {"k": "text", "n": 1, "s": "v"}}  # fmt: skip


class Script:
    """Says ``says`` when its hooks are asked for, the rest when it is told to."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.exports_sync = SimpleNamespace(install=self._install, stop=self._stop)
        self.posted: list[Any] = []

    def on(self, _: str, handler: Callable[..., None]) -> None:
        self._handler = handler

    def load(self) -> None:
        self._session.device.done.append(f"load {self._session.pid}")

    def post(self, message: Any) -> None:
        self.posted.append(message)

    def say(self, payload: Any) -> None:
        self._handler({"type": "send", "payload": payload}, None)

    def _install(self, table: Any, options: Any) -> Any:
        device = self._session.device
        device.done.append(f"install {self._session.pid}")
        assert len(table) > 300
        assert options["package"] == "com.example.app"
        if self._session.pid in device.without_java:
            return {"available": False}
        for payload in device.says:
            self.say({**payload, "pid": self._session.pid} if payload["kind"] == "begun" else payload)
        return device.installed

    def _stop(self) -> Any:
        device = self._session.device
        if isinstance(device.stopped, Exception):
            raise device.stopped
        return device.stopped


class Session:
    """A process that is attached to."""

    def __init__(self, device: Device, pid: int) -> None:
        self.device, self.pid = device, pid
        self.script = Script(self)

    def on(self, _: str, handler: Callable[..., None]) -> None:
        self._handler = handler

    def create_script(self, source: str, name: str) -> Script:
        assert len(source) > 100_000
        assert name == "mingcha"
        return self.script

    def end(self, reason: str) -> None:
        self._handler(reason, None)

    def detach(self) -> None:
        self.device.done.append(f"detach {self.pid}")
        self.end("application-requested")


class Device:
    """A phone."""

    id, name = "0123456789ABCDEF", "Pixel 6"

    def __init__(self) -> None:
        self.done: list[str] = []
        self.running: dict[int, str] = {}
        self.sessions: dict[int, Session] = {}
        self.system = "android"
        self.says: list[Any] = [
            {"kind": "begun", **MOMENT, "process": "zygote64", "offset": 480, "hooked": [0, 1], "gaps": []}
        ]
        self.installed: Any = {"available": True}
        self.stopped: Any = {**MOMENT, "calls": 9, "lost": 2, "failed": 0}
        self.fails: dict[str, Exception] = {}
        self.slow = 0.0
        self.without_java: set[int] = set()
        self.gate: Callable[[Any], None] | None = None
        self.gated = False

    def _do(self, what: str) -> None:
        self.done.append(what)
        if failure := self.fails.get(what.partition(" ")[0]):
            raise failure

    def on(self, signal: str, handler: Callable[[Any], None]) -> None:
        assert signal == "spawn-added"
        self.gate = handler

    def enable_spawn_gating(self) -> None:
        self._do("gate")
        self.gated = True

    def disable_spawn_gating(self) -> None:
        self.gated = False

    def starts(self, pid: int, name: str | None) -> None:
        """A process starts; it is held if the gate is there."""
        assert self.gated
        assert self.gate
        self.gate(SimpleNamespace(pid=pid, identifier=name))

    def query_system_parameters(self) -> Any:
        return {
            "os": {"id": self.system, "name": "Android", "version": "13"},
            "arch": "arm64",
            "name": "phone of a person",
        }

    def enumerate_applications(self, identifiers: list[str]) -> list[Any]:
        return [SimpleNamespace(pid=pid) for pid, name in self.running.items() if name in identifiers]

    def enumerate_processes(self) -> list[Any]:
        return [
            SimpleNamespace(pid=pid, name="The app's label" if ":" not in name else name)
            for pid, name in self.running.items()
        ]

    def spawn(self, argv: list[str]) -> int:
        self._do(f"spawn {argv[0]}")
        self.running[7] = argv[0]
        return 7

    def attach(self, pid: int) -> Session:
        self._do(f"attach {pid}")
        time.sleep(self.slow)
        self.sessions[pid] = Session(self, pid)
        return self.sessions[pid]

    def resume(self, pid: int) -> None:
        self._do(f"resume {pid}")


class Manager:
    """Gives the one device that there is."""

    def __init__(self, frida: Any, device: Device | None) -> None:
        self._frida, self._device = frida, device

    def get_usb_device(self, timeout: float) -> Device:
        return self.get_device(Device.id, timeout)

    def get_device(self, name: str, timeout: float) -> Device:
        if self._device is None or name != self._device.id:
            raise self._frida.InvalidArgumentError("no matching device found")
        return self._device

    def add_remote_device(self, address: str) -> Device:
        assert self._device
        self._device.done.append(f"remote {address}")
        return self._device


def given(monkeypatch: pytest.MonkeyPatch, device: Device | None) -> Any:
    """Puts this Frida in the place of the real one."""
    frida: Any = ModuleType("frida")
    for name in ERRORS:
        setattr(frida, name, type(name, (Exception,), {}))
    frida.get_device_manager = lambda: Manager(frida, device)
    monkeypatch.setitem(sys.modules, "frida", frida)
    return frida
