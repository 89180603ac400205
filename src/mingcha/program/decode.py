"""One method's code as basic blocks of plain tuples, in the order in which they are best interpreted.

An instruction is ``(what, unit, a, b, c)``: ``what`` one of the words below, ``unit`` where it stands in the image, and up to
three operands whose meaning stands beside each word. Source: the Dalvik instruction formats of the Android Open Source Project.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mingcha.errors import FormatError
from mingcha.formats import dalvik
from mingcha.formats.dex import Dex

(
    MOVE,  # a ← b
    NUMBER,  # a ← the number b
    STRING,  # a ← string number b
    CLASS,  # a ← the class of type number b
    NEW,  # a ← a new object of type number b
    ARRAY,  # a ← a new array of type number c, of length b
    FILLED,  # result ← a new array of type number b that holds the registers a
    TABLE,  # array a is filled with constants
    RETURN,  # a, or None
    THROW,  # a
    IF,  # a: opcode, b: first register, c: second register, or None for zero
    SWITCH,  # a; b: block by key, c: block of all other keys
    AGET,  # a ← b[c]
    APUT,  # b[c] ← a
    IGET,  # a ← field c of b
    IPUT,  # field c of b ← a
    SGET,  # a ← static field b
    SPUT,  # static field b ← a
    INVOKE,  # a: opcode, b: registers, c: method number
    RESULT,  # a ← what the invoke before gave
    CAUGHT,  # a ← the exception
    CAST,  # a is of type number b
    IS,  # a ← b is of type number c
    LENGTH,  # a ← length of b
    UNARY,  # a ← opcode c of b
    BINARY,  # a ← b[0] opcode c b[1]
    LITERAL,  # a ← b[0] opcode c the number b[1]
) = range(27)

_NAMES: tuple[tuple[int, ...], ...] = (
    (2, 3), (2,), (2,), (2,), (2,), (2, 3), (2,), (2,), (2,), (2,), (3, 4), (2,), (2, 3, 4), (2, 3, 4), (2, 3), (2, 3),
    (2,), (2,), (3,), (2,), (2,), (2,), (2, 3), (2, 3), (2, 3), (2, 3), (2,),
)  # fmt: skip
"""For each word the places of an instruction that are registers."""
Instruction = tuple[int, int, Any, Any, Any]

_LONGEST = 6_000
"""Instructions of a method that is worth interpreting; longer ones are tables."""


@dataclass(slots=True)
class Block:
    """Instructions that run one after another; ``after`` and ``caught`` are numbers of blocks."""

    code: list[Instruction]
    after: tuple[int, ...] = ()
    """Next blocks; of an ``IF`` the one that the jump leads to comes first."""
    caught: tuple[int, ...] = ()


@dataclass(slots=True)
class Body:
    """A method's blocks; ``order[n]`` is the place of block n in reverse postorder. Block 0 is the entry."""

    registers: int
    inputs: int
    blocks: list[Block]
    order: list[int]
    size: int


