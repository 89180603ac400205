"""Which blocks cannot end in an exception that a program is written to handle, so that their handlers do not run.

Digests and texts are computed by calls that do not fail (the names of algorithms and encodings are written down, and every
Android knows them); still they stand in ``try`` blocks whose handler gives the text back as it was.
"""

from __future__ import annotations

from mingcha.errors import FormatError
from mingcha.program import decode
from mingcha.program.decode import Block, Body, Instruction
from mingcha.program.world import Call, World

_PLAIN = frozenset({
    decode.MOVE, decode.NUMBER, decode.STRING, decode.CLASS, decode.NEW, decode.RETURN, decode.IF, decode.SWITCH, decode.RESULT,
    decode.LENGTH, decode.UNARY, decode.LITERAL, decode.BINARY, decode.IS, decode.SGET, decode.TABLE, decode.CAUGHT, decode.ARRAY,
})  # fmt: skip
_WHOLE = frozenset({
    b"Ljava/security/MessageDigest;", b"Ljava/lang/StringBuilder;", b"Ljava/lang/StringBuffer;", b"Ljava/lang/Byte;",
    b"Ljava/lang/Math;", b"Ljava/util/Locale;",
})  # fmt: skip
_SOME = frozenset({
    (b"Ljava/lang/String;", name)
    for name in (b"<init>", b"getBytes", b"length", b"format", b"valueOf", b"toUpperCase", b"toLowerCase", b"toCharArray")
} | {(b"Ljava/lang/Integer;", b"toHexString"), (b"Ljava/lang/Integer;", b"toString"), (b"Ljava/lang/Object;", b"<init>")})  # fmt: skip
_DIVIDING = frozenset({0x93, 0x94, 0x9E, 0x9F})
_ARRAYS = (decode.LENGTH, decode.ARRAY, decode.SGET)


def quiet(world: World, image: int, body: Body, block: Block, *, deep: bool = True) -> bool:
    """Whether nothing in a block fails; an element of a table, an array made here, or one whose length is asked for, is there."""
    refs = world.refs[image]
    arrays: set[int] | None = None
    for i in block.code:
        if i[0] == decode.INVOKE:
            ref = refs.call(i[4])
            if not (ref.cls in _WHOLE or (ref.cls, ref.name) in _SOME or (deep and _own(world, ref))):
                return False
        elif i[0] in (decode.AGET, decode.APUT):
            if arrays is None:
                arrays = {_of(j) for other in body.blocks for j in other.code if j[0] in _ARRAYS}
            if i[3] not in arrays:
                return False
        elif (i[0] == decode.BINARY and i[4] in _DIVIDING) or i[0] not in _PLAIN:
            return False
    return True


def _of(i: Instruction) -> int:
    """The array that is made, read from a static field, or measured."""
    register: int = i[3] if i[0] == decode.LENGTH else i[2]
    return register


def _own(world: World, ref: Call) -> bool:
    """Whether a method of the app itself cannot fail: one that writes bytes as text."""
    number = world.program.members(ref.cls).get(ref.signature) if ref.cls in world.program.classes else None
    method = world.program.method(number) if number is not None else None
    if number is None or method is None or not method.static:
        return False
    try:
        body = world.body(number)
    except FormatError:
        return False
    return bool(body.blocks) and all(quiet(world, method.image, body, block, deep=False) for block in body.blocks)
