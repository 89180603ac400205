"""Code is read as the Dalvik documentation writes it: each form of instruction, blocks where ways part and meet, handlers."""

from __future__ import annotations

import pytest

from mingcha.errors import FormatError
from mingcha.formats.dex import Dex
from mingcha.program import decode as words
from mingcha.program.decode import Body, body, decoded
from tests.build import dexcode as d
from tests.build.dexcode import Op, Try
from tests.build.dexmaker import PUBLIC, STATIC, Class, Code, Method, dex


def read(*ops: Op, tries: tuple[Try, ...] = (), registers: int = 16, name: str = "m()V", access: int = STATIC) -> Body:
    """The body of a method of these instructions."""
    image = Dex(dex([Class("Lt/A;", [Method(name, Code(registers, ops, tries), access | PUBLIC)])]))
    return body(image, 0)


def said(found: Body) -> list[list[int]]:
    """The words of each block."""
    return [[instruction[0] for instruction in block.code] for block in found.blocks]


@pytest.mark.parametrize(
    ("units", "expected"),
    [
        ([0x3201], (words.MOVE, 2, 3, None)),
        ([0x1202, 0x0345], (words.MOVE, 0x12, 0x345, None)),
        ([0x0003, 0x0102, 0x0304], (words.MOVE, 0x102, 0x304, None)),
        ([0x5407], (words.MOVE, 4, 5, None)),
        ([0x050A], (words.RESULT, 5, None, None)),
        ([0x050D], (words.CAUGHT, 5, None, None)),
        ([0x000E], (words.RETURN, None, None, None)),
        ([0x0711], (words.RETURN, 7, None, None)),
        ([0xF312], (words.NUMBER, 3, -1, None)),
        ([0x7312], (words.NUMBER, 3, 7, None)),
        ([0x0513, 0xFFFE], (words.NUMBER, 5, -2, None)),
        ([0x0514, 0x5678, 0x1234], (words.NUMBER, 5, 0x12345678, None)),
        ([0x0515, 0x8000], (words.NUMBER, 5, -0x80000000, None)),
        ([0x0516, 0x8000], (words.NUMBER, 5, -0x8000, None)),
        ([0x0517, 0, 0x8000], (words.NUMBER, 5, -0x80000000, None)),
        ([0x0518, 1, 2, 3, 4], (words.NUMBER, 5, 0x0004_0003_0002_0001, None)),
        ([0x0519, 0x4000], (words.NUMBER, 5, 0x4000 << 48, None)),
        ([0x051A, 9], (words.STRING, 5, 9, None)),
        ([0x051B, 9, 1], (words.STRING, 5, 0x10009, None)),
        ([0x051C, 9], (words.CLASS, 5, 9, None)),
        ([0x051F, 9], (words.CAST, 5, 9, None)),
        ([0x5420, 9], (words.IS, 4, 5, 9)),
        ([0x5421], (words.LENGTH, 4, 5, None)),
        ([0x0522, 9], (words.NEW, 5, 9, None)),
        ([0x5423, 9], (words.ARRAY, 4, 5, 9)),
        ([0x2024, 9, 0x0054], (words.FILLED, (4, 5), 9, None)),
        ([0x0325, 9, 4], (words.FILLED, (4, 5, 6), 9, None)),
        ([0x0526, 8, 0], (words.TABLE, 5, None, None)),
        ([0x0527], (words.THROW, 5, None, None)),
        ([0x052B, 8, 0], (words.SWITCH, 5, None, None)),
        ([0x052D, 0x0706], (words.BINARY, 5, (6, 7), 0x2D)),
        ([0x5432, 3], (words.IF, 0x32, 4, 5)),
        ([0x0538, 3], (words.IF, 0x32, 5, None)),
        ([0x053D, 3], (words.IF, 0x37, 5, None)),
        ([0x0544, 0x0706], (words.AGET, 5, 6, 7)),
        ([0x0551, 0x0706], (words.APUT, 5, 6, 7)),
        ([0x5454, 9], (words.IGET, 4, 5, 9)),
        ([0x5459, 9], (words.IPUT, 4, 5, 9)),
        ([0x0562, 9], (words.SGET, 5, 9, None)),
        ([0x056D, 9], (words.SPUT, 5, 9, None)),
        ([0x306E, 9, 0x0321], (words.INVOKE, 0x6E, (1, 2, 3), 9)),
        ([0x5471, 9, 0x3210], (words.INVOKE, 0x71, (0, 1, 2, 3, 4), 9)),
        ([0x0374, 9, 0x10], (words.INVOKE, 0x6E, (0x10, 0x11, 0x12), 9)),
        ([0x0078, 9, 0], (words.INVOKE, 0x72, (), 9)),
        ([0x548D], (words.UNARY, 4, 5, 0x8D)),
        ([0x0590, 0x0706], (words.BINARY, 5, (6, 7), 0x90)),
        ([0x54B1], (words.BINARY, 4, (4, 5), 0x91)),
        ([0x54D0, 0xFFFF], (words.LITERAL, 4, (5, -1), 0x90)),
        ([0x54D1, 3], (words.LITERAL, 4, (5, 3), words.REVERSED)),
        ([0x54D7, 3], (words.LITERAL, 4, (5, 3), 0x97)),
        ([0x05D8, 0xFF06], (words.LITERAL, 5, (6, -1), 0x90)),
        ([0x05D9, 0x0306], (words.LITERAL, 5, (6, 3), words.REVERSED)),
        ([0x05E0, 0x0306], (words.LITERAL, 5, (6, 3), 0x98)),
        ([0x05E2, 0x0306], (words.LITERAL, 5, (6, 3), 0x9A)),
        ([0x0000], (-1, None, None, None)),
        ([0x0328], (-1, None, None, None)),
        ([0x051D], (-1, None, None, None)),
    ],
)
def test_forms(units: list[int], expected: tuple[object, ...]) -> None:
    """Registers, numbers with their sign, and indices stand where each form has them."""
    what, unit, *operands = decoded([0xEEEE, *units], 1, 100)
    assert (what, unit, *operands) == (expected[0], 101, *expected[1:])


