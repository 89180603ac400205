"""One request of a capture and what answered it, whichever tool wrote the file down: what all readers of traffic return."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Message:
    """One WebSocket message, or one chunk of a raw TCP or UDP flow; ``started`` is the tool's own text."""

    sent: bool
    data: bytes
    started: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request, with what the tool noted beside it.

    ``index`` is the entry's place in the file, from 0. ``started`` is the tool's own text (ISO 8601 or seconds since
    1970), because some tools write local time without saying so. ``body`` holds the bytes as the tool kept them;
    ``lossless`` is false where the tool may have replaced bytes that are not text. ``omitted`` is true where the
    file says that there was a body and does not hold it. ``status`` 0 means that no answer was seen.
    """

    index: int
    started: str
    method: str
    url: str
    headers: tuple[Pair, ...] = ()
    params: tuple[Pair, ...] = ()
    mime: str = ""
    body: bytes = b""
    lossless: bool = True
    omitted: bool = False
    messages: tuple[Message, ...] = ()
    status: int = 0
    address: str = ""
    kind: Literal["http", "websocket", "tcp", "udp", "dns"] = "http"

    def header(self, name: str) -> str:
        """The first header of that name (in lower case), or an empty text."""
        return next((value for key, value in self.headers if key.lower() == name), "")

    @property
    def encrypted(self) -> bool:
        """Whether the scheme hides the contents from the network; false is transport in plain text."""
        return self.url[:6].lower() in {"https:", "wss://"}


@dataclass(frozen=True, slots=True)
class Reading:
    """How a capture ended: ``partial`` if the file stops in the middle, ``unreadable`` counts entries that are no entries."""

    tool: str
    entries: int
    unreadable: int
    partial: bool
