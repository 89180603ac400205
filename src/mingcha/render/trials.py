"""What the code makes possible, as tables: where information may go, and what to look for on a device."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from mingcha.render.reading import Reading
from mingcha.render.routes import Bundle, bundles, changes_of, end_of, names_of, when_of
from mingcha.render.spots import readable_member
from mingcha.render.startup import early_calls, entry_of


def destinations(reading: Reading) -> Iterator[tuple[str, ...]]:
    """Every route: its number, what, whose code, to whom, what is done to it, when it is read, how many paths."""
    for number, bundle in enumerate(bundles(reading), 1):
        information, owner, end = names_of(reading, bundle)
        third = reading.bracketed(reading.words.labels["f_third"]) if bundle.third else ""
        tail = (changes_of(reading, bundle), when_of(reading, bundle), str(len(bundle.flows)))
        yield str(number), information, owner, end + third, *tail


def plain_destinations(reading: Reading) -> Iterator[tuple[str, ...]]:
    """Where information may go, for everybody: the receiver, whose code sends it there, what it may be."""
    together: dict[tuple[str, str], list[str]] = defaultdict(list)
    for bundle in bundles(reading):
        together[end_of(reading, bundle), reading.party(bundle.owner)].append(reading.information(bundle.information))
    for (end, owner), information in together.items():
        yield end, owner, reading.joined(dict.fromkeys(information))


def watched(reading: Reading) -> Iterator[tuple[str, ...]]:
    """Calls to watch at the start: what they may obtain, whose code, the interfaces, the moment, how many places."""
    for group in early_calls(reading):
        first = group[0]
        said = reading.information(first.information), reading.party(first.owner)
        interfaces = reading.joined(dict.fromkeys(readable_member(call.callee) for call in group))
        yield *said, interfaces, readable_member(entry_of(first)), str(len(group))


def hosts(reading: Reading) -> Iterator[tuple[str, ...]]:
    """Hosts to look for in the traffic, what may go there and in what shape, and by whose code."""
    together: dict[tuple[str, str], list[Bundle]] = defaultdict(list)
    for bundle in bundles(reading):
        if bundle.channel in ("network", "web page"):
            named = end_of(reading, bundle) if bundle.host else reading.words.labels["host_unknown"]
            together[named, reading.party(bundle.owner)].append(bundle)
    for (host, owner), some in sorted(together.items(), key=lambda item: item[1][0].host is None):
        yield host, owner, reading.joined(dict.fromkeys(_shaped(reading, bundle) for bundle in some))


def _shaped(reading: Reading, bundle: Bundle) -> str:
    """The information, with what is done to it where that makes it hard to recognise."""
    shape = changes_of(reading, bundle, plain=False)
    return reading.information(bundle.information) + (reading.bracketed(shape) if shape else "")
