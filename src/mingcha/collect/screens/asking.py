"""Questions in a walk: when each was put, by whom, what was answered, and what the app did after a no."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from mingcha.catalogue.load import Catalogue
from mingcha.collect.screens.choices import subject
from mingcha.collect.screens.permissions import opens_information, permissions_of
from mingcha.collect.screens.walk import Walk, WalkStep, moment_of, soon

Asker = Literal["app", "person"]
_QUESTIONS = frozenset({"consent", "permission"})
_PAGES = frozenset({
    "main", "login", "settings", "account", "policy", "cancellation", "complaint", "personalisation", "sdk_list", "correction",
    "deletion", "withdrawal",
})  # fmt: skip
"""Kinds of screen that an app shows only where it goes on."""
_HOURS = 48.0
_NO = frozenset({"refuse", "deny"})
_ANSWERS = _NO | {"agree", "grant", "skip"}
_FADING = timedelta(seconds=2)
"""How long a dialog that was answered may still be seen."""
_GONE = timedelta(seconds=15)
"""How long after a refusal the app's end is taken for its answer."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question put once: ``steps`` are the moments it stood on the screen, ``by`` whose doing it was (null: not known)."""

    about: str | None
    steps: tuple[WalkStep, ...]
    by: Asker | None

    @property
    def first(self) -> WalkStep:
        """The moment it appeared."""
        return self.steps[0]

    @property
    def last(self) -> WalkStep:
        """The last moment it was seen."""
        return self.steps[-1]

    @property
    def answered(self) -> WalkStep:
        """The moment of its last answer, or where there is none the last it was seen."""
        return next((step for step in reversed(self.steps) if _answered(step)), self.last)

    @property
    def refused(self) -> bool:
        """Whether the answer was a clear no; putting it off is none."""
        done = self.answered.done
        return done is not None and done.choice in _NO


def questions(walk: Walk, tables: Catalogue) -> list[Question]:
    """All questions in order; reading the policy in between is still the same one."""
    found: list[Question] = []
    for step in walk.steps:
        if step.kind not in _QUESTIONS:
            continue
        about = subject(step.reading, tables)
        if found and found[-1].about == about and _goes_on(found[-1].last, step, walk):
            found[-1] = Question(about, (*found[-1].steps, step), found[-1].by)
        else:
            found.append(Question(about, (step,), _asker(walk, step)))
    return found


def _goes_on(last: WalkStep, step: WalkStep, walk: Walk) -> bool:
    """Whether only reading lies between two moments of a question that nobody answered meanwhile, or it is only fading."""
    between = walk.steps[last.number : step.number - 1]
    if _answered(last):
        same = last.moment.fingerprint is not None and last.moment.fingerprint == step.moment.fingerprint
        then = walk.after(step)
        stood = _answered(step) and then is not None and not soon(step, then, _FADING)
        return same and not between and not stood
    return all(other.kind in ("policy", "sdk_list") for other in between) and _steady(step)


def _steady(step: WalkStep) -> bool:
    return step.led is None or step.led.kind in ("tap", "swipe", "back", "none", "type")


def _asker(walk: Walk, step: WalkStep) -> Asker | None:
    """A start, or an answer just given, lets the app ask by itself; a tap anywhere else may have started the function."""
    while step.led is not None and step.led.kind == "none" and step.number > 1:
        step = walk.steps[step.number - 2]  # it came by itself: what was done before that?
    before = walk.before(step)
    if before is None or before.kind == "launcher":
        return "app"
    if step.led is None:
        return None
    if step.led.kind in ("start", "none"):
        return "app"
    if step.led.kind == "tap" and before.kind in _QUESTIONS and _answered(before):
        return "app"
    if before.kind in ("purpose", None):
        return None
    return "person" if step.led.kind == "tap" else None


def _answered(step: WalkStep) -> bool:
    return step.done is not None and step.done.choice in _ANSWERS


def repeated(walk: Walk, asked: list[Question]) -> Iterator[tuple[Question, int, float, Question]]:
    """For each subject that was refused: the refusal, how often it was asked again within 48 hours, hours to the last."""
    best: dict[str, tuple[Question, int, float, Question]] = {}
    for number, question in enumerate(asked):
        refused_at = moment_of(question.answered)
        if question.about is None or not question.refused or refused_at is None:
            continue
        stayed = left(walk, question) is False
        later = [
            other for other in asked[number + 1 :] if _same(question, other) and not _begun_anew(walk, question, other)
        ]
        again = list(_again(question, later, refused_at, stayed=stayed))
        if again and len(again) > best.get(question.about, (question, 0, 0.0, question))[1]:
            best[question.about] = (question, len(again), max(hours for _, hours in again), again[-1][0])
    yield from (best[about] for about in sorted(best))


