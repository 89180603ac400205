"""What runs inside a child of an inspection: the library's own calls, from files to bytes. No Django here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mingcha.catalogue.load import load
from mingcha.inspection import collect_facts, judge_facts, open_case
from mingcha.model.report import decode_facts, encode


def facts(arguments: dict[str, Any], work: Path) -> bytes:
    """Everything collected from the files, as a facts file. Raises MingchaError for files that cannot be used."""
    opened = open_case(
        _named(arguments["files"], work / "files"),
        policy=_named(arguments["policy"], work / "policy"),
        previous=arguments["previous"],
        type=arguments["type"],
        on=arguments["on"],
    )
    return encode(collect_facts(opened, load(), flows=arguments["flows"]))


def report(arguments: dict[str, Any], work: Path) -> bytes:  # noqa: ARG001  # the shape of all targets
    """The facts judged, as a report."""
    found = decode_facts(Path(arguments["facts"]).read_bytes())
    return encode(judge_facts(found, load(), arguments["regulations"]))


def _named(given: list[dict[str, str]], folder: Path) -> list[Path]:
    """The files under the names they came with: a store knows them by digest, a report shows their names."""
    links = []
    for number, one in enumerate(given):
        link = folder / str(number) / (Path(one["name"]).name or "file")
        link.parent.mkdir(parents=True)
        link.symlink_to(one["path"])
        links.append(link)
    return links
