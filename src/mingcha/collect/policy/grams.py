"""Texts as weighted word and character n-grams of a fixed vocabulary: what the topic model reads.

A unit is a Chinese character, a whole word of Latin letters or a run of digits, so that one code serves both languages.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_UNIT = re.compile(r"[a-z][a-z']*|\d+|\S")
_WORD = 1 << 32
"""Added to the checksum of a word, so that no word is taken for a character."""
_OPEN, _CLOSE, _DIGITS = 2, 3, ord("0")
_FIRST_CHARACTER = 4
_FACTORS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], np.uint64)
_LAST = np.uint64(0xD6E8FEB86659FD93)
_ROW = np.uint64(32)
_HASH = np.uint64(0xFFFFFFFF)


class Grams(NamedTuple):
    """n-grams by row: ``rows`` ascending, the 32-bit ``hashes``, and how often each stands in its row."""

    rows: NDArray[np.int64]
    hashes: NDArray[np.uint32]
    counts: NDArray[np.int64]


class Rows(NamedTuple):
    """A sparse matrix: the entries of row i are ``ids[starts[i]:starts[i + 1]]`` with their ``values``."""

    starts: NDArray[np.int64]
    ids: NDArray[np.int64]
    values: NDArray[np.float32]


class Vocabulary(NamedTuple):
    """Known n-grams as sorted hashes: ``short`` those of one and two units, ``long`` those of three; and how telling each is."""

    short: NDArray[np.uint32]
    long: NDArray[np.uint32]
    weight: NDArray[np.float32]


def units(texts: Sequence[str]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The units of all texts one after another, each text between two marks, and the row of every unit."""
    known: dict[str, int] = {}
    codes: list[int] = []
    sizes: list[int] = []
    for text in texts:
        before = len(codes)
        codes.append(_OPEN)
        codes += [ord(unit) if len(unit) == 1 else _code(unit, known) for unit in _UNIT.findall(text)]
        codes.append(_CLOSE)
        sizes.append(len(codes) - before)
    numbers = np.array(codes, np.uint64)
    numbers[(numbers >= ord("0")) & (numbers <= ord("9"))] = _DIGITS
    return numbers, np.repeat(np.arange(len(texts)), sizes)


def _code(unit: str, known: dict[str, int]) -> int:
    if unit not in known:
        known[unit] = _DIGITS if unit[0].isdigit() else _WORD | zlib.crc32(unit.encode())
    return known[unit]


def grams(codes: NDArray[np.uint64], rows: NDArray[np.int64], lengths: Sequence[int]) -> Grams:
    """All n-grams of these lengths; none crosses from one text into the next."""
    keys = np.concatenate([_keys(codes, rows, length) for length in lengths])
    found, counts = np.unique(keys, return_counts=True)
    return Grams((found >> _ROW).astype(np.int64), (found & _HASH).astype(np.uint32), counts)


def _keys(codes: NDArray[np.uint64], rows: NDArray[np.int64], length: int) -> NDArray[np.uint64]:
    size = max(0, len(codes) - length + 1)
    mixed = np.full(size, length, np.uint64)
    for step in range(length):
        mixed = (mixed ^ codes[step : step + size]) * _FACTORS[step]
        mixed ^= mixed >> np.uint64(29)
    first = rows[:size]
    inside = first == rows[length - 1 : length - 1 + size]
    if length == 1:
        inside &= codes[:size] >= _FIRST_CHARACTER
    keys: NDArray[np.uint64] = (first[inside].astype(np.uint64) << _ROW) | ((mixed[inside] * _LAST) >> _ROW)
    return keys


def weighted(known: Vocabulary, texts: Sequence[str]) -> tuple[Rows, Rows]:
    """The texts as rows of unit length: over the whole vocabulary, and over the short n-grams alone."""
    codes, rows = units(texts)
    short = _known(known.short, 0, grams(codes, rows, (1, 2)))
    long = _known(known.long, len(known.short), grams(codes, rows, (3,)))
    whole = tuple(np.concatenate(pair) for pair in zip(short, long, strict=True))
    order = np.argsort(whole[0], kind="stable")
    return _rows(known, len(texts), *(part[order] for part in whole)), _rows(known, len(texts), *short)


_Part = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]


def _known(hashes: NDArray[np.uint32], offset: int, found: Grams) -> _Part:
    """Rows, ids and counts of those n-grams that are in the vocabulary."""
    at = np.searchsorted(hashes, found.hashes)
    at[at == len(hashes)] = 0
    hit = hashes[at] == found.hashes if len(hashes) else np.zeros(len(at), bool)
    return found.rows[hit], at[hit] + offset, found.counts[hit]


def _rows(
    known: Vocabulary, size: int, rows: NDArray[np.int64], ids: NDArray[np.int64], counts: NDArray[np.int64]
) -> Rows:
    values = (1 + np.log(counts)) * known.weight[ids]
    length = np.sqrt(np.bincount(rows, values * values, minlength=size))
    starts = np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=size))))
    return Rows(starts, ids, (values / length[rows]).astype(np.float32))
