"""Objects hold what was written to them; layers see what is above them and do not change it."""

from __future__ import annotations

from mingcha.program.heap import ANY, Heap
from mingcha.program.values import UNKNOWN, Interned, Site, Source, Thing, Trail, Value, const, join, number, thing

SITE = Site(0, 0, 0)
TAINT = Interned().taint(Source(SITE, b"f", "row", "dev.imei"), Trail(None, "reads", SITE, b"f"))
CARRIES = Value(None, taints=frozenset({TAINT}))
ONE, TWO, THREE = (Thing(n, b"La;", app=True) for n in (1, 2, 3))
F, G = b".f", b".g"


def heap(above: Heap | None = None, **fields: Value) -> Heap:
    """A layer in which object ONE has these fields."""
    made = Heap(above)
    for name, value in fields.items():
        made.put(ONE, f".{name}".encode(), value, strong=True)
    return made


def test_strong_and_weak_writes() -> None:
    """A strong write replaces what was there, a weak one adds to it; other fields and objects stay."""
    layer = heap(f=CARRIES, g=number(1))
    layer.put(ONE, F, number(2), strong=True)
    layer.put(ONE, G, number(2), strong=False)
    assert (layer.get(ONE, F), layer.get(ONE, G), layer.get(TWO, F)) == (number(2), join(number(1), number(2)), None)


def test_layers() -> None:
    """A layer sees the caller's objects; what it writes reaches the caller only when it is absorbed."""
    caller = heap(f=number(1), g=number(1))
    called = heap(caller, f=CARRIES)
    assert (called.get(ONE, F), called.get(ONE, G), caller.get(ONE, F)) == (CARRIES, number(1), number(1))
    caller.absorb(called)
    assert (caller.get(ONE, F), caller.get(ONE, G)) == (CARRIES, number(1))


def test_forks_are_apart() -> None:
    """After a fork neither sees what the other writes."""
    one = heap(f=number(1))
    other = one.fork()
    one.put(ONE, F, number(2), strong=True)
    other.put(ONE, G, number(3), strong=True)
    assert (other.get(ONE, F), one.get(ONE, G)) == (number(1), None)


def test_merge_holds_what_either_holds() -> None:
    """Where ways meet, a field may hold what it held on either, also if only one way wrote to it."""
    above = heap(f=number(0))
    left, right = heap(above, f=number(1)), heap(above)
    assert right.merge(left)
    assert right.get(ONE, F) == join(number(0), number(1))
    left = heap(above, f=number(1))
    assert left.merge(Heap(above))
    assert left.get(ONE, F) == join(number(1), number(0))


def test_merge_tells_whether_anything_came() -> None:
    """A merge that adds nothing says so; the first one of something new says that."""
    one = heap(f=CARRIES)
    assert not one.merge(heap(f=CARRIES))
    assert one.merge(heap(f=number(1), g=number(1)))
    assert not one.merge(heap(g=number(1)))


def test_fields_of_an_earlier_layer_are_not_changed() -> None:
    """Field maps are shared and never changed in place."""
    layer = heap(f=number(1))
    before = layer.fields(ONE)
    layer.put(ONE, F, number(2), strong=True)
    layer.clear(ONE)
    assert before == {F: number(1)}
    assert layer.fields(ONE) == {}


def test_many_keys() -> None:
    """An object keeps a bounded number of keys apart; what is written beyond them is anywhere inside, and not lost."""
    layer = Heap()
    for n in range(500):
        layer.put(ONE, (n,), number(n) if n < 499 else CARRIES, strong=True)
    assert len(layer.fields(ONE)) < 120
    assert layer.get(ONE, (0,)) == number(0)
    inside = layer.get(ONE, ANY)
    assert inside is not None
    assert (inside.constants, inside.taints) == (None, {TAINT})


def test_prune() -> None:
    """A fresh object that nothing leads to is forgotten; those in the result, in older objects, or shared are kept, and what is in them."""
    layer = Heap()
    old, inner = Thing(9, b"La;", app=True), Thing(10, b"La;", app=True)
    for of in (ONE, TWO, THREE, old, inner):
        layer.put(of, F, number(1), strong=True)
    layer.put(old, G, thing(TWO), strong=True)
    layer.put(TWO, G, thing(inner), strong=True)
    layer.prune([thing(ONE)], {ONE, TWO, THREE, inner})
    assert set(layer.own) == {ONE, TWO, old, inner}
    shared = Thing(11, b"La;", app=True)
    shared.shared = True
    layer.put(shared, F, number(1), strong=True)
    layer.prune([], {ONE, shared})
    assert set(layer.own) == {TWO, old, inner, shared}


def test_what_is_carried_inside() -> None:
    """Taints are found in values and in the objects inside objects, circles included, up to a number of objects."""
    layer = heap(f=thing(TWO))
    layer.put(TWO, F, thing(THREE), strong=True)
    layer.put(THREE, F, join(CARRIES, thing(ONE)), strong=True)
    assert layer.carried([thing(ONE)], 10) == {TAINT}
    assert layer.carried([CARRIES], 0) == {TAINT}
    assert layer.carried([const("x"), UNKNOWN], 10) == frozenset()
    assert layer.carried([thing(ONE)], 1) == frozenset()


def test_reachable() -> None:
    """All values inside a value come once each object, but not those of an object that is kept out of."""
    layer = heap(f=thing(TWO), g=number(1))
    layer.put(TWO, F, CARRIES, strong=True)
    layer.put(TWO, G, thing(ONE), strong=True)
    found = list(layer.reachable(thing(ONE), 10, lambda of: False))
    assert found == [thing(ONE), thing(TWO), number(1), CARRIES, thing(ONE)]
    assert CARRIES not in list(layer.reachable(thing(ONE), 10, lambda of: of == TWO))
