"""One app of a survey: read, inspected, its rows left in the dataset. This runs in a child process that may die of it."""

from __future__ import annotations

import gc
import hashlib
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import msgspec

from mingcha import __version__
from mingcha.catalogue.load import Catalogue, load
from mingcha.collect.collectors import COLLECTORS
from mingcha.collect.owners import Owners
from mingcha.collect.package import Package
from mingcha.errors import FormatError, LimitError, RecordError, UsageError
from mingcha.inspection import OpenCase, collect_facts, judge_facts, open_case
from mingcha.model.artefact import Artefact, Case
from mingcha.model.factbase import Gap, Reason
from mingcha.model.report import FORMAT, FactsFile, Tool
from mingcha.program.sketch import sketch
from mingcha.survey.dataset import Dataset, Known
from mingcha.survey.keeping import record_of
from mingcha.survey.rows import Item, Plan, Record, Told
from mingcha.survey.sources import opened, readable, reading

_EVERYTHING = tuple(dict.fromkeys(kind for one in COLLECTORS for kind in one.yields))
_opened: dict[str, tuple[Dataset, Known]] = {}
"""The datasets this process writes to, with what it knows of their keys."""


def examine(item: Item, plan: Plan, url: str) -> Told:
    """Examine one item, unless the dataset has it; its rows are in the spool when this returns."""
    began = time.perf_counter()
    with ExitStack() as held:
        try:
            there = held.enter_context(_here(item))
        except UsageError as error:
            return _keep_refusal(item, plan, url, "unreadable", str(error), _named(item))
        return _examined(item, there, plan, url, began)


def _examined(item: Item, there: Item, plan: Plan, url: str, began: float) -> Told:
    """The same for an item whose files are on this machine."""
    dataset, known = _dataset(url)
    content = content_of(there)
    key = key_of(content, item, plan)
    has = next((one for one in (key, _refused(content, item, plan)) if one in known), None)
    if has is not None:
        took = time.perf_counter() - began
        if has != key:
            return Told(item=item, key=has, outcome="failed", seconds=took, problem="refused before, not tried again")
        return Told(item=item, key=has, outcome="known", seconds=took)
    try:
        dataset.spool(_record(_case(there), key, plan))
    except MemoryError:
        return _keep_refusal(item, plan, url, "too big", f"more than {plan.memory >> 20} MiB", content)
    except (UsageError, RecordError) as error:
        return _keep_refusal(item, plan, url, "unreadable", _as_given(str(error), item, there), content)
    gc.collect()
    return Told(item=item, key=key, outcome="done", seconds=time.perf_counter() - began, peak_mib=peak_mib())


def refuse(item: Item, plan: Plan, url: str, reason: Reason, why: str) -> Told:
    """Keep that an item could not be examined: nothing found, nothing passed, one gap that hides everything."""
    return _keep_refusal(item, plan, url, reason, why, _content(item))


def _content(item: Item) -> str:
    """The content of an item whose examination did not end. Nothing bounds the process that asks, so nothing is fetched over a network."""
    if any("://" in name.rpartition("::")[2] for name in _names(item)):
        return _named(item)
    try:
        with _here(item) as there:
            return content_of(there)
    except (OSError, UsageError):
        return _named(item)


def _named(item: Item) -> str:
    """What stands for the content of an item that cannot be had: its names alone. So it is tried again in the next run."""
    return _hashed(_names(item))


def _names(item: Item) -> list[str]:
    return [item.app, *item.policy, *item.runs, item.answers or ""]


def _as_given(text: str, item: Item, there: Item) -> str:
    """What went wrong, with each file under the name it was given and not under the one it was fetched to."""
    for given, fetched in zip(_names(item), _names(there), strict=True):
        text = text.replace(fetched, readable(given)) if fetched else text
    return text


def _keep_refusal(item: Item, plan: Plan, url: str, reason: Reason, why: str, content: str) -> Told:
    dataset, known = _dataset(url)
    key = _refused(content, item, plan)
    if key not in known:
        name = readable(os.path.basename(item.app))
        code = f"survey.{reason.replace(' ', '_')}"
        gap = Gap(
            collector="survey", reason=reason, hides=_EVERYTHING, code=code, values={"artefact": name, "why": why}
        )
        case = Case(artefacts=(Artefact(sha256=content, kind="apk", name=name, size=0),), type=item.type)
        tool = Tool(name="mingcha", version=plan.tool, catalogue=plan.catalogue)
        facts = FactsFile(format=FORMAT, tool=tool, case=case, gaps=(gap,))
        dataset.spool(record_of(key, judge_facts(facts, _tables(), plan.rules), None))
    return Told(item=item, key=key, outcome="failed", problem=f"{reason}: {why}")


def plan_of(tables: Catalogue, rules: Sequence[str], flows: str, memory: int, timeout: float) -> Plan:
    """How a dataset is examined by this Mingcha and its catalogue."""
    names = tuple(rules) or tuple(rule.id for rule in tables.regulations.values() if rule.default)
    return Plan(rules=names, flows=flows, tool=__version__, catalogue=tables.digest, memory=memory, timeout=timeout)


def key_of(content: str, item: Item, plan: Plan) -> str:
    """What makes an examination the same: everything handed in by content, what was said of it, tool and catalogue."""
    return _hashed([content, *_told(item, plan)])


def _refused(content: str, item: Item, plan: Plan) -> str:
    """The same for an examination that did not end; with more time or memory it is another one."""
    return _hashed(["refused", content, *_told(item, plan), str(plan.memory), str(plan.timeout)])


