"""What a walk cannot tell where touches are missing from its record: between two screens anything may have been shown and done.

A box may have been ticked by the person, a dialog may have come and gone, a function may have been started that asks for a
permission, the way out may have been the person's own. Whatever accuses by such a sequence is left open.
"""

from __future__ import annotations

import msgspec

from mingcha.collect.findings import Finding
from mingcha.model.fact import (
    ConsentControl,
    ConsentPrompt,
    PermissionRequested,
    RefusalOutcome,
    RepeatedAsking,
    RequestBurst,
    ThirdPartyOpened,
)
from mingcha.model.factbase import Covered


def doubted(found: Finding, *, touches: bool, ways: bool, began: bool) -> Finding | None:
    """The finding as far as it holds.

    ``touches``: every touch was recorded; ``ways``: what led to each screen is known; ``began``: the record shows the app
    being started, and not an app that somebody had already been using.
    """
    match found:
        case ConsentPrompt(shown=False) | Covered(kind="ConsentPrompt"):
            return found if touches and ways and began else None
        case RepeatedAsking():
            return found if touches else None
        case ConsentControl(checked=bool()) if not (touches and began):
            return msgspec.structs.replace(found, checked=None)
        case RequestBurst(exit_on_refusal=True) if not touches:
            return msgspec.structs.replace(found, exit_on_refusal=None)
        case RefusalOutcome(outcome="exit" | "blocked") if not touches:
            return msgspec.structs.replace(found, outcome=None)
        case ThirdPartyOpened(consent=False) if not touches:
            return msgspec.structs.replace(found, consent=None, information=())
        case PermissionRequested(purpose_shown=False) if not touches:
            return msgspec.structs.replace(found, purpose_shown=None)
    return found
