"""What an act decided: agreed, refused, put off, ticked, granted, denied – or something that nobody can tell."""

from __future__ import annotations

from msgspec import Struct

from mingcha.catalogue.load import Catalogue
from mingcha.collect.screens.controls import Button, Tick
from mingcha.collect.screens.items import area, centre, inside
from mingcha.collect.screens.permissions import permissions_of
from mingcha.collect.screens.reading import Offer, ScreenReading
from mingcha.collect.screens.wording import Words
from mingcha.formats.steps import StepAct
from mingcha.formats.uidump import Box
from mingcha.model.words import ActKind, Choice

_AWAY = frozenset({"login", "consent", "launcher", "main"})
_NO = {"refuse": "refuse", "leave": "refuse", "cancel": "skip", "skip": "skip"}
"""Closing a dialog or thinking it over is no clear refusal."""


class Decision(Struct, frozen=True, kw_only=True):
    """An act and what it decided; ``about`` is "policy", a permission or null, ``on`` the words that were touched."""

    act: ActKind
    choice: Choice | None = None
    about: str | None = None
    on: str = ""
    time: str | None = None
    box: Box | None = None


def decision(
    here: ScreenReading, act: StepAct | None, then: ScreenReading, words: Words, tables: Catalogue
) -> Decision | None:
    """What was decided on a screen by the act that led to the next one; None where nobody knows of any act that mattered."""
    about = subject(here, tables)
    if act is None:
        # What was done is not recorded: where a question stood, it may have been answered.
        if _denied_by_what_follows(here, then):
            return Decision(act="none", choice="deny", about=about)
        asked = here.kind in ("consent", "permission", "login", None)
        return Decision(act="none", choice="undecided", about=about) if asked else None
    if act.kind == "back":
        dismissed = here.kind == "consent" and then.kind not in ("consent", "launcher", "policy")
        return Decision(act=act.kind, choice="undecided" if dismissed else None, about=about, time=act.time)
    if act.kind != "tap":
        return Decision(act=act.kind, time=act.time)
    met = _nearest(here, act)
    offer = offer_at(here, act)
    choice = _choice(here, met, offer, then, words)
    told = choice in ("withdraw", "cancel account", "log out") and offer is not None
    words_on = met.text if met is not None else offer.text if told and offer is not None else ""
    kept = about if choice is not None and choice != "open" else None
    return Decision(act="tap", choice=choice, about=kept, on=words_on, time=act.time, box=act.on)


def _denied_by_what_follows(here: ScreenReading, then: ScreenReading) -> bool:
    """The app's page right after the system's question says that it does not have the permission."""
    asked = here.permission.groups if here.kind == "permission" and here.permission else ()
    return then.kind == "main" and any(group in then.off for group in asked)


def subject(here: ScreenReading, tables: Catalogue) -> str | None:
    """What a screen asks about: the policy (not what is done by it), or the first permission of those it names."""
    if here.kind in ("consent", "login"):
        return "policy" if here.names_policy and (here.asks_policy or here.kind == "login") else None
    if here.permission is not None and here.permission.groups:
        return next(iter(permissions_of(here.permission.groups, tables)), None)
    return None


def point_of(act: StepAct) -> tuple[float, float] | None:
    """Where a tap went: its point, or the middle of what it touched."""
    return act.at if act.at is not None else centre(act.on) if act.on is not None else None


def control_at(here: ScreenReading, act: StepAct) -> Button | Tick | None:
    """The control a tap met, where its words say what it means: one told by its place proves nothing."""
    met = _nearest(here, act)
    return None if isinstance(met, Button) and met.by_place else met


def _nearest(here: ScreenReading, act: StepAct) -> Button | Tick | None:
    """The smallest control that holds a tap's point."""
    point = point_of(act)
    if point is None:
        return None
    known: list[Button | Tick] = [*here.ticks, *here.buttons]
    hit = [control for control in known if inside(point, control.target) or inside(point, control.box)]
    return min(hit, key=lambda control: area(control.target), default=None)


