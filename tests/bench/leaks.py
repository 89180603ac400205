"""What a benchmark's apps leak, what Mingcha reports, and how the two are counted against each other.

The truth is a file beside this one (`droidbench_truth.yaml` explains the fields). Two measures: *per app count*, as
FlowDroid's own suite counts (true = the smaller of both numbers, false the surplus, missed the shortfall), and *exact
pairs* (a reported source line and sink line are those of one leak of the truth).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_PARAMETER = "parameter of "


@dataclass(frozen=True, order=True)
class Spot:
    """A line of a source file; ``app`` is empty for the app under test, else the name of the other app of its case."""

    app: str
    file: str
    line: int | None

    def __str__(self) -> str:
        return f"{self.app}/{self.file}:{self.line}".removeprefix("/")


@dataclass(frozen=True)
class Alternative:
    """A place of the truth; ``call`` names what is called there, or the parameter that is meant."""

    spot: Spot
    call: str

    def fits(self, spot: Spot, called: str) -> bool:
        """Whether a reported place is this one; a parameter shares its line with the method's first statement."""
        if spot != self.spot:
            return False
        return not self.call.startswith(_PARAMETER) or f"->{self.call.removeprefix(_PARAMETER)}(" in called


@dataclass(frozen=True)
class Leak:
    """One way from source to sink; each end has alternatives, none where it lies outside the app's bytecode."""

    source: tuple[Alternative, ...]
    sink: tuple[Alternative, ...]

    def fits(self, pair: Pair) -> bool:
        """Whether a reported pair is this way."""
        return any(a.fits(pair.source, pair.source_call) for a in self.source) and any(
            a.fits(pair.sink, pair.sink_call) for a in self.sink
        )

    def __str__(self) -> str:
        ends = [side[0].spot if side else "native code" for side in (self.source, self.sink)]
        return f"{ends[0]} -> {ends[1]}"


@dataclass(frozen=True)
class App:
    """One app of a benchmark, with its truth; ``test`` and ``flowdroid`` are null where FlowDroid's suite has no test."""

    name: str
    used: int
    test: int | None
    flowdroid: int | None
    implicit: bool
    companions: tuple[str, ...]
    leaks: tuple[Leak, ...]
    uncounted: tuple[Leak, ...]

    @property
    def category(self) -> str:
        return self.name.partition("/")[0]


@dataclass(frozen=True)
class Pair:
    """A reported flow, by where it begins and ends; what is called there tells a parameter from a statement."""

    source: Spot
    sink: Spot
    source_call: str = ""
    sink_call: str = ""

    def __str__(self) -> str:
        return f"{self.source} -> {self.sink}"


@dataclass(frozen=True)
class Result:
    """One app, reported against truth."""

    app: App
    found: tuple[Leak, ...] = ()
    missed: tuple[Leak, ...] = ()
    wrong: tuple[Pair, ...] = ()
    uncounted: tuple[Pair, ...] = ()
    defects: tuple[str, ...] = ()

    @property
    def reported(self) -> int:
        """Distinct flows, those of one leak counted once, without those that the truth does not count."""
        return len(self.found) + len(self.wrong)


@dataclass
class Tally:
    """True, false and missed, over some apps."""

    apps: int = 0
    leaks: int = 0
    true: int = 0
    false: int = 0
    missed: int = 0

    def add(self, wanted: int, reported: int) -> None:
        """One app more, by its numbers alone."""
        self.add_exact(min(wanted, reported), max(0, reported - wanted), max(0, wanted - reported))

    def add_exact(self, true: int, false: int, missed: int) -> None:
        """One app more, by what was found of it."""
        self.apps += 1
        self.leaks += true + missed
        self.true, self.false, self.missed = self.true + true, self.false + false, self.missed + missed

    @property
    def precision(self) -> float:
        return self.true / (self.true + self.false) if self.true + self.false else 0.0

    @property
    def recall(self) -> float:
        return self.true / self.leaks if self.leaks else 0.0

    def __str__(self) -> str:
        return f"precision {self.precision:.2f} recall {self.recall:.2f}"


# --- the truth -------------------------------------------------------------------------------------------------------


def truth(name: str) -> dict[str, App]:
    """The apps of a truth file beside this module."""
    rows: dict[str, Any] = yaml.safe_load(Path(__file__).with_name(name).read_text(encoding="utf-8"))["apps"]
    return {app: _app(app, row) for app, row in rows.items()}


def _app(name: str, row: Mapping[str, Any]) -> App:
    counts = row["counts"]
    return App(
        name=name,
        used=counts["used"],
        test=counts.get("test"),
        flowdroid=counts.get("flowdroid"),
        implicit=row.get("implicit", False),
        companions=tuple(row.get("with", ())),
        leaks=tuple(map(_leak, row["leaks"])),
        uncounted=tuple(map(_leak, row.get("uncounted", ()))),
    )


def _leak(row: Mapping[str, Any]) -> Leak:
    return Leak(*(tuple(_alternative(p) for p in row[side] if "at" in p) for side in ("source", "sink")))


def _alternative(row: Mapping[str, Any]) -> Alternative:
    path, _, line = row["at"].rpartition(":")
    app, _, file = path.rpartition("/")
    return Alternative(Spot(app, file, int(line)), row["call"])


# --- truth against report ----------------------------------------------------------------------------------------------


def compared(app: App, reported: Sequence[Pair], defects: Sequence[str] = ()) -> Result:
    """Give each reported pair to a leak (one nobody has yet, if there is one), to what does not count, or to the wrong ones."""
    found: list[Leak] = []
    wrong, uncounted = list[Pair](), list[Pair]()
    for pair in reported:
        fitting = [leak for leak in app.leaks if leak.fits(pair)]
        if fitting:
            found.extend([leak for leak in fitting if leak not in found][:1])
        elif any(leak.fits(pair) for leak in app.uncounted) or (pair.source.app and pair.sink.app):
            uncounted.append(pair)  # what lies in the other app alone is counted with that app
        else:
            wrong.append(pair)
    missed = tuple(leak for leak in app.leaks if leak not in found)
    return Result(app, tuple(found), missed, tuple(wrong), tuple(uncounted), tuple(defects))


def difference(result: Result) -> str | None:
    """One line that says what is not as it should be, or None."""
    app = result.app
    parts = [f"{app.name}: counted {app.used}, reported {result.reported}"] if app.used != result.reported else []
    parts += [f"false {pair}" for pair in result.wrong] + [f"missed {leak}" for leak in result.missed]
    parts += [f"DEFECT {defect}" for defect in result.defects]
    return "; ".join(parts if parts[0].startswith(app.name) else [app.name, *parts]) if parts else None


def by_count(found: Iterable[Result], numbers: Callable[[Result], tuple[int, int]]) -> Tally:
    """The tally of (wanted, reported) over some apps."""
    tally = Tally()
    for result in found:
        tally.add(*numbers(result))
    return tally


def by_pairs(found: Iterable[Result]) -> Tally:
    """The tally of exact pairs over some apps."""
    tally = Tally()
    for result in found:
        tally.add_exact(len(result.found), len(result.wrong), len(result.missed))
    return tally


def ours(result: Result) -> tuple[int, int]:
    """Counted and reported."""
    return result.app.used, result.reported
