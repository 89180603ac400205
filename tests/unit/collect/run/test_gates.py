"""An app is shut after a refusal only where nothing but one page was seen, whatever was tried."""

from __future__ import annotations

from typing import Any

import pytest

from mingcha.catalogue.load import load
from mingcha.collect.run.gates import shut
from mingcha.collect.screens.walk import read_walk
from mingcha.collect.screens.wording import Words
from tests.build.runs import PACKAGE
from tests.build.stories import files_of

TABLES = load()
WORDS = Words(TABLES)
GATE = {"texts": ["请开启通讯录权限", "没有通讯录权限，天气无法使用。"], "buttons": ["暂不", "去开启"]}
WALK: list[dict[str, Any]] = [
    {"at": 0, "see": "launcher", "by": "clear"},
    {"at": 10, "see": "consent", "by": "start"},
    {"at": 20, "see": "ask contacts", "by": "tap 同意"},
    {"at": 30, "see": GATE, "by": "tap 拒绝"},
    {"at": 40, "see": GATE, "by": "tap 暂不"},
    {"at": 50, "see": "launcher", "by": "back"},
    {"at": 60, "see": "ask contacts", "by": "start"},
    {"at": 70, "see": GATE, "by": "tap 拒绝"},
]


def barred(walk: list[dict[str, Any]]) -> list[str | None]:
    """What was refused where the app then stayed shut."""
    files = {n.removeprefix("screens/"): data for n, data in files_of({"walk": walk}).items() if "screens/" in n}
    steps = files.pop("steps.jsonl")
    read = read_walk(steps, files, TABLES, package=PACKAGE, density=None, ocr=False)
    return sorted({question.about for question, _ in shut(read, files, WORDS, TABLES)}, key=str)


def changed(number: int, **more: Any) -> list[dict[str, Any]]:
    """The walk with one moment changed."""
    return [*WALK[:number], {**WALK[number], **more}, *WALK[number + 1 :]]


def test_nothing_but_one_page() -> None:
    """Refused, put off, left, started anew and refused again: the same page stands there."""
    assert barred(WALK) == ["android.permission.READ_CONTACTS"]


@pytest.mark.parametrize(
    ("number", "more"),
    [
        (4, {"see": "main"}),
        (4, {"by": "none"}),
        (4, {"see": {**GATE, "buttons": ["暂不", "去开启", "离线使用"]}}),
        (5, {"by": "home"}),
        (6, {"by": "none"}),
        (7, {"see": "main"}),
        (7, {"see": "splash"}),
        (7, {"by": "tap 允许"}),
    ],
    ids=[
        "it went on", "the way past was not tried", "another page", "back was not pressed", "not started anew",
        "it went on after the next no", "a page that nobody knows", "granted",
    ],
)  # fmt: skip
def test_one_thing_changed_and_it_is_not_shut(number: int, more: dict[str, Any]) -> None:
    """Whatever else was seen, or was not tried, leaves it open."""
    assert barred(changed(number, **more)) == []


def test_everything_on_it_was_tried() -> None:
    """A page with one more way past it is no bar until that way was tried too."""
    wide = {**GATE, "buttons": ["暂不", "去开启", "离线使用"]}
    walk = [{**one, "see": wide} if one["see"] is GATE else one for one in WALK]
    assert barred(walk) == []
    tried = [*walk[:5], {"at": 45, "see": wide, "by": "tap 离线使用"}, *walk[5:]]
    assert barred(tried) == ["android.permission.READ_CONTACTS"]
