"""Instruction starts found one by one, from the documentation's list of formats: slow, and plain enough to trust."""

from __future__ import annotations

FORMATS = """
10x 00 0e 73 79 7a 3e-43 e3-f9
12x 01 04 07 21 7b-8f b0-cf
11n 12
11x 0a-0d 0f-11 1d 1e 27
10t 28
20t 29
22x 02 05 08
21t 38-3d
21s 13 16
21h 15 19
21c 1a 1c 1f 22 60-6d fe ff
23x 2d-31 44-51 90-af
22b d8-e2
22t 32-37
22s d0-d7
22c 20 23 52-5f
30t 2a
32x 03 06 09
31i 14 17
31t 26 2b 2c
31c 1b
35c 24 6e-72 fc
3rc 25 74-78 fd
45cc fa
4rcc fb
51l 18
"""
"""Each opcode under its format, as the documentation lists them; the first digit of a format is its length in units."""


def opcodes() -> dict[int, int]:
    """Length of each opcode by the table above."""
    found = {}
    for name, *entries in (line.split() for line in FORMATS.split("\n") if line):
        for entry in entries:
            first, _, last = entry.partition("-")
            found.update(dict.fromkeys(range(int(first, 16), int(last or first, 16) + 1), int(name[0])))
    return found


def slow_walk(code: list[int], first: int, end: int) -> list[int]:
    """Instruction starts one by one, by the table above; the last counts only if it ends within ``end``."""
    length, found, at = opcodes(), [], first
    while at < end:
        word = code[at]
        size = length[word & 0xFF]
        if word in (0x0100, 0x0200, 0x0300) and at + 4 <= len(code):
            count, wide = code[at + 1], code[at + 2] | code[at + 3] << 16
            size = {0x0100: 4 + 2 * count, 0x0200: 2 + 4 * count, 0x0300: 4 + (count * wide + 1) // 2}[word]
        if at + size <= end:
            found.append(at)
        at += size
    return found
