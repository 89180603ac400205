"""Made-up captures with a known truth: a device's values, written in every encoding and place, among innocent requests.

The truth is settled before a byte of the file is written, and the encodings are made here, not by the code under test.

python -m tests.build.hartraffic FILE [ENTRIES] [SEED]   # a large HAR; its profile and truth go to standard output
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import random
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

WORDS = "event page view click start stop session network config banner video item order price title status result module theme".split()
HAN = "测试环境数据内容首页推荐视频商品订单价格消息列表用户设置帮助反馈"
PACKAGE = "com.example.tested"


@dataclass(frozen=True)
class Planted:
    """One transmission that the file holds: entry, tag of the value, encoding, place."""

    index: int
    tag: str
    encoding: str
    place: str


# --- a device ------------------------------------------------------------------------------------------------------


def luhn_digit(digits: str) -> str:
    """The check digit for a number without it."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (2 - place % 2)
        total += number - 9 if number > 9 else number
    return str(-total % 10)


def id_number(rng: random.Random) -> str:
    """A resident identity number with a right check character."""
    head = f"110105{rng.randint(1960, 2004)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}{rng.randint(0, 999):03}"
    weights = [pow(2, 17 - place, 11) for place in range(17)]
    total = sum(int(digit) * weight for digit, weight in zip(head, weights, strict=True))
    return head + "10X98765432"[total % 11]


def hexes(rng: random.Random, size: int) -> str:
    """So many hex digits."""
    return "".join(rng.choice("0123456789abcdef") for _ in range(size))


def device(rng: random.Random) -> dict[str, list[str]]:
    """The values of one made-up device by type of information."""
    imei = "8612" + "".join(rng.choice("0123456789") for _ in range(10))
    bare = hexes(rng, 32)
    return {
        "dev.imei": [imei + luhn_digit(imei)],
        "dev.oaid": [f"{bare[:8]}-{bare[8:12]}-{bare[12:16]}-{bare[16:20]}-{bare[20:]}"],
        "dev.android_id": ["a" + hexes(rng, 15)],
        "dev.mac": [":".join(["3c", *(hexes(rng, 2) for _ in range(5))])],
        "dev.bssid": [":".join(["58", *(hexes(rng, 2) for _ in range(5))])],
        "dev.imsi": ["46001" + "".join(rng.choice("0123456789") for _ in range(10))],
        "dev.iccid": ["898601" + "".join(rng.choice("0123456789") for _ in range(14))],
        "dev.serial": ["R58M" + "".join(rng.choice("ABCDEFGHJKLMNPQR23456789") for _ in range(7))],
        "basic.phone": ["139" + "".join(rng.choice("0123456789") for _ in range(8))],
        "basic.name": ["欧阳" + "".join(rng.choice("测试员甲乙丙丁戊己庚辛") for _ in range(2))],
        "basic.email": [f"planted.{hexes(rng, 6)}@mail.example"],
        "net.account": [f"tester_{hexes(rng, 8)}"],
        "identity.id_number": [id_number(rng)],
    }


def packages(rng: random.Random) -> list[str]:
    """Apps that are installed on the device."""
    return [f"com.planted{hexes(rng, 4)}.{rng.choice(WORDS)}" for _ in range(6)]


def place_of(rng: random.Random) -> tuple[float, float]:
    """Where the device is, in China."""
    return round(rng.uniform(22, 40), 6), round(rng.uniform(105, 121), 6)


# --- encodings -----------------------------------------------------------------------------------------------------


def _digest(name: str, text: str) -> bytes:
    return hashlib.new(name, text.encode()).digest()


def _within(rng: random.Random, value: str, size: int) -> bytes:
    """The value behind so many letters and before some more, so that base64 begins in the middle of it."""
    return b"k=z"[:size] + value.encode() + b"&t=1"


