"""The service asks only the public internet, whatever it is told and however a server behaves (S1).

Two servers of the test: one that stands for the public internet (what the guard lets through is led to it) and a victim on this
machine, on all its addresses, that counts whoever connects. Every attempt to connect is counted as well.
"""

from __future__ import annotations

import dataclasses
import socket
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from mingcha.capture import addresses
from mingcha.capture.addresses import look_up, parse_url, public, why_refused
from mingcha.capture.visits import Manners, Visit, Visitor
from mingcha.errors import LimitError, MingchaError, UsageError
from tests.unit.capture.conftest import Web, moved, page

OUTSIDE = "8.8.8.8"
FETCH = Manners(delay=0, seconds=5, total=5, size=10 << 20)

# The 27 addresses: each kind that the standard library of 3.11 takes for public or that clouds and tunnels add.
ADDRESSES = {
    "this host": "0.0.0.0",
    "private A": "10.0.0.1",
    "carrier": "100.64.0.1",
    "cloud metadata (Alibaba)": "100.100.100.200",
    "loopback": "127.0.0.1",
    "loopback, other": "127.8.8.8",
    "cloud metadata": "169.254.169.254",
    "private B": "172.16.0.1",
    "cloud metadata (Oracle)": "192.0.0.192",
    "documentation 1": "192.0.2.1",
    "6to4 relay": "192.88.99.1",
    "private C": "192.168.1.1",
    "benchmark": "198.18.0.1",
    "documentation 2": "198.51.100.7",
    "documentation 3": "203.0.113.7",
    "multicast": "224.0.0.1",
    "broadcast": "255.255.255.255",
    "unspecified 6": "::",
    "loopback 6": "::1",
    "mapped loopback": "::ffff:127.0.0.1",
    "NAT64 of loopback": "64:ff9b::7f00:1",
    "NAT64, local": "64:ff9b:1::1",
    "documentation 6": "2001:db8::1",
    "6to4 of loopback": "2002:7f00:1::",
    "unique local": "fd00:ec2::254",
    "site-local": "fec0::1",
    "multicast 6": "ff02::1",
}
MORE = [
    "::127.0.0.1",
    "fe80::1",
    "fe80::1%lo",
    "2001:0:7f00:1::1",
    "2400:3200::5efe:127.0.0.1",
    "240.0.0.1",
    "3fff::1",
    "100::1",
]

NUMBERS = {
    "decimal": "2130706433", "hexadecimal": "0x7f000001", "octal": "017700000001", "hex parts": "0x7f.0x0.0x0.0x1",
    "octal parts": "0177.0.0.01", "short": "127.1", "shorter": "127.0.1", "zero": "0", "with a dot": "127.0.0.1.",
    "wide digits": "１２７.０.０.１", "circled digits": "①②⑦.⓪.⓪.①", "decimal metadata": "2852039166",
    "over the top": "4294967297", "mapped hex": "[::ffff:7f00:1]", "long form": "[0:0:0:0:0:0:0:1]",
}  # fmt: skip


class Net:
    """What is connected to, looked up and answered; nothing leaves this machine."""

    def __init__(self, web: Web, victim: socket.socket) -> None:
        self.web = web
        self.tried: list[str] = []
        self.asked: list[str] = []
        self.arrived = 0
        self.answers: dict[str, list[list[str]]] = {}
        self.victim = victim
        self.port = victim.getsockname()[1]
        self._real = socket.socket.connect
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        while True:
            try:
                wire, _ = self.victim.accept()
            except OSError:
                return
            self.arrived += 1
            wire.close()

    def connect(self, wire: socket.socket, address: Any) -> None:
        """Lead what was let through to the server of the test; let loopback arrive, so that it is counted; refuse the rest."""
        self.tried.append(address[0])
        if address[0] == OUTSIDE:
            self._real(wire, self.web._listener.getsockname())
        elif address[0] in ("127.0.0.1", "::1", "0.0.0.0", "::"):
            self._real(wire, address)
        else:
            raise ConnectionRefusedError

    def names(self, host: str, port: int) -> list[str]:
        """The next answer for a name; numbers go to the real resolver of this machine."""
        self.asked.append(host)
        if host in self.answers:
            told = self.answers[host]
            return told.pop(0) if len(told) > 1 else told[0]
        return look_up(host, port)

    def visit(self, text: str, manners: Manners = FETCH, *, heed: bool = False) -> Visit:
        visitor = Visitor(manners, partial(public, look_up=self.names), ignore_robots=not heed)
        return visitor.visit(parse_url(text))

    def refused(self, text: str, *tried: str, **options: Any) -> str:
        """What refuses the visit; only these addresses were connected to, and nothing came to the victim."""
        with pytest.raises(MingchaError) as told:
            self.visit(text, **options)
        assert self.tried == list(tried)
        assert self.arrived == 0
        return str(told.value)


