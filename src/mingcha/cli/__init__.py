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
from typing import TYPE_CHECKING, Any

import click

from mingcha import __version__
from mingcha.cli.options import (
    FILE,
    FORMS,
    LANGUAGES,
    NOTHING_READ,
    READERS,
    RULES,
    collected,
    deliver,
    exit_code,
    guarded,
    inputs,
    kept_report,
    rule_sets,
    unread,
)
from mingcha.cli.policies import policy
from mingcha.cli.recordings import record
from mingcha.cli.serving import serve, service
from mingcha.cli.surveys import survey
from mingcha.cli.verifying import verify
from mingcha.edges import read, today, write

if TYPE_CHECKING:
    from mingcha.model.artefact import App


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="mingcha")
def main() -> None:
    """Mingcha (明察) judges an Android app and its privacy policy, clause by clause, with evidence.

    \b
    明察：对照《App违法违规收集使用个人信息行为认定方法》31项，逐条检查App及其隐私政策，并给出证据。

    \b
    Examples:
      mingcha inspect app.apk --policy policy.html
      mingcha inspect app.apk --for public --lang zh -o report.html
      mingcha policy fetch https://www.example.com/privacy -o policy/
      mingcha questions report.json -o answers.yaml
    """
    logging.basicConfig(format="%(message)s", level=logging.ERROR)
    gc.set_threshold(200_000, 50, 50)  # one case is a burst of small objects that all live until its end
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy, imported later, would start threads that nothing uses


main.add_command(policy)
main.add_command(record)
main.add_command(verify)
main.add_command(serve)
main.add_command(service)
main.add_command(survey)


@main.command()
@inputs
@click.option("--for", "reader", type=READERS, default="operator", show_default=True, help="Who reads the report.")
@click.option("--form", type=FORMS, help="The form of the report. Default: by the name of the output, else text.")
@click.option("--lang", type=LANGUAGES, default="zh", show_default=True, help="Language of the report.")
@click.option("-o", "--output", type=FILE, help="Write the report to this file.")
@click.option("--baseline", type=FILE, help="Accepted findings (YAML): exit code 1 only for others.")
@click.option("--complete", is_flag=True, help="Exit code 4 when clauses are left open.")
@RULES
@guarded
def inspect(**options: Any) -> None:
    """Inspect an app, a policy, or both, and report.

    \b
    Examples:
      mingcha inspect app.apk
      mingcha inspect app.apk --policy policy.html --type 38 --answers answers.yaml
      mingcha inspect app.apk --policy policy/ --rules idm-2019 --rules tc260-sa-2020 -o report.html
      mingcha inspect policy.docx --for public --lang en
      mingcha inspect app.apk --policy policy.html --run run1/ -o report.html
      mingcha inspect app.apk -o mingcha.sarif --baseline accepted.yaml

    Exit codes: 0 nothing breached, 1 something breached (with --baseline: something not accepted), 2 wrong use,
    3 nothing could be read, 4 clauses left open (with --complete).
    """
    from mingcha.catalogue.load import load
    from mingcha.inspection import judge_facts

    tables = load()
    rules = rule_sets(options["rules"], tables)
    report = judge_facts(collected(options, tables), tables, rules)
    deliver(report, tables, options["reader"], options["form"], options["lang"], options["output"])
    sys.exit(exit_code(report, options["baseline"], complete=options["complete"]))


@main.command()
@inputs
@click.option("-o", "--output", type=FILE, help="Write the facts to this file.")
@guarded
def collect(**options: Any) -> None:
    """Collect facts only, as JSON, to judge later or elsewhere.

    \b
    Example:
      mingcha collect app.apk --policy policy.html -o facts.json
    """
    from mingcha.catalogue.load import load
    from mingcha.model.report import encode

    facts = collected(options, load())
    write(encode(facts), options["output"])
    sys.exit(NOTHING_READ if unread(facts) else 0)


@main.command()
@click.argument("facts", type=FILE)
@RULES
@click.option("-o", "--output", type=FILE, help="Write the report to this file.")
@guarded
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
    report = judge_facts(decode_facts(read(facts)), tables, rule_sets(rules, tables))
    write(encode(report), output)
    sys.exit(exit_code(report, None, complete=False))


@main.command()
@click.argument("report", type=FILE)
@click.option("--for", "reader", type=READERS, default="operator", show_default=True)
@click.option("--form", type=FORMS, help="Default: by the name of the output, else text.")
@click.option("--lang", type=LANGUAGES, default="zh", show_default=True)
@click.option("-o", "--output", type=FILE, help="Write the page to this file.")
@guarded
def report(report: str, reader: str, form: str | None, lang: str, output: str | None) -> None:
    """Show a report for one reader, in one form and language.

    \b
    Example:
      mingcha report report.json --for public -o public.html
    """
    from mingcha.catalogue.load import load

    deliver(kept_report(report), load(), reader, form, lang, output)


@main.command()
@click.argument("report", type=FILE)
@click.option("--lang", type=LANGUAGES, default="zh", show_default=True)
@click.option("-o", "--output", type=FILE, help="Write the questions to this file.")
@guarded
def questions(report: str, lang: str, output: str | None) -> None:
    """Write the open questions of a report as a YAML file to fill in and give back with --answers.

    \b
    Example:
      mingcha questions report.json -o answers.yaml
    """
    from mingcha.catalogue.load import load
    from mingcha.judge.findings import open_questions

    tables, read = load(), kept_report(report)
    clauses = [clause for rules in tables.regulations.values() for clause in rules.clauses]  # some follow others
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
@click.argument("old", type=FILE)
@click.argument("new", type=FILE)
@click.option("--lang", type=LANGUAGES, default="zh", show_default=True)
@click.option("--form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@guarded
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

    before, after = kept_report(old), kept_report(new)
    result = compared(before, after)
    if form == "json":
        write(msgspec.json.format(msgspec.json.encode(result)) + b"\n", None)
    else:
        write(comparison_text(result, before, after, load(), lang).encode(), None)  # type: ignore[arg-type]


@main.command()
@click.argument("report", type=FILE)
@click.option("--until", metavar="DATE", help="Day on which the acceptance ends. Default: in 90 days.")
@click.option("-o", "--output", type=FILE, help="Write the baseline to this file.")
@guarded
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
        for verdict, print_ in findings(kept_report(report))
    ]
    head = "# 每条须写明接受的理由和期限。 Each row needs a reason; it counts up to and including `until`.\n"
    write((head + yaml.safe_dump({"accepted": rows}, allow_unicode=True, sort_keys=False)).encode(), output)


@main.group()
def catalogue() -> None:
    """List, show and check the rules and tables that Mingcha judges with."""


@catalogue.command("list")
@click.argument("what", type=click.Choice(["clauses", "sdks", "information", "types"]), default="clauses")
@click.option("--lang", type=LANGUAGES, default="zh", show_default=True)
@guarded
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
@click.option("--lang", type=LANGUAGES, default="zh", show_default=True)
@guarded
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
