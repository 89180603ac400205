"""Packets (pcap, pcapng) as hosts and times: names that DNS was asked for, and names in the hello of TLS and in plain HTTP.

Nothing is decrypted, so nothing of what went over a connection is told. ``dpkt`` takes the packets apart; where it is not
installed, `MISSING` says so.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from mingcha.errors import FormatError

PACKETS = 5_000_000
_MAGIC = (b"\xa1\xb2\xc3\xd4", b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\x3c\x4d", b"\x4d\x3c\xb2\xa1", b"\x0a\x0d\x0d\x0a")
_NAME = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]{0,62}", re.IGNORECASE)
_HOST = re.compile(rb"\r\nHost:[ \t]*([^\r\n]{1,255})\r\n", re.IGNORECASE)
_METHODS = (b"GET ", b"POST ", b"PUT ", b"HEAD ", b"PATCH ", b"DELETE ", b"OPTIONS ")
_SNI = 0


@dataclass(frozen=True, slots=True)
class Named:
    """A host's name in a packet: ``packet`` counts from 0, ``time`` is in seconds since 1970."""

    packet: int
    time: float
    host: str
    by: Literal["dns", "tls", "http"]


@dataclass(frozen=True, slots=True)
class Packets:
    """Names in the order of the packets; ``partial`` where the file stops in the middle or has more than is read."""

    packets: int
    names: tuple[Named, ...]
    partial: bool


def looks_like_pcap(data: bytes | memoryview) -> bool:
    """Whether the file starts as pcap or pcapng."""
    return bytes(data[:4]) in _MAGIC


def read_pcap(data: bytes | memoryview) -> Packets:
    """The names in a capture of packets. Raises FormatError if it is none, or if dpkt is not installed."""
    if not looks_like_pcap(data):
        raise FormatError("no capture of packets: it starts as neither pcap nor pcapng", 0)
    dpkt = _dpkt()
    try:
        reader = dpkt.pcap.UniversalReader(io.BytesIO(data))
        link = reader.datalink()
    except _errors(dpkt) as error:
        raise FormatError(f"a capture of packets that cannot be read: {error}") from error
    names: list[Named] = []
    count, whole = 0, False
    try:
        for time, packet in reader:
            names += [Named(count, float(time), host, by) for host, by in _names(dpkt, link, packet)]
            count += 1
            if count >= PACKETS:
                break
        else:
            whole = True
    except _errors(dpkt):
        pass  # cut off: what was read stands, and ``partial`` says so
    return Packets(count, tuple(names), not whole)


def _dpkt() -> Any:
    try:
        import dpkt
    except ImportError as error:
        raise FormatError("packets need dpkt: pip install 'mingcha[traffic]'") from error
    return dpkt


def _errors(dpkt: Any) -> tuple[type[Exception], ...]:
    """What dpkt raises for broken packets."""
    return (dpkt.Error, ValueError, IndexError, KeyError, TypeError, AttributeError, OverflowError, EOFError)


def _names(dpkt: Any, link: int, packet: bytes) -> Iterator[tuple[str, Literal["dns", "tls", "http"]]]:
    try:
        over = _network(dpkt, link, packet).data
        if isinstance(over, dpkt.udp.UDP) and over.dport == 53:
            yield from ((host, "dns") for host in _asked(dpkt, bytes(over.data)))
        elif isinstance(over, dpkt.tcp.TCP) and over.data:
            yield from _in_stream(bytes(over.data))
    except _errors(dpkt):
        return  # one broken packet of many


def _network(dpkt: Any, link: int, packet: bytes) -> Any:
    """The IP packet: of raw captures, Ethernet, Linux cooked captures, or loopback."""
    if link in (dpkt.pcap.DLT_RAW, 12, 14, 101):
        return dpkt.ip6.IP6(packet) if packet[:1] and packet[0] >> 4 == 6 else dpkt.ip.IP(packet)
    if link == dpkt.pcap.DLT_LINUX_SLL:
        return dpkt.sll.SLL(packet).data
    if link == dpkt.pcap.DLT_NULL:
        return dpkt.loopback.Loopback(packet).data
    return dpkt.ethernet.Ethernet(packet).data


def _asked(dpkt: Any, data: bytes) -> Iterator[str]:
    message = dpkt.dns.DNS(data)
    if message.qr == dpkt.dns.DNS_Q:
        yield from (question.name.lower() for question in message.qd if _NAME.fullmatch(question.name))


def _in_stream(data: bytes) -> Iterator[tuple[str, Literal["tls", "http"]]]:
    """The name in a segment that starts with the hello of TLS or a request of HTTP."""
    if data[:1] == b"\x16" and data[5:6] == b"\x01":
        host = _server_name(data)
        if host:
            yield host, "tls"
    elif data.startswith(_METHODS) and (found := _HOST.search(data[:4096])):
        host = found[1].decode("latin-1").strip().rsplit(":", 1)[0].lower()
        if _NAME.fullmatch(host):
            yield host, "http"


def _server_name(record: bytes) -> str | None:
    """The server's name in a client's hello (RFC 6066, 3); a hello that goes on in the next segment may hide it."""
    at = 5 + 4 + 2 + 32  # record, handshake, version, random
    at += 1 + record[at]  # session
    at += 2 + int.from_bytes(record[at : at + 2], "big")  # cipher suites
    at += 1 + record[at]  # compression
    end = at + 2 + int.from_bytes(record[at : at + 2], "big")
    at += 2
    while at + 4 <= min(end, len(record)):
        kind, size = int.from_bytes(record[at : at + 2], "big"), int.from_bytes(record[at + 2 : at + 4], "big")
        if kind == _SNI:
            name = record[at + 9 : at + 9 + int.from_bytes(record[at + 7 : at + 9], "big")].decode("latin-1").lower()
            return name if _NAME.fullmatch(name) else None
        at += 4 + size
    return None
