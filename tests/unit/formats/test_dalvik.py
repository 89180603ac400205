"""Dalvik instructions are as long, write, pass on and jump as the bytecode's documentation says."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest

from mingcha.errors import FormatError
from mingcha.formats import dalvik
from tests.build import dexcode as d
from tests.build.dexmaker import Code, Method, dex
from tests.build.dextables import Class
from tests.build.slowwalk import opcodes, slow_walk


def test_every_opcode_has_the_length_of_its_format() -> None:
    """Each of the 256 opcodes has a format in the slow walker's table, and the reader's table agrees with each."""
    assert opcodes() == dict(enumerate(dalvik.LENGTH.tolist()))


def units(*ops: d.Op) -> list[int]:
    """The instructions as units, names numbered 7."""
    return d.assemble(ops, lambda _kind, _name: 7)[0]


@pytest.mark.parametrize(
    ("op", "registers"),
    [
        (d.const4(3, -1), (3,)),
        (d.const16(200, 1), (200,)),
        (d.const_wide16(4, 1), (4, 5)),
        (d.const_wide(6, 1), (6, 7)),
        (d.const_string(9, ""), (9,)),
        (d.move(2, 15), (2,)),
        (d.move_object_from16(250, 300), (250,)),
        (d.move_object_16(300, 4), (300,)),
        (d.raw(0x06, 400, 2), (400, 401)),  # move-wide/16
        (d.move_result(5), (5,)),
        (d.move_result_wide(5), (5, 6)),
        (d.move_exception(1), (1,)),
        (d.new_instance(8, "La;"), (8,)),
        (d.iget_object(1, 2, "La;->f:I"), (1,)),
        (d.sget_object(77, "La;->f:I"), (77,)),
        (d.raw(0x2145, 0), (0x21, 0x22)),  # aget-wide
        (d.raw(0x21B0), (1,)),  # add-int/2addr v1, v2
        (d.raw(0x21BB), (1, 2)),  # add-long/2addr v1, v2
        (d.raw(0x2184), (1,)),  # long-to-int v1, v2
        (d.raw(0x2181), (1, 2)),  # int-to-long v1, v2
        (d.raw(0x079B, 0x0201), (7, 8)),  # add-long v7, v1, v2
        (d.raw(0x0731, 0x0201), (7,)),  # cmp-long v7, v1, v2
        (d.nop(), ()),
        (d.return_object(3), ()),
        (d.throw(3), ()),
        (d.if_eqz(3, "l"), ()),
        (d.raw(0x031F, 7), ()),  # check-cast gives the register what it had
        (d.raw(0x054B, 0x0201), ()),  # aput v5, v1, v2
        (d.raw(0x2159, 7), ()),  # iput v1, v2
        (d.raw(0x0567, 7), ()),  # sput v5
        (d.invoke_static("La;->m()V", 4), ()),
    ],
)
def test_written_registers(op: d.Op, registers: tuple[int, ...]) -> None:
    """An instruction writes the register of its first operand, and the next one if the value is wide."""
    assert dalvik.written(units(d.label("l"), op), 0) == registers


@pytest.mark.parametrize(
    ("op", "registers"),
    [
        (d.invoke_static("La;->m()V"), ()),
        (d.invoke_virtual("La;->m()V", 3), (3,)),
        (d.invoke_direct("La;->m()V", 1, 2, 3, 4, 15), (1, 2, 3, 4, 15)),
        (d.invoke_static_range("La;->m()V", 300, 3), (300, 301, 302)),
        (d.invoke_virtual_range("La;->m()V", 0, 0), ()),
    ],
)
def test_arguments_of_a_call(op: d.Op, registers: tuple[int, ...]) -> None:
    """Both forms of invoke name the registers they pass on, in order."""
    assert dalvik.arguments(units(op), 0) == registers


def test_jumps_lead_where_they_say() -> None:
    """Short, long and conditional jumps, forward and backward, and both switches through their tables."""
    ops = [
        d.goto("end"),  # at 0
        d.goto_16("end"),  # at 1
        d.goto_32("start"),  # at 3
        d.label("start"),
        d.if_eqz(1, "start"),  # at 6
        d.packed_switch(0, "packed"),  # at 8
        d.sparse_switch(0, "sparse"),  # at 11
        d.fill_array_data(0, "numbers"),  # at 14: no jump
        d.label("end"),
        d.return_void(),  # at 17
        d.packed_payload("packed", -2, ["end", "start"]),  # at 18
        d.sparse_payload("sparse", {-5: "start", 900: "end"}),
        d.array_payload("numbers", 2, b"\2\0"),
    ]
    code = units(*ops)
    assert dalvik.branch_targets(code, 0) == (17,)
    assert dalvik.branch_targets(code, 1) == (17,)
    assert dalvik.branch_targets(code, 3) == (6,)
    assert dalvik.branch_targets(code, 6) == (6,)
    assert dalvik.branch_targets(code, 8) == (17, 6)
    assert dalvik.branch_targets(code, 11) == (6, 17)
    assert dalvik.branch_targets(code, 14) == ()
    assert dalvik.branch_targets(code, 17) == ()


def test_switch_without_its_table_jumps_nowhere() -> None:
    """A switch whose table is no table or lies outside the code gives no targets."""
    assert dalvik.branch_targets([0x2B, 4, 0, 0x0E, 0x0E, 1, 2, 3], 0) == ()
    assert dalvik.branch_targets([0x2B, 0xFFFF, 0xFFFF, 0], 0) == ()
    assert dalvik.branch_targets([0x2B, 0xFFFF, 0x7FFF, 0], 0) == ()


def test_switch_table_longer_than_the_code_is_cut() -> None:
    """A table that claims 60000 targets gives those that are there."""
    assert dalvik.branch_targets([0x2B, 4, 0, 0x0E, 0x0100, 60000, 0, 0, 3, 0, 4, 0], 0) == (3, 4)


@pytest.mark.parametrize(
    ("payload", "length"),
    [
        (d.packed_payload("p", 0, []), 4),
        (d.packed_payload("p", 0, ["l", "l", "l"]), 10),
        (d.sparse_payload("p", {1: "l", 2: "l"}), 10),
        (d.array_payload("p", 1, b"abc"), 6),
        (d.array_payload("p", 8, b"12345678" * 2), 12),
    ],
)
def test_payload_length(payload: d.Op, length: int) -> None:
    """Tables are as long as their own counts say."""
    body = units(d.label("l"), d.packed_switch(0, "p"), d.nop(), payload, *[d.nop()] * 4)
    assert dalvik.payload_length(np.array(body, np.uint16), 4) == length


def test_payload_length_of_what_is_none() -> None:
    """A nop with an unknown high byte is one unit, and so is a table whose head the code cuts off."""
    assert dalvik.payload_length([0x0400, 9, 9, 9], 0) == 1
    assert dalvik.payload_length([0x0100, 9, 9], 0) == 1


@pytest.mark.parametrize("streams", [1, 7, 300])
def test_starts_are_those_of_a_slow_walker(streams: int) -> None:
    """On random units (payload heads among them), few streams and many, the starts are those found one by one."""
    chance = random.Random(streams)
    heads = (0x0100, 0x0200, 0x0300)
    code = [chance.choice(heads) if chance.random() < 0.05 else chance.randrange(0x10000) for _ in range(20000)]
    for at, word in enumerate(code[:-2]):
        if word in heads:
            code[at + 1], code[at + 2] = chance.randrange(9), chance.choice((0, chance.randrange(20)))
    cuts = sorted(chance.sample(range(20000), streams + 1))
    expected = [at for first, end in itertools.pairwise(cuts) for at in slow_walk(code, first, end)]
    found = dalvik.starts(np.array(code, np.uint16), np.array(cuts[:-1]), np.array(cuts[1:]))
    assert found.tolist() == expected


def test_handlers_are_found_with_and_without_catch_all() -> None:
    """Typed handlers and catch-alls of two try blocks, by the unit they start at."""
    code = Code(
        2,
        [
            d.label("a"), d.const4(0, 1), d.label("b"), d.const4(0, 2), d.label("c"), d.return_void(),
            d.label("x"), d.move_exception(1), d.return_void(), d.label("y"), d.move_exception(1), d.return_void(),
        ],
        [d.Try("a", "b", (("Ljava/io/IOException;", "x"), ("La/E;", "y"))), d.Try("b", "c", (), "y")],
    )  # fmt: skip
    data = dex([Class("La/A;", [Method("m()V", code)])])
    at = data.index(bytes([2, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 7, 0, 0, 0]))
    assert dalvik.handlers(data, at, len(data)) == [3, 5, 5]


def item(handlers: bytes, size: int = 2, tries: int = 1) -> bytes:
    """A code item of ``size`` units and these handlers."""
    head = b"\1\0\0\0\0\0" + bytes([tries, 0, 0, 0, 0, 0, size, 0, 0, 0])
    return head + bytes(2 * (size + size % 2) + 8 * tries) + handlers


def test_handlers_of_many_types_and_a_catch_all() -> None:
    """A count of -70, which takes two bytes as a signed number, is 70 types and one catch-all."""
    data = item(b"\1" + b"\xba\x7f" + b"\0\1" * 70 + b"\2", size=60)
    assert dalvik.handlers(data, 0, len(data)) == [1] * 70 + [2]


def test_handlers_stop_where_the_item_ends() -> None:
    """A list that runs on behind its code item, or behind the file, ends there."""
    data = item(b"\1\5" + b"\0\1" * 5)
    assert dalvik.handlers(data, 0, len(data) - 4) == [1, 1, 1]
    assert dalvik.handlers(data[:-4], 0, len(data) - 4) == [1, 1, 1]
    assert dalvik.handlers(item(b""), 0, 32) == []


def test_handlers_beyond_reason_are_an_error() -> None:
    """A method of two units with two hundred handlers is malformed, not long work."""
    with pytest.raises(FormatError, match="more exception handlers"):
        dalvik.handlers(item(b"\x80\x80\x04" + b"\0\1" * 200), 0, 1 << 20)


@pytest.mark.parametrize(
    ("raw", "value", "end"),
    [
        (b"\0", 0, 1),
        (b"\x7f", 127, 1),
        (b"\x80\x7f", 16256, 2),
        (b"\xff\xff\xff\xff\x0f\x01", 0xFFFFFFFF, 5),
        (b"\x80", 0, 2),
    ],
)
def test_uleb(raw: bytes, value: int, end: int) -> None:
    """Seven bits a byte, low ones first, at most five bytes; what is cut off counts as a last byte of zero."""
    assert dalvik.uleb(raw, 0) == (value, end)
