"""A capture read as what it sent: planted values in all their shapes, places, lists of apps, and values that look personal.

All values of about a megabyte of requests are laid one behind the other and searched at once. No result holds a value:
planted ones are named by their tag, others by their kind, their length and a digest under the case's key.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from mingcha.collect.traffic import unknown
from mingcha.collect.traffic.choosing import innermost, laid_out, longest, opaque, short_values
from mingcha.collect.traffic.keys import meanings
from mingcha.collect.traffic.matcher import Hit, Matcher
from mingcha.collect.traffic.places import places
from mingcha.collect.traffic.profile import APP_LIST
from mingcha.collect.traffic.sealing import MASK, Seal, masked
from mingcha.collect.traffic.sendings import Baseline, Confidence, Contact, Sending, Traffic, once
from mingcha.collect.traffic.unknown import Suspect
from mingcha.collect.traffic.validators import kind
from mingcha.collect.traffic.variants import SHORTEST
from mingcha.formats.exchange import Exchange
from mingcha.formats.layers import Leaf, Peeled, peel

_BATCH: Final = 1 << 20
_MOST_SENDINGS: Final = 100_000
_MOST_OF_ONE: Final = 200
"""Results of one exchange that are kept."""
_APPS: Final = 3
"""Planted packages in one exchange that make a list of apps; one alone may be a partner's name."""
_TRAIL: Final = 200
_MOST_HOSTS: Final = 20_000
_MOST_CONTACTS: Final = 500_000


def read_traffic(
    exchanges: Iterable[Exchange], matcher: Matcher, seal: Seal, baseline: Baseline | None = None
) -> Traffic:
    """Everything that a capture sent and that can be recognised, in the order of its exchanges."""
    reader = _Reader(matcher, seal, baseline or Baseline())
    for exchange in exchanges:
        reader.take(exchange)
    reader.flush()
    return reader.traffic


@dataclass(frozen=True, slots=True)
class _Held:
    """An exchange that waits for its batch: its head, its leaves and the number of its first leaf."""

    index: int
    started: str
    host: str
    plain: bool
    head: str
    leaves: list[Leaf]
    first: int


