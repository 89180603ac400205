"""What is known of values: joined it is less, taints of one source are one, and a path keeps its first steps."""

from __future__ import annotations

from itertools import product

from mingcha.program import values
from mingcha.program.values import (
    NOTHING,
    NULL,
    UNKNOWN,
    Interned,
    Site,
    Source,
    Taint,
    Thing,
    Trail,
    Value,
    const,
    join,
    number,
    thing,
)

HERE, THERE = Site(0, 1, 2), Site(0, 3, 4)
KNOWN = Interned()


def taint(interface: str = "row", *changes: str, known: Interned = KNOWN, implicit: bool = False) -> Taint:
    source = Source(HERE, b"f", interface, "dev.imei")
    return known.taint(source, Trail(None, "reads", HERE, b"f"), changes, implicit=implicit)


def objects(count: int) -> list[Thing]:
    return [Thing(n, b"La;", app=True) for n in range(1, count + 1)]


SAMPLES = [
    UNKNOWN, NOTHING, NULL, number(5), const("x"), *(thing(of) for of in objects(2)), Value(None, taints=frozenset({taint()})),
    Value(frozenset({0}), frozenset(objects(1))), number(7).carrying([taint("other")]),
]  # fmt: skip


def test_join_is_what_is_one_or_the_other() -> None:
    """Joining is commutative, associative, and joined with itself or with nothing a value is the same."""
    for a in SAMPLES:
        assert (join(a, a), join(a, NOTHING), join(NOTHING, a)) == (a, a, a)
    for a, b in product(SAMPLES, SAMPLES):
        assert join(a, b) == join(b, a)
    for a, b, c in product(SAMPLES, SAMPLES, SAMPLES):
        assert join(join(a, b), c) == join(a, join(b, c))


def test_join_of_unlike_values() -> None:
    """Constants, objects and taints of both sides are kept; what may be anything stays so."""
    (one,) = objects(1)
    both = join(join(number(5), thing(one)), const("x").carrying([taint()]))
    assert (both.constants, both.things, both.taints) == ({5, "x"}, {one}, {taint()})
    assert join(number(5), UNKNOWN).constants is None


def test_what_adds_nothing_leaves_the_same_object() -> None:
    """A join that adds nothing gives the first value itself, so that a fixed point is seen by identity."""
    big = join(number(1), number(2))
    assert join(big, number(2)) is big
    assert big.carrying([]) is big
    assert join(UNKNOWN, number(1)) is UNKNOWN


def test_limits() -> None:
    """More constants than a value may have are any; of more objects the first ones made are kept."""
    many = NOTHING
    for n in range(values.MOST_CONSTANTS):
        many = join(many, number(n))
    assert many.constants == set(range(values.MOST_CONSTANTS))
    assert join(many, number(99)).constants is None
    crowd = NOTHING
    for of in reversed(objects(values.MOST_OBJECTS + 3)):
        crowd = join(crowd, thing(of))
    assert len(crowd.things) == values.MOST_OBJECTS
    assert min(crowd.things) == 1


def test_constant() -> None:
    """One constant is known only where nothing else is possible."""
    (one,) = objects(1)
    assert (number(5).constant, const("").constant, NULL.constant) == (5, "", 0)
    assert [
        v.constant for v in (UNKNOWN, NOTHING, join(number(1), number(2)), Value(frozenset({0}), frozenset({one})))
    ] == [None] * 4


def test_taints_are_equal_by_source_changes_and_grade() -> None:
    """The path does not tell taints apart; the source, what was done, and whether it only decided do."""
    one = taint()
    stepped = one.step("passes", THERE, b"g")
    assert stepped == one
    assert hash(stepped) == hash(one)
    assert len({one, taint("other"), taint("row", "md5"), one.decided(), stepped}) == 4
    assert one.decided().implicit
    assert not one.implicit


def test_steps() -> None:
    """A step is put before the path so far; the same step at once again is left out."""
    stepped = taint().step("passes", THERE, b"g").step("passes", THERE, b"g").step("returns", THERE, b"g")
    found, trail = [], stepped.trail
    while trail is not None:
        found.append((trail.does, trail.site))
        trail = trail.before
    assert found == [("returns", THERE), ("passes", THERE), ("reads", HERE)]


def test_changes() -> None:
    """Changes are named in order, each once, and no more than four."""
    changed = taint()
    for how in ("md5", "base64", "md5", "url", "aes", "des"):
        changed = changed.changed(how, "hashes", THERE, b"g")
    assert changed.changes == ("md5", "base64", "url", "aes")
    assert (changed.source, changed.trail.quote) == (taint().source, b"g")


def test_objects_in_order() -> None:
    """Objects come in the order in which they were made, whatever the order of a set."""
    of = objects(9)
    assert values.by_number(frozenset(of)) == of