def content_of(item: Item) -> str:
    """The digest of everything handed in: each file's own, its place in its folder, and what it is for."""
    paths = [("app", item.app), *(("policy", one) for one in item.policy), *(("run", one) for one in item.runs)]
    paths += [("answers", item.answers)] if item.answers else []
    lines = [f"{use} {name} {_digest(path)}" for use, root in paths for name, path in _files(root)]
    return _digest(item.app) if len(lines) == 1 else _hashed(sorted(lines))


def _files(root: str) -> list[tuple[str, str]]:
    """A file, or the files of a folder by their names in it."""
    if not os.path.isdir(root):
        return [("", root)]
    paths = [os.path.join(folder, name) for folder, _, names in os.walk(root) for name in names]
    return sorted((os.path.relpath(path, root), path) for path in paths)


def _digest(path: str) -> str:
    """The SHA-256 of a file; of its name where it cannot be read."""
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return hashlib.sha256(path.encode("utf-8", "surrogateescape")).hexdigest()


def peak_mib() -> float:
    """The most memory this process has held."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def _told(item: Item, plan: Plan) -> list[str]:
    return [f"type {item.type}", f"flows {plan.flows}", f"tool {plan.tool}", f"catalogue {plan.catalogue}"]


def _hashed(lines: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode("utf-8", "backslashreplace")).hexdigest()


def _dataset(url: str) -> tuple[Dataset, Known]:
    if url not in _opened:
        made = Dataset(url)
        _opened[url] = (made, Known(made))
    return _opened[url]


_catalogue: list[Catalogue] = []


def _tables() -> Catalogue:
    """The catalogue, read once in each process and then left alone by the collector of garbage."""
    if not _catalogue:
        _catalogue.append(load())
        gc.collect()
        gc.freeze()
    return _catalogue[0]


@contextmanager
def _here(item: Item) -> Iterator[Item]:
    """The item with everything it names on this machine: what lies elsewhere is fetched for as long as it takes. Raises UsageError."""
    names = _names(item)
    if wrong := next((name for name in names if "\0" in name), None):
        raise UsageError(f"{wrong!r}: no path and no address, since it holds a NUL character")
    if not any(_far(name) or _odd(name) for name in names):
        yield item
        return
    with tempfile.TemporaryDirectory(prefix="mingcha-survey-") as folder:
        fetched = _fetcher(folder)
        yield msgspec.structs.replace(
            item,
            app=fetched(item.app),
            policy=tuple(map(fetched, item.policy)),
            runs=tuple(map(fetched, item.runs)),
            answers=fetched(item.answers) if item.answers else None,
        )


def _far(name: str) -> bool:
    return "://" in name or "::" in name


def _fetcher(folder: str) -> Callable[[str], str]:
    def fetched(name: str) -> str:
        if not _far(name):
            return _linked(name, folder) if _odd(name) else name
        with reading(name):
            files, path = opened(name)
            into = _place(folder, str(path))
            if _is_folder(files, path):
                files.get(path, into, recursive=True)
            else:
                files.get_file(path, into)
        return into

    return fetched


def _odd(name: str) -> bool:
    """Whether a name cannot be kept in facts, since it is not UTF-8."""
    return readable(name) != name


def _linked(name: str, folder: str) -> str:
    into = _place(folder, name)
    os.symlink(os.path.abspath(name), into)
    return into


def _place(folder: str, path: str) -> str:
    """Where a file goes that is fetched: in a folder of its own, under its own name."""
    own = os.path.join(folder, str(len(os.listdir(folder))))
    os.makedirs(own)
    return os.path.join(own, readable(os.path.basename(path)))


def _is_folder(files: Any, path: Any) -> bool:
    """Whether everything below is meant. To fsspec every page with links is a folder of what they lead to: a policy is not."""
    return not str(path).startswith(("http://", "https://")) and bool(files.isdir(path))


def _case(item: Item) -> OpenCase:
    """The item opened. Raises UsageError, also where its app is none; RecordError for answers or a run that cannot be used."""
    case = open_case([item.app], policy=item.policy, runs=item.runs, answers=item.answers, type=item.type)
    if not any(one.kind == "apk" for one in case.case.artefacts):
        raise UsageError("not an app")
    return case


def _record(case: OpenCase, key: str, plan: Plan) -> Record:
    """Inspect, and make the rows."""
    packages: list[Package] = []

    def seen(one: Any) -> None:
        if isinstance(one, Package):
            packages.append(one)

    facts = collect_facts(case, _tables(), flows=plan.flows, seen=seen)  # type: ignore[arg-type]  # one of its words
    return record_of(key, judge_facts(facts, _tables(), plan.rules), packages[0] if packages else None, _sketched)


def _sketched(package: Package) -> tuple[int, ...] | None:
    """The sketch of the app's own and unknown code: what it shares with every app through known SDKs and libraries says little."""
    try:
        owners = Owners(_tables(), package)
        libraries = tuple(f"L{name.replace('.', '/')}" for name in _tables().libraries)
        return sketch(
            [one.dex for one in package.code], lambda name: _own(owners, libraries, name.decode("utf-8", "replace"))
        )
    except (FormatError, LimitError):
        return None


def _own(owners: Owners, libraries: tuple[str, ...], descriptor: str) -> bool:
    return not descriptor.startswith(libraries) and owners.of_descriptor(descriptor) in (None, "app")