def offer_at(here: ScreenReading, act: StepAct) -> Offer | None:
    """The text that a tap met, whatever it means."""
    point = point_of(act)
    hit = [offer for offer in here.offers if point is not None and inside(point, offer.target)]
    return min(hit, key=lambda offer: area(offer.target), default=None)


def _choice(
    here: ScreenReading, met: Button | Tick | None, offer: Offer | None, then: ScreenReading, words: Words
) -> Choice | None:
    if isinstance(met, Tick):
        return "tick"
    if met is not None and met.by_place and here.kind in ("consent", "permission", "purpose"):
        return "undecided"
    match here.kind:
        case "permission":
            return _on_permission(met)
        case "consent":
            return _on_consent(here, met, then)
        case "purpose":
            return _on_purpose(met)
        case "login":
            return _on_login(here, met, then)
        case "withdrawal" | "cancellation":
            return _on_leaving(here, met, offer, then, words)
        case None:
            return "undecided"  # nobody could read it: it may have been the question
        case _:
            return _elsewhere(here, met, offer, then, words)


def _on_permission(met: Button | None) -> Choice:
    if met is None:
        return "undecided"
    return "grant" if met.label in ("agree", "grant") else "deny" if met.label in _NO else "undecided"


def _on_purpose(met: Button | None) -> Choice | None:
    if met is None:
        return None
    return "agree" if met.label in ("agree", "go") else _no(met)


def _on_consent(here: ScreenReading, met: Button | None, then: ScreenReading) -> Choice:
    """A tap beside all known controls that leads away may have been anything; one that changes nothing decided nothing."""
    same = (
        then.kind == "consent"
        and then.title == here.title
        and {b.text for b in then.buttons} == {b.text for b in here.buttons}
    )
    if met is None:
        return "open" if then.kind in ("policy", "consent", "sdk_list") else "undecided"
    said_no = _no(met)
    if said_no is not None:
        return said_no
    if same:
        return "undecided"
    if met.label == "agree":
        return "agree"
    return (
        "agree"
        if here.passive or here.refuse or any(tick.checked and tick.means == "consent" for tick in here.ticks)
        else "undecided"
    )


def _on_login(here: ScreenReading, met: Button | None, then: ScreenReading) -> Choice | None:
    """Going on from a login page may be consent to its policy: whether it was, nobody can tell from the screen alone."""
    if met is not None and met.label == "agree":
        return "agree" if then.kind != "login" else "undecided"
    if then.kind in ("policy", "login", "sdk_list"):
        return "open"
    return "undecided" if here.names_policy else None


def _on_leaving(
    here: ScreenReading, met: Button | None, offer: Offer | None, then: ScreenReading, words: Words
) -> Choice | None:
    """Withdrawn or cancelled only where the app then stands as it stood before."""
    plain = offer.plain if offer is not None else ""
    meant = met is not None and met.label in ("agree", "go", "leave")
    if here.kind == "withdrawal":
        return "withdraw" if (meant or words.has("ui_withdraw", plain)) and then.kind in _AWAY else None
    ended = then.kind in ("login", "consent", "launcher")
    return "cancel account" if (meant or words.has("ui_cancellation_said", plain)) and ended else None


def _elsewhere(
    here: ScreenReading, met: Button | None, offer: Offer | None, then: ScreenReading, words: Words
) -> Choice | None:
    if then.kind == "login" and any(words.has("ui_log_out", text) for text in (_plain(offer), words.plain(here.title))):
        return "log out" if met is None or _no(met) is None or met.label == "leave" else None
    if met is not None and (met.label in ("agree", "grant") or (met.label == "go" and here.names_policy)):
        return "undecided"
    return "open" if then.kind is not None else None


def _plain(offer: Offer | None) -> str:
    return offer.plain if offer is not None else ""


def _no(met: Button) -> Choice | None:
    found = _NO.get(met.label)
    return None if found is None else "refuse" if found == "refuse" else "skip"
