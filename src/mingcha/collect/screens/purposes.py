"""Whether a permission's purpose was told before the system's dialog or with it; null wherever something may have been missed."""

from __future__ import annotations

from mingcha.collect.screens.asking import Question
from mingcha.collect.screens.walk import Walk, WalkStep


def shown(walk: Walk, question: Question) -> bool | None:
    """True where a purpose was read, False only where dialog and what came before were seen whole and none told any."""
    dialog = question.first
    asked = dialog.reading.permission
    if asked is None:
        return None
    if asked.purpose != "none":
        return None if asked.implied else True
    before = _last_own(walk, dialog)
    if before is not None and any(group in before.reading.purposes for group in asked.groups):
        # A consent dialog tells what information is for, not what this permission is asked for: neither way.
        return None if before.kind == "consent" else True
    if before is None or not before.read or before.reading.tells or before.reading.names_groups(asked.groups):
        return None
    if asked.unsure:
        return None
    return False if dialog.read and dialog.moment.picture_read and _unbroken(walk, before, dialog) else None


def _last_own(walk: Walk, dialog: WalkStep) -> WalkStep | None:
    """The app's own screen before the dialog, over other dialogs of the system."""
    for step in reversed(walk.steps[: dialog.number - 1]):
        if step.kind != "permission":
            return step if step.own else None
    return None


def _unbroken(walk: Walk, before: WalkStep, dialog: WalkStep) -> bool:
    """Whether it is known what was done between them."""
    return all(step.led is not None for step in walk.steps[before.number : dialog.number])
