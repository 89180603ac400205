"""`mingcha survey`: many apps, judged alike; their results asked, judged again, compared, reported, taken as leads."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import click

from mingcha.cli.options import FILE, FLOWS, LANGUAGES, NOTHING_READ, RULES, followed, guarded, rule_sets
from mingcha.edges import write
from mingcha.errors import UsageError
from mingcha.model.clause import Language

FOLDER = click.Path(file_okay=False)
UNCONFIRMED = "suspected by machine, confirmed by nobody (机器初判，未经人工核实)"
INTERRUPTED = 130
_UNITS = {"M": 20, "G": 30, "T": 40}
_LEAST = 256 << 20
_SHOWN = 5


@click.group()
def survey() -> None:
    """Judge many apps alike, keep what was found, and ask questions of all of it.

    \b
    许多App，同样地检查：保存事实，随时重新判定、查询、比较、出报告。

    \b
    Examples:
      mingcha survey run apps/ -o store
      mingcha survey query store clause-outcomes
      mingcha survey report store --for public -o site/
      mingcha survey judge store --rules idm-2019,npi-2021
    """


@survey.command("run")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option(
    "-o",
    "--output",
    "dataset",
    required=True,
    metavar="DATASET",
    help="Folder or address of the dataset; made, or gone on with.",
)
@click.option(
    "--engine",
    default="local",
    show_default=True,
    metavar="local|dask://HOST:PORT",
    help="This machine, or an existing Dask scheduler.",
)
@RULES
@click.option("--jobs", type=click.IntRange(1, 512), help="Processes on this machine. Default: one for each processor.")
@click.option("--memory", default="2G", show_default=True, help="What one app's process may hold.")
@click.option(
    "--timeout", type=click.FloatRange(1, 86_400), default=300, show_default=True, help="Seconds one app may take."
)
@click.option(
    "--flows",
    type=FLOWS,
    default="deep",
    show_default=True,
    help="As for `mingcha inspect`; `values` is a little faster and leaves flows of the largest apps unseen.",
)
@click.option("--sample", type=float, default=1.0, help="Examine only this share of the apps, for example 0.01.")
@click.option("--seed", type=int, default=0, show_default=True, help="Which apps a sample takes.")
@guarded
def run_(**options: Any) -> None:
    """Examine everything the sources name and add it to the dataset.

    A SOURCE is an app, a folder, an archive of apps (.zip, .tar …), a list (.csv or .jsonl with the columns app, policy, runs, answers,
    type, name, category, developer, downloads, store), or any of these at an address (s3://…, https://…). What the dataset already has,
    by content, tool and catalogue, is not done again: interrupt it with Ctrl-C and start it again at will.

    \b
    Examples:
      mingcha survey run apps/ -o store --jobs 4
      mingcha survey run list.csv -o store --sample 0.01 --seed 7
      mingcha survey run s3://bucket/apks -o s3://bucket/store --engine dask://10.0.0.5:8786
    """
    from mingcha.catalogue.load import load
    from mingcha.survey import running, sources
    from mingcha.survey.examine import plan_of

    tables = load()
    flows = followed(options["flows"])
    plan = plan_of(tables, rule_sets(options["rules"], tables), flows, memory_of(options["memory"]), options["timeout"])
    named = sources.items(options["sources"], lambda line: click.echo(line, err=True))
    every = sources.sampled(named, options["sample"], options["seed"])
    meter = Meter(len(every))
    with stoppable(meter.end):
        account = running.run(every, plan, options["dataset"], _engine(options["engine"], options["jobs"]), meter.tell)
    _summed_up(account, options["dataset"])
    if every and account.outcomes["failed"] == account.count:
        sys.exit(NOTHING_READ)


@contextmanager
def stoppable(
    end: Callable[[], object] = bool, *, kept: str = "what was done is kept: run the same command again to go on"
) -> Iterator[None]:
    """Ctrl-C ends with one line; ``end`` leaves the line of progress in any case."""
    try:
        yield
    except (KeyboardInterrupt, RuntimeError) as error:
        if isinstance(error, RuntimeError) and str(error) != "Query interrupted":  # how DuckDB tells of Ctrl-C
            raise
        end()
        click.echo(f"stopped; {kept}", err=True)
        sys.exit(INTERRUPTED)
    end()


def _engine(name: str, jobs: int | None) -> Callable[..., Any]:
    if name == "local":
        from mingcha.survey import local

        return lambda items, plan, url: local.run(items, plan, url, jobs or os.cpu_count() or 1)
    if name.startswith("dask://"):
        from mingcha.survey import cluster

        return lambda items, plan, url: cluster.run(items, plan, url, name.replace("dask://", "tcp://", 1))
    raise UsageError(f"--engine {name!r}: local, or dask://HOST:PORT of a Dask scheduler")


def memory_of(text: str) -> int:
    """Bytes, from 2G or 512M. Raises UsageError."""
    shift = _UNITS.get(text[-1:].upper())
    number = text[:-1] if shift else text
    if not number.isdecimal() or (int(number) << (shift or 0)) < _LEAST:
        raise UsageError(f"--memory {text!r}: a number with M or G, at least 256M")
    return int(number) << (shift or 0)


def _summed_up(account: Any, dataset: str) -> None:
    told = account.outcomes
    click.echo(
        f"{account.count} apps: {told['done']} examined, {told['known']} known already, {told['failed']} failed → {dataset}"
    )
    for problem in account.problems[:_SHOWN]:
        click.echo(f"  {problem}", err=True)
    more = len(account.problems) - _SHOWN
    if more > 0:
        click.echo(f"  … and {more} more: they are the rows of `gaps` whose collector is survey", err=True)


class Meter:
    """Progress on the terminal: how many, how fast, how long still, how many failed; a line now and then where it is no terminal."""

    def __init__(self, total: int) -> None:
        self._total, self._began, self._said = total, time.monotonic(), time.monotonic()

    def tell(self, account: Any) -> None:
        """Show where it is, at most a few times a second."""
        now = time.monotonic()
        if now - self._said < (0.3 if sys.stderr.isatty() else 60):
            return
        self._said = now
        rate = account.count / (now - self._began)
        left = (self._total - account.count) / rate
        line = (
            f"{account.count}/{self._total} · {rate:.1f}/s · {_span(left)} left · {account.outcomes['failed']} failed"
        )
        click.echo(f"\r\033[K{line}" if sys.stderr.isatty() else line, nl=not sys.stderr.isatty(), err=True)

    def end(self) -> None:
        """Leave the line."""
        if sys.stderr.isatty():
            click.echo("\r\033[K", nl=False, err=True)


def _span(seconds: float) -> str:
    minutes, hours = seconds / 60, seconds / 3600
    return f"{seconds:.0f} s" if minutes < 2 else f"{minutes:.0f} min" if hours < 2 else f"{hours:.1f} h"


@survey.command("judge")
@click.argument("dataset", metavar="DATASET")
@RULES
@click.option("--jobs", type=click.IntRange(1, 512), help="Processes. Default: one for each processor.")
@guarded
def judge_(dataset: str, rules: tuple[str, ...], jobs: int | None) -> None:
    """Judge the kept facts again, by other rules or a newer catalogue; no app is opened.

    \b
    Example:
      mingcha survey judge store --rules idm-2019,npi-2021
    """
    from mingcha.catalogue.load import load
    from mingcha.survey.judging import judge_again

    names = rule_sets(rules, load())
    began = time.monotonic()
    with stoppable():
        judged = judge_again(
            dataset, names, jobs or os.cpu_count() or 1, lambda done, total: click.echo(f"{done}/{total}", err=True)
        )
    click.echo(f"judgement {judged.number} by {', '.join(judged.rules)}: {time.monotonic() - began:.0f} s → {dataset}")


@survey.command("diff")
@click.argument("before", metavar="BEFORE")
@click.argument("after", metavar="AFTER")
@click.option("--form", type=click.Choice(["text", "csv"]), default="text", show_default=True)
@click.option("--lang", type=LANGUAGES, default="zh", show_default=True)
@guarded
def diff_(before: str, after: str, form: str, lang: Language) -> None:
    """What changed from one dataset to another: apps, versions, verdicts, SDKs; apps are matched by package.

    \b
    Example:
      mingcha survey diff store-october store-november
    """
    import csv

    from mingcha.survey.comparing import compared, same_settings
    from mingcha.survey.naming import shown

    def said(what: str, value: str | None) -> str:
        return "–" if value is None else shown("outcome", value, lang) if what == "verdict" else value

    found = compared(before, after)
    for line in same_settings(before, after):
        click.echo(f"not made alike: {line}", err=True)
    if form == "csv":
        rows = csv.writer(sys.stdout)
        rows.writerow(("what", "package", "about", "before", "after"))
        rows.writerows((one.what, one.package, one.about, one.before, one.after) for one in found)
        return
    for one in found:
        click.echo(
            f"{one.what}\t{one.package}\t{one.about}\t{said(one.what, one.before)} → {said(one.what, one.after)}"
        )
    click.echo(f"{len(found)} differences; {UNCONFIRMED}", err=True)


@survey.command("leads")
@click.argument("dataset", metavar="DATASET")
@click.option("--clause", required=True, help="The clause, for example idm-2019/3.1.")
@click.option("--sample", type=click.IntRange(1), default=50, show_default=True, help="How many at most.")
@click.option("--seed", type=int, default=0, show_default=True, help="Which ones.")
@click.option("-o", "--output", type=FILE, help="Write them (JSON lines) to this file.")
@guarded
def leads_(dataset: str, clause: str, sample: int, seed: int, output: str | None) -> None:
    """A sample of the apps in which a clause was found breached, for `mingcha service act lead open`: suspected, confirmed by nobody.

    \b
    Example:
      mingcha survey leads store --clause idm-2019/3.1 --sample 50 --seed 7 -o leads.jsonl
    """
    import msgspec

    from mingcha.survey.leads import leads

    found, count = leads(dataset, clause, sample, seed)
    write(b"".join(msgspec.json.encode(one) + b"\n" for one in found), output)
    click.echo(f"{len(found)} of {count} apps; {UNCONFIRMED}", err=True)


@survey.command("query")
@click.argument("dataset", metavar="DATASET")
@click.argument("question", required=False)
@click.option(
    "--with", "given", multiple=True, metavar="NAME=VALUE", help="A parameter of a ready question; may be repeated."
)
@click.option("--form", type=click.Choice(["text", "csv", "json", "svg"]), default="text", show_default=True)
@click.option("--lang", type=LANGUAGES, default="zh", show_default=True)
@click.option("-o", "--output", type=FILE, help="Write the answer to this file.")
@guarded
def query_(
    dataset: str, question: str | None, given: tuple[str, ...], form: str, lang: Language, output: str | None
) -> None:
    """Ask a ready question or in SQL (DuckDB) over items, apps, facts, verdicts, gaps, traces. Without a question: list the ready ones.

    \b
    Examples:
      mingcha survey query store
      mingcha survey query store clause-outcomes --form svg -o clauses.svg
      mingcha survey query store "SELECT count(*) FROM verdicts WHERE outcome = 'breached'"
    """
    from mingcha.survey import asking

    if question is None:
        for line in asking.listed(lang):
            click.echo(line)
        return
    wrong = [one for one in given if "=" not in one]
    if wrong:
        raise UsageError(f"--with {wrong[0]!r}: NAME=VALUE")
    with stoppable(kept="nothing was changed"):
        answer = asking.ask(dataset, question, dict(one.split("=", 1) for one in given))
    made: dict[str, Callable[[], str]] = {
        "csv": answer.csv, "json": answer.json, "svg": lambda: answer.svg(lang), "text": lambda: answer.text(lang),
    }  # fmt: skip
    write(made[form]().encode(), output)


@survey.command("index")
@click.argument("dataset", metavar="DATASET")
@guarded
def index_(dataset: str) -> None:
    """Build what the ready questions read, if the dataset has grown; questions do it by themselves when they must."""
    from mingcha.survey import index

    with stoppable(kept="no index was made"):
        made = index.build(dataset, lambda text: click.echo(text, err=True))
    for name, seconds in made.items():
        click.echo(f"{name}\t{seconds:.1f} s")


@survey.command("report")
@click.argument("dataset", metavar="DATASET")
@click.option(
    "--for",
    "reader",
    type=click.Choice(["public", "regulator"]),
    default="public",
    show_default=True,
    help="Who reads it.",
)
@click.option("-o", "--output", type=FOLDER, required=True, help="Folder for the pages.")
@guarded
def report_(dataset: str, reader: Literal["public", "regulator"], output: str) -> None:
    """Write a static site with pictures that opens from disk.

    \b
    Example:
      mingcha survey report store --for public -o site/
    """
    from mingcha.survey import site

    with stoppable(kept="the pages are not complete"):
        count = site.write(dataset, reader, output, lambda text: click.echo(text, err=True))
    click.echo(f"{count} pages → {Path(output) / 'index.html'}")
