"""Numbers that are known are computed as Dalvik computes them; what is not known stays so and keeps what it carries."""

from __future__ import annotations

import pytest

from mingcha.program.arithmetic import compared, computed
from mingcha.program.decode import REVERSED
from mingcha.program.values import NULL, UNKNOWN, Interned, Site, Source, Thing, Trail, Value, const, number, thing

SITE = Site(0, 0, 0)
TAINT = Interned().taint(Source(SITE, b"f", "row", "dev.imei"), Trail(None, "reads", SITE, b"f"))
CARRIES = Value(None, taints=frozenset({TAINT}))
OBJECT = thing(Thing(1, b"La;", app=True))
(ADD, SUB, MUL, DIV, REM, AND, OR, XOR, SHL, SHR, USHR) = range(0x90, 0x9B)
(EQ, NE, LT, GE, GT, LE) = range(0x32, 0x38)


@pytest.mark.parametrize(
    ("operation", "a", "b", "result"),
    [
        (ADD, 2, 3, 5), (SUB, 2, 3, -1), (MUL, -4, 3, -12), (DIV, 7, 2, 3), (DIV, -7, 2, -3), (DIV, 7, -2, -3), (REM, 7, 3, 1),
        (REM, -7, 3, -1), (REM, 7, -3, 1), (AND, 12, 10, 8), (OR, 12, 10, 14), (XOR, 12, 10, 6), (SHL, 1, 4, 16), (SHL, 1, 33, 2),
        (SHR, -8, 1, -4), (USHR, -1, 28, 15), (REVERSED, 2, 5, 3),
    ],
)  # fmt: skip
def test_operations(operation: int, a: int, b: int, result: int) -> None:
    """Each operation of two numbers gives what the Dalvik documentation says: division towards zero, shifts by five bits."""
    assert computed(operation, number(a), number(b)).constant == result


@pytest.mark.parametrize(
    ("operation", "a", "b", "result"),
    [
        (ADD, 0x7FFFFFFF, 1, -0x80000000), (SUB, -0x80000000, 1, 0x7FFFFFFF), (MUL, 0x10000, 0x10000, 0),
        (SHL, 1, 31, -0x80000000), (DIV, -0x80000000, -1, -0x80000000),
    ],
)  # fmt: skip
def test_overflow(operation: int, a: int, b: int, result: int) -> None:
    """Results are cut to 32 bits with sign."""
    assert computed(operation, number(a), number(b)).constant == result


@pytest.mark.parametrize("operation", [DIV, REM])
def test_division_by_zero(operation: int) -> None:
    """What throws gives no number."""
    assert computed(operation, number(5), number(0)) == UNKNOWN


@pytest.mark.parametrize(
    ("a", "b"), [(UNKNOWN, number(1)), (number(1), UNKNOWN), (const("x"), number(1)), (OBJECT, number(1))]
)
def test_unknown_operands(a: Value, b: Value) -> None:
    """A sum with a part that is no known number is not known."""
    assert computed(ADD, a, b) == UNKNOWN


def test_results_carry_what_operands_carry() -> None:
    """A number computed with information carries it, also where it is known."""
    assert computed(ADD, number(1), CARRIES) == CARRIES
    sum_ = computed(ADD, number(1), number(2).carrying([TAINT]))
    assert (sum_.constant, sum_.taints) == (3, {TAINT})
    assert computed(0xA6, CARRIES, number(2)).taints == {TAINT}


@pytest.mark.parametrize(
    ("operation", "value", "result"),
    [
        (0x81, 5, 5), (0x84, 5, 5), (0x8D, -7, -7), (0x8E, 65, 65), (0x8F, 300, 300),
        (0x8D, 200, -56), (0x8E, -1, 0xFFFF), (0x8F, 0x8000, -0x8000), (0x84, 1 << 32, 0),
    ],
)  # fmt: skip
def test_conversions(operation: int, value: int, result: int) -> None:
    """A conversion to fewer bits is never another number than Dalvik's: the right one, or not known."""
    assert computed(operation, number(value), None).constant in (result, None)


@pytest.mark.parametrize(
    ("operation", "a", "b", "told"),
    [(EQ, 1, 1, True), (EQ, 1, 2, False), (NE, 1, 2, True), (LT, 1, 2, True), (LT, 2, 2, False), (GE, 2, 2, True), (GT, 2, 2, False), (LE, 2, 2, True)],
)  # fmt: skip
def test_comparisons(operation: int, a: int, b: int, told: bool) -> None:
    """A condition over known numbers is decided."""
    assert compared(operation, number(a), number(b)) is told


def test_objects_are_not_null() -> None:
    """An object, a text and a class are never null; what may be anything, or an object or null, is not decided."""
    for value in (OBJECT, const("x"), const(("class", b"La;"))):
        assert (compared(EQ, value, NULL), compared(NE, value, NULL)) == (False, True)
    either = Value(frozenset({0}), OBJECT.things)
    for value in (UNKNOWN, CARRIES, either):
        assert compared(EQ, value, NULL) is None
    assert compared(LT, OBJECT, NULL) is None
