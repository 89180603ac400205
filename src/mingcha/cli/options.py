"""What the commands share: their options, exit codes, and the way from files to facts and from a report to a page."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from mingcha.edges import Progress, day, read, today, write
from mingcha.errors import MingchaError, UsageError

if TYPE_CHECKING:
    from mingcha.collect.package import Follow
    from mingcha.model.report import FactsFile, Report

FORMS = click.Choice(["text", "html", "pdf", "json", "sarif", "csv"])
SUFFIXES = {".html": "html", ".htm": "html", ".pdf": "pdf", ".json": "json", ".sarif": "sarif", ".csv": "csv"}
"""The form of a report by the end of its file's name, where no form is named."""
READERS = click.Choice(["operator", "regulator", "public"])
LANGUAGES = click.Choice(["zh", "en"])
FLOWS = click.Choice(["values", "deep", "implicit", "none"])
FILE = click.Path(dir_okay=False)

BREACHED, NOTHING_READ, LEFT_OPEN = 1, 3, 4


class Told(click.ClickException):
    """One of our errors, printed in one line; exit code 2."""

    exit_code = 2


def guarded(command: Callable[..., Any]) -> Callable[..., Any]:
    """The command with our errors told in one line."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except MingchaError as error:
            raise Told(str(error)) from error

    return run


def inputs(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say what the case is made of."""
    options: tuple[Callable[..., Any], ...] = (
        click.argument("files", nargs=-1, required=False, type=FILE, metavar="FILE..."),
        click.option(
            "--policy",
            multiple=True,
            type=click.Path(),
            help="The privacy policy (HTML, Markdown, text, PDF, DOCX), its lists, or a folder of both; may be repeated.",
        ),
        click.option("--answers", type=FILE, help="A person's answers (YAML, see `mingcha questions`)."),
        click.option(
            "--run",
            "runs",
            multiple=True,
            type=click.Path(),
            help="A folder with what was recorded while the app ran (run.yaml, traffic, hook log, screens); may be repeated.",
        ),
        click.option("--previous", type=FILE, help="An older report or facts file of the app, to see changes."),
        click.option("--with", "companions", multiple=True, type=FILE, help="Another app that this one talks to."),
        click.option(
            "--type", "app_type", help="Confirmed app type: 1 to 39 or its name (实用工具类); 0 if none fits."
        ),
        click.option("--on", metavar="DATE", help="Day of the conduct (2024-05-31): chooses the rules in force."),
        click.option(
            "--flows",
            type=FLOWS,
            default="values",
            show_default=True,
            help="Follow information through the code; with far more effort; also what it decides; or not.",
        ),
        click.option("--strict", is_flag=True, help="Stop at the first defect of Mingcha itself."),
    )
    for option in reversed(options):
        command = option(command)
    return command


RULES = click.option(
    "--rules", multiple=True, metavar="NAME",
    help="Rule set to judge by: idm-2019 and npi-2021 (the default), tc260-sa-2020, miit-2019, miit-2020, pipl-2021, or all; may be repeated.",
)  # fmt: skip


def collected(options: dict[str, Any], tables: Any) -> FactsFile:
    """The facts of the files that the options name."""
    from mingcha.inspection import collect_facts, open_case

    opened = open_case(
        options["files"],
        policy=options["policy"],
        answers=options["answers"],
        previous=options["previous"],
        companions=options["companions"],
        runs=options["runs"],
        type=type_number(options["app_type"], tables),
        on=day(options["on"]),
    )
    with Progress() as progress:
        return collect_facts(
            opened,
            tables,
            strict=options["strict"],
            flows=followed(options["flows"]),
            progress=progress,
        )


def followed(flows: str) -> Follow:
    """How far information is followed, by the word of the option."""
    return "nothing" if flows == "none" else flows  # type: ignore[return-value]  # one of its words


def type_number(text: str | None, tables: Any) -> int | None:
    """The app type a person named. Raises UsageError."""
    if text is None:
        return None
    if text in ("0", "none", "无"):
        return 0
    for number, row in tables.app_types.items():
        if text in (str(number), *row.name.values()):
            return int(number)
    raise UsageError(f"--type {text!r}: a number from 1 to 39, a name, or 0; see `mingcha catalogue list types`")


def deliver(report: Report, tables: Any, reader: str, form: str | None, lang: str, output: str | None) -> None:
    """Write a report for one reader; without ``form`` in the form that the output's name ends with, else as text. Raises UsageError."""
    from mingcha.render import render

    form = form or SUFFIXES.get(os.path.splitext(output or "")[1].lower(), "text")
    if form == "pdf" and output is None and sys.stdout.isatty():
        raise UsageError("a PDF does not go to a terminal: name a file with -o")
    write(render(report, tables, reader, form, lang), output)  # type: ignore[arg-type]


def exit_code(report: Report, baseline_file: str | None, *, complete: bool) -> int:
    """What the process ends with."""
    from mingcha.judge.findings import findings, read_baseline, unaccepted

    if unread(report):
        return NOTHING_READ
    new = list(findings(report))
    if baseline_file is not None:
        until = report.case.conduct_date or today().isoformat()
        new = unaccepted(report, read_baseline(read(baseline_file)), until)
    if new:
        return BREACHED
    left = complete and any(verdict.outcome == "not determined" for verdict in report.verdicts)
    return LEFT_OPEN if left else 0


def unread(facts: FactsFile) -> bool:
    """Whether not one artefact could be read."""
    return not facts.facts and any(gap.reason in ("unreadable", "too big", "defect") for gap in facts.gaps)


def kept_report(path: str) -> Report:
    """A report that was written before. Raises UsageError, RecordError."""
    from mingcha.model.report import decode_report

    return decode_report(read(path))


def rule_sets(names: tuple[str, ...], tables: Any) -> tuple[str, ...]:
    """The rule sets that ``--rules`` names, ``all`` for every one; none means the default ones. Raises UsageError."""
    wanted = [name.strip() for text in names for name in text.split(",") if name.strip()]
    if wanted == ["all"]:
        return tuple(tables.regulations)
    unknown = [name for name in wanted or names if name not in tables.regulations]
    if unknown:
        raise UsageError(f"--rules {unknown[0]!r}: there are {', '.join(tables.regulations)}, and all")
    return tuple(dict.fromkeys(wanted))
