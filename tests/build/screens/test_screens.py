"""The test screens are what their truth says, as far as their dumps and files can tell (pictures: ``check.py``)."""

from __future__ import annotations

import hashlib
import json
import struct
from datetime import datetime
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import yaml

from tests.build.screens.truth import FLAGS, KINDS, LANGUAGES, TARGETS

SCREENS = Path(__file__).parents[2] / "accuracy" / "screens"
HALVES = ("dev", "held-out")
ATTRIBUTES = (
    "index", "text", "resource-id", "class", "package", "content-desc", "checkable", "checked", "clickable", "enabled",
    "focusable", "focused", "scrollable", "long-clickable", "password", "selected", "bounds",
)  # fmt: skip
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def truths() -> dict[Path, dict[str, Any]]:
    files = sorted(file.with_suffix(".yaml") for file in SCREENS.rglob("*.html"))
    return {file: yaml.load(file.read_text(encoding="utf-8"), _LOADER) for file in files}


@cache
def nodes(file: Path) -> list[ET.Element]:
    return list(ET.parse(file.with_suffix(".xml")).getroot().iter("node"))


def buttons(said: dict[str, Any]) -> list[dict[str, Any]]:
    return list(chain.from_iterable(said["buttons"].values()))


def places(said: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = buttons(said) + said["boxes"] + said["policy_links"] + said["entries"]
    return found + ([said["personalised_switch"]] if said["personalised_switch"] else [])


def written(bounds: list[int]) -> str:
    return "[{},{}][{},{}]".format(*bounds)


def test_every_screen_has_its_four_files() -> None:
    """At least a hundred screens stand alone, and each has source, picture, dump and truth."""
    assert len([file for file in truths() if "walks" not in file.parts]) >= 100
    for file in truths():
        assert all(file.with_suffix(end).stat().st_size for end in (".html", ".png", ".xml", ".yaml")), file


def test_words_of_the_truth_are_known() -> None:
    """Kinds, languages, flags and targets are those that the builder declares, and nothing is missing."""
    for file, said in truths().items():
        assert said["kind"] in KINDS, file
        assert said["language"] in LANGUAGES, file
        assert tuple(said["flags"]) == FLAGS, file
        assert (said["flags"]["no_refuse"] is None) == (said["kind"] != "consent_dialog"), file
        assert said["flags"]["exit_on_refusal"] == (said["refusal_says"] in {"exit", "no_service"}), file
        assert all(entry["to"] in TARGETS for entry in said["entries"]), file
        assert (said["kind"] == "policy") == (said["body"] is not None), file


def test_dumps_have_the_form_of_uiautomator() -> None:
    """Every dump has one root, the seventeen attributes in their order, and bounds inside the screen."""
    for file, said in truths().items():
        root = ET.parse(file.with_suffix(".xml")).getroot()
        assert (root.tag, root.attrib, len(root)) == ("hierarchy", {"rotation": "0"}, 1), file
        for node in nodes(file):
            assert tuple(name for name in node.attrib if name != "NAF") == ATTRIBUTES, file
            left, top, right, bottom = map(int, node.attrib["bounds"][1:-1].replace("][", ",").split(","))
            assert 0 <= left < right <= said["size"][0], file
            assert 0 <= top < bottom <= said["size"][1], file


def test_a_blind_dump_says_nothing() -> None:
    """A dump called blind is one node without words, and only such a dump is called so."""
    for file, said in truths().items():
        alone = len(nodes(file)) == 1 and not nodes(file)[0].attrib["text"] + nodes(file)[0].attrib["content-desc"]
        assert alone == (said["tree"] == "blind"), file


def test_marked_places_are_nodes_of_the_dump() -> None:
    """What the truth gives a node of its own has one with these bounds; a box has its state there unless it is only drawn."""
    for file, said in truths().items():
        for place in places(said):
            found = [node.attrib for node in nodes(file) if node.attrib["bounds"] == written(place["bounds"])]
            assert bool(found) == (place["node"] in {"own", "drawn"}), (file, place)
        for box in said["boxes"]:
            states = {node.attrib["checked"] for node in nodes(file) if node.attrib["bounds"] == written(box["bounds"])}
            assert states == {"own": {str(box["checked"]).lower()}, "drawn": {"false"}, "none": set()}[box["node"]], (
                file
            )


def test_words_of_buttons_are_in_the_dump() -> None:
    """A button with a node of its own carries its words there, in the text, the description or a child's text; a link has them in its paragraph's."""
    for file, said in truths().items():
        for button in buttons(said):
            here = [node for node in nodes(file) if node.attrib["bounds"] == written(button["bounds"])]
            words = {
                inner.attrib[name] for node in here for inner in node.iter("node") for name in ("text", "content-desc")
            }
            around = any(button["text"] in node.attrib["text"] for node in nodes(file))
            assert {"none": True, "part": around, "own": button["text"] in words}[button["node"]], (file, button)


def test_pictures_have_the_size_of_the_truth() -> None:
    """Each picture is a PNG of the stated size and at most 60 kB; together they stay under 4 MB."""
    for file, said in truths().items():
        head = file.with_suffix(".png").read_bytes()[:24]
        assert head[:8] == b"\x89PNG\r\n\x1a\n", file
        assert list(struct.unpack(">II", head[16:])) == said["size"], file
    sizes = [file.with_suffix(".png").stat().st_size for file in truths()]
    assert max(sizes) <= 60_000
    assert sum(sizes) < 4_000_000


def test_halves_follow_the_digest() -> None:
    """Of each two screens in order, a digest of the pair's number says which is for development; both halves are equal."""
    for file, said in truths().items():
        half = file.relative_to(SCREENS).parts[0]
        assert said["half"] == half, file
        if "walks" not in file.parts:
            number = int(said["screen"][1:]) - 1
            bit = hashlib.sha256(f"mingcha screens 2026:{number // 2}".encode()).digest()[0] & 1
            assert (half == "dev") == (number % 2 == bit), file
    assert (
        len(
            {
                sum(said["half"] == half for file, said in truths().items() if "walks" not in file.parts)
                for half in HALVES
            }
        )
        == 1
    )


def test_steps_of_walks_name_what_is_there() -> None:
    """Each walk's lines are in time order, name existing files, and a tap lies within what it is said to be on."""
    folders = sorted(SCREENS.glob("*/walks/*/"))
    assert len(folders) >= 10
    for folder in folders:
        lines = (folder / "steps.jsonl").read_text(encoding="utf-8").splitlines()
        steps = [json.loads(line) for line in lines]
        said = yaml.load((folder / "truth.yaml").read_text(encoding="utf-8"), _LOADER)
        assert said["steps"] == len(steps) == len(said["kinds"]) == len(said["phases"]), folder
        assert said["kinds"] == [truths()[folder / f"{number + 1:04}.yaml"]["kind"] for number in range(len(steps))], (
            folder
        )
        times = [datetime.fromisoformat(step["time"]) for step in steps]
        assert times == sorted(times), folder
        assert all(time.tzinfo for time in times), folder
        for step in steps:
            assert list(step) == ["time", "dump", "picture", "activity", "act"], folder
            assert all(step[name] is None or (folder / step[name]).exists() for name in ("dump", "picture")), folder
            if step["act"] and step["act"]["on"]:
                (x, y), (left, top, right, bottom) = step["act"]["at"], step["act"]["on"]
                assert left <= x < right, folder
                assert top <= y < bottom, folder