def body(dex: Dex, row: int) -> Body:
    """Decode the method in row ``row`` of ``dex.methods``. Raises FormatError for what no compiler makes."""
    first, end = int(dex.methods.first[row]), int(dex.methods.end[row])
    starts = dex.instructions_of(row).tolist()
    if len(starts) > _LONGEST:
        raise FormatError(f"a method of {len(starts)} instructions", 2 * first)
    units = dex.units[first:end].tolist()
    starts = [at - first for at in starts if not _is_payload(units, at - first)]
    code = int(dex.methods.code[row])
    head = dex.units[code // 2 : code // 2 + 2].tolist()
    tries = _tries(dex, row, code)
    jumping = [at for at in starts if units[at] & 0xFF in _JUMPS]
    jumps = {at: targets for at in jumping if (targets := dalvik.branch_targets(units, at))}
    blocks = _blocks(units, starts, first, jumps, tries)
    if any(_names_beyond(block.code, head[0]) for block in blocks):
        raise FormatError("an instruction names a register that its method does not have", 2 * first)
    return Body(head[0], min(head[1], head[0]), blocks, _order(blocks), len(starts))


def _names_beyond(code: list[Instruction], limit: int) -> bool:
    """Whether an instruction names a register that is not below a limit; every instruction of a program passes here."""
    for i in code:
        for place in _NAMES[i[0]]:
            named: Any = i[place]
            if named.__class__ is tuple:
                if named and max(named) >= limit:
                    return True
            elif named is not None and named >= limit:
                return True
        if i[0] == LITERAL and i[3][0] >= limit:
            return True
    return False


def _is_payload(units: list[int], at: int) -> bool:
    return units[at] in (0x100, 0x200, 0x300)


def _blocks(
    units: list[int],
    starts: list[int],
    first: int,
    jumps: dict[int, tuple[int, ...]],
    tries: list[tuple[int, int, list[int]]],
) -> list[Block]:
    """Cut where a jump lands, where one starts, and at the edges of try ranges."""
    leaders = {0}
    for targets in jumps.values():
        leaders.update(targets)
    for begin, stop, handlers in tries:
        leaders.update((begin, stop, *handlers))
    blocks: list[Block] = []
    number: dict[int, int] = {}
    fresh = True
    spans: list[tuple[int, int]] = []
    for at in starts:
        if fresh or at in leaders:
            number[at] = len(blocks)
            blocks.append(Block([]))
            spans.append((at, at))
        if _MAKERS[units[at] & 0xFF] is not None:
            blocks[-1].code.append(decoded(units, at, first))
        spans[-1] = (spans[-1][0], at)
        fresh = at in jumps or units[at] & 0xFF in _ENDS
    for index, block in enumerate(blocks):
        last = spans[index][1]
        block.after = _after(units, last, jumps.get(last, ()), number, index + 1 if index + 1 < len(blocks) else None)
        if tries:
            caught = (h for begin, stop, hs in tries if begin <= spans[index][0] < stop for h in hs if h in number)
            block.caught = tuple(dict.fromkeys(number[h] for h in caught))
        if block.code and block.code[-1][0] == SWITCH:
            block.code[-1] = _switch(units, last, block, jumps.get(last, ()), number, index + 1)
    return blocks


def _switch(
    units: list[int], last: int, block: Block, targets: tuple[int, ...], number: dict[int, int], following: int
) -> Instruction:
    """A switch that knows which block each key leads to."""
    what, unit, register, _, _ = block.code[-1]
    keys = dalvik.switch_keys(units, last)
    ways = {key: number[to] for key, to in zip(keys, targets, strict=False) if to in number}
    return what, unit, register, ways, following


_JUMPS = frozenset({0x28, 0x29, 0x2A, 0x2B, 0x2C, *range(0x32, 0x3E)})
"""Opcodes that jump or choose."""
_ENDS = frozenset({0x0E, 0x0F, 0x10, 0x11, 0x27, 0x28, 0x29, 0x2A})


def _after(
    units: list[int], last: int, targets: tuple[int, ...], number: dict[int, int], following: int | None
) -> tuple[int, ...]:
    found = [number[t] for t in targets if t in number]
    if units[last] & 0xFF not in _ENDS and following is not None:
        found.append(following)
    return tuple(dict.fromkeys(found))


def _order(blocks: list[Block]) -> list[int]:
    """Reverse postorder from block 0 over jumps and exceptions; what cannot be reached comes last."""
    done: list[int] = []
    seen = {0} if blocks else set()
    stack = [(0, iter(_successors(blocks[0])))] if blocks else []
    while stack:
        block, following = stack[-1]
        for target in following:
            if target not in seen:
                seen.add(target)
                stack.append((target, iter(_successors(blocks[target]))))
                break
        else:
            done.append(block)
            stack.pop()
    order = [len(blocks)] * len(blocks)
    for place, block in enumerate(reversed(done)):
        order[block] = place
    return order


def _successors(block: Block) -> tuple[int, ...]:
    return (*block.caught, *reversed(block.after))


def _tries(dex: Dex, row: int, code: int) -> list[tuple[int, int, list[int]]]:
    """Begin, end and handlers of each try range, in units from the method's first; what is absurd ends the list."""
    data, end = dex.data, dex.item_end(row)
    count = int.from_bytes(data[code + 6 : code + 8], "little")
    size = int.from_bytes(data[code + 12 : code + 16], "little")
    at = code + 16 + 2 * (size + size % 2)
    table = at + 8 * count
    found: list[tuple[int, int, list[int]]] = []
    room = 4 * size + 64
    for place in range(at, min(table, end - 8), 8):
        begin = int.from_bytes(data[place : place + 4], "little")
        length = int.from_bytes(data[place + 4 : place + 6], "little")
        offset = table + int.from_bytes(data[place + 6 : place + 8], "little")
        handlers = _handlers(dex, offset, min(end, offset + 4096))
        room -= len(handlers) + 1
        if room < 0:
            break
        found.append((begin, begin + length, handlers))
    return found


_NEVER = frozenset({
    b"Ljava/io/UnsupportedEncodingException;", b"Ljava/security/NoSuchAlgorithmException;",
    b"Ljavax/crypto/NoSuchPaddingException;",
})  # fmt: skip
"""Exceptions about a name that programs write down and every Android knows (UTF-8, MD5): their handlers do not run."""


def _handlers(dex: Dex, at: int, end: int) -> list[int]:
    data = dex.data
    begin = at
    raw, at = dalvik.uleb(data, at)
    bits = 7 * (at - begin)
    count = raw - (1 << bits) if raw >> (bits - 1) else raw
    found: list[int] = []
    for number in range(abs(count) + (count <= 0)):
        if at >= end:
            break
        caught = b""
        if number < abs(count):
            kind, at = dalvik.uleb(data, at)
            caught = dex.type_bytes(kind)
        unit, at = dalvik.uleb(data, at)
        if caught not in _NEVER:
            found.append(unit)
    return found


# --- one instruction ---------------------------------------------------------------------------------------------------


def decoded(units: list[int], at: int, first: int) -> Instruction:
    """The instruction at ``at``; what only moves on (nop, goto, monitors) has the word -1. Raises FormatError."""
    word = units[at]
    opcode = word & 0xFF
    maker = _MAKERS[opcode]
    if maker is None:
        return (-1, first + at, None, None, None)
    try:
        what, a, b, c = maker(units, at, word, opcode)
    except IndexError:
        raise FormatError("an instruction is cut off", 2 * (first + at)) from None
    return (what, first + at, a, b, c)


Parts = tuple[int, Any, Any, Any]


def _s(value: int, bits: int) -> int:
    return value - (1 << bits) if value >> (bits - 1) else value


def _wide(units: list[int], at: int) -> int:
    return units[at] | units[at + 1] << 16


def _move(units: list[int], at: int, word: int, opcode: int) -> Parts:
    size = (opcode - 1) % 3
    if size == 0:
        return MOVE, word >> 8 & 0xF, word >> 12, None
    return (MOVE, word >> 8, units[at + 1], None) if size == 1 else (MOVE, units[at + 1], units[at + 2], None)


def _number(units: list[int], at: int, word: int, opcode: int) -> Parts:
    register = word >> 8
    if opcode == 0x12:
        return NUMBER, register & 0xF, _s(word >> 12, 4), None
    if opcode in (0x13, 0x16):
        return NUMBER, register, _s(units[at + 1], 16), None
    if opcode in (0x14, 0x17):
        return NUMBER, register, _s(_wide(units, at + 1), 32), None
    if opcode == 0x15:
        return NUMBER, register, _s(units[at + 1], 16) << 16, None
    if opcode == 0x19:
        return NUMBER, register, _s(units[at + 1], 16) << 48, None
    return NUMBER, register, _s(_wide(units, at + 1) | _wide(units, at + 3) << 32, 64), None


def _string(units: list[int], at: int, word: int, opcode: int) -> Parts:
    return STRING, word >> 8, _wide(units, at + 1) if opcode == 0x1B else units[at + 1], None


def _one(what: int) -> Any:
    return lambda units, at, word, opcode: (what, word >> 8, None, None)


def _one_index(what: int) -> Any:
    return lambda units, at, word, opcode: (what, word >> 8, units[at + 1], None)


def _two_index(what: int) -> Any:
    return lambda units, at, word, opcode: (what, word >> 8 & 0xF, word >> 12, units[at + 1])


def _filled(units: list[int], at: int, word: int, opcode: int) -> Parts:
    if opcode == 0x25:
        return FILLED, tuple(range(units[at + 2], units[at + 2] + (word >> 8))), units[at + 1], None
    return FILLED, dalvik.arguments(units, at), units[at + 1], None


def _invoke(units: list[int], at: int, word: int, opcode: int) -> Parts:
    packed = units[at + 2]
    if opcode > 0x73:
        return INVOKE, opcode - 6, tuple(range(packed, packed + (word >> 8))), units[at + 1]
    five = (packed & 0xF, packed >> 4 & 0xF, packed >> 8 & 0xF, packed >> 12, word >> 8 & 0xF)
    return INVOKE, opcode, five[: word >> 12], units[at + 1]


def _if(units: list[int], at: int, word: int, opcode: int) -> Parts:
    if opcode < 0x38:
        return IF, opcode, word >> 8 & 0xF, word >> 12
    return IF, opcode - 6, word >> 8, None


def _three(what: int) -> Any:
    def parts(units: list[int], at: int, word: int, opcode: int) -> Parts:
        return what, word >> 8, units[at + 1] & 0xFF, units[at + 1] >> 8

    return parts


def _compare(units: list[int], at: int, word: int, opcode: int) -> Parts:
    return BINARY, word >> 8, (units[at + 1] & 0xFF, units[at + 1] >> 8), opcode


def _binary_two(units: list[int], at: int, word: int, opcode: int) -> Parts:
    register = word >> 8 & 0xF
    return BINARY, register, (register, word >> 12), opcode - 0x20


def _literal(units: list[int], at: int, word: int, opcode: int) -> Parts:
    if opcode < 0xD8:
        kind = 0x91 if opcode == 0xD1 else opcode - 0xD0 + 0x90
        return LITERAL, word >> 8 & 0xF, (word >> 12, _s(units[at + 1], 16)), _REVERSED if opcode == 0xD1 else kind
    kind = _REVERSED if opcode == 0xD9 else opcode - 0xD8 + 0x90
    return LITERAL, word >> 8, (units[at + 1] & 0xFF, _s(units[at + 1] >> 8, 8)), kind


_REVERSED = 0x1000
"""Word for reversed subtraction, which has no three-register form."""
REVERSED = _REVERSED


def _makers() -> list[Any]:
    table: list[Any] = [None] * 256

    def fill(first: int, last: int, maker: Any) -> None:
        table[first : last + 1] = [maker] * (last - first + 1)

    fill(0x01, 0x09, _move)
    fill(0x0A, 0x0C, _one(RESULT))
    table[0x0D] = _one(CAUGHT)
    table[0x0E] = lambda units, at, word, opcode: (RETURN, None, None, None)
    fill(0x0F, 0x11, _one(RETURN))
    fill(0x12, 0x19, _number)
    fill(0x1A, 0x1B, _string)
    table[0x1C] = _one_index(CLASS)
    table[0x1F] = _one_index(CAST)
    table[0x20] = _two_index(IS)
    table[0x21] = lambda units, at, word, opcode: (LENGTH, word >> 8 & 0xF, word >> 12, None)
    table[0x22] = _one_index(NEW)
    table[0x23] = _two_index(ARRAY)
    fill(0x24, 0x25, _filled)
    table[0x26] = _one(TABLE)
    table[0x27] = _one(THROW)
    fill(0x2B, 0x2C, _one(SWITCH))
    fill(0x2D, 0x31, _compare)
    fill(0x32, 0x3D, _if)
    fill(0x44, 0x4A, _three(AGET))
    fill(0x4B, 0x51, _three(APUT))
    fill(0x52, 0x58, _two_index(IGET))
    fill(0x59, 0x5F, _two_index(IPUT))
    fill(0x60, 0x66, _one_index(SGET))
    fill(0x67, 0x6D, _one_index(SPUT))
    fill(0x6E, 0x72, _invoke)
    fill(0x74, 0x78, _invoke)
    fill(0x7B, 0x8F, lambda units, at, word, opcode: (UNARY, word >> 8 & 0xF, word >> 12, opcode))
    fill(0x90, 0xAF, _compare)
    fill(0xB0, 0xCF, _binary_two)
    fill(0xD0, 0xE2, _literal)
    return table


_MAKERS = _makers()
