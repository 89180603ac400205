"""Which addresses may be asked: http or https, no credentials, a usual port, and a name whose every address is public.

Looking a name up and checking it yield an ``Endpoint``, and only endpoints are connected to: a name that answers otherwise
a moment later (DNS rebinding) gains nothing, because nobody asks it again. Names that only a local network knows are not looked up.
"""

from __future__ import annotations

import ipaddress
import queue
import re
import socket  # noqa: TID251  # capture is where connections are opened
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from urllib.parse import quote, urljoin, urlsplit

from mingcha.errors import UsageError

PORTS = frozenset({80, 443, 8080, 8443})
"""The ports on which policies are served; others belong to services that a page must not make us talk to."""

URL_LIMIT = 4000
_DEFAULT_PORT = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_.])?")
_PATH_SAFE = "/%:@!$&'()*+,;=~-._"


@dataclass(frozen=True, slots=True)
class Url:
    """An address in the one form that is both checked and asked; ``path`` holds the query too."""

    scheme: str
    host: str
    port: int
    path: str
    fragment: str = ""

    @property
    def origin(self) -> str:
        """Scheme, host and port, as a browser writes them."""
        return f"{self.scheme}://{self.authority}"

    @property
    def authority(self) -> str:
        """Host and, unless it is the scheme's own, port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORT[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return self.origin + self.path + (f"#{self.fragment}" if self.fragment else "")

    def without_fragment(self) -> Url:
        """The address of the document, without the place inside."""
        return replace(self, fragment="")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A numeric address and port that were checked; what is connected to."""

    address: str
    port: int


Lookup = Callable[[str, int], Iterable[str]]
Resolve = Callable[[Url], tuple[Endpoint, ...]]

# --- addresses as written --------------------------------------------------------------------------------------------


def parse_url(text: str) -> Url:
    """The address in this text. Raises UsageError for what may not be asked, whoever answers."""
    text = text.strip()
    if len(text) > URL_LIMIT:
        raise UsageError(f"an address of more than {URL_LIMIT} characters")
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise UsageError(f"{text!r} is no address ({error})") from None
    if parts.scheme not in _DEFAULT_PORT:
        raise UsageError(f"{text!r}: an address begins with https:// or http://")
    if "@" in parts.netloc or "\\" in text:
        raise UsageError(
            f"{text.rpartition('@')[2]!r}: an address with a user name, a password or a backslash is not asked"
        )
    path = quote(parts.path or "/", safe=_PATH_SAFE) + (
        "?" + quote(parts.query, safe=_PATH_SAFE + "?") if parts.query else ""
    )
    port = _DEFAULT_PORT[parts.scheme] if port is None else port
    return Url(parts.scheme, _host(host or "", text), _usual(port), path, quote(parts.fragment, safe=_PATH_SAFE + "?"))


def joined(base: Url, reference: str) -> Url:
    """The address that a page at ``base`` means by ``reference``. Raises UsageError."""
    try:
        return parse_url(urljoin(str(base), reference.strip()))
    except ValueError as error:
        raise UsageError(f"{reference[:200]!r} is no address ({error})") from None


def _host(host: str, text: str) -> str:
    if ":" in host:
        try:
            return str(ipaddress.IPv6Address(host))
        except ValueError:
            raise UsageError(f"{text!r}: {host!r} is no IPv6 address") from None
    try:
        plain = host.encode("idna").decode("ascii").lower() if not host.isascii() else host.lower()
    except UnicodeError:
        plain = ""
    if not _HOST.fullmatch(plain):
        raise UsageError(f"{text!r}: {host!r} is no name of a host")
    return plain


def _usual(port: int) -> int:
    if port not in PORTS:
        raise UsageError(f"port {port} is not asked; only {', '.join(str(p) for p in sorted(PORTS))}")
    return port


# --- addresses as numbers --------------------------------------------------------------------------------------------

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _table(rows: Iterable[tuple[str, str]]) -> tuple[tuple[Network, str], ...]:
    return tuple((ipaddress.ip_network(text), why) for text, why in rows)


