"""The command line: parse, call, print, exit code.

Exit codes: 0 nothing breached · 1 something breached (with --baseline: something not accepted) · 2 wrong use ·
3 nothing could be read · 4 clauses left open, with --complete.
"""

from __future__ import annotations

import datetime as dt
import gc
import logging
import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from mingcha import __version__
from mingcha.edges import Progress, day, read, today, write
from mingcha.errors import MingchaError, UsageError

if TYPE_CHECKING:
    from mingcha.model.artefact import App
    from mingcha.model.report import FactsFile, Report

_FORMS = click.Choice(["text", "html", "pdf", "json", "sarif", "csv"])
_READERS = click.Choice(["operator", "regulator", "public"])
_LANGUAGES = click.Choice(["zh", "en"])
_FILE = click.Path(dir_okay=False)

BREACHED, NOTHING_READ, LEFT_OPEN = 1, 3, 4


class _Told(click.ClickException):
    """One of our errors, printed in one line; exit code 2."""

    exit_code = 2


def _guarded(command: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except MingchaError as error:
            raise _Told(str(error)) from error

    return run


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="mingcha")
def main() -> None:
    """Mingcha (明察) judges an Android app and its privacy policy, clause by clause, with evidence.

    \b
    明察：对照《App违法违规收集使用个人信息行为认定方法》31项，逐条检查App及其隐私政策，并给出证据。

    \b
    Examples:
      mingcha inspect app.apk --policy policy.html
      mingcha inspect app.apk --for public --form html --lang zh -o report.html
      mingcha questions report.json -o answers.yaml
    """
    logging.basicConfig(format="%(message)s", level=logging.ERROR)
    gc.set_threshold(200_000, 50, 50)  # one case is a burst of small objects that all live until its end
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy, imported later, would start threads that nothing uses


