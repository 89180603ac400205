"""Another application opened from inside: what the question before it named, and what was answered to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec

from mingcha.catalogue.load import Catalogue
from mingcha.collect.run.pages import Page
from mingcha.collect.screens.choices import control_at
from mingcha.collect.screens.controls import Button
from mingcha.collect.screens.walk import Walk, WalkStep
from mingcha.collect.screens.wording import Words
from mingcha.model.artefact import Place
from mingcha.model.fact_observed import ThirdPartyOpened

_YES, _NO = frozenset({"agree", "go"}), frozenset({"refuse", "cancel"})
"""To leave may be to leave the app for the other one."""


def answered(
    found: ThirdPartyOpened,
    walk: Walk,
    pages: Sequence[Page],
    place: Callable[[str, str], Place],
    words: Words,
    tables: Catalogue,
) -> ThirdPartyOpened:
    """The fact with the answer given before: agreed, with what the question said would go along, or refused and opened all the same.

    Where nothing was asked right before, or nobody can tell what was touched, ``consent`` is not known.
    """
    steps = [
        s for s in walk.steps if s.reading.package == found.name and place(s.file, "").sha256 == found.place.sha256
    ]
    answers = {_answer(walk, step) for step in steps}
    consent = answers.pop() if len(answers) == 1 else None
    before = walk.before(steps[0]) if steps else None
    named = _named(before, pages, words, tables) if consent and before is not None else ()
    time = steps[0].led.time if steps and steps[0].led is not None else None
    return msgspec.structs.replace(found, consent=consent, information=named, time=time)


def _answer(walk: Walk, step: WalkStep) -> bool | None:
    """What was answered to a question whether to pass something on to whoever is opened."""
    before = walk.before(step)
    if before is None or step.led is None or before.reading.leads_out is None or not before.reading.shares:
        return None
    met = control_at(before.reading, step.led)
    if not isinstance(met, Button):
        return None
    return True if met.label in _YES else False if met.label in _NO else None


def _named(before: WalkStep, pages: Iterable[Page], words: Words, tables: Catalogue) -> tuple[str, ...]:
    """The information that the question says goes along."""
    texts = [item.plain for page in pages if page.step is before for item in page.sheet.texts]
    said = [plain for plain in texts if words.has("ui_shares", plain)]
    kinds = [
        kind for plain in said for language in sorted(tables.terms) for kind, *_ in tables.terms[language].named(plain)
    ]
    return tuple(dict.fromkeys(kinds))