_REFUSED_4 = _table((
    ("0.0.0.0/8", "this host"), ("10.0.0.0/8", "private"), ("100.64.0.0/10", "shared by a carrier"), ("127.0.0.0/8", "loopback"),
    ("168.63.129.16/32", "a cloud's own"), ("169.254.0.0/16", "link-local"), ("172.16.0.0/12", "private"), ("192.0.0.0/24", "reserved"),
    ("192.0.2.0/24", "for examples"), ("192.88.99.0/24", "reserved"), ("192.168.0.0/16", "private"), ("198.18.0.0/15", "for benchmarks"),
    ("198.51.100.0/24", "for examples"), ("203.0.113.0/24", "for examples"), ("224.0.0.0/4", "multicast"), ("240.0.0.0/4", "reserved"),
))  # fmt: skip
_REFUSED_6 = _table((
    ("2001::/23", "reserved or Teredo"), ("2001:db8::/32", "for examples"), ("2002::/16", "6to4"), ("3fff::/20", "for examples"),
))  # fmt: skip
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})
"""The middle of an address that ends in an IPv4 address (RFC 5214)."""


def why_refused(address: str) -> str | None:
    """What kind of non-public address this is; None for a public one.

    IPv6 is judged the other way round from IPv4: only global unicast is public, and NAT64 with a public address inside,
    without which a machine that has IPv6 alone could ask nobody.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "no address"
    if isinstance(parsed, ipaddress.IPv4Address):
        return _listed(parsed, _REFUSED_4)
    inside = str(ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF))
    if parsed.scope_id is not None:
        return "bound to an interface"
    if parsed in _NAT64:
        return why_refused(inside)
    if parsed not in _GLOBAL_UNICAST:
        return "loopback, local, multicast, reserved or another address in disguise"
    if (int(parsed) >> 32) & 0xFFFFFFFF in _ISATAP:
        return "a tunnel's"
    return _listed(parsed, _REFUSED_6)


def _listed(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address, table: tuple[tuple[Network, str], ...]
) -> str | None:
    return next((why for network, why in table if address in network), None)


LOOK_UP_SECONDS = 5.0
_Row = tuple[object, object, object, object, tuple[object, ...]]


def look_up(host: str, port: int, seconds: float = LOOK_UP_SECONDS) -> list[str]:
    """Every address the system knows for a name, each once. Raises UsageError.

    The system's resolver knows no deadline and cannot be stopped, and a hostile name server may keep it for half a minute; so
    it is asked on a thread of its own, which is left behind when the time is up.
    """
    answers: queue.SimpleQueue[list[_Row] | Exception] = queue.SimpleQueue()
    threading.Thread(target=lambda: answers.put(_resolved(host, port)), daemon=True).start()
    try:
        rows = answers.get(timeout=seconds)
    except queue.Empty:
        raise UsageError(f"{host}: no answer from the name server within {seconds:g} s") from None
    if isinstance(rows, Exception):
        why = getattr(rows, "strerror", None) or rows
        raise UsageError(f"{host}: no address is known for this name ({why})")
    return list(dict.fromkeys(str(row[4][0]) for row in rows))


def _resolved(host: str, port: int) -> list[_Row] | Exception:
    try:
        return list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    except (OSError, UnicodeError) as error:
        return error


_LOCAL_NAME = re.compile(
    r"[^.:]+\.?|(?:.+\.)?(?:local|localhost|localdomain|internal|intranet|private|lan|home|corp|home\.arpa)\.?"
).fullmatch
"""Names without a dot, and under the ends that no public name has (RFC 6762 with its appendix G, 6761, 8375, ICANN's .internal)."""


def public(url: Url, look_up: Lookup = look_up) -> tuple[Endpoint, ...]:
    """The endpoints of an address. Raises UsageError unless all of them are public: one that is not may be the one used."""
    if _LOCAL_NAME(url.host):
        raise _not_public(url.host, "a name of the local network")
    addresses = list(look_up(url.host, url.port))
    for address in addresses:
        why = why_refused(address)
        if why is not None:
            raise _not_public(url.host if url.host == address else f"{url.host} lies at {address}, which", why)
    if not addresses:
        raise UsageError(f"{url.host}: no address is known for this name")
    return tuple(Endpoint(address, url.port) for address in addresses)


def _not_public(named: str, why: str) -> UsageError:
    return UsageError(
        f"{named} is not a public address ({why}): Mingcha asks only the public internet; save such a page yourself and "
        "hand in the file"
    )
