"""Captures read as what they sent: all that was planted, nothing that was not, and no value told."""

from __future__ import annotations

import json
import random
from dataclasses import asdict

import pytest

from mingcha.catalogue.load import load
from mingcha.collect.traffic import reading
from mingcha.collect.traffic.matcher import Matcher
from mingcha.collect.traffic.profile import Profile, profile_of
from mingcha.collect.traffic.reading import read_traffic
from mingcha.collect.traffic.sealing import Seal
from mingcha.collect.traffic.sendings import Traffic, baseline_of
from mingcha.formats.exchange import Exchange
from mingcha.formats.har import Har
from tests.build import hartraffic

SEAL = Seal(b"the key of a case")
TYPES = load().information


def profile(values: dict[str, list[str]], **more: object) -> Profile:
    """A profile of made-up values."""
    return profile_of({"package": hartraffic.PACKAGE, "values": {**values, **more}}, TYPES)


def post(body: object, url: str = "https://api.example/v2/log", **more: object) -> Exchange:
    """One request."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Exchange(more.pop("index", 0), "", "POST", url, body=data, **more)  # type: ignore[arg-type]


def read(values: dict[str, list[str]], *exchanges: Exchange, **more: object) -> Traffic:
    """What exchanges sent."""
    return read_traffic(exchanges, Matcher(profile(values, **more)), SEAL)


@pytest.mark.parametrize("seed", range(20))
def test_recall(seed: int) -> None:
    """Of everything planted in any encoding and place, at least 99 of 100 are found, and nothing else is called planted."""
    rng = random.Random(1000 + seed)
    values = hartraffic.device(rng)
    planted = hartraffic.plan(rng, values, 200, 0.8)
    data = hartraffic.har(hartraffic.entries_of(rng, values, planted, 200))
    found = {
        (one.index, one.tag) for one in read_traffic(Har(data), Matcher(profile(values)), SEAL).sendings if one.tag
    }
    truth = {(one.index, one.tag) for one in planted}
    assert len(found & truth) >= 0.99 * len(truth)
    assert found <= truth


@pytest.mark.parametrize("seed", range(10))
def test_nothing_planted(seed: int) -> None:
    """A capture in which nothing was planted has no planted value, whatever the device."""
    rng = random.Random(2000 + seed)
    data = hartraffic.har(hartraffic.entries_of(rng, {}, [], 300, 20))
    given = profile(
        hartraffic.device(rng), **{"loc.precise": "39.908722,116.397499", "dev.app_list": hartraffic.packages(rng)}
    )
    assert [one for one in read_traffic(Har(data), Matcher(given), SEAL).sendings if one.confidence == "planted"] == []


def test_no_value_is_told() -> None:
    """No result holds a planted value, in any shape, or a value that was found without being planted."""
    rng = random.Random(31)
    values, others = hartraffic.device(rng), hartraffic.device(rng)
    planted = hartraffic.plan(rng, {**values, "basic.nickname": ["灯灯"]}, 300, 1.0)
    entries = list(hartraffic.entries_of(rng, {**values, "basic.nickname": ["灯灯"]}, planted, 300))
    stranger = {key.rpartition(".")[2]: rows[0] for key, rows in others.items()}
    stranger |= {
        "idcard": others["identity.id_number"][0],
        others["basic.phone"][0]: 1,
        others["basic.email"][0]: {"imei": others["dev.imei"][0]},
    }
    for place in (hartraffic._json, hartraffic._path, hartraffic._form):
        entries.append(hartraffic.entry_of(rng, 0, 0))
        place(entries[-1], json.dumps(stranger, ensure_ascii=False), rng)
    traffic = read_traffic(
        Har(hartraffic.har(iter(entries))), Matcher(profile({**values, "basic.nickname": ["灯灯"]})), SEAL
    )
    text = (
        json.dumps([asdict(one) for one in traffic.sendings], ensure_ascii=False).lower() + repr(traffic.hosts).lower()
    )
    assert len(traffic.sendings) > 290
    assert {one.confidence for one in traffic.sendings} >= {"planted", "probable"}
    for rows in (*values.values(), *others.values()):
        for value in rows:
            assert value.lower() not in text
            assert value.replace(":", "").replace("-", "").lower() not in text
    assert "灯灯" not in text


def test_the_way() -> None:
    """A value is told with its way, its shape, its place and whether anything hid it."""
    traffic = read(
        {"dev.imei": ["861234567890123"]},
        post({"header": {"id": "x861234567890123"}}, "http://api.example:80/v2/log?a=1"),
    )
    (one,) = traffic.sendings
    assert (one.trail, one.variant, one.offset, one.length) == ("POST /v2/log body > json > header.id", "raw", 1, 15)
    assert (one.host, one.plain, one.tag, one.information, one.confidence) == (
        "api.example",
        True,
        "dev.imei",
        "dev.imei",
        "planted",
    )
    assert one.digest == SEAL.of("861234567890123")


def test_short_values_need_their_key() -> None:
    """A value below eight bytes counts under a key that names it, and nowhere else."""
    traffic = read({"dev.ssid": ["Lamp5"]}, post({"ssid": "lamp5", "brand": "Lamp5", "note": "Lamp5"}))
    assert [(one.tag, one.trail) for one in traffic.sendings] == [("dev.ssid", "POST /v2/log body > json > ssid")]


def test_list_of_apps() -> None:
    """Three planted packages in one request are a list of apps, two are not, and the app's own name never counts."""
    names = ["com.planted.one", "com.planted.two", "com.planted.three", hartraffic.PACKAGE]
    two = read({}, post({"a": names[:2], "b": hartraffic.PACKAGE}), **{"dev.app_list": names})
    three = read({}, post({"apps": ",".join(names)}), **{"dev.app_list": names})
    longer = read({}, post({"a": [name + "x" for name in names]}), **{"dev.app_list": names})
    assert (two.sendings, longer.sendings) == ([], [])
    assert [(one.information, one.variant) for one in three.sendings] == [("dev.app_list", "3 of 3 planted packages")]


