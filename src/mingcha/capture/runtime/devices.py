"""Frida, as far as the recorder needs it: devices, processes, sessions; each of its failures is one line that says what to do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

from mingcha.errors import UsageError

MISSING = "recording needs a package that is not installed: run `pip install 'mingcha[capture]'`"
PATIENCE = 30.0
"""Seconds after which a process that does not answer is given up; one that is stopped or frozen never does."""
_NETWORK = "tcp:"
_HINTS = {
    "ServerNotRunningError": "frida-server does not run on it: start the release of frida-server that has the version of `pip show frida`, as root",
    "TransportError": "the connection to it broke: is the cable in, and does frida-server have the version of `pip show frida`?",
    "ProtocolError": "frida-server has another version than `pip show frida` says: use the same release on both sides",
    "PermissionDeniedError": "it may not be attached to: frida-server must run as root, and on this machine ptrace must be allowed",
    "ExecutableNotFoundError": "is not installed on it",
    "NotSupportedError": "Frida cannot do that on it",
    "ProcessNotRespondingError": "does not answer: it is stopped, frozen or just ending",
}
_OTHERS = (
    "InvalidArgumentError", "ProcessNotFoundError", "TimedOutError", "InvalidOperationError", "AddressInUseError",
    "OperationCancelledError", "ExecutableNotSupportedError", "RPCException",
)  # fmt: skip
"""Failures whose own words say enough."""
T = TypeVar("T")


class Process(NamedTuple):
    """A process of the app."""

    pid: int
    name: str


@contextmanager
def told(what: str) -> Iterator[None]:
    """Turns what Frida raises into a UsageError about ``what``."""
    try:
        yield
    except _failures() as error:
        raise UsageError(f"{what}: {_HINTS.get(type(error).__name__) or _line(error)}") from None


def _failures() -> tuple[type[Exception], ...]:
    frida = imported()
    return tuple(getattr(frida, name) for name in (*_HINTS, *_OTHERS))


def _line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]


def imported() -> Any:
    """Frida, imported when it is used. Raises UsageError where it is not installed."""
    try:
        import frida
    except ImportError:
        raise UsageError(MISSING) from None
    return frida


def find_device(name: str | None) -> Any:
    """The device of that id ("local" is this machine, "tcp:HOST:PORT" a frida-server elsewhere), else the one at USB."""
    frida = imported()
    manager = frida.get_device_manager()
    if name is None:
        try:
            return manager.get_usb_device(timeout=3)
        except (frida.InvalidArgumentError, frida.TimedOutError):
            raise UsageError(
                "no device at USB: connect a phone that `adb devices` shows, or name one with --device"
            ) from None
    with told(f"device {name}"):
        if name.startswith(_NETWORK):
            return manager.add_remote_device(name.removeprefix(_NETWORK))
        return manager.get_device(name, timeout=3)


def is_android(device: Any) -> bool:
    """Whether processes there are apps, which can be started by their package."""
    with told(f"device {device.id}"):
        return bool(within(device.query_system_parameters)["os"].get("id") == "android")


def described(device: Any) -> str:
    """What kind of device it is; not its id, which is the serial number of a phone."""
    with told(f"device {device.id}"):
        found = within(device.query_system_parameters)
    system = found.get("os", {})
    return f"{device.name}; {system.get('name', '')} {system.get('version', '')}; {found.get('arch', '')}"


def processes(device: Any, package: str) -> list[Process]:
    """The running processes of a package: its main one, which Frida lists by the app's label, and those called package:name."""
    with told(f"device {device.id}"):
        apps = within(lambda: device.enumerate_applications(identifiers=[package]))
        every = within(device.enumerate_processes)
    mains = {app.pid for app in apps if app.pid}
    named = {one.pid: one.name for one in every if one.name.partition(":")[0] == package}
    return [Process(pid, named.get(pid, package)) for pid in sorted({*mains, *named})]


def within(ask: Callable[[], T], seconds: float | None = None) -> T:
    """What a call gives, which may never come back: Frida waits without end for a process that is stopped."""
    answer: list[T] = []
    failure: list[Exception] = []

    def run() -> None:
        try:
            answer.append(ask())
        except _failures() as error:
            failure.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(PATIENCE if seconds is None else seconds)
    if failure:
        raise failure[0]
    if not answer:
        raise imported().ProcessNotRespondingError("no answer")
    return answer[0]
