"""Where information goes in the code of a case: the one entrance to the interpreter.

Every component of every app is run over abstract values, inside the budget of steps; what is not looked into is told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mingcha.program.activation import Budget, SpentError
from mingcha.program.calls import Caller
from mingcha.program.code import Program
from mingcha.program.library import Library, Model
from mingcha.program.lives import Lives
from mingcha.program.outward import Outward
from mingcha.program.relevance import Relevance
from mingcha.program.session import Leak, Session
from mingcha.program.surroundings import Surroundings, View
from mingcha.program.world import World

WHOLE = 12_000
"""Units of code up to which every component's whole life is run; beyond that only what information touches."""
WHOLE_STEPS = 8_000
"""Instructions interpreted for whole lives; if they do not suffice, only what information touches is run after all."""
STEPS, DEEP = 32_000, 2_000_000
"""Instructions interpreted for one case at most, by default and where time does not matter."""


@dataclass(frozen=True, slots=True)
class Flows:
    """What leaves; ``spent``: the budget ended it before everything was run; ``cut`` methods were too long, deep or broken."""

    leaks: tuple[Leak, ...]
    spent: bool
    cut: int
    steps: int
    beyond: int | None = None
    """Callers and readers left out; None where every component's whole life was run."""


@dataclass(frozen=True, slots=True)
class App:
    """One app of a case. With ``relevance`` only what leads to ``sources`` (methods where information enters) may be read."""

    program: Program
    around: Surroundings
    relevance: Relevance | None = None
    sources: frozenset[int] = frozenset()
    loaded: frozenset[int] = frozenset()
    """Images that a class loader brings in: their code may run though nothing is seen to call it."""


def _world(number: int, app: App, model: Model) -> World:
    world = World(number, app.program, Library(app.program, model), app.around)
    world.relevance = app.relevance
    world.reach, world.loaded = app.relevance, app.loaded
    return world


def _lived(lives: Lives, steps: int) -> bool:
    """Run the whole life of every component; whether the steps allowed for it sufficed."""
    allowed, lives.machine.budget = lives.machine.budget, Budget(steps)
    for world in lives.session.worlds:
        world.relevance = None
    try:
        lives.run()
    except SpentError:
        return False
    finally:
        allowed.take(min(allowed.left, steps - max(lives.machine.budget.left, 0)))
        lives.machine.budget = allowed
    return True


def _size(world: World, app: App) -> int:
    """How much code of the app can run and is read, in units."""
    if app.relevance is None:
        return 0
    total = 0
    for image, sizes in enumerate(app.program.sizes(app.relevance.reached())):
        for kind, units in sizes.items():
            if not world.library.foreign(app.program.images[image].dex.type_bytes(kind)):
                total += units
                if total > WHOLE:
                    return total
    return total


def flows(
    apps: Sequence[App],
    model: Model,
    *,
    owner: Callable[[int, bytes], str | None],
    asked: Callable[[View], str | None],
    implicit: bool = False,
    steps: int = STEPS,
) -> Flows:
    """All flows of a case. ``owner`` tells whose code a class of an app is, ``asked`` what a person types into a view."""
    if not any(app.sources or app.relevance is None for app in apps):
        return Flows((), spent=False, cut=0, steps=0)  # where nothing enters, nothing leaves
    worlds = [_world(n, app, model) for n, app in enumerate(apps)]
    session = Session(worlds, owner, asked)
    machine = Caller(Budget(steps), implicit, session=session)
    spent = False
    lives = Lives(session, machine)
    outward = Outward(lives)
    lived = False
    whole = sum(_size(world, app) for world, app in zip(worlds, apps, strict=True)) <= WHOLE
    try:
        lived = whole and _lived(lives, min(WHOLE_STEPS, steps))
        if not lived:
            for world, app in zip(worlds, apps, strict=True):
                world.relevance = app.relevance
            outward.run([(world.number, app.sources) for world, app in zip(worlds, apps, strict=True)])
    except SpentError:
        spent = True
    leaks = tuple(session.leaks[key] for key in sorted(session.leaks, key=repr))
    return Flows(leaks, spent, len(machine.cut), steps - machine.budget.left, None if lived else outward.missed)
