"""Real captures: what a proxy and a browser write of known transmissions is found again, all of it and nothing else.

The truth is in ``sends.py`` and ``pages.py``, settled before anything is sent; the server says what truly arrived.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from mingcha.catalogue.load import load
from mingcha.collect.traffic.matcher import Matcher
from mingcha.collect.traffic.profile import profile_of
from mingcha.collect.traffic.reading import read_traffic
from mingcha.collect.traffic.sealing import Seal
from mingcha.collect.traffic.sendings import Sending, Traffic
from mingcha.formats.exchange import Exchange
from tests.captures.conftest import Captured
from tests.captures.sends import WAYS, Send, profile

TABLES = load()
PROXY = ("flows.mitm", "capture.har")
NUMBER = re.compile(r"/s/(\d\d)").search
FILES = [("client", name) for name in PROXY] + [("browser", name) for name in (*PROXY, "browser.har")]


@pytest.fixture
def session(request: pytest.FixtureRequest, part: str) -> Captured:
    """The session of a parameter."""
    found: Captured = request.getfixturevalue(part)
    return found


def traffic_of(session: Captured, name: str) -> Traffic:
    """A file of the session read for the device's values."""
    matcher = Matcher(profile_of(profile(session.plan.values), TABLES.information))
    return read_traffic(session.read(name)[0], matcher, Seal(b"k" * 32))


def planted(traffic: Traffic) -> dict[int, list[Sending]]:
    """The planted sendings by the number of their send; -1 where an exchange is none of the plan's."""
    found: dict[int, list[Sending]] = {}
    for one in traffic.sendings:
        if one.confidence == "planted":
            number = NUMBER(one.trail)
            found.setdefault(int(number[1]) if number else -1, []).append(one)
    return found


def kept(session: Captured, name: str) -> Iterator[Send]:
    """The planted sends that the file holds."""
    return (send for send in session.plan.sends if send.planted and name not in send.lost)


def exchange_of(exchanges: list[Exchange], send: Send) -> Exchange | None:
    """The entry of a send; what a browser asks before it sends is none."""
    found = [one for one in exchanges if f"/s/{send.number:02}" in one.url and one.method != "OPTIONS"]
    assert len(found) <= 1
    return found[0] if found else None


# --- what truly happened


@pytest.mark.parametrize("part", ["client", "browser"])
def test_everything_was_sent(session: Captured) -> None:
    """The server got each send over the protocol that the plan names, with or without TLS as it says."""
    arrived = {
        (int(number[1]), row["protocol"], row["tls"])
        for row in session.arrived
        if (number := NUMBER(row["path"])) and row["method"] != "OPTIONS"
    }
    assert arrived == {(send.number, send.protocol, not send.plain) for send in session.plan.sends}
    assert {protocol for _, protocol, _ in arrived} >= {"2", "websocket"}


def test_the_client_covers_what_it_should(client: Captured) -> None:
    """Bodies arrived packed in all four ways, and each value of the device was sent over more than one protocol."""
    assert {row.get("packed") for row in client.arrived} >= {"gzip", "deflate", "br", "zstd"}
    for kind in client.plan.values:
        assert len({send.protocol for send in client.plan.sends if send.planted == kind}) > 1


# --- what is found


@pytest.mark.parametrize(("part", "name"), FILES)
def test_every_planted_transmission_is_found(session: Captured, name: str) -> None:
    """Each send is found with its value, host and transport, once for each place, and nothing else counts as planted."""
    found = {
        (number, one.tag, one.host, one.plain)
        for number, rows in planted(traffic_of(session, name)).items()
        for one in rows
    }
    assert found == {(send.number, send.planted, send.host, send.plain) for send in kept(session, name)}
    assert len(found) >= 14


@pytest.mark.parametrize(("part", "name"), FILES)
def test_hashes_are_told_as_what_they_are(session: Captured, name: str) -> None:
    """A value that was sent hashed is told with the right hash, and one that was not is told without."""
    found = planted(traffic_of(session, name))
    told = {
        (n, one.variant.partition("(")[0] if "(" in one.variant else "") for n, rows in found.items() for one in rows
    }
    assert told == {(send.number, send.digest) for send in kept(session, name)}


@pytest.mark.parametrize("name", PROXY)
def test_the_way_to_each_value_is_told(client: Captured, name: str) -> None:
    """Form, packing and nesting stand in the trail in their order; the proxy's HAR has packed bodies open already."""
    found = planted(traffic_of(client, name))
    for send in kept(client, name):
        steps = [step.lstrip("*") for step in WAYS[send.place] if name == "flows.mitm" or not step.startswith("*")]
        trails = [one.trail.split(" ", 2)[2].split(" > ") for one in found[send.number]]
        assert any(_in_order(steps, trail) for trail in trails), (send, trails)


def _in_order(steps: list[str], trail: list[str]) -> bool:
    rest = iter(trail)
    return all(step in rest for step in steps)


@pytest.mark.parametrize(("part", "name"), FILES)
def test_files_are_whole(session: Captured, name: str) -> None:
    """Every entry of a tool's file is read, and the tool is named."""
    exchanges, reading = session.read(name)
    assert (reading.entries, reading.unreadable, reading.partial) == (len(exchanges), 0, False)
    assert ("Playwright" if name == "browser.har" else "mitmproxy") in reading.tool


def test_innocent_requests_say_nothing(client: Captured) -> None:
    """Requests without a value of the device give no result at all, planted or guessed."""
    innocent = {send.number for send in client.plan.sends if send.planted is None}
    for name in PROXY:
        told = [one for one in traffic_of(client, name).sendings if (n := NUMBER(one.trail)) and int(n[1]) in innocent]
        assert told == []
    assert len(innocent) >= 5


# --- what the tools lose


@pytest.mark.parametrize(("part", "name"), FILES)
def test_what_a_tool_loses_can_be_seen(session: Captured, name: str) -> None:
    """A body that is not in the file is counted as omitted, and one whose bytes were replaced as not searched; others are neither."""
    exchanges, _ = session.read(name)
    for send in session.plan.sends:
        one = exchange_of(exchanges, send)
        left = "no entry" if one is None else "no body" if one.omitted else "" if one.lossless else "broken"
        assert left == send.lost.get(name, ""), send


@pytest.mark.parametrize(("part", "name"), FILES)
def test_losses_are_counted(session: Captured, name: str) -> None:
    """The counts that become gaps are those of the sends that were lost, and no library was missing."""
    traffic = traffic_of(session, name)
    lost = [send.lost[name] for send in session.plan.sends if name in send.lost]
    assert (traffic.omitted, traffic.cut) == (lost.count("no body"), lost.count("broken"))
    assert traffic.missing == set()
