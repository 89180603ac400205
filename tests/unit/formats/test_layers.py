"""What an exchange sends, taken apart: every form, the way that leads there, and the limits on hostile bytes."""

from __future__ import annotations

import base64
import gzip
import importlib.util
import json
import random
import struct
import time
import zlib
from urllib.parse import quote

import pytest

from mingcha.formats.exchange import Exchange, Message
from mingcha.formats.layers import Peeled, peel
from mingcha.formats.layers_binary import multipart, packed_as, protobuf, unpack
from tests.build.hartraffic import message


def taken_apart(body: bytes = b"", mime: str = "", url: str = "https://a.example/x", **headers: str) -> Peeled:
    """The leaves of a request."""
    rows = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return peel(Exchange(0, "", "POST", url, headers=rows, mime=mime, body=body))


def trails(peeled: Peeled) -> dict[str, bytes]:
    """Values by their trail, the innermost only."""
    return {leaf.trail: leaf.value for leaf in peeled.leaves if not leaf.whole}


def test_the_example_of_the_page() -> None:
    """A compressed JSON body's value is found with the whole way that leads to it."""
    body = gzip.compress(json.dumps({"header": {"oaid": "abc"}}).encode(), mtime=0)
    assert trails(taken_apart(body, content_encoding="gzip"))["body > gunzip > json > header.oaid"] == b"abc"


@pytest.mark.parametrize(
    ("body", "mime", "trail", "value"),
    [
        (b"a=1&u=%E7%81%AF+1", "", "body > form > u", "灯 1".encode()),
        (b"u=ab%2Bc+d/ab+c/ab", "", "body > form > u", b"ab+c+d/ab+c/ab"),
        (b'{"a":[{"imei":[123]}]}', "", "body > json > a[0].imei[0]", b"123"),
        (b'{"n":89860123456789012345}', "", "body > json > n", b"89860123456789012345"),
        (b'{"lat":39.9000}', "", "body > json > lat", b"39.9000"),
        (b'{"a":1}\n{"b":"x"}\n', "", "body > json > [1].b", b"x"),
        (json.dumps({"s": json.dumps({"u": "val"})}).encode(), "", "body > json > s > json > u", b"val"),
        (base64.b64encode(b'{"u":"value"}'), "", "body > base64 > json > u", b"value"),
        (base64.urlsafe_b64encode(b"u=\xe7\x81\xafand&x=12345").rstrip(b"="), "", "body > base64 > form > u", "灯and".encode()),
        (base64.encodebytes(b'{"u":"' + b"v" * 90 + b'"}'), "", "body > base64 > json > u", b"v" * 90),
        (b'{"u":"value"}'.hex().encode(), "", "body > hex > json > u", b"value"),
        (base64.b64encode(gzip.compress(b"u=some value", mtime=0)), "", "body > base64 > gunzip > form > u", b"some value"),
        (quote('{"u":"灯火"}').encode(), "", "body > url > json > u", "灯火".encode()),
        (b"say \\u706f\\u706b\\n", "", "body > unescape", "say 灯火\n".encode()),
        (b"<r><imei a='1'>123456</imei></r>", "", "body > text > imei", b"123456"),
        (b'{"imei":"123456","cut":"x', "", "body > text > imei", b"123456"),
        (message({1: 5, 3: message({2: b"text here", 4: 861234567890123})}), "", "body > protobuf > 3.4", b"861234567890123"),
        (b"\0" + (13).to_bytes(4, "big") + message({1: b"hello world"}), "", "body > protobuf > 1", b"hello world"),
        (b"\x09" + struct.pack("<d", 39.908722) + message({2: b"beijing"}), "", "body > protobuf > 1", b"39.908722"),
        (b'--B\r\nContent-Disposition: form-data; name="p"\r\n\r\n139\r\n--B--\r\n', "multipart/form-data; boundary=B", "body > multipart > p", b"139"),
    ],
)  # fmt: skip
def test_forms(body: bytes, mime: str, trail: str, value: bytes) -> None:
    """Each form is opened, and its value stands at the end of its way."""
    assert trails(taken_apart(body, mime))[trail] == value


