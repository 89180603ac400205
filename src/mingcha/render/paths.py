"""A way through code in words: every step with its method, what it does, and where that stands."""

from __future__ import annotations

from collections.abc import Sequence

from mingcha.model.words import Step
from mingcha.render.reading import Reading
from mingcha.render.spots import member, place_of, spot_of
from mingcha.render.view import Path, Stop

HEAD, TAIL = 9, 9
"""Steps shown of a long path, from both ends: where it comes from and where it goes tell most."""


def path(reading: Reading, steps: Sequence[Step]) -> Path:
    """The path; all of it where a program reads the page, else its ends."""
    left = len(steps) - HEAD - TAIL
    if reading.full or left <= 1:
        return Path(_stops(reading, steps))
    said = reading.words.say("stops_left_out", count=left)
    return Path(_stops(reading, steps[:HEAD]), said, _stops(reading, steps[-TAIL:]), len(steps) - TAIL + 1)


def _stops(reading: Reading, steps: Sequence[Step]) -> tuple[Stop, ...]:
    return tuple(_stop(reading, step) for step in steps)


def _stop(reading: Reading, step: Step) -> Stop:
    return Stop(
        method=member(reading, step.method),
        does=reading.words.say(f"step_{step.does}", what=member(reading, step.place.quote)),
        place=place_of(reading, step.place),
        spot=spot_of(reading, step.place),
    )