def _same(one: Question, other: Question) -> bool:
    """Whether two questions are one: for the same permission, or in the same words, for there are many papers to agree to."""
    if one.about != other.about:
        return False
    marks = [(asked.first.reading.title or None, asked.first.moment.fingerprint) for asked in (one, other)]
    alike = any(here is not None and here == there for here, there in zip(*marks, strict=True))
    return one.about != "policy" or alike or other.first.reading.asks_again


def _begun_anew(walk: Walk, one: Question, other: Question) -> bool:
    """Whether the app was installed anew or its data cleared between two questions: then it knows of no refusal."""
    between = walk.steps[one.last.number : other.first.number]
    return any(step.led is not None and step.led.kind in ("clear", "install") for step in between)


def _again(
    question: Question, later: list[Question], refused_at: datetime, *, stayed: bool
) -> Iterator[tuple[Question, float]]:
    """Later askings of the app's own for the same, with hours since the refusal, until one was answered with yes.

    An app that ended with the refusal may ask at its next start; only one that went on and asks again is counted then.
    """
    last = question
    for other in later:
        hours = _hours(other, refused_at)
        if hours is not None and (stayed or _follows(last, other)):
            yield other, hours
            last = other
        if not other.refused:
            return


def _hours(other: Question, refused_at: datetime) -> float | None:
    seen = moment_of(other.first)
    if other.by != "app" or seen is None or (seen.tzinfo is None) != (refused_at.tzinfo is None):
        return None
    hours = (seen - refused_at).total_seconds() / 3600
    return round(hours, 2) if 0 <= hours <= _HOURS else None


def bursts(walk: Walk, asked: list[Question], tables: Catalogue) -> Iterator[tuple[list[Question], bool | None]]:
    """Two or more permissions that open information, asked with no screen of the app between; and whether refusing all ended it."""
    row: list[Question] = []
    for question in [*asked, None]:
        if question is not None and question.first.kind == "permission" and (not row or _follows(row[-1], question)):
            row.append(question)
            continue
        if row:
            yield from _burst(walk, row, tables)
        row = [question] if question is not None and question.first.kind == "permission" else []


def _follows(one: Question, other: Question) -> bool:
    led = other.first.led
    return other.first.number == one.last.number + 1 and led is not None and led.kind in ("tap", "none")


def _burst(walk: Walk, row: list[Question], tables: Catalogue) -> Iterator[tuple[list[Question], bool | None]]:
    personal = {q.about: q for q in row if q.about is not None and opens_information(q.about, tables)}
    if len(personal) < 2:
        return
    all_refused = all(question.refused for question in row)
    yield list(personal.values()), left(walk, row[-1]) if all_refused else None


def left(walk: Walk, question: Question) -> bool | None:
    """Whether the app was gone after the tap that answered a question; None where that was not seen."""
    then = walk.after(question.answered)
    if then is None or then.led is None or then.led.kind != "tap":
        return None
    stands = walk.settled(then, _GONE)
    if stands.kind == "launcher":
        return True
    if not stands.own or stands.kind in (None, "consent"):
        return None
    if _only_leaves(stands):
        out = walk.after(stands)
        pressed = out is not None and out.led is not None and out.led.kind in ("tap", "none")
        return True if out is not None and pressed and out.kind == "launcher" else None
    return False if _goes_on_working(walk, stands) else None


def _only_leaves(step: WalkStep) -> bool:
    """A notice whose only way on is out of the app."""
    labels = {button.label for button in step.reading.buttons}
    return labels == {"leave"} and step.kind in ("other", "consent", "purpose")


def _goes_on_working(walk: Walk, stands: WalkStep) -> bool:
    """Whether a page of the app stood there, then or later before it was started again."""
    for step in walk.steps[stands.number - 1 :]:
        started = step is not stands and step.led is not None and step.led.kind == "start"
        if started or step.kind == "launcher":
            return False
        if step.own and step.kind in _PAGES:
            return True
    return False


def permissions_in(question: Question, tables: Catalogue) -> tuple[str, ...]:
    """The permissions that a question names."""
    asked = question.first.reading.permission
    return permissions_of(asked.groups, tables) if asked is not None else ()