Encoder = Callable[[random.Random, str], str | None]
ENCODINGS: dict[str, Encoder] = {
    "raw": lambda r, v: v,
    "upper": lambda r, v: v.upper(),
    "lower": lambda r, v: v.lower(),
    "reversed": lambda r, v: v[::-1] if v.isascii() else None,
    "bare": lambda r, v: v.replace(":", "").replace("-", "") if ":" in v or v.count("-") == 4 else None,
    "dashed": lambda r, v: v.replace(":", "-") if ":" in v else None,
    "cut": lambda r, v: v.replace("-", "")[:16] if v.count("-") == 4 else None,
    "imei14": lambda r, v: v[:14] if len(v) == 15 and v[:2] == "86" else None,
    "+86": lambda r, v: "+86" + v if len(v) == 11 and v[:3] == "139" else None,
    "md5": lambda r, v: _digest("md5", v).hex(),
    "MD5": lambda r, v: _digest("md5", v).hex().upper(),
    "md5 of upper": lambda r, v: _digest("md5", v.upper()).hex(),
    "md5 of bare upper": lambda r, v: _digest("md5", v.replace(":", "").upper()).hex() if ":" in v else None,
    "md5 middle": lambda r, v: _digest("md5", v).hex()[8:24],
    "md5 salted": lambda r, v: _digest("md5", v + PACKAGE).hex(),
    "sha1": lambda r, v: _digest("sha1", v).hex(),
    "sha1 of lower": lambda r, v: _digest("sha1", v.lower()).hex(),
    "SHA256": lambda r, v: _digest("sha256", v).hex().upper(),
    "sha256 salted": lambda r, v: _digest("sha256", PACKAGE + v).hex(),
    "sm3": lambda r, v: _digest("sm3", v).hex(),
    "base64 of md5": lambda r, v: base64.b64encode(_digest("md5", v)).decode(),
    "base64 of sha256": lambda r, v: base64.urlsafe_b64encode(_digest("sha256", v)).decode(),
    "base64": lambda r, v: base64.b64encode(v.encode()).decode(),
    "base64 at 1": lambda r, v: base64.b64encode(_within(r, v, 1)).decode(),
    "base64 at 2": lambda r, v: base64.urlsafe_b64encode(_within(r, v, 2)).decode().rstrip("="),
    "base64 in noise": lambda r, v: "#" + base64.b64encode(bytes([r.randrange(128, 256), 0, 7]) + v.encode() + b"\0\xff\xfe").decode() + "#",
    "base64 twice": lambda r, v: base64.b64encode(base64.b64encode(v.encode())).decode(),
    "url": lambda r, v: quote(v, safe=""),
    "url twice": lambda r, v: quote(quote(v, safe=""), safe=""),
    "hex": lambda r, v: v.encode().hex(),
    "HEX": lambda r, v: v.encode().hex().upper(),
    "json in string": lambda r, v: json.dumps({"d": {"u": v}}),
    "base64 of json": lambda r, v: base64.b64encode(json.dumps({"a": 1, "u": v}).encode()).decode(),
    "url of base64 of json": lambda r, v: quote(base64.b64encode(json.dumps({"a": 1, "u": v}).encode()).decode(), safe=""),
    "base64 of gzip": lambda r, v: base64.b64encode(gzip.compress(json.dumps({"u": v, "w": WORDS}).encode(), mtime=0)).decode(),
    "base64 of zlib": lambda r, v: base64.b64encode(zlib.compress(json.dumps({"u": v, "w": WORDS}).encode())).decode(),
    "hex of json": lambda r, v: json.dumps({"u": v}).encode().hex(),
    "escaped": lambda r, v: "".join(f"\\u{ord(c):04x}" for c in v),
    "base64 of form of base64": lambda r, v: base64.b64encode(b"x=1&u=" + base64.b64encode(v.encode())).decode(),
}  # fmt: skip


# --- places --------------------------------------------------------------------------------------------------------


