"""Sets of numbers in arrays, against numpy's own."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from mingcha.formats.numbers import among, distinct


@pytest.mark.parametrize("high", [3, 300, 1 << 31])
def test_as_numpy_says(high: int) -> None:
    """Both agree with numpy on random numbers, near and far apart, negative ones among them."""
    chance = np.random.default_rng(7)
    for size in (0, 1, 5, 2000):
        values = chance.integers(-2, high, size)
        wanted = chance.integers(0, high, 40)
        assert distinct(values).tolist() == np.unique(values).tolist()
        assert among(values, wanted.tolist()).tolist() == np.isin(values, wanted).tolist()
        assert not among(values, ()).any()


def test_bytes_are_looked_up_too() -> None:
    """Values of few bits are compared with numbers beyond them."""
    assert among(np.array([1, 255], np.uint8), [255, 1 << 30]).tolist() == [False, True]


def test_no_masked_arrays_are_loaded() -> None:
    """Neither function imports numpy's masked arrays."""
    code = (
        "import sys, numpy as np\nfrom mingcha.formats.numbers import among, distinct\n"
        "v = np.arange(9)\ndistinct(v); among(v, [1, 1 << 40]); among(v, [3])\nsys.exit('numpy.ma' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
