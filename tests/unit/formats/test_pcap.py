"""Packets: names in DNS, TLS and HTTP, from files made here and by a real TLS client; damage ends in facts or FormatError."""

from __future__ import annotations

import io
import random
import ssl
import struct

import dpkt
import pytest

from mingcha.errors import FormatError
from mingcha.formats import pcap
from mingcha.formats.pcap import Named, looks_like_pcap, read_pcap


def hello(host: str) -> bytes:
    """What a real TLS client sends first."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = ssl.create_default_context().wrap_bio(incoming, outgoing, server_hostname=host)
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    return outgoing.read()


def ip(over: object, protocol: int) -> bytes:
    """An IPv4 packet."""
    return bytes(dpkt.ip.IP(src=b"\x0a\0\0\x02", dst=b"\x5d\xb8\xd8\x22", p=protocol, data=over, ttl=64))


def tcp(data: bytes, port: int = 443) -> bytes:
    """A segment to a server."""
    return ip(dpkt.tcp.TCP(sport=40000, dport=port, data=data), 6)


def query(host: str) -> bytes:
    """A question to DNS."""
    return ip(dpkt.udp.UDP(sport=5353, dport=53, data=bytes(dpkt.dns.DNS(qd=[dpkt.dns.DNS.Q(name=host)]))), 17)


def capture(packets: list[bytes], link: int = 101, *, ng: bool = False) -> bytes:
    """A file of packets, one each second."""
    file = io.BytesIO()
    if ng:
        writer = dpkt.pcapng.Writer(file)
        for number, packet in enumerate(packets):
            writer.writepkt(bytes(12) + b"\x08\0" + packet, ts=1767578405.25 + number)
        return file.getvalue()
    file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, link))
    for number, packet in enumerate(packets):
        file.write(struct.pack("<IIII", 1767578405 + number, 250000, len(packet), len(packet)) + packet)
    return file.getvalue()


PACKETS = [
    query("api.example.cn"),
    tcp(hello("ulogs.umeng.com")),
    tcp(b"GET /a HTTP/1.1\r\nHost: Plain.example.com:8080\r\n\r\n", 8080),
    tcp(b"\x17\x03\x03\0\x10" + bytes(16)),
]
NAMES = [("api.example.cn", "dns"), ("ulogs.umeng.com", "tls"), ("plain.example.com", "http")]


@pytest.mark.parametrize("ng", [False, True])
def test_names(ng: bool) -> None:
    """Each name is told with its packet, time and how it was seen; an ordinary record tells none."""
    found = read_pcap(capture(PACKETS, ng=ng))
    assert [(one.host, one.by) for one in found.names] == NAMES
    assert found.names[1] == Named(1, pytest.approx(1767578406.25), "ulogs.umeng.com", "tls")
    assert (found.packets, found.partial) == (4, False)


@pytest.mark.parametrize(
    ("link", "head"), [(1, bytes(12) + b"\x08\0"), (113, bytes(14) + b"\x08\0"), (0, b"\x02\0\0\0")]
)
def test_kinds_of_links(link: int, head: bytes) -> None:
    """Ethernet, Linux cooked and loopback captures hold the same names."""
    found = read_pcap(capture([head + packet for packet in PACKETS], link))
    assert [one.host for one in found.names] == [host for host, _ in NAMES]


def test_answers_and_odd_names_are_no_names() -> None:
    """An answer of DNS, a name with strange letters and an address as host tell nothing."""
    answer = bytes(dpkt.dns.DNS(qr=1, qd=[dpkt.dns.DNS.Q(name="api.example.cn")]))
    rows = [
        ip(dpkt.udp.UDP(sport=53, dport=53, data=answer), 17),
        query("-_-"),
        tcp(b"GET / HTTP/1.1\r\nHost: 10.0.0.1\r\n\r\n", 80),
    ]
    assert read_pcap(capture(rows)).names == ()


def test_a_cut_file_is_partial() -> None:
    """A file that stops in a packet keeps what stood before."""
    whole = capture(PACKETS)
    found = read_pcap(whole[:-30])
    assert [one.host for one in found.names][:2] == ["api.example.cn", "ulogs.umeng.com"]


def test_damage() -> None:
    """Of 2,000 damaged files each gives names or a FormatError."""
    chance = random.Random(7)
    read = 0
    for number in range(2000):
        data = bytearray(capture(PACKETS, ng=number % 2 == 0))
        for _ in range(chance.randrange(1, 8)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            found = read_pcap(bytes(data[: chance.randrange(4, len(data))]))
        except FormatError:
            continue
        assert found.packets >= 0
        read += 1
    assert read > 500


def test_what_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other bytes are refused, and so are packets where dpkt is missing."""
    assert not looks_like_pcap(b"{}")
    with pytest.raises(FormatError, match="neither"):
        read_pcap(b"{}")
    monkeypatch.setitem(__import__("sys").modules, "dpkt", None)
    with pytest.raises(FormatError, match="pip install"):
        pcap.read_pcap(capture(PACKETS))
