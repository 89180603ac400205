"""A walk over test screens: ``walk.yaml`` (the designer's) made into the ``steps.jsonl`` of a run's ``screens/``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml


def write(folder: Path) -> None:
    """Write ``steps.jsonl``; where an act names a mark of the screen before, its bounds and middle are filled in."""
    walk = yaml.safe_load((folder / "walk.yaml").read_text(encoding="utf-8"))
    lines, before = [], None
    for number, step in enumerate(walk["steps"], 1):
        name = f"{number:04}"
        here = _step(folder, name, step, before)
        lines.append(json.dumps(here, ensure_ascii=False))
        before = name if here["dump"] or here["picture"] else before
    (folder / "steps.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _step(folder: Path, name: str, step: dict[str, Any], before: str | None) -> dict[str, Any]:
    dump, picture = folder / f"{name}.xml", folder / f"{name}.png"
    return {
        "time": step["time"],
        "dump": dump.name if dump.exists() and step.get("dump", True) else None,
        "picture": picture.name if picture.exists() and step.get("picture", True) else None,
        "activity": step["activity"],
        "act": _act(folder, step.get("act"), before),
    }


def _act(folder: Path, act: dict[str, Any] | None, before: str | None) -> dict[str, Any] | None:
    if act is None or act["kind"] != "tap":
        return act and {"kind": act["kind"], "at": None, "on": None}
    truth = yaml.safe_load((folder / f"{before}.yaml").read_text(encoding="utf-8"))
    left, top, right, bottom = _bounds(truth, act["on"])
    at = [(left + right) // 2, (top + bottom) // 2]
    return {"kind": "tap", "at": at, "on": [left, top, right, bottom] if act.get("bounds", True) else None}


def _bounds(truth: dict[str, Any], name: str) -> list[int]:
    """``agree``, ``refuse``, ``skip``, ``box``, ``policy-link``, ``push-switch``, or the target of an entry."""
    places = {**truth["buttons"], "box": truth["boxes"], "policy-link": truth["policy_links"]}
    if name == "push-switch":
        return list(truth["personalised_switch"]["bounds"])
    if name in places:
        return list(places[name][-1 if name == "policy-link" else 0]["bounds"])
    return next(list(entry["bounds"]) for entry in truth["entries"] if entry["to"] == name)
