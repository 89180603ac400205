"""The one-pass search against a slow and obvious one, its edges, and its limit."""

from __future__ import annotations

import random
import time

import pytest

from mingcha.collect.traffic.matcher import Matcher
from mingcha.collect.traffic.profile import Known, Profile
from mingcha.collect.traffic.variants import variants
from tests.build.hartraffic import device


def matcher(**values: str) -> Matcher:
    """A matcher of values by type, with underscores for dots."""
    return Matcher(Profile(tuple(Known(name.replace("_", ".", 1), value, name) for name, value in values.items())))


def test_against_a_slow_search() -> None:
    """Every variant is found at every place where a plain search finds it, and no other."""
    rng = random.Random(7)
    known = [Known(name, rows[0], name) for name, rows in device(rng).items()]
    fast = Matcher(Profile(tuple(known)))
    shapes = [(row, v) for row, one in enumerate(known) for v in variants(one) if not v.edge]
    for _ in range(6):
        parts = []
        for _ in range(25):
            parts += [rng.choice(shapes)[1].data, rng.randbytes(rng.randrange(9)), rng.choice([b"com.", b"00", b"\n"])]
        data = b"".join(parts)
        folded = data.lower()
        slow = {
            (row, v.name, at)
            for row, v in shapes
            for at in range(len(data))
            if (data if v.exact else folded).startswith(v.data, at)
        }
        hits, cut = fast.scan(data)
        edged = {v.name for one in known for v in variants(one) if v.edge}
        assert {(h.target.value, h.target.variant, h.offset) for h in hits if h.target.variant not in edged} == {
            one for one in slow if one[1] not in edged
        }
        assert not cut


@pytest.mark.parametrize("size", range(8, 40))
def test_every_place(size: int) -> None:
    """A value is found at the start, at the end and at every place between."""
    found = matcher(dev_imei="861234567890123")
    for at in range(size):
        data = b"x" * at + b"861234567890123" + b"y" * (size - at)
        assert [hit.offset for hit in found.scan(data)[0] if hit.target.variant == "raw"] == [at]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("13900001111", 1),
        ("=13900001111&", 1),
        ("1390000111122", 0),
        ("713900001111", 0),
        ("+8613900001111", 1),
        ("x13900001111y", 1),
    ],
)
def test_number_edges(text: str, seen: int) -> None:
    """A phone number inside of a longer number is none; with its country code it is one."""
    assert bool(matcher(basic_phone="13900001111").scan(text.encode())[0]) == bool(seen)


@pytest.mark.parametrize("piece", [1, 7, 16, 64])
def test_pieces(piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However a text is cut into pieces, the hits are the same, edges included."""
    rng = random.Random(4)
    found = matcher(dev_imei="861234567890123", basic_phone="13900001111")
    words = [b"861234567890123", b"13900001111", b"321098765432168", b"7", b"x", b" ", b"+86"]
    data = b"".join(rng.choice(words) for _ in range(60))
    whole = found.scan(data)
    monkeypatch.setattr("mingcha.collect.traffic.matcher._PIECE", piece)
    assert found.scan(data) == whole
    assert whole[0]


def test_case() -> None:
    """Letters are compared without their case, but not in base64."""
    found = matcher(net_account="Tester.One88")
    assert found.scan(b"TESTER.ONE88")[0]
    assert found.scan(b"VGVzdGVyLk9uZTg4")[0]
    assert not found.scan(b"vgvzdgvylk9uztg4")[0]


def test_nothing_to_look_for() -> None:
    """Without values, and in texts shorter than any variant, nothing is found."""
    assert Matcher(Profile(())).scan(b"x" * 100) == ([], False)
    assert matcher(dev_imei="861234567890123").scan(b"86") == ([], False)
    assert matcher(dev_imei="861234567890123").scan(b"") == ([], False)


def test_hostile() -> None:
    """A text made of nothing but a value is searched up to the limit, in short time, and marked."""
    found = matcher(dev_imei="861234567890123")
    began = time.monotonic()
    hits, cut = found.scan(b"861234567890123" * 300_000)
    assert cut
    assert len(hits) <= 300_000
    assert time.monotonic() - began < 5


def test_time_does_not_grow_with_values() -> None:
    """A hundred values are looked for in about the time of one."""
    rng = random.Random(8)
    data = rng.randbytes(4 << 20)
    took = []
    for count in (1, 100):
        many = Matcher(
            Profile(tuple(Known("dev.imei", f"86{rng.randrange(10**13):013}", str(n)) for n in range(count)))
        )
        began = time.process_time()
        many.scan(data)
        took.append(time.process_time() - began)
    assert took[1] < 6 * took[0] + 0.2