def _inputs(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say what the case is made of."""
    options: tuple[Callable[..., Any], ...] = (
        click.argument("files", nargs=-1, required=False, type=_FILE, metavar="FILE..."),
        click.option(
            "--policy", multiple=True, type=_FILE, help="The privacy policy: HTML, Markdown, text, PDF, DOCX."
        ),
        click.option("--answers", type=_FILE, help="A person's answers (YAML, see `mingcha questions`)."),
        click.option("--previous", type=_FILE, help="An older report or facts file of the app, to see changes."),
        click.option("--with", "companions", multiple=True, type=_FILE, help="Another app that this one talks to."),
        click.option(
            "--type", "app_type", help="Confirmed app type: 1 to 39 or its name (实用工具类); 0 if none fits."
        ),
        click.option("--on", metavar="DATE", help="Day of the conduct (2024-05-31): chooses the rules in force."),
        click.option(
            "--flows",
            type=click.Choice(["values", "deep", "implicit", "none"]),
            default="values",
            show_default=True,
            help="Follow information through the code; with far more effort; also what it decides; or not.",
        ),
        click.option("--strict", is_flag=True, help="Stop at the first defect of Mingcha itself."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@main.command()
@_inputs
@click.option("--for", "reader", type=_READERS, default="operator", show_default=True, help="Who reads the report.")
@click.option("--form", type=_FORMS, default="text", show_default=True, help="The form of the report.")
@click.option("--lang", type=_LANGUAGES, default="zh", show_default=True, help="Language of the report.")
@click.option("-o", "--output", type=_FILE, help="Write the report to this file.")
@click.option("--baseline", type=_FILE, help="Accepted findings (YAML): exit code 1 only for others.")
@click.option("--complete", is_flag=True, help="Exit code 4 when clauses are left open.")
@_guarded
def inspect(**options: Any) -> None:
    """Inspect an app, a policy, or both, and report.

    \b
    Examples:
      mingcha inspect app.apk
      mingcha inspect app.apk --policy policy.html --type 38 --answers answers.yaml
      mingcha inspect policy.docx --for public --lang en
      mingcha inspect app.apk --form sarif -o mingcha.sarif --baseline accepted.yaml

    Exit codes: 0 nothing breached, 1 something breached (with --baseline: something not accepted), 2 wrong use,
    3 nothing could be read, 4 clauses left open (with --complete).
    """
    from mingcha.catalogue.load import load
    from mingcha.inspection import judge_facts

    tables = load()
    report = judge_facts(_collected(options, tables), tables)
    _deliver(report, tables, options["reader"], options["form"], options["lang"], options["output"])
    sys.exit(_exit_code(report, options["baseline"], complete=options["complete"]))


@main.command()
@_inputs
@click.option("-o", "--output", type=_FILE, help="Write the facts to this file.")
@_guarded
def collect(**options: Any) -> None:
    """Collect facts only, as JSON, to judge later or elsewhere.

    \b
    Example:
      mingcha collect app.apk --policy policy.html -o facts.json
    """
    from mingcha.catalogue.load import load
    from mingcha.model.report import encode

    facts = _collected(options, load())
    write(encode(facts), options["output"])
    sys.exit(NOTHING_READ if _unread(facts) else 0)


@main.command()
@click.argument("facts", type=_FILE)
@click.option("--rules", multiple=True, help="Regulation to judge by (idm-2019); may be repeated. Default: all.")
@click.option("-o", "--output", type=_FILE, help="Write the report to this file.")
@_guarded
def judge(facts: str, rules: tuple[str, ...], output: str | None) -> None:
    """Judge a facts file (or an old report again, by today's catalogue); the report is JSON.

    \b
    Example:
      mingcha judge facts.json -o report.json
    """
    from mingcha.catalogue.load import load
    from mingcha.inspection import judge_facts
    from mingcha.model.report import decode_facts, encode

    tables = load()
    unknown = set(rules) - set(tables.regulations)
    if unknown:
        raise UsageError(f"no regulation {sorted(unknown)[0]!r}; there are: {', '.join(tables.regulations)}")
    report = judge_facts(decode_facts(read(facts)), tables, rules)
    write(encode(report), output)
    sys.exit(_exit_code(report, None, complete=False))


@main.command()
@click.argument("report", type=_FILE)
@click.option("--for", "reader", type=_READERS, default="operator", show_default=True)
@click.option("--form", type=_FORMS, default="text", show_default=True)
@click.option("--lang", type=_LANGUAGES, default="zh", show_default=True)
@click.option("-o", "--output", type=_FILE, help="Write the page to this file.")
@_guarded
def report(report: str, reader: str, form: str, lang: str, output: str | None) -> None:
    """Show a report for one reader, in one form and language.

    \b
    Example:
      mingcha report report.json --for public --form html -o public.html
    """
    from mingcha.catalogue.load import load

    _deliver(_report(report), load(), reader, form, lang, output)


@main.command()
@click.argument("report", type=_FILE)
@click.option("--lang", type=_LANGUAGES, default="zh", show_default=True)
@click.option("-o", "--output", type=_FILE, help="Write the questions to this file.")
@_guarded
def questions(report: str, lang: str, output: str | None) -> None:
    """Write the open questions of a report as a YAML file to fill in and give back with --answers.

    \b
    Example:
      mingcha questions report.json -o answers.yaml
    """
    from mingcha.catalogue.load import load
    from mingcha.judge.findings import open_questions

    tables, read = load(), _report(report)
    clauses = [clause for name in read.regulations for clause in tables.regulations[name].clauses]
    rows = open_questions(read, clauses, lang)
    write(_sheet(rows, read.case.app).encode(), output)
    click.echo(f"{len(rows)} questions", err=True)


def _sheet(rows: list[Any], app: App) -> str:
    import yaml

    head = (
        "# 逐条回答后，用 --answers 交回。 Fill in and give back with --answers.\n"
        "# answer: 是 / 否 / 数字 (yes / no / a number); 留空表示尚未检查 (leave empty if not checked).\n"
        "# proof: 截图、录屏、记录的文件名或编号 (name or number of a screenshot, recording or record).\n"
    )
    open_ = {"answer": None, "who": None, "role": None, "date": None, "proof": None}
    listed = [
        {"clause": r.clause, "question": r.question, **({"about": r.about} if r.about else {}), "ask": r.ask, **open_}
        for r in rows
    ]
    about = {"package": app.package, "version_code": app.version_code}
    return head + yaml.safe_dump({"app": about, "answers": listed}, allow_unicode=True, sort_keys=False, width=110)


@main.command()
@click.argument("old", type=_FILE)
@click.argument("new", type=_FILE)
@click.option("--lang", type=_LANGUAGES, default="zh", show_default=True)
@click.option("--form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@_guarded
def compare(old: str, new: str, lang: str, form: str) -> None:
    """Tell what appeared and what went between two reports (an update, or a rectification).

    \b
    Example:
      mingcha compare before.json after.json
    """
    import msgspec

    from mingcha.catalogue.load import load
    from mingcha.judge.findings import compare as compared
    from mingcha.render.comparison import comparison_text

    before, after = _report(old), _report(new)
    result = compared(before, after)
    if form == "json":
        write(msgspec.json.format(msgspec.json.encode(result)) + b"\n", None)
    else:
        write(comparison_text(result, before, after, load(), lang).encode(), None)  # type: ignore[arg-type]


@main.command()
@click.argument("report", type=_FILE)
@click.option("--until", metavar="DATE", help="Day on which the acceptance ends. Default: in 90 days.")
@click.option("-o", "--output", type=_FILE, help="Write the baseline to this file.")
@_guarded
def baseline(report: str, until: str | None, output: str | None) -> None:
    """Write the findings of a report as a baseline to fill in with reasons, for --baseline.

    \b
    Example:
      mingcha baseline report.json -o accepted.yaml
    """
    import yaml

    from mingcha.judge.findings import findings

    end = until or (today() + dt.timedelta(days=90)).isoformat()
    rows = [
        {"clause": verdict.clause, **({"finding": print_} if print_ else {}), "reason": "", "until": end}
        for verdict, print_ in findings(_report(report))
    ]
    head = "# 每条须写明接受的理由和期限。 Each row needs a reason; it counts up to and including `until`.\n"
    write((head + yaml.safe_dump({"accepted": rows}, allow_unicode=True, sort_keys=False)).encode(), output)


@main.group()
def catalogue() -> None:
    """List, show and check the rules and tables that Mingcha judges with."""


@catalogue.command("list")
@click.argument("what", type=click.Choice(["clauses", "sdks", "information", "types"]), default="clauses")
@click.option("--lang", type=_LANGUAGES, default="zh", show_default=True)
@_guarded
def catalogue_list(what: str, lang: str) -> None:
    """List clauses, SDKs, types of information, or app types.

    \b
    Example:
      mingcha catalogue list sdks
    """
    from mingcha.catalogue.load import load
    from mingcha.catalogue.show import rows

    write("\n".join(rows(load(), what, lang)).encode() + b"\n", None)


@catalogue.command("show")
@click.argument("identity")
@click.option("--lang", type=_LANGUAGES, default="zh", show_default=True)
@_guarded
def catalogue_show(identity: str, lang: str) -> None:
    """Show one clause, SDK, type of information, permission or interface with its source.

    \b
    Examples:
      mingcha catalogue show idm-2019/3.1
      mingcha catalogue show umeng-analytics
    """
    from mingcha.catalogue.load import load
    from mingcha.catalogue.show import described

    write(described(load(), identity, lang).encode() + b"\n", None)


@catalogue.command("check")
def catalogue_check() -> None:
    """Check all catalogue files; each problem is printed as file:line: message."""
    from mingcha.catalogue.check import problems

    found = problems()
    for problem in found:
        click.echo(problem)
    click.echo(f"{len(found)} problems", err=True)
    sys.exit(1 if found else 0)


# --- edges -----------------------------------------------------------------------------------------------------------


def _collected(options: dict[str, Any], tables: Any) -> FactsFile:
    from mingcha.inspection import collect_facts, open_case

    opened = open_case(
        options["files"],
        policy=options["policy"],
        answers=options["answers"],
        previous=options["previous"],
        companions=options["companions"],
        type=_type_number(options["app_type"], tables),
        on=day(options["on"]),
    )
    with Progress() as progress:
        return collect_facts(
            opened,
            tables,
            strict=options["strict"],
            flows={"none": "nothing", "deep": "deep"}.get(options["flows"], "values"),  # type: ignore[arg-type]
            implicit_flows=options["flows"] == "implicit",
            progress=progress,
        )


def _type_number(text: str | None, tables: Any) -> int | None:
    if text is None:
        return None
    if text in ("0", "none", "无"):
        return 0
    for number, row in tables.app_types.items():
        if text in (str(number), *row.name.values()):
            return int(number)
    raise UsageError(f"--type {text!r}: a number from 1 to 39, a name, or 0; see `mingcha catalogue list types`")


def _deliver(report: Report, tables: Any, reader: str, form: str, lang: str, output: str | None) -> None:
    from mingcha.render import render

    if form == "pdf" and output is None and sys.stdout.isatty():
        raise UsageError("a PDF does not go to a terminal: name a file with -o")
    write(render(report, tables, reader, form, lang), output)  # type: ignore[arg-type]


def _exit_code(report: Report, baseline_file: str | None, *, complete: bool) -> int:
    from mingcha.judge.findings import findings, read_baseline, unaccepted

    if _unread(report):
        return NOTHING_READ
    new = list(findings(report))
    if baseline_file is not None:
        until = report.case.conduct_date or today().isoformat()
        new = unaccepted(report, read_baseline(read(baseline_file)), until)
    if new:
        return BREACHED
    left = complete and any(verdict.outcome == "not determined" for verdict in report.verdicts)
    return LEFT_OPEN if left else 0


def _unread(facts: FactsFile) -> bool:
    """Whether not one artefact could be read."""
    return not facts.facts and any(gap.reason in ("unreadable", "too big", "defect") for gap in facts.gaps)


def _report(path: str) -> Report:
    from mingcha.model.report import decode_report

    return decode_report(read(path))
