"""Which SDKs are inside, told by scored signals, so that one look-alike never decides.

Points (evidence reference A.2): own class or component 3; package of three or more segments with at least five classes 2,
otherwise 1; native library by exact name 2, by pattern 1; meta-data key, provider authority or asset 2; hosts 1 together.
An SDK is present with two points of which one sign gives at least two, otherwise it is "possible": stubs and hosts alone
never decide, nor do signatures marked unverified (one point together). Hosts that several SDKs share are no sign. Classes under
other names that load the SDK's strings (`likeness`) are 3 points where that is sure, otherwise 1.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import msgspec

from mingcha.catalogue.load import Catalogue
from mingcha.collect.findings import Collector, Finding
from mingcha.collect.likeness import SURE, Match, matches
from mingcha.collect.package import Package
from mingcha.errors import FormatError
from mingcha.model.artefact import Place
from mingcha.model.fact import SdkPresent
from mingcha.model.factbase import Gap
from mingcha.model.sdk import Sdk, Signature

PRESENT = 2
"""Points from which an SDK is reported as present."""
_ENOUGH_CLASSES = 5
_LONG_PREFIX = 3


@dataclass(frozen=True, slots=True)
class Signal:
    """One sign of an SDK: what it is worth, how it reads, and where it stands."""

    points: int
    words: str
    place: Place
    verified: bool = True
    host: bool = False


def collect(package: Package, tables: Catalogue) -> Iterator[Finding]:
    """A fact for each SDK with at least one signal. Never complete: the catalogue does not know every SDK."""
    yield from inside(package, tables)
    yield Gap(
        collector="sdks",
        reason="partial",
        hides=("SdkPresent",),
        code="sdks.table_is_finite",
        values={"count": str(len(tables.sdks))},
    )


COLLECTOR = Collector("sdks", "apk", ("SdkPresent",), collect)


def inside(package: Package, tables: Catalogue) -> list[SdkPresent]:
    """The SDKs of a package, in the order of the catalogue; looked for once."""
    return package.once("sdks", lambda: _found(package, tables))


def _found(package: Package, tables: Catalogue) -> list[SdkPresent]:
    look = Inside(package, shared_hosts(tables))
    alike = {match.sdk: match for match in matches(package, tables)}
    found = []
    for sdk in tables.sdks.values():
        signals = [signal for signature in sdk.signatures if (signal := look.signal(signature))]
        if sdk.id in alike or any(signal.verified or not signal.host for signal in signals):
            found.append(judged(sdk, signals, alike.get(sdk.id)))
    return found


def judged(sdk: Sdk, signals: list[Signal], match: Match | None = None) -> SdkPresent:
    """The fact that these signals make; its confidence is the likeness's where only that shows the SDK."""
    if match:
        named = judged(sdk, signals) if signals else None
        made = judged(sdk, [*signals, _likeness(match)])
        by_name = named is not None and not named.possible
        return made if by_name else msgspec.structs.replace(made, confidence=match.confidence)
    known = {signal.words: signal for signal in signals if signal.verified}
    hosts = [signal for signal in known.values() if signal.host]
    others = [signal.points for signal in known.values() if not signal.host]
    doubtful = any(not signal.verified for signal in signals)
    return SdkPresent(
        place=max(known.values() or signals, key=lambda signal: signal.points).place,
        sdk=sdk.id,
        score=sum(others) + bool(hosts) + doubtful,
        signals=tuple(sorted({signal.words for signal in signals})),
        possible=max(others, default=0) < PRESENT,
    )


def _likeness(match: Match) -> Signal:
    """What renamed classes tell, as a signal."""
    words = f"likeness {match.confidence:g} ({match.marks} of {match.learnt} strings, {len(match.classes)} classes)"
    return Signal(3 if match.confidence >= SURE else 1, words, match.places[0])


def shared_hosts(tables: Catalogue) -> frozenset[str]:
    """Domains that more than one SDK names: they tell the owner, not the product."""
    counts = Counter(s.value for sdk in tables.sdks.values() for s in sdk.signatures if s.form == "host")
    return frozenset(host for host, count in counts.items() if count > 1)