def test_nesting() -> None:
    """Four encodings inside of a JSON body are opened."""
    text = b'{"u":"deep"}'
    for _ in range(2):
        text = quote(base64.b64encode(text), safe="").encode()
    found = trails(taken_apart(json.dumps({"d": text.decode()}).encode()))
    assert (
        found[
            "body > json > d > base64 > url > base64 > json > u"
            if text.isalnum()
            else next(t for t in found if t.endswith("> json > u"))
        ]
        == b"deep"
    )


def test_half_a_pair_in_a_header() -> None:
    """A file may hold half of a surrogate pair in a header; the rest of the header is still read, and raw bytes are kept."""
    found = trails(taken_apart(x_one="a\ud800b", x_two="c\udcffd"))
    assert (found["header > x-one"], found["header > x-two"]) == (b"a?b", b"c\xffd")


def test_too_deep() -> None:
    """Three times base64 in JSON is opened to the end; what is nested deeper than anybody follows is told, not passed over."""
    text, depths = b'{"u":"deep enough"}', {}
    for depth in range(1, 7):
        text = json.dumps({"u": base64.b64encode(text).decode()}).encode()
        found = taken_apart(text)
        depths[depth] = (any(leaf.value == b"deep enough" for leaf in found.leaves), found.cut)
    assert depths[3] == (True, False)
    assert all(opened or cut for opened, cut in depths.values())
    assert depths[6] == (False, True)


def test_places_of_a_request() -> None:
    """Host, path, query, fragment, cookies, headers, tokens and sent messages are leaves of their own."""
    claims = base64.urlsafe_b64encode(b'{"sub":"me and you"}').rstrip(b"=").decode()
    exchange = Exchange(
        0, "", "GET", "https://h.example/p%2F1/eyJ1Ijoi54GvIn0?q=%25E7%2581%25AF%25E7%2581%25AB#f=2",
        headers=(("Cookie", "sid=1; u=%E7%81%AF"), ("Authorization", f"Bearer eyJhbGciOiJub25lIn0.{claims}.x")),
        messages=(Message(True, b'{"m":1}'), Message(False, b"answer")), kind="websocket",
    )  # fmt: skip
    found = trails(peel(exchange))
    assert found["url > host"] == b"h.example"
    assert found["url > path > base64 > json > u"] == "灯".encode()
    assert found["url > query > q > url"] == "灯火".encode()
    assert found["url > fragment > f"] == b"2"
    assert found["cookie > u"] == "灯".encode()
    assert found["header > authorization > jwt > json > sub"] == b"me and you"
    assert found["websocket message 0 > json > m"] == b"1"
    assert not any(b"answer" in value for value in found.values())


@pytest.mark.parametrize(("name", "library"), [("br", "brotli"), ("zstd", "zstandard")])
def test_libraries(name: str, library: str) -> None:
    """Brotli and Zstandard are opened where their library is installed; where it is not, the reading says so."""
    plain = b'{"u":"value of it"}' * 20
    if importlib.util.find_spec(library) is None:
        found = taken_apart(b"\x1b\x03\x00\xff\x00\x24\x00", content_encoding=name)
        assert found.missing == (library,)
        return
    module = importlib.import_module(library)
    packed = module.compress(plain) if name == "br" else module.ZstdCompressor().compress(plain)
    opened = unpack(packed, name, 10_000)
    assert opened is not None
    assert (opened.data, opened.cut) == (plain, False)
    short = unpack(packed, name, 10)
    assert short is not None
    assert (len(short.data), short.cut) == (10, True)
    assert unpack(b"no such thing", name, 100) is None


