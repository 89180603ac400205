"""Where the code may carry information: flows put together by information, whose code takes it, and who receives it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any, get_args

from mingcha.model.fact import InformationFlow
from mingcha.model.words import Channel, Reach
from mingcha.render.paths import path
from mingcha.render.permitted import unpermitted
from mingcha.render.reading import Reading
from mingcha.render.view import Route

ROUTES_SHOWN = 40
PATHS_SHOWN = 3
CHANGES_SHOWN = 3
LEAVING: frozenset[Channel] = frozenset({"network", "sms", "web page", "sdk", "intent", "provider"})
"""Ways out of the app; a log, a file or a screen stay on the device."""
CHANNELS: tuple[Channel, ...] = get_args(Channel)
"""Every way out; those that reach others come first."""
_SENDING: frozenset[Channel] = frozenset({"network", "sms", "web page", "sdk"})


@dataclass(frozen=True, slots=True)
class Bundle:
    """All flows of one information from one owner's code to one receiver, the shortest first."""

    information: str | None
    owner: str | None
    channel: Channel
    receiver: str | None
    host: str | None
    flows: tuple[InformationFlow, ...]
    third: bool

    @property
    def leaves(self) -> bool:
        """Whether it goes out of the app."""
        return self.channel in LEAVING


def bundles(reading: Reading) -> list[Bundle]:
    """Every distinct information, owner and receiver: what third parties may get first, then what may leave, then the rest."""
    found: dict[tuple[Any, ...], list[InformationFlow]] = defaultdict(list)
    for flow in (flow for flow in reading.all("InformationFlow") if not unpermitted(reading, flow)):
        found[flow.information, flow.owner, flow.channel, flow.receiver, flow.host].append(flow)
    made = [_bundle(key, flows) for key, flows in found.items()]
    return sorted(made, key=lambda bundle: _weight(reading, bundle))


def blocked_flows(reading: Reading) -> str:
    """How many ways out begin at a call that needs permissions the app does not declare; empty where none does."""
    count = sum(unpermitted(reading, flow) for flow in reading.all("InformationFlow"))
    return reading.words.say("routes_blocked", count=count) if count else ""


def _bundle(key: tuple[Any, ...], flows: list[InformationFlow]) -> Bundle:
    information, owner, channel, receiver, host = key
    third = receiver not in (None, "app") or (owner not in (None, "app") and channel in _SENDING)
    ordered = sorted(flows, key=lambda flow: (len(flow.steps), flow.place.order, flow.id))
    return Bundle(information, owner, channel, receiver, host, tuple(ordered), third)


def _weight(reading: Reading, bundle: Bundle) -> tuple[Any, ...]:
    row = reading.catalogue.information.get(bundle.information or "")
    grave = (not bundle.third, not bundle.leaves, not (row and row.sensitive_2020))
    names = (bundle.owner, bundle.receiver, bundle.host, bundle.information)
    return (*grave, CHANNELS.index(bundle.channel), *((name is None, name or "") for name in names))


def end_of(reading: Reading, bundle: Bundle) -> str:
    """Who or what receives it: an SDK, a host with whose it is, or the kind of place it goes to."""
    named = bundle.receiver if bundle.receiver != "app" or bundle.host else None
    if bundle.host:
        host = f"{reading.value('outlet', 'web page')} {bundle.host}" if bundle.channel == "web page" else bundle.host
        return host + (reading.bracketed(reading.party(named)) if named else "")
    if named:
        return reading.party(named)
    return reading.value("outlet", bundle.channel)


def changes_of(reading: Reading, bundle: Bundle, *, plain: bool = True) -> str:
    """What is done to it on the way, the most frequent first; "as it is" where nothing is, unless that is not ``plain``."""
    counts = Counter(flow.transforms for flow in bundle.flows if flow.transforms or plain)
    said = [_chain(reading, chain) for chain, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
    shown = len(said) if reading.full else CHANGES_SHOWN
    more = reading.words.say("and_more", count=len(said) - shown) if len(said) > shown else ""
    return reading.words.labels["semicolon"].join(said[:shown]) + more


def _chain(reading: Reading, transforms: tuple[str, ...]) -> str:
    names = (reading.words.value("transforms", name) or name.upper() for name in transforms)
    return reading.words.labels["then"].join(names) or reading.words.labels["as_is"]


def when_of(reading: Reading, bundle: Bundle) -> str:
    """The earliest moment at which the calls that read it can run; empty where no call is known."""
    reaches = {reading.reaches.get(_where(flow)) for flow in bundle.flows}
    return next((reading.value("reach", reach) for reach in _EARLY if reach in reaches), "")


def _where(flow: InformationFlow) -> tuple[str, str, int | None]:
    place = flow.source_place
    return place.sha256, place.path, place.at


_EARLY: tuple[Reach, ...] = ("startup", "user-act", "consent-gated", "unknown", "unreached")


def anchor_of(number: int) -> str:
    """The name of a route within its page."""
    return f"route-{number}"


def routes(reading: Reading, drawn: frozenset[int] = frozenset()) -> tuple[Route, ...]:
    """The routes that are told step by step; ``drawn`` are the numbers that the picture shows."""
    listed = bundles(reading)
    numbered = [(n, bundle) for n, bundle in enumerate(listed, 1) if n <= ROUTES_SHOWN or n in drawn]
    return tuple(_route(reading, number, bundle, number in drawn) for number, bundle in numbered)


def _route(reading: Reading, number: int, bundle: Bundle, drawn: bool) -> Route:
    information, owner, end = names_of(reading, bundle)
    shown = bundle.flows[:PATHS_SHOWN]
    return Route(
        number=number,
        anchor=anchor_of(number),
        title=reading.words.say("route_title", information=information, owner=owner, end=end),
        information=information,
        owner=owner,
        end=end,
        third=bundle.third,
        changes=changes_of(reading, bundle),
        when=when_of(reading, bundle),
        drawn=drawn,
        paths=tuple(path(reading, flow.steps) for flow in shown),
        more=_more(reading, len(bundle.flows) - len(shown)),
        more_than_first=_more(reading, len(bundle.flows) - 1),
    )


def _more(reading: Reading, count: int) -> str:
    return reading.words.say("route_more", count=count) if count else ""


def names_of(reading: Reading, bundle: Bundle) -> tuple[str, str, str]:
    """Information, owner and receiver in words."""
    return reading.information(bundle.information), reading.party(bundle.owner), end_of(reading, bundle)