def test_place() -> None:
    """The planted place is told with its decimals, not with its degrees."""
    traffic = read({}, post({"lat": 39.90871, "lng": 116.39751}), **{"loc.precise": "39.908722,116.397499"})
    assert [(one.tag, one.information, one.variant) for one in traffic.sendings] == [
        ("loc.precise", "loc.precise", "5 decimals")
    ]


def test_unknown_beside_known() -> None:
    """A planted value is not told a second time as a probable one; another of its kind is."""
    rows = {"imei": "861234567890128", "mobile": "13800138000"}
    traffic = read({"dev.imei": ["861234567890128"]}, post(rows))
    assert [(one.information, one.confidence, one.tag) for one in traffic.sendings] == [
        ("dev.imei", "planted", "dev.imei"), ("basic.phone", "probable", None),
    ]  # fmt: skip


def test_baseline() -> None:
    """What the idle phone sends is ignored: a planted value to the same host, another value anywhere."""
    values = {"dev.imei": ["861234567890123"]}
    idle = read(values, post({"u": "861234567890123"}, "https://ota.example/x"), post({"mobile": "13800138000"}))
    again = read_traffic(
        [post({"u": "861234567890123", "mobile": "13800138000"}, url) for url in ("https://ota.example/y", "https://sdk.example/y")],
        Matcher(profile(values)), SEAL, baseline_of(idle),
    )  # fmt: skip
    assert [(one.tag, one.host) for one in again.sendings] == [("dev.imei", "sdk.example")]


def test_value_in_the_host() -> None:
    """A value in the name of a host is found, and the host is told without it."""
    traffic = read({"dev.imei": ["861234567890123"]}, post({}, "https://861234567890123.api.example/"))
    assert {one.trail for one in traffic.sendings} == {"POST / url > host"}
    assert traffic.sendings[0].host == "….api.example"


def test_counts() -> None:
    """What could not be looked into is counted."""
    bad = bytes([0xFF, 0xF7]) + random.Random(1).randbytes(100)
    gone = Exchange(1, "", "POST", "http://b.example/", omitted=True)
    traffic = read({}, post(bad), gone, post(b"a\xffb", lossless=False))
    assert (traffic.exchanges, traffic.omitted, traffic.cut, traffic.opaque["api.example"]) == (3, 1, 1, 1)
    assert (traffic.hosts["api.example"], traffic.plain_hosts["b.example"], traffic.plain_hosts["api.example"]) == (
        2,
        1,
        0,
    )


def test_order_and_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many requests are searched at once, the result is the same, in their order."""
    rng = random.Random(5)
    values = hartraffic.device(rng)
    planted = hartraffic.plan(rng, values, 60, 0.7)
    data = hartraffic.har(hartraffic.entries_of(rng, values, planted, 60))
    whole = read_traffic(Har(data), Matcher(profile(values)), SEAL).sendings
    monkeypatch.setattr(reading, "_BATCH", 1)
    assert read_traffic(Har(data), Matcher(profile(values)), SEAL).sendings == whole
    assert [one.index for one in whole] == sorted(one.index for one in whole)


def test_many_in_one() -> None:
    """A request with thousands of numbers keeps so many results, and says how many it dropped."""
    rows = [{"mobile": f"138{number:08}"} for number in range(3000)]
    traffic = read({}, post(rows))
    assert len(traffic.sendings) == 200
    assert traffic.dropped == 2800