@pytest.mark.parametrize("units", [[0x051A], [0x0514, 1], [0x0518, 1, 2, 3], [0x306E, 9], [0x0544], [0x0003, 1]])
def test_cut_off(units: list[int]) -> None:
    """An instruction without its last units is refused."""
    with pytest.raises(FormatError):
        decoded(units, 0, 0)


def test_straight_code_is_one_block() -> None:
    """Without jumps all is one block; what only moves on is left out."""
    found = read(d.const4(0, 1), d.nop(), d.const_string(1, "x"), d.return_void())
    assert said(found) == [[words.NUMBER, words.STRING, words.RETURN]]
    assert (found.blocks[0].after, found.blocks[0].caught, found.size) == ((), (), 4)


def test_a_branch() -> None:
    """Behind a condition the block that the jump leads to comes first, then the one that follows."""
    found = read(d.const4(0, 1), d.if_eqz(0, "out"), d.const4(1, 2), d.label("out"), d.return_void())
    assert said(found) == [[words.NUMBER, words.IF], [words.NUMBER], [words.RETURN]]
    assert [block.after for block in found.blocks] == [(2, 1), (2,), ()]
    assert found.order == [0, 1, 2]


def test_a_loop() -> None:
    """A jump backwards begins a block in the middle; what runs before comes before in order."""
    found = read(
        d.const4(0, 1),
        d.label("top"),
        d.if_eqz(0, "out"),
        d.const4(1, 2),
        d.goto("top"),
        d.label("out"),
        d.return_void(),
    )
    assert [block.after for block in found.blocks] == [(1,), (3, 2), (1,), ()]
    assert found.order[0] < found.order[1] < min(found.order[2], found.order[3])


def test_a_switch() -> None:
    """All cases and what follows the switch are next; its payload is no code."""
    found = read(
        d.packed_switch(0, "table"), d.const4(1, 1), d.return_void(), d.label("a"), d.const4(1, 2), d.label("b"), d.return_void(),
        d.packed_payload("table", 0, ["a", "b", "a"]),
    )  # fmt: skip
    assert said(found)[:4] == [[words.SWITCH], [words.NUMBER, words.RETURN], [words.NUMBER], [words.RETURN]]
    assert all(not words_ for words_ in said(found)[4:])  # a nop that aligns the payload
    assert set(found.blocks[0].after) == {1, 2, 3}
    assert found.blocks[2].after == (3,)


def test_code_behind_the_end_comes_last() -> None:
    """What no way leads to is read, and comes last in order."""
    found = read(d.goto("end"), d.const4(0, 1), d.return_void(), d.label("end"), d.return_void())
    assert said(found)[-1] == [words.RETURN]
    unreached = next(n for n, block in enumerate(found.blocks) if words.NUMBER in [i[0] for i in block.code])
    assert found.order[unreached] == len(found.blocks)


def test_handlers() -> None:
    """What lies in a try range is caught by its handlers, catch-all included, and nothing else is."""
    found = read(
        d.const4(0, 1), d.label("try"), d.invoke_static("Lt/B;->f()V"), d.label("end"), d.const4(0, 2), d.return_void(),
        d.label("one"), d.move_exception(0), d.return_void(), d.label("all"), d.move_exception(0), d.throw(0),
        tries=(Try("try", "end", (("Ljava/lang/RuntimeException;", "one"),), "all"),),
    )  # fmt: skip
    first = {tuple(i[0] for i in block.code): block for block in found.blocks}
    one = found.blocks.index(first[words.CAUGHT, words.RETURN])
    everything = found.blocks.index(first[words.CAUGHT, words.THROW])
    inside = [set(block.caught) for block in found.blocks if any(i[0] == words.INVOKE for i in block.code)]
    assert inside == [{one, everything}]
    assert [block.caught for block in found.blocks if any(i[0] == words.NUMBER for i in block.code)] == [(), ()]
    assert max(found.order[one], found.order[everything]) < len(found.blocks)


def test_registers_and_inputs() -> None:
    """How many registers there are, and how many of them are parameters: two for a long, one for the receiver."""
    found = read(d.return_void(), registers=9, name="m(IJLjava/lang/String;)V", access=0)
    assert (found.registers, found.inputs) == (9, 5)


def test_very_long_methods() -> None:
    """A method of more instructions than anybody writes is refused."""
    with pytest.raises(FormatError, match="instructions"):
        read(*[d.nop()] * 20_001, d.return_void())
    assert read(*[d.nop()] * 1_000, d.return_void()).size == 1_001


@pytest.mark.parametrize(
    "op",
    [
        pytest.param(op, id=f"{op.units[0]:#06x}")
        for op in (
            d.const4(5, 1),
            d.move_object(0, 5),
            d.move_object(5, 0),
            d.invoke_static("Lt/B;->f(I)V", 5),
            d.raw(0x0090, 0x0500),
            d.raw(0x00D8, 0x0005),
        )
    ],
)
def test_registers_that_are_not_there(op: Op) -> None:
    """An instruction that names a register beyond the method's is refused."""
    with pytest.raises(FormatError):
        read(op, d.return_void(), registers=5)
