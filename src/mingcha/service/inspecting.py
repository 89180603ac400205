"""The part of an inspection that reads hostile files: run in a child process, knows no Django, no network and no database."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mingcha.catalogue.load import load
from mingcha.inspection import inspect, open_case
from mingcha.model.report import encode
from mingcha.service.intake.archives import check_archive


def inspected(arguments: dict[str, Any], folder: Path) -> bytes:
    """The report on one version, as a file. ``arguments``: paths of sample, policy and answers (null: none), their names, app type."""
    check_archive(Path(arguments["sample"]))
    named = {kind: _named(folder, kind, arguments) for kind in ("sample", "policy", "answers")}
    opened = open_case(
        [str(named["sample"])],
        policy=[named["policy"]] if named["policy"] else [],
        answers=named["answers"],
        type=arguments["type"],
    )
    return encode(inspect(opened, load()))


def _named(folder: Path, kind: str, arguments: dict[str, Any]) -> str | None:
    """The file under the name it came with: a report calls files by their names, the store by their hashes."""
    if arguments[kind] is None:
        return None
    name = re.sub(r"[^\w.\-]", "_", arguments["names"].get(kind) or kind)[-80:].lstrip(".") or kind
    (folder / kind).mkdir()
    link = folder / kind / name
    link.symlink_to(arguments[kind])
    return str(link)