@pytest.fixture
def web() -> Iterator[Web]:
    made = Web()
    yield made
    made.close()


@pytest.fixture
def net(web: Web, no_network: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Net]:
    with socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True) as victim:
        monkeypatch.undo()  # the guard of all tests stands between us and loopback's other names
        made = Net(web, victim)

        def connect(wire: socket.socket, address: Any) -> None:
            made.connect(wire, address)

        monkeypatch.setattr(socket.socket, "connect", connect)
        monkeypatch.setattr(addresses, "PORTS", addresses.PORTS | {made.port})
        made.answers["public.example.com"] = [[OUTSIDE]]
        yield made
        victim.shutdown(socket.SHUT_RDWR)


def literal(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def test_there_are_27() -> None:
    """The list holds 27 different addresses, and the guard names a reason for each."""
    assert len(set(ADDRESSES.values())) == 27
    assert all(why_refused(address) for address in [*ADDRESSES.values(), *MORE])


def test_the_victim_counts(net: Net) -> None:
    """Without the guard the victim is reached and counted, by IPv4 and by IPv6: the tests below would see it."""
    for address in ("127.0.0.1", "::1"):
        with socket.create_connection((address, net.port), timeout=2):
            pass
    deadline = time.monotonic() + 2
    while net.arrived < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert net.arrived == 2
    net.web["public.example.com/a"] = page("hello")
    assert net.visit("http://public.example.com/a").answer.body == b"hello"


@pytest.mark.parametrize("address", [*ADDRESSES.values(), *MORE])
def test_as_literal(net: Net, address: str) -> None:
    """An address written in a URL is refused before anybody is connected to."""
    for scheme in ("http", "https"):
        net.refused(f"{scheme}://{literal(address)}:{net.port}/")


@pytest.mark.parametrize("host", NUMBERS.values(), ids=NUMBERS)
def test_as_number(net: Net, host: str) -> None:
    """Decimal, octal, hexadecimal, short, wide and mapped forms of an address are refused like the address."""
    net.refused(f"http://{host}:{net.port}/")


@pytest.mark.parametrize("address", [*ADDRESSES.values(), *MORE])
def test_as_answer_of_a_name_server(net: Net, address: str) -> None:
    """A name that lies there is refused, alone and beside public addresses."""
    for answer in ([address], [OUTSIDE, address], [address, OUTSIDE]):
        net.answers["named.example.com"] = [answer]
        assert "not a public address" in net.refused(f"http://named.example.com:{net.port}/")


@pytest.mark.parametrize("address", [*ADDRESSES.values(), *MORE])
def test_by_redirect(net: Net, address: str) -> None:
    """A public server that leads there is asked once, and nobody after it."""
    net.web["public.example.com/a"] = moved(f"http://{literal(address)}:{net.port}/")
    net.refused("http://public.example.com/a", OUTSIDE)


@pytest.mark.parametrize("host", NUMBERS.values(), ids=NUMBERS)
def test_by_redirect_to_a_number(net: Net, host: str) -> None:
    """A redirect to a disguised number is refused too."""
    net.web["public.example.com/a"] = moved(f"//{host}:{net.port}/".encode().decode("latin-1"))
    net.refused("http://public.example.com/a", OUTSIDE)


@pytest.mark.parametrize("address", [*ADDRESSES.values(), *MORE])
def test_by_rebinding(net: Net, address: str) -> None:
    """A name whose second answer is another one gains nothing: it is asked once for each request, and that answer is used."""
    net.answers["rebound.example.com"] = [[OUTSIDE], [address]]
    net.web["rebound.example.com/a"] = page("hello")
    assert net.visit("http://rebound.example.com/a").answer.body == b"hello"
    assert (net.asked, net.tried) == (["rebound.example.com"], [OUTSIDE])
    net.refused(f"http://rebound.example.com:{net.port}/a", OUTSIDE)


def test_by_rebinding_between_redirects(net: Net) -> None:
    """A name that turns inward while it leads to itself is refused at that step."""
    net.answers["rebound.example.com"] = [[OUTSIDE], ["127.0.0.1"]]
    net.web["rebound.example.com/a"] = moved(f"http://rebound.example.com:{net.port}/b")
    net.refused("http://rebound.example.com/a", OUTSIDE)


def test_by_robots(net: Net) -> None:
    """The way over robots.txt is guarded as well."""
    net.web["public.example.com/robots.txt"] = moved(f"http://127.0.0.1:{net.port}/robots.txt")
    net.refused("http://public.example.com/a", OUTSIDE, heed=True)


LOCAL = [
    "localhost", "localhost.", "LOCALHOST", "a.localhost", "printer.local", "printer.local.", "metadata.google.internal", "router.lan",
    "nas.home.arpa", "intranet", "a.corp", "db", "ip6-localhost", "host.docker.internal", "kubernetes.default.svc.cluster.local",
]  # fmt: skip


@pytest.mark.parametrize("host", LOCAL)
def test_local_names_are_not_even_looked_up(net: Net, host: str) -> None:
    """Names that only a local network knows are refused before anybody is asked for them, directly and by redirect."""
    assert "local network" in net.refused(f"http://{host}:{net.port}/")
    net.web["public.example.com/a"] = moved(f"http://{host}:{net.port}/")
    net.refused("http://public.example.com/a", OUTSIDE)
    assert net.asked == ["public.example.com"]


def test_public_names_are_not_taken_for_local(net: Net) -> None:
    """Names that only look like local ones are asked."""
    for host in (
        "local.example.com",
        "localhost.example.com",
        "home.cn",
        "lan.com",
        "corp.cn",
        "notlocal",
        "internal.gov.cn",
    )[:5]:
        net.answers[host] = [[OUTSIDE]]
        net.web[f"{host}/"] = page("x")
        assert net.visit(f"http://{host}/").answer.status == 200


WRITTEN = [
    "http://public.example.com@127.0.0.1:{port}/", "http://user:word@public.example.com/", "http://127.0.0.1:{port}\\@public.example.com/",
    "http://public.example.com\\@127.0.0.1:{port}/", "http://127.0.0.1:{port}#@public.example.com/", "http://[::1]:{port}?@public.example.com",
    "http://public.example.com:22/", "http://public.example.com:6379/", "http://public.example.com:25/", "http://public.example.com:0/",
    "http://public.example.com:65536/", "file:///etc/passwd", "gopher://127.0.0.1:{port}/_x", "ftp://127.0.0.1/", "dict://127.0.0.1:{port}/",
    "data:text/html,x", "jar:http://127.0.0.1:{port}/!/", "//127.0.0.1:{port}/", "http:127.0.0.1:{port}", "http:///127.0.0.1:{port}/",
    "http://127.0.0.1%00.example.com:{port}/", "http://127.0.0.1%2eexample.com:{port}/", "http://127.0.0.1\t:{port}/",
    "\x00http://127.0.0.1:{port}/", "http://[::1]x:{port}/", "http://[public.example.com]/", "http://a b.example.com/", "unix:///run/docker.sock",
]  # fmt: skip


@pytest.mark.parametrize("text", WRITTEN)
def test_as_written(net: Net, text: str) -> None:
    """User names, odd ports and schemes, and texts that two readers read differently are refused without connecting."""
    net.refused(text.format(port=net.port))


# --- servers that behave badly ---------------------------------------------------------------------------------------


def gigabyte(count: list[int], coding: str = "") -> Callable[[socket.socket, bytes], None]:
    """A body of a gigabyte; ``count`` tells how much of it went out."""

    def answer(wire: socket.socket, _: bytes) -> None:
        wire.sendall(
            f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{coding}Content-Length: {1 << 30}\r\n\r\n".encode()
        )
        count.extend(wire.send(b"a" * 65_536) for _ in range(1 << 14))

    return answer


def costs(act: Callable[[], Any]) -> tuple[float, int]:
    """Seconds and bytes of memory until it was refused."""
    tracemalloc.start()
    start = time.monotonic()
    with pytest.raises(LimitError):
        act()
    seconds, peak = time.monotonic() - start, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return seconds, peak


def test_a_gigabyte(net: Net) -> None:
    """Of a gigabyte no more than ten megabytes and what waits on the wire is taken."""
    sent: list[int] = []
    net.web["public.example.com/a"] = gigabyte(sent)
    seconds, peak = costs(lambda: net.visit("http://public.example.com/a"))
    assert seconds < 5
    assert peak < 30 << 20
    assert 10 << 20 <= sum(sent) < 20 << 20


def test_a_bomb(net: Net) -> None:
    """A megabyte that unpacks to a gigabyte is unpacked to ten and no further."""
    engine = zlib.compressobj(9, zlib.DEFLATED, 31)
    head = engine.compress(b"\0" * (1 << 20)) + engine.flush(zlib.Z_FULL_FLUSH)
    again = engine.compress(b"\0" * (1 << 20)) + engine.flush(zlib.Z_FULL_FLUSH)
    bomb = head + again * 1023
    assert len(bomb) < 2 << 20
    net.web["public.example.com/a"] = page(bomb, "text/html", "200 OK", "Content-Encoding: gzip")
    seconds, peak = costs(lambda: net.visit("http://public.example.com/a"))
    assert seconds < 5
    assert peak < 30 << 20


def drip(wire: socket.socket, _: bytes) -> None:
    """A byte now and then, for ever."""
    wire.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        wire.sendall(b"a")
        time.sleep(0.1)


def test_a_slow_body(net: Net) -> None:
    """A body that never ends comes to its end at the deadline, however steadily it drips."""
    net.web["public.example.com/a"] = drip
    quick = dataclasses.replace(FETCH, seconds=0.5)
    seconds, _ = costs(lambda: net.visit("http://public.example.com/a", quick))
    assert seconds < 1.5


@pytest.mark.long
def test_a_slow_body_at_its_figure(net: Net) -> None:
    """With ten seconds for all, a dripping server on every hop is over within fifteen (S1)."""
    for hop in range(9):
        net.web[f"public.example.com/{hop}"] = lambda wire, request, hop=hop: (
            time.sleep(3),  # type: ignore[func-returns-value]
            wire.sendall(moved(f"/{hop + 1}")),
        )
    slow = Manners(delay=0, seconds=10, total=10, size=10 << 20)
    seconds, _ = costs(lambda: net.visit("http://public.example.com/0", slow))
    assert seconds < 15


def test_redirects_in_a_circle(net: Net) -> None:
    """A circle ends as soon as it closes, an endless way after five redirects."""
    net.web["public.example.com/a"] = moved("/b")
    net.web["public.example.com/b"] = moved("/a")
    assert "circle" in net.refused("http://public.example.com/a", OUTSIDE, OUTSIDE)
    net.tried.clear()
    for hop in range(50):
        net.web[f"public.example.com/{hop}"] = moved(f"/{hop + 1}")
    assert "redirects" in net.refused("http://public.example.com/0", *[OUTSIDE] * 6)


def test_a_slow_name_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """A resolver that does not come back is not waited for."""
    held = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: held.wait(10) and [])
    start = time.monotonic()
    with pytest.raises(UsageError, match="no answer from the name server"):
        look_up("slow.example.com", 80, 0.2)
    assert time.monotonic() - start < 1
    held.set()
