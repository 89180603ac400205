"""From files to a report: open, collect, relate, judge. The sequence, nothing else."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from mingcha import __version__
from mingcha.catalogue.load import Catalogue, load
from mingcha.collect import answers as answer_files
from mingcha.collect.collectors import Subject, collect
from mingcha.collect.package import Follow, Package
from mingcha.documents import RUN_RECORD, Buffer, bytes_of, documents_of, run_files, zip_kind
from mingcha.errors import RecordError, UsageError
from mingcha.formats import sniff
from mingcha.judge.evaluate import judge
from mingcha.model.artefact import App, Artefact, ArtefactKind, Case
from mingcha.model.clause import in_force
from mingcha.model.fact import AppDeclared, RunRecorded, SignedBy
from mingcha.model.factbase import FactBase
from mingcha.model.report import FORMAT, FactsFile, Report, Tool, decode_facts
from mingcha.model.words import DocumentRole
from mingcha.relate.joins import relate

Progress = Callable[[str], object]
Seen = Callable[[Any], object]


@dataclass(frozen=True)
class OpenCase:
    """A case with the bytes of its artefacts; ``inspect`` takes it."""

    case: Case
    contents: Mapping[str, Buffer]
    sheet: answer_files.Sheet = field(default_factory=answer_files.Sheet)
    previous: FactsFile | None = None
    companions: tuple[Artefact, ...] = field(default=())
    roles: Mapping[str, DocumentRole] = field(default_factory=dict)
    """Which document of the policy an artefact is, by digest, where a record of fetching says so."""
    runs: Mapping[str, Mapping[str, Artefact]] = field(default_factory=dict)
    """The files of each run by their names in its folder, by the digest of its record."""


def open_case(
    files: Sequence[str | os.PathLike[str]],
    *,
    policy: Sequence[str | os.PathLike[str]] = (),
    answers: str | os.PathLike[str] | None = None,
    previous: str | os.PathLike[str] | None = None,
    companions: Sequence[str | os.PathLike[str]] = (),
    runs: Sequence[str | os.PathLike[str]] = (),
    type: int | None = None,  # noqa: A002  # the design's word
    on: str | None = None,
) -> OpenCase:
    """Read files into a case; the kind of each is told from its content.

    ``policy`` names documents or folders of documents, ``runs`` folders with what was recorded while the app ran. ``type`` is the confirmed app type (1 to 39), ``on`` the day of the conduct (ISO). Raises UsageError for files that are
    not there or not of a kind Mingcha reads, RecordError for answers or a previous report that cannot be used.
    """
    contents: dict[str, Buffer] = {}
    artefacts = [_opened(path, None, contents) for path in files]
    documents, roles = documents_of(policy)
    artefacts += [_opened(path, "policy", contents) for path in documents]
    if answers is not None:
        artefacts.append(_opened(answers, "answers", contents))
    recorded = dict(_run(path, contents) for path in runs)
    _named_apart(len(runs), [bytes(contents[record][:]) for record in recorded])
    artefacts += [artefact for files in recorded.values() for artefact in files.values()]
    sheets = {artefact.sha256 for artefact in artefacts if artefact.kind == "answers"}
    if len(sheets) > 1:
        raise UsageError("more than one answers file: put the answers into one")
    given = answer_files.read(bytes(contents[sheets.pop()][:])) if sheets else answer_files.Sheet()
    older = _opened(previous, "report", contents) if previous is not None else None
    others = tuple(_opened(path, "apk", contents) for path in companions)
    if not artefacts:
        raise UsageError("nothing to inspect: name an APK, a policy, a run or an answers file")
    case = Case(
        artefacts=tuple(sorted(set(artefacts))),
        type=type,
        conduct_date=on,
        previous=older.sha256 if older else None,
        companions=tuple(other.sha256 for other in others),
    )
    before = decode_facts(bytes(contents[older.sha256][:])) if older else None
    return OpenCase(case, contents, given, before, others, roles, recorded)


def _named_apart(given: int, records: Sequence[bytes]) -> None:
    """Facts name their run, so no two runs may have one name. Raises UsageError, or RecordError for a bad record."""
    if not given:
        return
    from mingcha.collect.run.record import read_record  # only when there is one: it costs start-up

    names = {read_record(record).run for record in records}
    if len(names) < given:
        raise UsageError("two runs of one name: give each its own in run.yaml (`run: …`)")


def _run(folder: str | os.PathLike[str], contents: dict[str, Buffer]) -> tuple[str, dict[str, Artefact]]:
    """The digest of a run's record, and every file of its folder."""
    name = os.path.basename(os.path.normpath(os.fspath(folder)))
    files: dict[str, Artefact] = {}
    for inside, path in run_files(folder).items():
        kind: ArtefactKind = "run" if inside == RUN_RECORD else "evidence"
        files[inside] = msgspec.structs.replace(_opened(path, kind, contents), name=f"{name}/{inside}")
    return files[RUN_RECORD].sha256, files


