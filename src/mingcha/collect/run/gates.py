"""A page that bars the way after a permission was refused: it stands there, whatever is tried, and nothing else does.

That a function asks for what it needs is no bar, nor is a page that waits for something else and only speaks of the permission. An
app is shut only where it asked by itself, and from the refusal to the end of the walk none of its pages but that one was seen,
though everything on it that does not give in was touched, it was left, and the app started anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mingcha.catalogue.load import Catalogue
from mingcha.collect.run.places import Thing, place_of
from mingcha.collect.screens.asking import Question, questions
from mingcha.collect.screens.items import inside
from mingcha.collect.screens.walk import Walk, WalkStep
from mingcha.collect.screens.wording import Words
from mingcha.errors import FormatError
from mingcha.formats.uidump import read_dump

_GIVES_IN = frozenset({"agree", "grant", "go"})
_GATES = frozenset({"purpose", "other"})


def shut(
    walk: Walk, files: Mapping[str, bytes], words: Words, tables: Catalogue
) -> Iterator[tuple[Question, WalkStep]]:
    """Each refusal of a permission after which the app stayed shut, and the page that barred the way."""
    for question in questions(walk, tables):
        asked = question.first.reading.permission
        if question.first.kind != "permission" or asked is None or not question.refused or question.by != "app":
            continue
        later = walk.steps[question.answered.number :]
        gate = next((step for step in later if step.own is not False), None)
        if gate is None or not _bars(gate, asked.groups) or not _stays(walk, later, gate, question):
            continue
        if _left_and_began_anew(walk, later, gate) and _all_tried(walk, later, gate, files, words):
            yield question, gate


def _bars(gate: WalkStep, groups: tuple[str, ...]) -> bool:
    """Whether a page of the app's own says that what was refused is missing, of nothing else, and could be read whole."""
    reading = gate.reading
    readable = gate.own is True and gate.read and reading.origin == "tree" and gate.moment.fingerprint is not None
    asks_else = bool(reading.fields or reading.ticks or reading.switches)
    only = bool(reading.groups) and set(reading.groups) <= set(groups)
    says = gate.kind == "purpose" or bool(reading.off) or reading.shuts_out
    return readable and gate.kind in _GATES and only and says and not asks_else


def _stays(walk: Walk, later: tuple[WalkStep, ...], gate: WalkStep, question: Question) -> bool:
    """Whether nothing but the page, the same question refused, a picture at the start or the home screen was seen."""
    for step in later:
        again = step.kind == "permission" and _same_question(step, question) and _refused_again(step)
        if not (_is(step, gate) or again or step.kind == "launcher" or _passes(walk, step)):
            return False
    return True


def _is(step: WalkStep, gate: WalkStep) -> bool:
    return step.own is True and step.moment.fingerprint == gate.moment.fingerprint


def _same_question(step: WalkStep, question: Question) -> bool:
    one, other = step.reading.permission, question.first.reading.permission
    return one is not None and other is not None and one.groups == other.groups


def _refused_again(step: WalkStep) -> bool:
    return step.done is not None and step.done.choice == "deny"


def _passes(walk: Walk, step: WalkStep) -> bool:
    """A picture at the start that went by itself."""
    then = walk.after(step)
    began = step.led is not None and step.led.kind == "start"
    return step.kind == "other" and began and then is not None and then.led is not None and then.led.kind == "none"


def _left_and_began_anew(walk: Walk, later: tuple[WalkStep, ...], gate: WalkStep) -> bool:
    """Whether "back" was pressed on it, and the app was started again and led there once more."""
    back = any(
        step.led is not None
        and step.led.kind == "back"
        and (before := walk.before(step)) is not None
        and _is(before, gate)
        for step in later
    )
    starts = [step.number for step in later if step.led is not None and step.led.kind == "start"]
    return back and any(_is(step, gate) for step in later if starts and step.number >= starts[-1])


def _all_tried(
    walk: Walk, later: tuple[WalkStep, ...], gate: WalkStep, files: Mapping[str, bytes], words: Words
) -> bool:
    """Whether everything on it was touched that does not give in."""
    try:
        place = place_of(read_dump(files.get(gate.step.dump or "", b"")), gate.kind, words, walk.package)
    except FormatError:
        return False
    giving = [button.target for button in gate.reading.buttons if button.label in _GIVES_IN]
    others = [thing for thing in (*place.things, *place.contents, *place.others) if thing.box not in giving]
    touched = [
        then.led.at
        for step in later
        if _is(step, gate)
        and (then := walk.after(step)) is not None
        and then.led is not None
        and then.led.at is not None
    ]
    return not place.unsure and place.rolls is None and bool(others) and all(_met(one, touched) for one in others)


def _met(thing: Thing, points: list[tuple[int, int]]) -> bool:
    return any(inside(point, thing.box) for point in points)
