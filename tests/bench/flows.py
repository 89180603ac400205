"""Run Mingcha over a benchmark's apps: each flow it reports as a pair of source lines, and the command line to ask for it."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np

from mingcha.catalogue.load import Catalogue, load
from mingcha.formats.dex import Dex, images
from mingcha.formats.lines import Lines
from mingcha.formats.zipped import Archive
from mingcha.inspection import OpenCase, collect_facts, open_case
from mingcha.model.artefact import Place
from mingcha.model.fact import InformationFlow
from tests.bench.leaks import App, Pair, Result, Spot, compared, truth

# --- from bytes to lines  ------------------------------------------------------------------------------------------------


class Sources:
    """From a place in the code of a case to its line; reads each DEX once."""

    def __init__(self, opened: OpenCase, names: Mapping[str, str]) -> None:
        self._opened = opened
        self._names = names
        self._images = cache(self._read)

    def spot(self, place: Place) -> Spot:
        """The line of a place; a place that is in no method's code keeps its path and byte."""
        unit = -1 if place.at is None else place.at // 2
        for image, lines in self._images(place.sha256, place.path) if unit >= 0 else ():
            table = image.methods
            row = int(np.searchsorted(table.first, unit, side="right")) - 1
            if row >= 0 and unit < table.end[row]:
                cls = image.type_bytes(image.class_of_method(int(table.ids[row])))
                return Spot(self._names[place.sha256], lines.source_file(cls) or "?", lines.line(row, unit))
        return Spot(self._names.get(place.sha256, "?"), f"{place.path}@{place.at}", None)

    def _read(self, sha256: str, path: str) -> list[tuple[Dex, Lines]]:
        data = bytes(self._opened.contents[sha256][:])
        for member in path.split("!/"):
            data = Archive(data).read(member)
        return [(image, Lines(image)) for image in images(data)]


def pairs(flows: Iterable[InformationFlow], sources: Sources) -> list[Pair]:
    """The flows as lines, each pair of instructions once, in a stable order."""
    seen = {
        (f.source_place.sha256, f.source_place.path, f.source_place.at, f.place.sha256, f.place.path, f.place.at): f
        for f in flows
    }
    found = [Pair(sources.spot(f.source_place), sources.spot(f.place), f.source, f.sink) for f in seen.values()]
    return sorted(found, key=lambda p: (str(p), p.source_call, p.sink_call))


def inspected(folder: Path, app: App, tables: Catalogue) -> Result:
    """Collect the facts of an app (and of the apps that form a case with it), and compare its flows with the truth."""
    others = [folder / f"{name}.apk" for name in app.companions]
    opened = open_case([folder / f"{app.name}.apk"], companions=others)
    facts = collect_facts(opened, tables, flows="implicit" if app.implicit else "values")
    names = {artefact.sha256: "" for artefact in opened.case.artefacts}
    names |= {other.sha256: other.name.removesuffix(".apk") for other in opened.companions}
    flows = [fact for fact in facts.facts if isinstance(fact, InformationFlow)]
    defects = [gap.code or gap.collector for gap in facts.gaps if gap.reason == "defect"]
    return compared(app, pairs(flows, Sources(opened, names)), defects)


_TABLES: list[Catalogue] = []


def _one(task: tuple[Path, App]) -> Result:
    if not _TABLES:
        _TABLES.append(load())
    return inspected(*task, _TABLES[0])


def results(folder: Path, apps: Sequence[App], jobs: int) -> Iterator[Result]:
    """Every app's result, in the order given."""
    tasks = [(folder, app) for app in apps]
    if jobs == 1:
        yield from map(_one, tasks)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(_one, tasks)


# --- the command line that the benchmarks share ----------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """What the command line asks for."""

    folder: Path
    jobs: int
    apps: list[App] = field(default_factory=list)
    detail: bool = False


def asked(described: str | None, file: str) -> Asked:
    """The command line: a folder, ``--app NAME`` (the end of an app's name) for details, ``--jobs N``."""
    parser = argparse.ArgumentParser(description=(described or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="where the APKs are, in folders by category")
    parser.add_argument("--app", help="one app, by its name or the end of it, with every pair")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    given = parser.parse_args()
    apps = [app for name, app in truth(file).items() if not given.app or f"/{name}".endswith(f"/{given.app}")]
    names = {name for app in apps for name in (app.name, *app.companions)}
    gone = sorted(name for name in names if not (given.folder / f"{name}.apk").is_file())
    if gone or not apps:
        parser.error(f"not there: {', '.join(gone[:3]) or given.app}")
    return Asked(given.folder, given.jobs, apps, bool(given.app))


def detail(result: Result) -> None:
    """Print every pair of one app."""
    app = result.app
    print(f"{app.name}: counted {app.used}, reported {result.reported}, implicit flows {'on' if app.implicit else 'off'}, "
          f"with {', '.join(app.companions) or 'nobody'}")  # fmt: skip
    for word, ways in (
        ("true", result.found),
        ("false", result.wrong),
        ("missed", result.missed),
        ("not counted", result.uncounted),
    ):
        for way in ways:
            print(f"  {word:12} {way}")
    for defect in result.defects:
        print(f"  DEFECT {defect}")