def test_compression() -> None:
    """gzip, zlib and raw deflate are opened; what the tool has undone already stays; a broken end gives what comes before."""
    plain = random.Random(1).randbytes(3000).hex().encode()
    raw = zlib.compressobj(wbits=-15)
    for name, packed in (
        ("gzip", gzip.compress(plain, mtime=0)),
        ("deflate", zlib.compress(plain)),
        ("deflate", raw.compress(plain) + raw.flush()),
    ):
        found = unpack(packed, name, 1 << 20)
        assert found is not None
        assert (found.data, found.cut) == (plain, False)
    assert unpack(plain, "gzip", 100) is None
    assert trails(taken_apart(b'{"u":"v"}', content_encoding="gzip"))["body > json > u"] == b"v"
    broken = bytearray(gzip.compress(plain, mtime=0))
    broken[2500:2600] = bytes(100)
    half = unpack(bytes(broken), "gzip", 1 << 20)
    assert half is not None
    assert half.cut
    assert plain.startswith(half.data[:500])
    assert packed_as(b"\x28\xb5\x2f\xfd") == "zstd"


def test_bombs() -> None:
    """A bomb is opened up to the limit and marked, in short time."""
    bomb = gzip.compress(bytes(200 << 20), 1, mtime=0)
    began = time.monotonic()
    found = taken_apart(bomb, content_encoding="gzip")
    assert found.cut
    assert sum(len(leaf.value) for leaf in found.leaves) < 40 << 20
    many = taken_apart(b"&".join([b"a=b"] * 500_000))
    assert len(many.leaves) <= 50_000
    wide = taken_apart(b"[" + b",".join([b"1"] * 400_000) + b"]")
    assert wide.cut
    assert len(wide.leaves) <= 50_000
    nested: object = "x" * 20
    for _ in range(12):
        nested = json.dumps({"n": nested})
    assert max(len(leaf.steps) for leaf in taken_apart(str(nested).encode()).leaves) < 20
    long_names = '{"' + "k" * 5000 + '":'
    paths = taken_apart((long_names * 300 + "[" + ",".join(["1"] * 20_000) + "]" + "}" * 300).encode())
    assert max(len(leaf.path) for leaf in paths.leaves) < 600
    assert time.monotonic() - began < 8


def test_noise_is_not_opened() -> None:
    """Random identifiers, digests and UUIDs are values as they stand."""
    rng = random.Random(2)
    rows = {
        f"k{n}": rng.choice([rng.randbytes(16).hex(), base64.b64encode(rng.randbytes(24)).decode()]) for n in range(400)
    }
    found = taken_apart(json.dumps(rows).encode())
    opened = [leaf for leaf in found.leaves if len(leaf.steps) > 2]
    assert len(opened) <= 8


def test_protobuf_refuses() -> None:
    """Text, random bytes and cut messages are no messages."""
    whole = message({1: b"hello there", 2: 7})
    assert protobuf(whole[:-4]) is None
    assert protobuf(b"") is None
    assert protobuf(b"\x08") is None
    assert [field.value for field in protobuf(whole) or ()] == [b"hello there", b"7"]


def test_multipart_without_boundary() -> None:
    """The first line's boundary serves where the type names none; a file's name is a part of it."""
    (part,) = multipart(
        b'--XXYYZZ\r\nContent-Disposition: form-data; name="f"; filename="me.jpg"\r\nContent-Type: image/jpeg\r\n\r\n\xff\xd8\r\n--XXYYZZ--',
        "",
    )
    assert part == ("f", b"me.jpg", "image/jpeg", b"\xff\xd8")


def test_any_bytes() -> None:
    """Any body, address and header is taken apart without an error."""
    rng = random.Random(4)
    seeds = [
        message({1: b"abc", 2: message({1: 3})}),
        b'{"a":"\\ud800 %zz"}',
        b"a=%&b=%u12&=",
        b"--B\r\n\r\n--B",
        gzip.compress(b"x" * 50, mtime=0),
    ]
    for _ in range(400):
        body = bytearray(rng.choice(seeds) + rng.randbytes(rng.randrange(30)))
        for _ in range(3):
            body[rng.randrange(len(body))] = rng.randrange(256)
        url = rng.choice(["http://[::1", "", "http://a/%ff?%", "//x", "http://é/\ud800"])
        found = taken_apart(
            bytes(body),
            rng.choice(["", "multipart/form-data; boundary=B", "multipart/mixed"]),
            url,
            X=chr(rng.randrange(0xD000)),
        )
        assert all(leaf.value for leaf in found.leaves)