def _opened(path: str | os.PathLike[str], kind: ArtefactKind | None, contents: dict[str, Buffer]) -> Artefact:
    name = os.path.basename(os.fspath(path)) or os.fspath(path)
    data = bytes_of(path)
    digest = hashlib.sha256(data).hexdigest()
    contents[digest] = data
    return Artefact(sha256=digest, kind=kind or kind_of(data, name), name=name, size=len(data))


def kind_of(data: Buffer, name: str) -> ArtefactKind:
    """What a file handed in without a word about it is. Raises UsageError for what Mingcha does not read."""
    kind = sniff.kind_of(data[:4096])
    if kind in ("zip", "binary"):  # a package may begin with something else (Android looks for its end)
        kind = zip_kind(data, kind)
    if kind in ("apk", "apk set"):
        return "apk"
    if kind in ("docx", "pdf", "text"):
        head = data[:4096]
        return "answers" if b"\nanswers:" in b"\n" + head else "policy"
    if kind == "json":
        raise UsageError(f"{name}: a JSON file; give facts to `mingcha judge`, a report to `mingcha report`")
    raise UsageError(f"{name}: {sniff.NOT_READ[kind]}")


# --- the stages ------------------------------------------------------------------------------------------------------


def inspect(
    opened: OpenCase,
    catalogue: Catalogue | None = None,
    *,
    strict: bool = False,
    flows: Follow = "values",
    regulations: Sequence[str] = (),
    progress: Progress = str,
) -> Report:
    """Collect, relate and judge, by the rule sets named or the default ones. ``strict`` lets defects of ours through as exceptions.

    ``flows``: ``values`` follows information through the code within a budget of steps (gaps say what that left out),
    ``deep`` with far more, ``implicit`` also follows what is decided by information, not only the information itself,
    ``nothing`` does not follow it (a gap says so).
    """
    tables = catalogue or load()
    facts = collect_facts(opened, tables, strict=strict, flows=flows, progress=progress)
    return judge_facts(facts, tables, regulations)


def collect_facts(
    opened: OpenCase,
    tables: Catalogue,
    *,
    strict: bool = False,
    flows: Follow = "values",
    progress: Progress = str,
    seen: Seen = bool,
) -> FactsFile:
    """All facts of a case, joined, not yet judged. ``seen`` is shown each artefact once it is opened, to look further into it afterwards."""
    subjects = [
        Subject(artefact, _shown(_opener(artefact, opened, flows), seen))
        for artefact in opened.case.artefacts
        if artefact.kind != "evidence"  # read with the run that it belongs to
    ]
    found = collect(subjects, tables, strict=strict, progress=progress)
    if any(artefact.kind == "policy" for artefact in opened.case.artefacts):
        from mingcha.collect.policy.roles import not_given  # only when there is one: it costs start-up

        found = not_given(found)
    base = FactBase().with_findings(found)
    case = _identified(opened.case, base)
    _same_app("answers were written for", opened.sheet.app.package, opened.sheet.app.version_code, case.app)
    for run in base.of_kind("RunRecorded"):
        if isinstance(run, RunRecorded):
            _same_app(f"run {run.run} was recorded of", run.package, run.version_code, case.app)
    base = relate(base, case, tables, opened.previous.base if opened.previous else None)
    return FactsFile(
        format=FORMAT,
        tool=_tool(tables),
        case=case,
        facts=base.facts,
        covered=base.covered,
        gaps=base.gaps,
        answers=opened.sheet.given,
    )


