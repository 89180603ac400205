"""Host names are found where they start a string or follow a scheme, and nowhere else."""

from __future__ import annotations

import time

import pytest

from mingcha.formats.dex import Dex
from mingcha.formats.hosts import find_hosts
from tests.build.apkparts import pool
from tests.build.dexmaker import dex


def hosts(data: bytes) -> list[str]:
    return [host for _, host in find_hosts(data)]


@pytest.mark.parametrize(
    ("text", "host"),
    [
        (b"https://api.example.com/v1", "api.example.com"),
        (b"http://example.cn", "example.cn"),
        (b"wss://push.example.net:5223/x", "push.example.net"),
        (b"www.example.com", "www.example.com"),
        (b"HTTPS://WWW.Example.COM?q=1", "www.example.com"),
        (b"cn.example.com", "cn.example.com"),
        (b"see https://example.org/a for more", "example.org"),
        (b'{"url":"https://a-b.example.io"}', "a-b.example.io"),
        (b"tcp:mqtt.example.com:1883", "mqtt.example.com"),
        (b"https://example.com.cn/", "example.com.cn"),
        (b"https://xn--fiqs8s.example.top#x", "xn--fiqs8s.example.top"),
        (b"https://1.example.vip", "1.example.vip"),
    ],
)
def test_host_is_found(text: bytes, host: str) -> None:
    """The name comes out in lower case, without scheme, port and path."""
    assert hosts(b"\0" + text + b"\0") == [host]


@pytest.mark.parametrize(
    "text",
    [
        b"com.example.app",  # a package
        b"com.example.community",
        b"Example.Com",  # a class, a style
        b"socket.io",
        b"libexample.so",
        b"1.2.4.dev",
        b"name@example.com",
        b"a://example.com",
        b"/data/example.com",
        b"%s.example.com/",
        b"_dnssd.example.com/",
        b"$1.example.com/",
        b".com",
        b"..example.com",
        b"-.example.com/",
        b"example..com",
        b"-example.com/",
        b"example.com.",
        b"example.community/",
        b"x" * 300 + b".com",
        b"a." * 200 + b"com",
    ],
)
def test_what_is_no_host(text: bytes) -> None:
    """Packages, mail addresses, paths, formats, malformed and overlong names are none."""
    assert hosts(b"\0" + text + b"\0") == []


def test_place_is_where_the_name_starts() -> None:
    """Each name comes with the byte it starts at, within the bounds asked for."""
    data = b"\0https://a.example.com/\0b.example.com\0"
    assert list(find_hosts(data)) == [(9, "a.example.com"), (24, "b.example.com")]
    assert list(find_hosts(data, 20)) == [(24, "b.example.com")]
    assert list(find_hosts(data, 0, 24)) == [(9, "a.example.com")]


@pytest.mark.parametrize("length", range(20, 127))
@pytest.mark.parametrize("scheme", ["https://", ""])
def test_length_in_front_of_a_string_is_no_part_of_the_name(length: int, scheme: str) -> None:
    """In DEX a byte with the length stands before each string; where it looks like a letter or digit, the name is the same."""
    text = (scheme + "m.example.com/").ljust(length, "p")
    data = dex([], strings=[text])
    assert list(find_hosts(data, *Dex(data).string_span)) == [(data.index(b"m.example"), "m.example.com")]


@pytest.mark.parametrize("length", [48, 57, 65, 90, 97, 122])
@pytest.mark.parametrize("scheme", ["https://", ""])
def test_two_lengths_in_front_of_a_string_are_no_part_of_the_name(length: int, scheme: str) -> None:
    """In resources two bytes with the length stand before each string."""
    text = (scheme + "m.example.com/").ljust(length, "p")
    assert hosts(pool(["x", text, "y"], utf8=True)) == ["m.example.com"]


def test_time_grows_with_the_data_only() -> None:
    """A megabyte made to be slow (a domain in every fourth byte, labels without end) takes under a second."""
    for unit in (b".cn\0", b"a.cn/", b"a-" * 200 + b".com\0", b"a." * 130 + b"com\0"):
        begin = time.process_time()
        list(find_hosts(unit * ((1 << 20) // len(unit))))
        assert time.process_time() - begin < 1
