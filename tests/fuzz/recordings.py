"""Small valid files of everything that is recorded while an app runs, each with pieces of its language: seeds for damage."""

from __future__ import annotations

import gzip
import json
import random
import struct
from collections.abc import Callable

from tests.build.apkparts import certificate
from tests.build.hartraffic import PLACES, device, entries_of, har, message, plan
from tests.build.runs import made
from tests.build.workbooks import xls, xlsx
from tests.unit.collect.runtime import test_camille, test_privacysentry
from tests.unit.formats import (
    test_appops,
    test_hooklog,
    test_mitmflow,
    test_packagedump,
    test_pcap,
    test_pcapdroid,
    test_permissionlog,
)

Made = tuple[bytes, tuple[bytes, ...]]
"""A file, and the tokens it is damaged with."""
VALUES = device(random.Random(5))
"""The device whose values are in the captures."""


def _hars() -> list[Made]:
    rng = random.Random(5)
    tokens = (b'{"request":{"url":"', b'"postData":{"text":"', b'"encoding":"base64"', b'"params":[{"name":"', b'"_webSocketMessages":[', b'"entries":[', b"\\u", b"\\ud800", b"1e999", b"null")  # fmt: skip
    entries = list(entries_of(rng, VALUES, plan(rng, VALUES, 14, 0.9), 14, 3))
    return [(har(iter(entries)), tokens), (har(iter(entries[:4]), indent=2, tool="mitmproxy 11"), tokens)]


def _flows() -> list[Made]:
    socket = {"messages": [[1, True, b'{"imei":"861234567890127"}', 1700000000.5, False, False]]}
    packed = {
        "content": gzip.compress(b'{"u":"861234567890127"}', mtime=0),
        "headers": [[b"Content-Encoding", b"gzip"]],
    }
    flows = [test_mitmflow.flow(), test_mitmflow.flow(websocket=socket), test_mitmflow.flow(request=test_mitmflow.flow()["request"] | packed)]  # fmt: skip
    return [
        (
            b"".join(map(test_mitmflow.net, flows)),
            (b"7:", b"4:true!", b"0:~", b"0:]", b"0:}", b"99999999999:", b"3:1.5^", b";", b","),
        )
    ]


def _bodies() -> list[Made]:
    """Bodies in every form that ``layers`` opens."""
    tokens = (
        b"%25",
        b"=",
        b"&",
        b"eyJ",
        b"H4sI",
        b"\\u4e2d",
        b'{"',
        b"[",
        b"\x1f\x8b",
        b"--B",
        b"\r\n\r\n",
        b"\x0a\x05",
        b"\x28\xb5\x2f\xfd",
    )
    bodies: list[bytes] = []
    for number, place in enumerate(sorted(PLACES)):
        entry = next(entries_of(random.Random(number), VALUES, [], 1, 0))
        PLACES[place](entry, '{"imei":"861234567890127"}', random.Random(number))
        bodies.append((entry["request"].get("postData", {}).get("text") or entry["request"]["url"]).encode())
    bodies.append(
        message({1: b"text of it", 2: message({1: b"inner text", 2: 5}), 3: 7}) + b"\x09" + struct.pack("<d", 39.9)
    )
    return [(body, tokens) for body in bodies if len(body) > 8]


def _tables() -> list[Made]:
    rows = [test_camille.HEAD, test_camille.row(test_camille.IMEI), test_camille.row(test_camille.SETTING, args=test_camille.SETTING_ARGS)]  # fmt: skip
    sentry = [test_privacysentry.HEAD, test_privacysentry.row("x", "getImei")]
    quoted = "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    return [
        (xls(("s", rows), piece=40), ()), (xls(("s", [test_camille.HEAD]), small=True), ()), (xlsx(("s", rows)), ()),
        (xls(("隐私合规", sentry), ("调用次数", [test_privacysentry.SUMMARY])), ()), (quoted.encode("gb18030"), (b'"', b",", b"\n", b"\x81\x30")),
    ]  # fmt: skip


def _hooks() -> list[Made]:
    return [
        (test_hooklog.agent(*test_hooklog.RECORDS), (b'{"v":1', b'"kind":"call"', b'"t":"', b'"stack":[', b"\n")),
        (test_hooklog.mobsf(test_hooklog.CALL, test_hooklog.CALL), (b'{"name":"', b'"class":"', b'"method":"', b"[", b"]")),
    ]  # fmt: skip


def _operations() -> list[Made]:
    tokens = (b"Access: [", b" (-1h0m", b"    Package a.b:", b"  Uid u0a1:", b"Reject: ", b"\n")
    texts = (test_appops.TEN, test_appops.ELEVEN, test_appops.EIGHT, test_appops.GET)
    return [(text.encode(), tokens) for text in texts]


def _logs() -> list[Made]:
    lines = [form.format(text) for form in test_permissionlog.FORMS.values() for text in (test_permissionlog.START, test_permissionlog.ANSWER)]  # fmt: skip
    return [("\n".join(lines).encode(), (b"START u0 {", b" result=", b"[ 03-01", b"\n"))]


def _walked(name: str) -> list[bytes]:
    return [data for number in (1, 2) for at, data in made(number).files.items() if at.endswith(name)]


def _packets() -> list[Made]:
    return [
        (test_pcap.capture(test_pcap.PACKETS, ng=ng), (b"\x16\x03\x01", b"\x45\x00", b"\x0a\x0d\x0d\x0a", b"\xd4\xc3\xb2\xa1", b"\xff\xff\xff\xff"))
        for ng in (False, True)
    ]  # fmt: skip


def _connections() -> list[Made]:
    rows = test_pcapdroid.ROW, test_pcapdroid.ROW.replace("灯塔", "a, b")
    old = ",".join(test_pcapdroid.OLD) + "\n" + test_pcapdroid.ROW.replace("com.example.lamp,", "")
    tokens = (b",", b"\n", b",,", b"com.a.b", b"TLS,Closed,", b"PackageName", b"\xef\xbb\xbf")
    return [(test_pcapdroid.text(*rows), tokens), (old.encode(), tokens)]


DUMPS = (b"<node ", b"</node>", b"<hierarchy>", b' bounds="[0,0][1,1]"', b' text="', b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b"&#0;", b"</hierarchy>", b"\xff")  # fmt: skip
STEPS = (b'{"time":"', b'"act":{"kind":"tap"', b'"at":[1,2]', b'"dump":"../x"', b"null", b"1e999", b"\n", b"\xff")

MADE: dict[str, Callable[[], list[Made]]] = {
    "har": _hars,
    "mitmflow": _flows,
    "layers": _bodies,
    "pcapdroid": _connections,
    "pcap": _packets,
    "hooktable": _tables,
    "hooklog": _hooks,
    "appops": _operations,
    "logcat": _logs,
    "packagedump": lambda: [
        (test_packagedump.DUMP.encode(), (b": granted=true", b"  Package [a.b] (1):", b"    User 0:", b"\n"))
    ],
    "uidump": lambda: [(data, DUMPS) for data in _walked(".xml")],
    "steps": lambda: [(data, STEPS) for data in _walked("steps.jsonl")],
    "name": lambda: [(certificate("Example"), ())],
}
"""``name`` is a certificate, of which only the subject is read."""


def profile() -> bytes:
    """The device's profile, as JSON."""
    return json.dumps({"package": "com.example.tested", "values": VALUES}, ensure_ascii=False).encode()
