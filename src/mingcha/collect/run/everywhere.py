"""Whether a walk has been everywhere in an app, so that what it did not pass is not there.

A walk is whole only if all of this holds; one thing missing, and nothing is said:

- the record says that no touch is missing, and whether somebody was signed in (or that the app has no accounts), and no screen
  speaks against it;
- every screen of the app was read from its tree, had loaded, and lay in the app's own window;
- of every page reached, each thing that answers a touch was touched, but those that are known to lead nowhere (`places`);
- every page that can be scrolled was scrolled until nothing came any more.

And then only of a target to which not even a label on any page comes near: a reader that does not know a page accuses nobody.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

from mingcha.collect.run.walked import ASKS, PAPERS, Walked
from mingcha.collect.screens.graph import targets_of
from mingcha.collect.screens.walk import Walk, WalkStep
from mingcha.collect.screens.wording import Words
from mingcha.model.fact_observed import Target
from mingcha.model.proved import TARGETS

Account = Literal["none", "signed in", "signed out"]
_NEAR: dict[Target, str] = {
    "policy": "ui_near_policy",
    "account_cancellation": "ui_near_account_cancellation",
    "correction": "ui_near_correction",
    "deletion": "ui_near_deletion",
    "withdrawal": "ui_near_withdrawal",
    "complaint": "ui_near_complaint",
    "personalisation_switch": "ui_near_personalisation_switch",
}
"""Words that come near to what was looked for, in short labels."""
_SAID: dict[Target, str] = {"policy": "ui_policy", "personalisation_switch": "ui_off_said_how"}
"""Words of longer texts that tell of it, where those of labels would stand in every policy."""
_POLICY_LETTERS = 200
"""Letters of a page that may be a policy under a name nobody knows."""
_SENTENCE = 10
_SIMPLIFIED = re.compile("zh(-Hans)?(-CN|-SG)?", re.IGNORECASE).fullmatch
"""A phone set to Simplified Chinese."""


class Everywhere(NamedTuple):
    """What a walk proves: the targets that are nowhere in the app, and what of it was seen and not entered or not scrolled."""

    nowhere: frozenset[Target] = frozenset()
    left: tuple[str, ...] = ()
    languages: bool = False
    """Whether every text of the policy that the app has on a phone set to Simplified Chinese was seen."""


def everywhere(
    walk: Walk, files: Mapping[str, bytes], words: Words, account: Account | None, *, language: str | None = None
) -> Everywhere:
    """What a walk proves to be nowhere; nothing where it was not everywhere. ``left`` is told by file and label.

    ``language`` is the phone's, where the walk began with a first start.
    """
    seen = Walked(walk, files, words)
    left = tuple(seen.left_out())
    if not seen.readable or not _account_holds(seen, account, words) or not _all_of_it(seen, words) or left:
        return Everywhere(left=left)
    found = frozenset[Target]().union(*(targets_of(step) for step in walk.steps))
    nowhere = frozenset(t for t in TARGETS if t not in found and not _may_be(t, seen, account, words))
    return Everywhere(nowhere, languages=account == "none" and _all_languages(seen, language, words))


# --- what speaks against it


def _account_holds(seen: Walked, account: Account | None, words: Words) -> bool:
    """Whether nobody is asked to sign in: behind a login there may be anything."""
    if account not in ("none", "signed in"):
        return False
    if any(step.kind == "login" for step in seen.own):
        return False
    labels = [label for place in seen.places.values() for label in place.labels]
    if any(words.has("ui_title_login", label) and not words.has("ui_log_out", label) for label in labels):
        return False
    return account == "signed in" or not any(words.has("ui_log_out", label) for label in labels)


def _all_of_it(seen: Walked, words: Words) -> bool:
    """Whether the whole app was open: nobody refused what it asked at first, and it was in no narrower mode."""
    answers = [step.done.choice for step in seen.own if step.kind == "consent" and step.done is not None]
    decided = [choice for choice in answers if choice not in (None, "open", "tick")]
    labels = [label for place in seen.places.values() for label in place.labels]
    return (not decided or decided[-1] == "agree") and not any(words.has("ui_narrower", label) for label in labels)


def _all_languages(seen: Walked, language: str | None, words: Words) -> bool:
    """Whether each way to a policy was gone, each policy shown to its end, and nothing leads to another text or language."""
    papers = [step for step in seen.own if step.kind == "policy"]
    if language is None or not _SIMPLIFIED(language) or not papers or not seen.papers_read():
        return False
    if any(step.reading.body is None or step.reading.body.language is None for step in papers):
        return False
    if any(seen.places[seen.mark(step)].things for step in papers):
        return False  # a link in it may lead to the other text
    if any(step.kind not in PAPERS and _may_be_policy(step, seen, words) for step in seen.own):
        return False
    if any(words.has("ui_chinese", label) for place in seen.places.values() for label in place.labels):
        return False
    asking = {seen.mark(step) for step in seen.own if step.kind in ASKS and step.reading.names_policy}
    return asking <= {seen.mark(before) for step in papers if (before := seen.walk.before(step)) is not None}


def _may_be(target: Target, seen: Walked, account: Account | None, words: Words) -> bool:
    """Whether anything on any page comes near to what was looked for."""
    places = seen.places.values()
    if any(words.has(_NEAR[target], label) for place in places for label in place.labels):
        return True
    if any(words.has(_SAID.get(target, _NEAR[target]), place.text) for place in places) or not seen.papers_read():
        return True
    if target == "policy":  # the page to sign in may name it, and one who is signed in does not see that page
        return account != "none" or any(_may_be_policy(step, seen, words) for step in seen.own)
    if target == "personalisation_switch":
        switches = [label for place in seen.places.values() for label in place.switches]
        return any(not words.whole("ui_switch_else", label) for label in switches)
    return False


def _may_be_policy(step: WalkStep, seen: Walked, words: Words) -> bool:
    """A page that may be one under a name nobody knows."""
    place = seen.places.get(seen.mark(step))
    if place is None or step.kind == "main":
        return False
    return len(place.text) >= _POLICY_LETTERS or any(
        _tells_of_information(text, words) for text in place.text.split("\n")
    )


def _tells_of_information(text: str, words: Words) -> bool:
    """A sentence on what is done with information, as policies of a few lines hold it."""
    return len(text) >= _SENTENCE and words.has("ui_policy_body", text)
