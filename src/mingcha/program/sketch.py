"""A sketch of an app's code: 64 numbers that two apps have in common about as often as they have methods in common.

Each method of some length is told by its opcodes alone, which renaming does not touch. The set of methods is sketched by one-permutation
hashing (Li, Owen and Zhang, NIPS 2012; empty places filled by rotation, Shrivastava and Li, ICML 2014), sixteen bits kept of each minimum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mingcha.formats.dex import Dex

PLACES = 64
_LEAST = 12
"""Instructions a method must have: shorter ones are alike everywhere."""
_STEP = np.uint64(0x100000001B3)
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
Keep = Callable[[bytes], bool]
"""Whether the code of a class, given by its descriptor, belongs into the sketch."""


def sketch(images: Iterable[Dex], keep: Keep) -> tuple[int, ...] | None:
    """The sketch of all methods of the classes that are kept; None where there is no method to go by."""
    found = [_methods(image, keep) for image in images]
    hashes = np.concatenate(found) if found else np.zeros(0, np.uint64)
    return of_hashes(hashes) if len(hashes) else None


def alike(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    """In how many of the 64 places two sketches agree: of n, about n/64 of the methods of both are in both."""
    return sum(a == b for a, b in zip(one, other, strict=True))


def of_hashes(hashes: NDArray[np.uint64]) -> tuple[int, ...]:
    """The least hash of each of 64 places, sixteen bits of it; a place without any takes that of the next that has one."""
    hashes = np.sort(hashes)
    place, value = hashes >> np.uint64(58), hashes & np.uint64((1 << 58) - 1)
    first = np.searchsorted(place, np.arange(PLACES, dtype=np.uint64))
    has = first < len(place)
    has[has] = place[first[has]] == np.arange(PLACES, dtype=np.uint64)[has]
    least = [int(value[at]) & 0xFFFF if there else None for at, there in zip(first.tolist(), has.tolist(), strict=True)]
    return tuple(next(n for n in (*least[at:], *least[:at]) if n is not None) for at in range(PLACES))


def _methods(image: Dex, keep: Keep) -> NDArray[np.uint64]:
    """A number for the opcodes of each method that is long enough."""
    at, methods = image.instructions, image.methods
    if not len(at):
        return np.zeros(0, np.uint64)
    low, high = np.searchsorted(at, methods.first), np.searchsorted(at, methods.end)
    chosen = (high - low >= _LEAST) & _kept(image, keep)
    low, high = low[chosen], high[chosen]
    with np.errstate(over="ignore"):
        sums = np.concatenate(
            [np.zeros(1, np.uint64), np.cumsum(_opcodes(image, at) * _powers(len(at)), dtype=np.uint64)]
        )
        # A method's sum is shifted by where it stands; multiplied by the inverse power it is the same everywhere.
        return _mixed((sums[high] - sums[low]) * _inverses(low))


def _opcodes(image: Dex, at: NDArray[np.int64]) -> NDArray[np.uint64]:
    coded: NDArray[np.uint64] = (image.units[at] & 0xFF).astype(np.uint64) + np.uint64(1)
    return coded


def _powers(count: int) -> NDArray[np.uint64]:
    """1, s, s², … modulo 2⁶⁴."""
    steps = np.full(count, _STEP, np.uint64)
    steps[:1] = 1
    found: NDArray[np.uint64] = np.cumprod(steps, dtype=np.uint64)
    return found


def _inverses(exponents: NDArray[Any]) -> NDArray[np.uint64]:
    """The inverse of s to each of these powers, by squaring."""
    found, power = np.ones(len(exponents), np.uint64), np.uint64(pow(int(_STEP), -1, 1 << 64))
    left = exponents.astype(np.uint64)
    while left.any():
        found = np.where(left & np.uint64(1), found * power, found)
        power, left = power * power, left >> np.uint64(1)
    return found


def _kept(image: Dex, keep: Keep) -> NDArray[np.bool_]:
    """Which methods stand in classes that are kept."""
    classes = image.method_classes[image.methods.ids]
    wanted = [number for number in np.unique(classes).tolist() if keep(image.type_bytes(number))]
    return np.isin(classes, wanted)


def _mixed(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread over all bits (the finaliser of splitmix64)."""
    hashes = (hashes ^ hashes >> np.uint64(30)) * _MIX[0]
    hashes = (hashes ^ hashes >> np.uint64(27)) * _MIX[1]
    return hashes ^ hashes >> np.uint64(31)
