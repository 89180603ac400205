"""The commands about policies: fetch one with its lists, draft the lists that belong to one."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mingcha.cli.options import FILE, LANGUAGES, NOTHING_READ, collected, guarded, inputs, unread
from mingcha.edges import Progress, read, write

if TYPE_CHECKING:
    from mingcha.model.report import FactsFile

DIRECTORY = click.Path(file_okay=False)


@click.group()
def policy() -> None:
    """Fetch a privacy policy, or draft the lists that belong to one."""


@policy.command("fetch")
@click.argument("url")
@click.option("-o", "--output", required=True, type=DIRECTORY, metavar="DIR", help="A new folder for what is fetched.")
@click.option("--browser", is_flag=True, help="Render pages in Chromium (needs `pip install 'mingcha[capture]'`).")
@click.option("--ignore-robots", is_flag=True, help="Do not ask robots.txt: for a site that is your own.")
@click.option("--limit", type=click.IntRange(1, 50), default=8, show_default=True, help="At most so many documents.")
@guarded
def policy_fetch(url: str, output: str, browser: bool, ignore_robots: bool, limit: int) -> None:
    """Save a policy and the lists and rules that it links (SDKs, collection, permissions, children) with their hashes.

    \b
    Examples:
      mingcha policy fetch https://www.example.com/privacy -o policy/
      mingcha policy fetch https://www.example.com/privacy -o policy/ --browser

    Exit codes: 0 fetched, 2 wrong use or nothing came, 3 the policy that came holds no text.
    """
    from mingcha.capture.fetching import fetch_policy
    from mingcha.capture.records import holds_policy, told

    with Progress() as progress:
        documents = fetch_policy(
            url, Path(output), browser=browser, ignore_robots=ignore_robots, limit=limit, progress=progress
        )
    write("".join(told(one) + "\n" for one in documents).encode(), None)
    sys.exit(0 if holds_policy(documents) else NOTHING_READ)


@policy.command("draft")
@inputs
@click.option("--lang", type=LANGUAGES, default="zh", show_default=True, help="Language of the lists.")
@click.option("-o", "--output", type=FILE, help="Write the lists to this file: .md, .html or .csv.")
@guarded
def policy_draft(**options: Any) -> None:
    """Draft the lists of a policy from the evidence: information collected, SDKs, permissions.

    FILE is an app, or one report or facts file. What the evidence does not tell is left as «待填写».

    \b
    Examples:
      mingcha policy draft app.apk -o lists.md
      mingcha policy draft report.json -o lists.html --lang en
      mingcha policy draft app.apk --policy policy.html -o lists.csv
    """
    from mingcha.catalogue.load import load
    from mingcha.render.draft import SUFFIXES, draft

    tables = load()
    facts = _kept(options["files"]) or collected(options, tables)
    suffix = os.path.splitext(options["output"] or "")[1].lower()
    write(draft(facts, tables, options["lang"], SUFFIXES.get(suffix, "markdown")), options["output"])
    sys.exit(NOTHING_READ if unread(facts) else 0)


def _kept(files: tuple[str, ...]) -> FactsFile | None:
    """The facts of a file that Mingcha wrote, where one is given alone."""
    from mingcha.model.report import decode_facts

    if len(files) != 1 or not files[0].lower().endswith(".json"):
        return None
    return decode_facts(read(files[0]))
