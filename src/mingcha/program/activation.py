"""What the interpreter keeps of calls: the one being run, what earlier ones gave, and how many steps are left."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from mingcha.errors import MingchaError
from mingcha.program.code import Method
from mingcha.program.heap import Heap
from mingcha.program.values import NOTHING, Taints, Thing, Value, join
from mingcha.program.world import World

_PATIENCE = 2


class SpentError(MingchaError):
    """The steps allowed for one root are used up."""


@dataclass(slots=True)
class Budget:
    """Instructions that may still be interpreted."""

    left: int

    def take(self, count: int) -> None:
        """Use some. Raises SpentError."""
        self.left -= count
        if self.left < 0:
            raise SpentError("the steps allowed are used up")


class Outcome(NamedTuple):
    """What a call gives back, what it throws, and what it changed (a layer over the caller's heap)."""

    value: Value
    thrown: Value
    heap: Heap


@dataclass(slots=True)
class Known:
    """What earlier calls of a method gave: ``carried`` was handed to each parameter, ``born`` came back and was not handed over.

    ``through`` is what came back of each parameter: all that hangs on an object does not come back with a part of it.
    """

    runs: int = 0
    carried: tuple[Taints, ...] = ()
    born: Taints = frozenset()
    through: tuple[Taints, ...] = ()
    value: Value = NOTHING
    thrown: Value = NOTHING

    def take(self, carried: tuple[Taints, ...], outcome: Outcome) -> None:
        """Learn from one more call."""
        self.runs += 1
        nothing: tuple[Taints, ...] = (frozenset(),) * len(carried)
        back = outcome.value.taints
        self.carried = tuple(a | b for a, b in zip(self.carried or nothing, carried, strict=True))
        self.through = tuple(a | b & back for a, b in zip(self.through or nothing, carried, strict=True))
        self.born |= outcome.value.taints.difference(*carried)
        self.value = join(self.value, outcome.value)
        self.thrown = join(self.thrown, outcome.thrown)

    def settled(self, carried: tuple[Taints, ...], runs: int) -> bool:
        """Whether enough calls were handed all this, parameter by parameter; more of them if some of it never came back."""
        if self.runs < runs or not all(a <= b for a, b in zip(carried, self.carried, strict=True)):
            return False
        return self.runs >= _PATIENCE * runs or all(a <= b for a, b in zip(carried, self.through, strict=True))

    def makes(self, number: int) -> list[Thing]:
        """The objects that the method ``number`` itself made and gave back."""
        return [of for of in sorted(self.value.things) if of.site is not None and of.site.method == number]

    def given(self, carried: tuple[Taints, ...]) -> Value:
        """What a call gives that hands over this."""
        ever = {taint.source for taints in self.carried for taint in taints}
        now = {taint.source for taints in carried for taint in taints}
        born = frozenset(t for t in self.born if t.source in now or t.source not in ever)  # changed on the way, or new
        back = born.union(*(a & b for a, b in zip(carried, self.through, strict=True)))
        return Value(self.value.constants, self.value.things, back)


@dataclass(slots=True)
class Activation:
    """One call being interpreted: which method, in which chain of calls, and what decided that it runs."""

    world: World
    method: Method
    context: int
    depth: int
    decided: Taints
    above: Activation | None = None
    idle: int = 0
    """Calls in a row, this one last, of methods that lead nowhere."""
    fresh: set[Thing] = field(default_factory=set)
    """Objects first made while this call runs."""

    def entered(self, number: int) -> int:
        """How often a method is already being interpreted in this chain."""
        count, step = 0, self
        while step is not None:
            count += step.method.number == number
            step = step.above  # type: ignore[assignment]
        return count
