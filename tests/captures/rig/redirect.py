"""For mitmdump: whatever host a client asks for, the connection goes to the test's own server on this machine."""

from __future__ import annotations

import os
from typing import Any


def server_connect(data: Any) -> None:
    """The port tells whether TLS is spoken; hosts of no send end here as well, so that nothing leaves the machine."""
    asked = data.server.address[1] if data.server.address else 443
    port = os.environ["RIG_PLAIN_PORT"] if asked == 80 else os.environ["RIG_TLS_PORT"]
    data.server.address = ("127.0.0.1", int(port))
