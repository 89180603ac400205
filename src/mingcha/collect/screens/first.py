"""The first run: whether it prompted to read the policy, and the controls that took consent as they were first shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import takewhile

from mingcha.collect.findings import Finding
from mingcha.collect.screens.controls import Tick
from mingcha.collect.screens.walk import Walk, WalkStep
from mingcha.collect.screens.wording import Words
from mingcha.model.artefact import Place
from mingcha.model.fact import ConsentControl, ConsentPrompt

_FIRST = 3
"""The app's own screens within which a first run must have prompted."""
_DECIDED = frozenset({"agree", "refuse", "skip", "tick", "undecided", "grant", "deny", "withdraw"})


def was_clean(walk: Walk, *, told: bool | None) -> bool | None:
    """Whether the run began as a first run: as its record says, or by an installation or clearing before its first screen."""
    if told is not None:
        return told
    led = walk.steps[0].led if walk.steps else None
    return True if led is not None and led.kind in ("install", "clear") else None


def consent(
    walk: Walk, place: Callable[[WalkStep, str], Place], words: Words, *, clean: bool | None
) -> Iterator[Finding]:
    """The prompt, and each control once."""
    yield from _prompt(walk, place, words, clean=clean)
    seen: set[tuple[str | None, str]] = set()
    for step in walk.steps:
        if (step.kind not in ("consent", "login") and step.reading.passive is None) or step.own is not True:
            continue
        key = (step.moment.fingerprint, step.reading.title)
        if key not in seen and step.reading.names_policy:
            seen.add(key)
            yield from _controls(walk, step, place, clean=clean)


def _prompt(
    walk: Walk, place: Callable[[WalkStep, str], Place], words: Words, *, clean: bool | None
) -> Iterator[Finding]:
    shown = next((step for step in walk.steps if _prompts(step)), None)
    if clean and shown is not None:
        yield ConsentPrompt(
            place=place(shown, shown.reading.title if shown.kind == "consent" else ""), shown=True, phase=None
        )
    elif clean and shown is None and covers(walk, words, clean=clean):
        main = next(step for step in walk.steps if step.kind == "main")
        yield ConsentPrompt(place=place(main, ""), shown=False, phase=None)


def _prompts(step: WalkStep) -> bool:
    """A dialog or a page to log in that points to the policy."""
    return step.own is True and step.kind in ("consent", "login") and step.reading.names_policy


def covers(walk: Walk, words: Words, *, clean: bool | None) -> bool:
    """Whether the first run was seen whole: its first screens read, and where none prompted, the main screen reached without a login left out."""
    own = [step for step in walk.steps if step.own]
    early = own[:_FIRST]
    if not clean or len(early) < _FIRST or not all(step.read and step.kind is not None for step in early):
        return False
    if any(step.own is None for step in walk.steps[: early[-1].number]):
        return False
    if any(_prompts(step) for step in own):
        return True
    before_main = list(takewhile(lambda step: step.kind != "main", walk.steps))
    reached = len(before_main) < len(walk.steps)
    unsure = any(step.own is None or not step.read or _may_prompt(step, words) for step in _perhaps_own(walk))
    return reached and not unsure


def _perhaps_own(walk: Walk) -> list[WalkStep]:
    """The app's own screens, and those of which nobody knows whose they are."""
    return [step for step in walk.steps if step.own is not False]


def _may_prompt(step: WalkStep, words: Words) -> bool:
    """Where the policy is named, consent asked or a login offered, a prompt may have been missed."""
    reading = step.reading
    return (
        reading.names_policy
        or reading.kind in ("consent", "login")
        or any(words.has("ui_title_login", offer.plain) for offer in reading.offers)
    )


def _controls(
    walk: Walk, step: WalkStep, place: Callable[[WalkStep, str], Place], *, clean: bool | None
) -> Iterator[Finding]:
    reading = step.reading
    if step.kind == "consent":
        for control, buttons in (("agree", reading.agree), ("refuse", reading.refuse), ("skip", reading.skip)):
            for button in [one for one in buttons if not one.by_place][:1]:
                yield ConsentControl(place=place(step, button.text), control=control)  # type: ignore[arg-type]
    for tick in reading.ticks:
        if tick.means == "consent" and tick.policy:
            state = tick.checked if untouched(walk, step, tick, clean=clean) else None
            yield ConsentControl(place=place(step, tick.text), control="checkbox", checked=state)
    if reading.passive is not None:
        yield ConsentControl(place=place(step, reading.passive), control="implied")


def untouched(walk: Walk, step: WalkStep, tick: Tick, *, clean: bool | None) -> bool:
    """Whether it is a box that shows as the app made it: a first run, and nothing decided or done unseen before."""
    if not clean or tick.checked is None or not tick.surely:
        return False
    earlier = walk.steps[: step.number - 1]
    if any(other.done is not None and other.done.choice in _DECIDED for other in earlier):
        return False
    return all(other.led is not None for other in walk.steps[1 : step.number]) and not any(
        other.kind == step.kind and other.own for other in earlier
    )
