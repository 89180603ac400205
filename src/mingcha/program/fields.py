"""Where code uses the fields of a program: which methods, and at which instruction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from mingcha.formats.numbers import among
from mingcha.program.code import Program

STATIC_WRITES = range(0x67, 0x6E)
"""Opcodes that write static fields."""


def writes(program: Program, cls: bytes, name: bytes) -> list[tuple[int, int]]:
    """Every method and unit that writes a static field of the app, in any image."""
    return list(users(program, [(cls, name)], STATIC_WRITES))


def users(program: Program, fields: Iterable[tuple[bytes, bytes]], opcodes: range) -> Iterator[tuple[int, int]]:
    """Methods and units with an instruction of these opcodes on one of these fields."""
    wanted = list(fields)
    for image, one in enumerate(program.images):
        dex, numbers = one.dex, []
        for cls, name in wanted:
            kind = dex.find_type(cls)
            ids = dex.fields_of(kind) if kind is not None else ()
            numbers += [n for n in ids if dex.member_bytes(n, field=True) == name]
        if numbers:
            yield from found_at(program, image, opcodes, numbers)


def found_at(program: Program, image: int, opcodes: range, numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Methods and units with an instruction of these opcodes and one of these numbers behind it."""
    at, value = program.naming(image, opcodes)
    units = at[among(value, numbers)]
    rows = np.searchsorted(program.images[image].dex.methods.first, units, side="right") - 1
    return list(zip((program.bases[image] + rows).tolist(), units.tolist(), strict=True))
