"""A call's argument is told where the write that reaches it is certain, and never guessed."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest

from mingcha.formats.dex import Dex
from mingcha.program.constants import MethodConstants
from tests.build import dexcode as d
from tests.build.dexmaker import PUBLIC, STATIC, Class, Code, Method, dex

QUERY = "La/R;->query(Landroid/net/Uri;)V"
SET = "La/R;->set(JLjava/lang/String;DI)V"
GET = "La/R;->get(I)V"
PARSE = "Landroid/net/Uri;->parse(Ljava/lang/String;)Landroid/net/Uri;"
CONTACTS = "Landroid/provider/ContactsContract$Contacts;->CONTENT_URI:Landroid/net/Uri;"
INTENT = "Landroid/content/Intent;"
CATCH = d.Try("try", "tried", (), "caught")


def argument(
    ops: Sequence[d.Op],
    target: str = QUERY,
    number: int = 0,
    *,
    registers: int = 8,
    shape: str = "()V",
    tries: Sequence[d.Try] = (),
) -> str | None:
    """The argument of the (last) call of ``target`` in a static method of this shape."""
    code = Code(registers, [*ops, d.return_void()], tries)
    image = Dex(dex([Class("La/A;", [Method(f"m{shape}", code, PUBLIC | STATIC)])]))
    called = next(n for n in range(len(image._methods)) if image.method_name(n) == target)
    *_, site = image.sites([called])
    return MethodConstants(image, site.method).argument(site.unit, number)


# --- what is known -------------------------------------------------------------------------------------------------


def test_string_straight() -> None:
    """A constant string written just before the call."""
    assert argument([d.const_string(0, "content://sms"), d.invoke_static(QUERY, 0)]) == "content://sms"


def test_string_with_a_wide_number() -> None:
    """const-string/jumbo, whose index has 32 bits."""
    assert argument([d.const_string_jumbo(0, "中文"), d.invoke_static(QUERY, 0)]) == "中文"


@pytest.mark.parametrize(
    "move",
    [
        [d.move_object(3, 0)],
        [d.move_object_from16(3, 0)],
        [d.move_object_16(3, 0)],
        [d.move_object(1, 0), d.move_object(2, 1), d.move_object(3, 2)],
    ],
)
def test_string_through_moves(move: list[d.Op]) -> None:
    """Copies, in every width and one after the other, keep the value they had when they were made."""
    ops = [d.const_string(0, "a"), *move, d.const_string(0, "b"), d.invoke_static(QUERY, 3)]
    assert argument(ops) == "a"


def test_string_through_parse() -> None:
    """Uri.parse stands for the string it parses."""
    ops = [
        d.const_string(0, "content://sms"),
        d.invoke_static(PARSE, 0),
        d.move_result_object(1),
        d.invoke_static(QUERY, 1),
    ]
    assert argument(ops) == "content://sms"


def test_result_of_another_call_is_not_known() -> None:
    """What some other method makes of a string is not the string."""
    other = "La/B;->decode(Ljava/lang/String;)Landroid/net/Uri;"
    ops = [d.const_string(0, "x"), d.invoke_static(other, 0), d.move_result_object(1), d.invoke_static(QUERY, 1)]
    assert argument(ops) is None


def test_result_after_something_else_is_not_known() -> None:
    """A move-result that does not follow a call at once has no value."""
    ops = [
        d.const_string(0, "x"),
        d.invoke_static(PARSE, 0),
        d.nop(),
        d.move_result_object(1),
        d.invoke_static(QUERY, 1),
    ]
    assert argument(ops) is None


def test_field() -> None:
    """A static field stands as its class and name."""
    ops = [d.sget_object(2, CONTACTS), d.invoke_static(QUERY, 2)]
    assert argument(ops) == "field:Landroid/provider/ContactsContract$Contacts;->CONTENT_URI"


@pytest.mark.parametrize(
    ("op", "value"),
    [
        (d.const4(0, 7), "7"), (d.const4(0, -1), "-1"), (d.const4(0, -8), "-8"), (d.const4(0, 0), "0"),
        (d.const16(0, 0x7FFF), "32767"), (d.const16(0, -2), "-2"), (d.const16(0, -0x8000), "-32768"),
        (d.const32(0, 0x7FFFFFFF), "2147483647"), (d.const32(0, -3), "-3"), (d.const32(0, 0x10000), "65536"),
        (d.const32(0, -0x80000000), "-2147483648"),
    ],
)  # fmt: skip
def test_integers(op: d.Op, value: str) -> None:
    """Integer constants of every width, negative ones too, in decimal."""
    assert argument([op, d.invoke_static(GET, 0)], GET) == value


def test_other_constants_are_not_known() -> None:
    """Classes and wide numbers have no value here."""
    assert argument([d.const_class(0, "La/B;"), d.invoke_static(QUERY, 0)]) is None
    assert argument([d.const_wide16(0, 5), d.invoke_static(SET, 0, 1, 2, 3, 4)], SET, 0, registers=9) is None


def test_wide_parameters_shift_the_registers() -> None:
    """Behind a long and a double the registers of later parameters stand two further."""
    ops = [
        d.const_wide16(0, 1), d.const_string(2, "text"), d.const_wide16(3, 1), d.const4(5, 4), d.invoke_static_range(SET, 0, 6),
    ]  # fmt: skip
    assert argument(ops, SET, 1) == "text"
    assert argument(ops, SET, 3) == "4"
    assert argument(ops, SET, 4) is None


def test_receiver_is_not_counted() -> None:
    """Parameter 0 of an instance method is the register behind its receiver, in both forms of the call."""
    ops = [d.const_string(0, "receiver"), d.const_string(1, "argument")]
    assert argument([*ops, d.invoke_virtual(QUERY, 0, 1)]) == "argument"
    assert argument([*ops, d.invoke_virtual_range(QUERY, 0, 2)]) == "argument"
    assert argument([*ops, d.invoke_static_range(QUERY, 0, 1)]) == "receiver"


def test_call_that_passes_too_little_has_no_value() -> None:
    """A call with fewer registers than its method has parameters gives no argument."""
    assert argument([d.const_string(0, "a"), d.invoke_static(QUERY)]) is None


def test_intent_stands_for_its_action() -> None:
    """An object that its constructor names by a string stands for that string; one made of other things does not."""
    made = [d.new_instance(0, INTENT), d.const_string(1, "android.intent.action.DIAL")]
    call = [d.invoke_direct(f"{INTENT}-><init>(Ljava/lang/String;)V", 0, 1), d.invoke_static(QUERY, 0)]
    assert argument([*made, *call]) == "android.intent.action.DIAL"
    other = [d.invoke_direct(f"{INTENT}-><init>(Landroid/content/Intent;)V", 0, 1), d.invoke_static(QUERY, 0)]
    assert argument([*made, *other]) is None
    assert argument([d.new_instance(0, "La/Box;"), made[1], *call]) is None


# --- several ways to the call --------------------------------------------------------------------------------------


def test_register_written_in_two_branches() -> None:
    """Two values on two ways to the call: not known."""
    ops = [
        d.if_eqz(5, "else"), d.const_string(0, "a"), d.goto("call"), d.label("else"), d.const_string(0, "b"), d.label("call"),
        d.invoke_static(QUERY, 0),
    ]  # fmt: skip
    assert argument(ops) is None


def test_each_branch_with_its_own_call() -> None:
    """Where each branch writes and calls, the value is that of the branch."""
    ops = [
        d.if_eqz(5, "else"), d.const_string(0, "a"), d.invoke_static(GET, 0), d.return_void(),
        d.label("else"), d.const_string(0, "b"), d.invoke_static(QUERY, 0),
    ]  # fmt: skip
    assert argument(ops) == "b"
    assert argument(ops, GET) == "a"


def test_only_write_holds_though_a_jump_lands_between() -> None:
    """A register written once in the method has that value wherever the code runs on from."""
    ops = [d.const_string(0, "a"), d.label("again"), d.if_eqz(5, "again"), d.invoke_static(QUERY, 0)]
    assert argument(ops) == "a"


def test_jump_on_the_call_itself() -> None:
    """A jump that lands on the call, behind the write, makes two written values uncertain."""
    ops = [
        d.const_string(0, "a"),
        d.if_eqz(5, "call"),
        d.const_string(0, "b"),
        d.label("call"),
        d.invoke_static(QUERY, 0),
    ]
    assert argument(ops) is None


def test_jump_on_the_write_does_no_harm() -> None:
    """A jump that lands on the last write passes through it."""
    ops = [
        d.const_string(0, "a"),
        d.if_eqz(5, "write"),
        d.nop(),
        d.label("write"),
        d.const_string(0, "b"),
        d.invoke_static(QUERY, 0),
    ]
    assert argument(ops) == "b"


@pytest.mark.parametrize("switch", [d.packed_switch, d.sparse_switch])
def test_switch_that_lands_between(switch: object) -> None:
    """The rows of a switch are jumps too."""
    table = (
        d.packed_payload("table", 0, ["call"]) if switch is d.packed_switch else d.sparse_payload("table", {9: "call"})
    )
    ops = [
        d.const_string(0, "a"), switch(5, "table"), d.const_string(0, "b"), d.label("call"), d.invoke_static(QUERY, 0),  # type: ignore[operator]
        d.return_void(), table,
    ]  # fmt: skip
    assert argument(ops) is None


def test_handler_that_lands_between() -> None:
    """An exception handler between write and call may come from before the write: not known."""
    ops = [
        d.const_string(0, "a"), d.label("try"), d.invoke_static(GET, 5), d.const_string(0, "b"), d.label("tried"), d.goto("call"),
        d.label("caught"), d.move_exception(6), d.label("call"), d.invoke_static(QUERY, 0),
    ]  # fmt: skip
    assert argument(ops, tries=[CATCH]) is None
    assert argument([op for op in ops if op != d.const_string(0, "a")], tries=[CATCH]) == "b"


def test_parameter_is_not_known() -> None:
    """A parameter has no constant; overwritten it has one only where no jump goes round the write."""
    assert argument([d.invoke_static(QUERY, 7)], shape="(Landroid/net/Uri;)V") is None
    assert argument([d.const_string(7, "a"), d.invoke_static(QUERY, 7)], shape="(Landroid/net/Uri;)V") == "a"
    round_it = [d.if_eqz(0, "call"), d.const_string(7, "a"), d.label("call"), d.invoke_static(QUERY, 7)]
    assert argument(round_it, shape="(Landroid/net/Uri;)V") is None
    assert argument(round_it, shape="()V") == "a"


def test_half_of_a_wide_value_written_over() -> None:
    """A wide write covers two registers: the string in the second one is gone."""
    ops = [d.const_string(1, "a"), d.const_wide16(0, 5), d.invoke_static(QUERY, 1)]
    assert argument(ops) is None


def test_numbers_in_tables_are_no_writes() -> None:
    """A table that looks like const-string does not write."""
    ops = [
        d.const_string(0, "a"), d.fill_array_data(4, "data"), d.invoke_static(QUERY, 0), d.return_void(),
        d.array_payload("data", 2, b"\x12\x10" * 4),
    ]  # fmt: skip
    assert argument(ops) == "a"


def test_chain_of_moves_ends() -> None:
    """Registers that copy each other in a circle, or a chain longer than anybody writes, have no value."""
    circle = [
        d.label("again"),
        d.move_object(0, 1),
        d.move_object(1, 0),
        d.if_eqz(5, "again"),
        d.invoke_static(QUERY, 0),
    ]
    assert argument(circle) is None
    chain = [
        d.const_string(0, "a"),
        *(d.move_object_from16(n + 1, n) for n in range(20)),
        d.invoke_static_range(QUERY, 20, 1),
    ]
    assert argument(chain, registers=30) is None


# --- hostile code --------------------------------------------------------------------------------------------------


def test_numbers_that_lead_nowhere_have_no_value() -> None:
    """A string, field or method number outside its table makes the argument unknown, nothing worse."""
    assert argument([d.raw(0x001A, 0xFFF0), d.invoke_static(QUERY, 0)]) is None
    assert argument([d.raw(0x0062, 0xFFF0), d.invoke_static(QUERY, 0)]) is None
    ops = [d.const_string(0, "a"), d.raw(0x1071, 0xFFF0, 0), d.move_result_object(1), d.invoke_static(QUERY, 1)]
    assert argument(ops) is None


def test_nested_constructors_end() -> None:
    """A thousand objects each made of the one before are not followed to the first."""
    name = f"{INTENT}-><init>(Ljava/lang/String;)V"
    ops = [d.const_string(0, "a")]
    for n in range(1000):
        ops += [d.new_instance((n + 1) % 2, INTENT), d.invoke_direct(name, (n + 1) % 2, n % 2)]
    assert argument([*ops, d.invoke_static(QUERY, 0)]) is None


def test_switches_that_share_one_table_are_not_expanded() -> None:
    """Five thousand switches over one table of five thousand rows are absurd: then any instruction may be landed on."""
    switches = [d.packed_switch(5, "table")] * 5000
    rest = [
        *switches,
        d.label("x"),
        d.invoke_static(QUERY, 0),
        d.return_void(),
        d.packed_payload("table", 0, ["x"] * 5000),
    ]
    begin = time.process_time()
    assert argument([d.const_string(0, "a"), d.const_string(0, "b"), *rest]) is None
    assert argument([d.const_string(0, "a"), *rest]) == "a"
    assert time.process_time() - begin < 2