class _Reader:
    def __init__(self, matcher: Matcher, seal: Seal, baseline: Baseline) -> None:
        self.traffic = Traffic()
        self._matcher = matcher
        self._seal = seal
        self._baseline = baseline
        self._digests = [seal.of(known.value) for known in matcher.values]
        self._short = short_values(matcher)
        own = matcher.profile.package
        self._package = re.compile(rb"(?<![\w.])" + re.escape(own.encode()) + rb"(?![\w.])") if own else None
        self._hosts: dict[str, str] = {}
        self._held: list[_Held] = []
        self._texts: list[bytes] = []
        self._size = 0

    def take(self, exchange: Exchange) -> None:
        """Take an exchange apart and keep it for the next search."""
        peeled = peel(exchange)
        host = self._host(exchange)
        self._count(exchange, host, peeled)
        head = f"{exchange.method} {_path(exchange.url)}".strip()
        held = _Held(
            exchange.index, exchange.started, host, not exchange.encrypted, head, peeled.leaves, len(self._texts)
        )
        self._held.append(held)
        self._texts += [leaf.value for leaf in peeled.leaves]
        self._size += sum([len(leaf.value) for leaf in peeled.leaves])
        if self._size >= _BATCH:
            self.flush()

    def _host(self, exchange: Exchange) -> str:
        """The host, and nothing of the device in it."""
        try:
            host = urlsplit(exchange.url).hostname or exchange.address
        except ValueError:
            host = exchange.address
        if host not in self._hosts and len(self._hosts) < _MOST_HOSTS:
            self._hosts[host] = self._without_planted(host.encode("utf-8", "replace")[:253])
        return self._hosts.get(host, MASK)

    def _count(self, exchange: Exchange, host: str, peeled: Peeled) -> None:
        traffic = self.traffic
        traffic.exchanges += 1
        traffic.hosts[host] += 1
        traffic.plain_hosts[host] += not exchange.encrypted
        traffic.omitted += exchange.omitted
        traffic.cut += peeled.cut
        traffic.missing.update(peeled.missing)
        hidden = opaque(peeled.leaves)
        traffic.opaque[host] += hidden
        if len(traffic.contacts) < _MOST_CONTACTS:
            traffic.contacts.append(Contact(exchange.index, exchange.started, host, not exchange.encrypted, hidden))

    def flush(self) -> None:
        """Search everything that was kept, and judge each exchange."""
        if not self._held:
            return
        starts, data = laid_out(self._texts)
        hits, cut = self._matcher.scan(data)
        self.traffic.cut += cut
        by_leaf: dict[int, list[Hit]] = defaultdict(list)
        for hit in hits:
            at = bisect_right(starts, hit.offset) - 1
            if hit.offset + hit.length <= starts[at] + len(self._texts[at]):
                by_leaf[at].append(Hit(hit.target, hit.offset - starts[at], hit.length))
        suspects: dict[int, list[tuple[int, Suspect]]] = defaultdict(list)
        for offset, suspect in unknown.numbers(data):
            at = bisect_right(starts, offset) - 1
            suspects[at].append((offset - starts[at], suspect))
        for held in self._held:
            self._judge(held, by_leaf, suspects)
        self._held, self._texts, self._size = [], [], 0

    def _judge(
        self, held: _Held, by_leaf: dict[int, list[Hit]], suspects: dict[int, list[tuple[int, Suspect]]]
    ) -> None:
        span = range(held.first, held.first + len(held.leaves))
        hits = {at - held.first: by_leaf[at] for at in span if at in by_leaf}
        found = [
            *self._planted(held, hits),
            *self._by_short_value(held),
            *self._apps(held, hits),
            *self._places(held),
        ]
        told = {at for at, rows in hits.items() if any(hit.target.value >= 0 for hit in rows)}
        rest = {at - held.first: suspects[at] for at in span if at in suspects}
        known = {one.digest for one in found}
        found += [one for one in self._unknown(held, told, rest) if one.digest not in known]
        kept = [one for one in once(found) if not self._in_baseline(one)]
        if kept and self._names_app(held):
            kept = [replace(one, named=True) for one in kept]
        self.traffic.dropped += max(0, len(kept) - _MOST_OF_ONE)
        room = max(0, _MOST_SENDINGS - len(self.traffic.sendings))
        self.traffic.sendings += [self._told(one) for one in kept[: min(_MOST_OF_ONE, room)]]

    def _names_app(self, held: _Held) -> bool:
        """Whether the exchange says which app it is from: a name of its own, not part of a longer one."""
        name = self._package
        return name is not None and any(name.search(leaf.value) for leaf in held.leaves)

    def _in_baseline(self, one: Sending) -> bool:
        if one.tag:
            return (one.tag, one.host) in self._baseline.planted
        return one.digest in self._baseline.digests

    # --- planted values

    def _planted(self, held: _Held, hits: dict[int, list[Hit]]) -> Iterator[Sending]:
        """The longest variant of each value at each place, in the innermost text that shows it."""
        inner = innermost(held.leaves, hits)
        for at, rows in hits.items():
            for hit in longest(rows):
                if hit.target.value >= 0 and not (held.leaves[at].whole and (at, hit.target.value) not in inner):
                    yield self._known(
                        held, held.leaves[at], hit.target.value, hit.target.variant, hit.offset, hit.length
                    )

    def _known(self, held: _Held, leaf: Leaf, row: int, variant: str, offset: int, length: int) -> Sending:
        known = self._matcher.values[row]
        return self._sending(
            held, leaf, known.information, "planted", variant, offset, length, self._digests[row], kind(known.value), known.tag,
        )  # fmt: skip

    def _by_short_value(self, held: _Held) -> Iterator[Sending]:
        """Values too short to be looked for anywhere: the whole value of a key that names them."""
        if not self._short:
            return
        for leaf in held.leaves:
            if len(leaf.value) < 4 * SHORTEST and (rows := self._short.get(leaf.value.lower())):
                named = {meaning.information for meaning in meanings(leaf.key)}
                for row in rows:
                    if self._matcher.values[row].information in named:
                        yield self._known(held, leaf, row, "raw", 0, len(leaf.value))

    def _apps(self, held: _Held, hits: dict[int, list[Hit]]) -> Iterator[Sending]:
        places_of: dict[int, int] = {}
        for at, rows in hits.items():
            for hit in rows:
                if hit.target.value < 0:
                    places_of.setdefault(hit.target.value, at)
        if len(places_of) < _APPS:
            return
        names = sorted(self._matcher.profile.packages[-1 - row] for row in places_of)
        leaf = held.leaves[min(places_of.values())]
        variant = f"{len(names)} of {len(self._matcher.profile.packages)} planted packages"
        yield self._sending(
            held, leaf, APP_LIST, "planted", variant, 0, len(names), self._seal.of("\n".join(names)), "list", APP_LIST
        )

    def _places(self, held: _Held) -> Iterator[Sending]:
        for found in places(held.leaves, self._matcher.profile.points):
            variant = f"{found.decimals} decimals"
            value = found.leaf.value.decode("latin-1")
            confidence: Confidence = "planted" if found.point else "probable"
            tag = found.point.tag if found.point else None
            size = len(found.leaf.value)
            yield self._sending(
                held, found.leaf, found.information, confidence, variant, 0, size, self._seal.of(value), "degrees", tag
            )

    # --- values nobody planted

    def _unknown(
        self, held: _Held, told: set[int], suspects: dict[int, list[tuple[int, Suspect]]]
    ) -> Iterator[Sending]:
        for at, leaf in enumerate(held.leaves):
            named = leaf.key and meanings(leaf.key)
            if not (named or at in suspects or len(leaf.value) in unknown.ALONE) or leaf.whole or at in told:
                continue
            suspect = (unknown.by_key(leaf) if named else None) or unknown.alone(leaf)
            if suspect is not None:
                yield self._suspected(held, leaf, 0, suspect)
            else:
                for offset, other in suspects.get(at, ()):
                    yield self._suspected(held, leaf, offset, other)

    def _suspected(self, held: _Held, leaf: Leaf, offset: int, suspect: Suspect) -> Sending:
        value = suspect.value
        return self._sending(
            held,
            leaf,
            suspect.information,
            suspect.confidence,
            suspect.why,
            offset,
            len(value),
            self._seal.of(value),
            kind(value),
        )

    def _sending(
        self,
        held: _Held,
        leaf: Leaf,
        information: str,
        confidence: Confidence,
        variant: str,
        offset: int,
        length: int,
        digest: str,
        kind_: str,
        tag: str | None = None,
    ) -> Sending:
        return Sending(
            information, confidence, held.index, held.started, held.host, held.plain,
            f"{held.head} {leaf.trail}", offset, variant, kind_, length, digest, tag,
        )  # fmt: skip

    def _told(self, one: Sending) -> Sending:
        """The result with a trail for people: no planted value in any shape, nothing that looks like one."""
        words = masked(self._without_planted(one.trail.encode("utf-8", "replace"))).split(" ")
        clean = " ".join(word if word.lower().encode() not in self._short else MASK for word in words)
        return replace(one, trail=clean[:_TRAIL])

    def _without_planted(self, data: bytes) -> str:
        """A text with a mask over every shape of a planted value; shapes may lie over one another."""
        hits, _ = self._matcher.scan(data)
        kept, at = [], 0
        for start, end in sorted((hit.offset, hit.offset + hit.length) for hit in hits if hit.target.value >= 0):
            if start >= at:
                kept += [data[at:start], MASK.encode()]
            at = max(at, end)
        return b"".join([*kept, data[at:]]).decode("utf-8", "replace")


def _path(url: str) -> str:
    try:
        return urlsplit(url).path[:100]
    except ValueError:
        return ""
