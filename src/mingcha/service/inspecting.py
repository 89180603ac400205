"""The part of an inspection that reads hostile files: run in a child process, knows no Django, no network and no database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mingcha.catalogue.load import load
from mingcha.inspection import inspect, open_case
from mingcha.model.report import encode
from mingcha.service.intake.archives import check_archive


def inspected(arguments: dict[str, Any], folder: Path) -> bytes:
    """The report on one version, as a file. ``arguments``: paths of sample, policy and answers (null: none), app type."""
    del folder
    check_archive(Path(arguments["sample"]))
    opened = open_case(
        [arguments["sample"]],
        policy=[arguments["policy"]] if arguments["policy"] else [],
        answers=arguments["answers"],
        type=arguments["type"],
    )
    return encode(inspect(opened, load()))
