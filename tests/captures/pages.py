"""A page that sends planted values the way pages do: fetch, XMLHttpRequest, forms, beacons, pixels, sockets.

Which value goes where is settled here; the browser writes the requests. ``lost`` says what Playwright's HAR of Chromium does not
hold; the proxy in front of the same browser sees everything.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass

from tests.build.hartraffic import ENCODINGS, device, value_of
from tests.captures.sends import HOSTS, KINDS, SHAPES, Plan, Send

PAGE_HOST = "page.tested.example"
HAR = "browser.har"


@dataclass(frozen=True)
class _Way:
    """JavaScript that sends the text ``t`` to ``u``; ``lost`` is what the browser's HAR leaves of it, where it is not kept."""

    script: str
    protocol: str = "2"
    lost: str = ""


WAYS: dict[str, _Way] = {
    "fetch query": _Way("await fetch(u + '?a=1&u=' + encodeURIComponent(t));"),
    "fetch json": _Way("await fetch(u, {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({a: [{u: t}]})});"),
    "fetch form": _Way("await fetch(u, {method: 'POST', body: new URLSearchParams({v: '1', u: t})});"),
    "fetch multipart": _Way("const f = new FormData(); f.append('v', '1'); f.append('u', t); await fetch(u, {method: 'POST', body: f});"),
    "fetch file": _Way("const f = new FormData(); f.append('log', new Blob([JSON.stringify({u: t})], {type: 'application/json'}), 'log.json'); await fetch(u, {method: 'POST', body: f});", lost="no body"),
    "fetch header": _Way("await fetch(u, {headers: {'X-Device': t}});"),
    "fetch gzip": _Way(
        "const s = new Blob([JSON.stringify({u: t, w: 'x'.repeat(80)})]).stream().pipeThrough(new CompressionStream('gzip'));"
        "const b = await new Response(s).arrayBuffer(); await fetch(u, {method: 'POST', headers: {'Content-Type': 'application/json'}, body: b});",
        lost="broken",
    ),
    "fetch bytes": _Way(
        "await fetch(u, {method: 'POST', headers: {'Content-Type': 'application/octet-stream'}, body: new TextEncoder().encode(JSON.stringify({u: t}))});",
        lost="no body",
    ),
    "xhr": _Way("await new Promise(d => {const x = new XMLHttpRequest(); x.open('POST', u); x.onloadend = d; x.setRequestHeader('Content-Type', 'application/json'); x.send(JSON.stringify({u: t}));});"),
    "pixel": _Way("await new Promise(d => {const i = new Image(); i.onload = i.onerror = d; i.src = u + '?u=' + encodeURIComponent(t);});"),
    "form": _Way(
        "await new Promise(d => {const w = document.createElement('iframe'); w.name = 'w' + n; document.body.append(w);"
        "const f = document.createElement('form'); f.method = 'post'; f.action = u; f.target = w.name;"
        "const i = document.createElement('input'); i.name = 'u'; i.value = t; f.append(i); document.body.append(f);"
        "setTimeout(() => {w.onload = d; f.submit();}, 50);});",
    ),
    "beacon text": _Way("navigator.sendBeacon(u, JSON.stringify({u: t}));"),
    "beacon blob": _Way("navigator.sendBeacon(u, new Blob([JSON.stringify({u: t})], {type: 'application/json'}));", lost="no body"),
    "beacon form": _Way("navigator.sendBeacon(u, new URLSearchParams({u: t}));"),
    "beacon at leaving": _Way("window.addEventListener('pagehide', () => navigator.sendBeacon(u, JSON.stringify({u: t})));", lost="no entry"),
    "keepalive": _Way("await fetch(u, {method: 'POST', keepalive: true, body: JSON.stringify({u: t})});"),
    "cookie": _Way("document.cookie = 'u=' + encodeURIComponent(t) + '; path=' + new URL(u).pathname + '; secure'; await fetch(u, {credentials: 'include'});"),
    "socket text": _Way(
        "await new Promise(d => {const s = new WebSocket(u); s.onopen = () => s.send(JSON.stringify({u: t})); s.onmessage = () => s.close(); s.onclose = d;});", "websocket",
    ),
    "socket bytes": _Way(
        "await new Promise(d => {const s = new WebSocket(u); s.onopen = () => s.send(new TextEncoder().encode(JSON.stringify({u: t}))); s.onmessage = () => s.close(); s.onclose = d;});",
        "websocket",
    ),
}  # fmt: skip


def browsed(seed: int) -> tuple[Plan, str]:
    """The plan and the client's file: the page, and where it starts."""
    rng = random.Random(f"page {seed}")
    made = device(rng)
    values = {kind: made[kind] for kind in KINDS}
    sends = tuple(_send(number, way, rng, values) for number, way in enumerate(WAYS))
    paths = [f"/s/{send.number:02}" for send in sends]
    given = {"start": f"https://{PAGE_HOST}/", "pages": {"/": _page(sends)}, "paths": paths}
    return Plan(values, sends), json.dumps(given, ensure_ascii=False)


def _send(number: int, way: str, rng: random.Random, values: dict[str, list[str]]) -> Send:
    while True:
        tag, shape = KINDS[(number * 3) % len(KINDS)], rng.choice(SHAPES)
        text = ENCODINGS[shape](rng, value_of(values, tag))
        if text is not None and (text.isascii() or "header" not in way):
            break
    host = PAGE_HOST if way == "cookie" else rng.choice(HOSTS)
    protocol = WAYS[way].protocol
    url = f"{'wss' if protocol == 'websocket' else 'https'}://{host}/s/{number:02}"
    lost = {HAR: WAYS[way].lost} if WAYS[way].lost else {}
    return Send(number, tag, shape, way, host, protocol, False, {"url": url, "text": text}, lost)


def _page(sends: tuple[Send, ...]) -> str:
    steps = "".join(
        f"{{const n = {s.number}, u = {json.dumps(s.request['url'])}, t = {json.dumps(s.request['text'])}; {WAYS[s.place].script}}}\n"
        for s in sends
    )
    script = f"(async () => {{\n{steps}await new Promise(d => setTimeout(d, 300)); window.done = true;}})();"
    return f"<!DOCTYPE html><html><head><meta charset=utf-8><title>t</title></head><body><script>{script}</script></body></html>"
