"""Whether a permission's purpose was told before the system's dialog or with it; null wherever something may have been missed."""

from __future__ import annotations

from mingcha.collect.screens.asking import Question
from mingcha.collect.screens.walk import Walk, WalkStep
from mingcha.formats.uidump import Box


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
    if asked.unsure or _told_earlier(walk, before, asked.groups) or _led_on(walk, before):
        return None
    return False if dialog.read and dialog.moment.picture_read and _unbroken(walk, before, dialog) else None


def _last_own(walk: Walk, dialog: WalkStep) -> WalkStep | None:
    """The app's own screen before the dialog, over other dialogs of the system."""
    for step in reversed(walk.steps[: dialog.number - 1]):
        if step.kind != "permission":
            return step if step.own else None
    return None


def _told_earlier(walk: Walk, before: WalkStep, groups: tuple[str, ...]) -> bool:
    """Whether any own screen before speaks of such a permission: the purpose may have been told there."""
    return any(
        step.own is not False and step.kind != "permission" and step.reading.names_groups(groups)
        for step in walk.steps[: before.number - 1]
    )


def _led_on(walk: Walk, before: WalkStep) -> bool:
    """Whether a button that goes on or agrees was touched on the app's own screen: a page that explains, in words we do not know."""
    follower = walk.after(before)
    at = follower.led.at if follower and follower.led else None
    return at is not None and any(_in(button.target, at) for button in before.reading.buttons)


def _in(box: Box, at: tuple[int, int]) -> bool:
    left, top, right, bottom = box
    return left <= at[0] <= right and top <= at[1] <= bottom


def _unbroken(walk: Walk, before: WalkStep, dialog: WalkStep) -> bool:
    """Whether it is known what was done between them."""
    return all(step.led is not None for step in walk.steps[before.number : dialog.number])
