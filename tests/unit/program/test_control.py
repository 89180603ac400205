"""A condition decides about what runs on one of its ways and not on all: up to where they meet."""

from __future__ import annotations

import pytest

from mingcha.program.control import influence
from mingcha.program.decode import Block, Body


def decided(block: int, *after: tuple[int, ...]) -> set[int]:
    """The blocks about which a block decides, in a method whose blocks lead to these."""
    return set(influence(Body(1, 0, [Block([], ways) for ways in after], list(range(len(after))), 0))(block))


def test_both_ways_of_a_branch() -> None:
    """Of if and else each, but not what comes behind both."""
    assert decided(0, (1, 2), (3,), (3,), ()) == {1, 2}


def test_one_way_only() -> None:
    """Without an else the branch alone."""
    assert decided(0, (1, 2), (2,), ()) == {1}


def test_one_way_ends_the_method() -> None:
    """What comes after a way that returns runs only on the other way."""
    assert decided(0, (1, 2), (), (3,), ()) == {1, 2, 3}


def test_a_loop_decides_about_its_body_and_itself() -> None:
    """The condition of a loop decides whether its body and it itself run again, not about what follows."""
    assert decided(0, (1, 2), (0,), ()) == {0, 1}


def test_nested() -> None:
    """The outer condition decides about all of the inner one, the inner about its own branch."""
    graph = ((1, 4), (2, 3), (3,), (4,), ())
    assert (decided(0, *graph), decided(1, *graph)) == ({1, 2, 3}, {2})


def test_a_switch() -> None:
    """Every case is decided about, also one that falls through into the next."""
    assert decided(0, (1, 2, 3), (2,), (4,), (4,), ()) == {1, 2, 3}


def test_straight_code() -> None:
    """A block with one way on decides about nothing."""
    assert decided(0, (1,), (2,), ()) == set()


@pytest.mark.parametrize("block", [0, 1])
def test_a_loop_without_end(block: int) -> None:
    """A loop that is never left ends the reading nevertheless."""
    assert decided(block, (1,), (0,)) <= {0, 1}