def varint(number: int) -> bytes:
    """A number as protobuf writes it."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def message(fields: dict[int, bytes | int]) -> bytes:
    """A protobuf message."""
    return b"".join(
        varint(number << 3 | 2) + varint(len(value)) + value
        if isinstance(value, bytes)
        else varint(number << 3) + varint(value)
        for number, value in fields.items()
    )


def _body(entry: dict, body: bytes, mime: str, rng: random.Random, encoding: str = "") -> None:
    """Put a body in as one of the tools does: text where it is one, base64 with a note of it where it is not."""
    try:
        text = {"text": body.decode()} if rng.random() < 0.8 else None
    except UnicodeDecodeError:
        text = None
    entry["request"]["method"] = "POST"
    entry["request"]["postData"] = {
        "mimeType": mime,
        **(text or {"text": base64.b64encode(body).decode(), "encoding": "base64"}),
    }
    entry["request"]["headers"].append({"name": "Content-Type", "value": mime})
    if encoding:
        entry["request"]["headers"].append({"name": "Content-Encoding", "value": encoding})


def _noise(rng: random.Random, size: int) -> dict:
    """An object as analytics send it."""
    return {
        f"{rng.choice(WORDS)}_{number}": rng.choice(
            [rng.randrange(10**9), 1700000000000 + rng.randrange(10**10), hexes(rng, 32), rng.choice(WORDS), rng.random(),
             "".join(rng.choice(HAN) for _ in range(8)), base64.b64encode(rng.randbytes(24)).decode(), True]
        )
        for number in range(size)
    }  # fmt: skip


def _packed(entry: dict, text: str, rng: random.Random, pack: Callable[[bytes], bytes], encoding: str) -> None:
    body = pack(json.dumps({**_noise(rng, 4), "u": text}, ensure_ascii=rng.random() < 0.5).encode())
    _body(entry, body, "application/json", rng, encoding)


def _multipart(entry: dict, text: str, rng: random.Random) -> None:
    mark = "----form" + hexes(rng, 12)
    body = f'--{mark}\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--{mark}\r\nContent-Disposition: form-data; name="u"\r\n\r\n{text}\r\n--{mark}--\r\n'
    _body(entry, body.encode(), f"multipart/form-data; boundary={mark}", rng)


def _protobuf(entry: dict, text: str, rng: random.Random) -> None:
    inner = message({1: rng.choice(WORDS).encode(), 2: text.encode(), 3: rng.randrange(10**6)})
    _body(entry, message({1: rng.randrange(10**6), 2: b"v1", 4: inner}), "application/x-protobuf", rng)


def _websocket(entry: dict, text: str, rng: random.Random) -> None:
    data = json.dumps({**_noise(rng, 2), "u": text})
    entry["_webSocketMessages"] = [
        {"type": "receive", "time": 1, "opcode": 1, "data": "hello"},
        {"type": "send", "time": 2, "opcode": 1, "data": data},
    ]


def _form(entry: dict, text: str, rng: random.Random) -> None:
    _body(
        entry,
        f"t={rng.randrange(10**6)}&u={quote(text, safe='')}&v=1".encode(),
        "application/x-www-form-urlencoded",
        rng,
    )


def _query(entry: dict, text: str, rng: random.Random) -> None:
    entry["request"]["url"] += f"?t={rng.randrange(10**6)}&u={quote(text, safe='')}"


def _path(entry: dict, text: str, rng: random.Random) -> None:
    entry["request"]["url"] += f"/{quote(text, safe='')}/more"


def _header(entry: dict, text: str, rng: random.Random) -> None:
    entry["request"]["headers"].append({"name": "X-Device", "value": text})


def _cookie(entry: dict, text: str, rng: random.Random) -> None:
    entry["request"]["headers"].append({"name": "Cookie", "value": f"sid={hexes(rng, 16)}; u={quote(text, safe='')}"})


def _json(entry: dict, text: str, rng: random.Random) -> None:
    data = {**_noise(rng, 6), "list": [{"deep": {"u": text}}]}
    _body(entry, json.dumps(data, ensure_ascii=rng.random() < 0.5).encode(), "application/json", rng)


def _truncated(entry: dict, text: str, rng: random.Random) -> None:
    data = json.dumps({"u": text, **_noise(rng, 6)}, ensure_ascii=False)
    _body(entry, data[: -rng.randrange(2, 20)].encode(), "application/json", rng)


def _xml(entry: dict, text: str, rng: random.Random) -> None:
    _body(entry, f"<r><t>{rng.randrange(99)}</t><u>{text}</u></r>".encode(), "text/xml", rng)


PLACES: dict[str, Callable[[dict, str, random.Random], None]] = {
    "query": _query, "path": _path, "header": _header, "cookie": _cookie, "form": _form, "json": _json,
    "gzip": lambda e, t, r: _packed(e, t, r, lambda b: gzip.compress(b, mtime=0), "gzip"),
    "deflate": lambda e, t, r: _packed(e, t, r, zlib.compress, "deflate"),
    "multipart": _multipart, "protobuf": _protobuf, "websocket": _websocket, "truncated json": _truncated, "xml": _xml,
}  # fmt: skip
_BROKEN_IN = {"truncated json": {"json in string", "escaped"}, "xml": {"json in string", "escaped"}}
"""Escapes in a text whose form is broken or unknown."""


# --- a file --------------------------------------------------------------------------------------------------------


def entry_of(rng: random.Random, number: int, size: int = 6) -> dict:
    """An innocent request."""
    found = {
        "startedDateTime": f"2026-03-01T08:{number // 60 % 60:02}:{number % 60:02}.{number % 1000:03}+08:00",
        "time": rng.randrange(900),
        "request": {
            "method": "GET", "url": f"https://{rng.choice(WORDS)}.host{rng.randrange(30)}.example/{rng.choice(WORDS)}/v{rng.randrange(4)}",
            "httpVersion": "HTTP/1.1", "cookies": [], "queryString": [], "headersSize": -1, "bodySize": -1,
            "headers": [{"name": "Host", "value": "a.example"}, {"name": "User-Agent", "value": "okhttp/4.12.0"},
                        {"name": "Accept-Encoding", "value": "gzip"}, {"name": "X-Trace", "value": hexes(rng, 32)}],
        },
        "response": {"status": 200, "statusText": "OK", "httpVersion": "HTTP/1.1", "headers": [], "cookies": [],
                     "content": {"size": 2, "mimeType": "application/json", "text": json.dumps(_noise(rng, 3))},
                     "redirectURL": "", "headersSize": -1, "bodySize": 2},
        "cache": {}, "timings": {"send": 1, "wait": 2, "receive": 3},
    }  # fmt: skip
    if size and rng.random() < 0.6:
        _body(found, json.dumps(_noise(rng, size), ensure_ascii=False).encode(), "application/json", rng)
    return found


def plan(rng: random.Random, values: dict[str, list[str]], entries: int, rate: float) -> list[Planted]:
    """Which entries send which value, how and where; nothing is written yet."""
    planted = []
    for index in range(entries):
        if rng.random() >= rate:
            continue
        information = rng.choice(sorted(values))
        row = rng.randrange(len(values[information]))
        tag = information if len(values[information]) == 1 else f"{information}#{row + 1}"
        place = rng.choice(sorted(PLACES))
        usable = [
            name
            for name, encoder in ENCODINGS.items()
            if encoder(rng, values[information][row]) is not None and name not in _BROKEN_IN.get(place, ())
        ]
        planted.append(Planted(index, tag, rng.choice(usable), place))
    return planted


def value_of(values: dict[str, list[str]], tag: str) -> str:
    """The value that a tag names."""
    information, _, row = tag.partition("#")
    return values[information][int(row or 1) - 1]


def entries_of(
    rng: random.Random, values: dict[str, list[str]], planted: list[Planted], entries: int, size: int = 6
) -> Iterator[dict]:
    """The entries, with everything planted that was planned."""
    by_index = {one.index: one for one in planted}
    for index in range(entries):
        one = by_index.get(index)
        entry = entry_of(rng, index, 0 if one else size)
        if one:
            text = ENCODINGS[one.encoding](rng, value_of(values, one.tag))
            assert text is not None
            PLACES[one.place](entry, text, rng)
        yield entry


def har(entries: Iterator[dict], *, indent: int | None = None, tool: str = "maker") -> bytes:
    """A HAR of entries."""
    log = {"version": "1.2", "creator": {"name": tool, "version": "1"}, "pages": [], "entries": list(entries)}
    return json.dumps({"log": log}, indent=indent, ensure_ascii=False).encode("utf-8", "surrogatepass")


def write_large(path: Path, entries: int, seed: int, size: int = 140) -> tuple[dict[str, list[str]], list[Planted]]:
    """A HAR of so many requests straight into a file; the profile has a hundred values."""
    rng = random.Random(seed)
    values: dict[str, list[str]] = {}
    while sum(map(len, values.values())) < 100:
        for information, rows in device(rng).items():
            values.setdefault(information, []).extend(rows)
    planted = plan(rng, values, entries, 0.02)
    with path.open("w", encoding="utf-8") as file:
        file.write('{"log":{"version":"1.2","creator":{"name":"maker","version":"1"},"entries":[')
        for number, entry in enumerate(entries_of(rng, values, planted, entries, size)):
            file.write(("," if number else "") + json.dumps(entry, ensure_ascii=False))
        file.write("]}}")
    return values, planted


def main() -> None:
    """Write a large HAR and tell what is in it."""
    path, count, seed = Path(sys.argv[1]), int(([*sys.argv[2:3], "50000"])[0]), int(([*sys.argv[3:4], "1"])[0])
    values, planted = write_large(path, count, seed)
    print(json.dumps({"values": values, "planted": [vars(one) for one in planted]}, ensure_ascii=False))


if __name__ == "__main__":
    main()
