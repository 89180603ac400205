"""Sets of whole numbers in arrays, without what ``np.unique`` and ``np.isin`` load the first time they are called plainly.

numpy then imports its masked arrays, which costs more than reading a small app.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Number = TypeVar("Number", bound=np.integer[Any])
_SPAN = 1 << 22
"""Numbers further apart are looked up in order, not in a table that holds every number between them."""


def distinct(values: NDArray[Number]) -> NDArray[Number]:
    """The values in ascending order, each once."""
    ordered = np.sort(values)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])] if len(ordered) else ordered


def among(values: NDArray[Any], wanted: Iterable[int]) -> NDArray[np.bool_]:
    """For each value whether it is one of those wanted."""
    ordered = np.array(sorted(wanted), np.int64)
    if not len(ordered):
        return np.zeros(len(values), np.bool_)
    if ordered[-1] - ordered[0] < _SPAN:
        return np.isin(values, ordered, kind="table")
    found: NDArray[np.bool_] = ordered[np.searchsorted(ordered, values) % len(ordered)] == values
    return found