def _same_app(told: str, package: str | None, version_code: int | None, app: App) -> None:
    """Evidence of one app or version says nothing of another. Raises UsageError."""
    for wanted, found in ((package, app.package), (version_code, app.version_code)):
        if wanted is not None and found is not None and wanted != found:
            raise UsageError(f"the {told} {wanted}, this is {found}: hand in what belongs to this app and version")


def _tool(tables: Catalogue) -> Tool:
    return Tool(name="mingcha", version=__version__, catalogue=tables.digest)


def _shown(open_: Callable[[], Any], seen: Seen) -> Callable[[], Any]:
    def opened() -> Any:
        made = open_()
        seen(made)
        return made

    return opened


def _opener(artefact: Artefact, opened: OpenCase, follow: Follow) -> Callable[[], Any]:
    data = opened.contents[artefact.sha256]
    if artefact.kind == "apk":
        others = tuple((other, opened.contents[other.sha256]) for other in opened.companions)
        return lambda: Package(artefact, data, companions=others, follow=follow)
    if artefact.kind == "policy":
        return lambda: _policy(artefact, bytes(data[:]), opened.roles.get(artefact.sha256))
    if artefact.kind == "run":
        return lambda: _folder(artefact, opened)
    return lambda: answer_files.Answers(artefact, opened.sheet.given)


def _policy(artefact: Artefact, data: bytes, role: DocumentRole | None) -> Any:
    from mingcha.collect.policy import collector  # only when there is one: it costs start-up

    return collector.opened(artefact, data, role)


def _folder(artefact: Artefact, opened: OpenCase) -> Any:
    from mingcha.collect.run.folder import RunFolder  # only when there is one: it costs start-up
    from mingcha.collect.run.record import read_record

    files = opened.runs[artefact.sha256]
    contents = {name: opened.contents[one.sha256] for name, one in files.items() if name != RUN_RECORD}
    return RunFolder(artefact, read_record(bytes(opened.contents[artefact.sha256][:])), contents, files)


def _identified(case: Case, base: FactBase) -> Case:
    """The case with what the package says of itself."""
    found = [f for f in base.of_kind("AppDeclared") if isinstance(f, AppDeclared)]
    if not found:
        return case
    declared = found[0]
    names = {f"{f.package} {f.version_name}" for f in found}
    if len(names) > 1:
        raise UsageError(
            f"two apps in one case ({', '.join(sorted(names))}): inspect one at a time; --with names the other"
        )
    signer = next((f.certificate_sha256 for f in base.of_kind("SignedBy") if isinstance(f, SignedBy)), None)
    app = App(
        package=declared.package,
        version_name=declared.version_name,
        version_code=declared.version_code,
        min_sdk=declared.min_sdk,
        target_sdk=declared.target_sdk,
        label=declared.label,
        signer_sha256=signer,
    )
    return Case(
        artefacts=case.artefacts,
        app=app,
        type=case.type,
        guessed_type=case.guessed_type,
        conduct_date=case.conduct_date,
        previous=case.previous,
        companions=case.companions,
    )


def judge_facts(facts: FactsFile, tables: Catalogue, regulations: Sequence[str] = ()) -> Report:
    """Every clause in force on the day of the conduct (all of them where no day is given), judged over the facts.

    ``regulations`` names the texts to judge by; without it those that are judged by default.
    """
    rules = [tables.regulations[name] for name in regulations]
    rules = rules or [rule for rule in tables.regulations.values() if rule.default]
    day = facts.case.conduct_date
    rules = [rule for rule in rules if in_force(rule, day)]
    if not rules:
        raise RecordError(f"no regulation of the catalogue was in force on {day}")
    clauses = [clause for rule in rules for clause in rule.clauses if in_force(clause, day)]
    verdicts = judge(clauses, facts.base, facts.case, facts.answers, tables.is_a)
    return Report(
        format=FORMAT,
        tool=_tool(tables),
        case=facts.case,
        facts=facts.facts,
        covered=facts.covered,
        gaps=facts.gaps,
        answers=facts.answers,
        regulations=tuple(rule.id for rule in rules),
        verdicts=verdicts,
    )
