"""No test reaches the network beyond this machine; every test judges with one compiled catalogue."""

from __future__ import annotations

import ipaddress
import os
import socket
import tempfile
from typing import Any

import pytest

os.environ.setdefault("MINGCHA_CACHE", os.path.join(tempfile.gettempdir(), "mingcha-tests"))
_connect = socket.socket.connect


def _only_loopback(self: socket.socket, address: Any) -> None:
    host = address[0] if isinstance(address, tuple) else None
    if host is not None and host != "localhost" and not ipaddress.ip_address(host).is_loopback:
        pytest.fail(f"a test tried to reach {address}")
    _connect(self, address)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connecting to anything but loopback fails the test."""
    monkeypatch.setattr(socket.socket, "connect", _only_loopback)