class _Classes(Mapping[str, Place]):
    """The app's classes and where each is; a place is made when asked for, there are tens of thousands."""

    def __init__(self, package: Package) -> None:
        self._package = package

    def __getitem__(self, name: str) -> Place:
        return self._package.place(self._package.classes[name], None, name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._package.classes)

    def __len__(self) -> int:
        return len(self._package.classes)

    def __contains__(self, name: object) -> bool:
        return name in self._package.classes


class Inside:
    """What an app contains, by the forms that signatures ask for: class, component, native, …"""

    def __init__(self, package: Package, shared: frozenset[str] = frozenset()) -> None:
        self._package = package
        self._shared = shared
        self._classes = _Classes(package)
        self._sorted = sorted(self._classes)
        self._named: dict[str, Mapping[str, Place]] = {
            "class": self._classes,
            **_manifest_names(package),
            **_files(package),
        }
        self._hosts = {host: package.place(path, at, host) for host, (path, at) in package.hosts.items()}
        self._forms: dict[str, Callable[[Signature], Signal | None]] = {"package": self._prefix, "host": self._host}

    def signal(self, signature: Signature) -> Signal | None:
        """The signal this signature gives, or None."""
        return self._forms.get(signature.form, self._name)(signature)

    def _name(self, signature: Signature) -> Signal | None:
        names = self._named[signature.form]
        hit = _matching(signature.value, names) if signature.pattern else signature.value
        if hit is None or hit not in names:
            return None
        points = 3 if signature.form in ("class", "component") else 2
        if signature.pattern and signature.form == "native":
            points = 1
        return Signal(points, f"{signature.form} {hit}", names[hit], signature.verified)

    def _prefix(self, signature: Signature) -> Signal | None:
        first = bisect_left(self._sorted, signature.value + ".")
        count = bisect_left(self._sorted, signature.value + "/") - first
        if count <= 0:
            return None
        long = signature.value.count(".") + 1 >= _LONG_PREFIX
        points = 2 if long and count >= _ENOUGH_CLASSES else 1
        place = self._classes[self._sorted[first]]
        return Signal(points, f"package {signature.value} ({count} classes)", place, signature.verified)

    def _host(self, signature: Signature) -> Signal | None:
        for host, place in self._hosts.items() if signature.value not in self._shared else ():
            if host == signature.value or host.endswith("." + signature.value):
                return Signal(1, f"host {host}", place, signature.verified, host=True)
        return None


def _matching(pattern: str, names: Iterable[str]) -> str | None:
    """The first name that the pattern matches whole."""
    matches = re.compile(pattern).fullmatch
    return next((name for name in names if matches(name)), None)


def _manifest_names(package: Package) -> dict[str, dict[str, Place]]:
    """Names of components, meta-data keys and provider authorities."""
    found: dict[str, dict[str, Place]] = {"component": {}, "meta-data": {}, "authority": {}}
    try:
        elements = list(package.manifest.iter())
    except FormatError:
        return found
    for element in elements:
        name = package.text(element.attr("name"))
        place = package.place(package.base.path + "AndroidManifest.xml", element.offset, f"<{element.name} {name}>")
        if name and element.name in ("activity", "activity-alias", "service", "receiver", "provider"):
            found["component"].setdefault(name, place)
        if name and element.name == "meta-data":
            found["meta-data"].setdefault(name, place)
        for authority in (package.text(element.attr("authorities")) or "").split(";"):
            found["authority"].setdefault(authority.replace(package.package_name or "\0", "${applicationId}"), place)
    return found


def _files(package: Package) -> dict[str, dict[str, Place]]:
    """Names of native libraries and assets."""
    found: dict[str, dict[str, Place]] = {"native": {}, "asset": {}}
    for part in package.parts:
        for name in part.archive.names():
            last = name.rpartition("/")[2]
            if name.startswith("lib/") and last.endswith(".so"):
                found["native"].setdefault(last, package.place(part.path + name, None, last))
            elif name.startswith("assets/"):
                found["asset"].setdefault(name[7:], package.place(part.path + name, None, name))
    return found
