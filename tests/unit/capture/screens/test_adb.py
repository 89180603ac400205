"""The client of adb's server: whole answers, and one line that says what to do for everything that goes wrong."""

from __future__ import annotations

import socket

import pytest

from mingcha.capture.screens.adb import Adb, LostError
from mingcha.errors import LimitError, UsageError
from tests.build.fakeadb import FakeAdb


def test_a_server_that_is_not_there_is_told() -> None:
    """Nobody listens: the line names the address and the command that starts the server."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = free.getsockname()
    with pytest.raises(UsageError, match=r"no adb server at 127\.0\.0\.1:\d+ .*adb start-server"):
        Adb(address).device()


@pytest.mark.parametrize(
    ("devices", "asked", "told"),
    [
        ({}, None, "no device: connect the phone"),
        ({"A1": "device", "B2": "device"}, None, r"several devices \(A1, B2\): name one with --device"),
        ({"A1": "device"}, "C3", "no device C3; `adb devices` shows: A1"),
        ({"A1": "unauthorized"}, None, "A1 is unauthorized: .*tap Allow"),
        ({"A1": "offline"}, None, "A1 is offline: .*adb reconnect"),
        ({"A1": "offline", "B2": "device"}, "A1", "A1 is offline"),
    ],
)
def test_a_device_that_cannot_be_used_is_told(
    adb: FakeAdb, devices: dict[str, str], asked: str | None, told: str
) -> None:
    """Every reason why there is no device comes with what to do."""
    adb.devices = devices
    with pytest.raises(UsageError, match=told) as error:
        Adb(adb.server).device(asked)
    assert "\n" not in str(error.value)


def test_the_only_ready_device_is_taken(adb: FakeAdb) -> None:
    """One that is offline does not stand in the way of one that works, and a name chooses among several."""
    adb.devices = {"A1": "offline", "B2": "device"}
    assert Adb(adb.server).device().serial == "B2"
    adb.devices = {"A1": "device", "B2": "device"}
    assert Adb(adb.server).device("A1").serial == "A1"


@pytest.mark.parametrize("old", [False, True])
def test_a_command_gives_its_output_and_exit_code(adb: FakeAdb, old: bool) -> None:
    """Both of the shell's protocols carry bytes unchanged and the code at the end."""
    adb.faults.old = old
    device = Adb(adb.server).device()
    answer = device.run("screencap -p")
    assert (answer.code, answer.out.rstrip(b"\n")) == (0, adb.phone.picture())
    assert device.run("no such tool").code == 127


@pytest.mark.parametrize("old", [False, True])
def test_a_cut_answer_is_no_answer(adb: FakeAdb, old: bool) -> None:
    """A connection that ends in the middle of a picture or a file raises; half of it is never taken for all."""
    adb.faults.old, adb.faults.cut = old, "screencap|RECV"
    adb.phone.files["/data/x"] = b"x" * 50_000
    device = Adb(adb.server).device()
    for ask in (lambda: device.run("screencap -p"), lambda: device.pull("/data/x")):
        with pytest.raises(LostError, match=r"device FAKE01 was lost .*recorded so far is kept"):
            ask()


def test_a_file_is_pulled_whole_or_not_at_all(adb: FakeAdb) -> None:
    """A file of several pieces comes as it is; one that is not there is null."""
    adb.phone.files["/data/x"] = bytes(range(256)) * 300
    device = Adb(adb.server).device()
    assert device.pull("/data/x") == bytes(range(256)) * 300
    assert device.pull("/data/y") is None


def test_a_phone_that_does_not_answer_ends_the_wait(adb: FakeAdb) -> None:
    """A command has a limit of time, however the phone hangs."""
    adb.faults.slow = ("wm size", 0.5)
    with pytest.raises(LimitError, match="did not answer in time"):
        Adb(adb.server).device().run("wm size", seconds=0.1)


def test_an_unplugged_phone_is_told(adb: FakeAdb) -> None:
    """A device that was there and is no more is told as lost."""
    device = Adb(adb.server).device()
    adb.faults.gone = True
    with pytest.raises(LostError, match="is the cable in"):
        device.run("wm size")


def test_a_server_of_something_else_is_told() -> None:
    """A port on which something else answers gives a line, no trace."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        import threading

        def answer() -> None:
            wire, _ = other.accept()
            with wire:
                wire.recv(100)
                wire.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(UsageError, match="no answer of adb"):
            Adb(other.getsockname()).device()
        thread.join()
