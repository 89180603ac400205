"""The recipes of CONTRIBUTING.md work when followed to the letter."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from mingcha.catalogue.check import problems
from mingcha.catalogue.load import HOME, build, read_sources
from tests.clauses.examples import verdict

ROOT = Path(__file__).parent.parent.parent
BLOCKS = re.findall(r"```yaml\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.DOTALL)
REGULATION = """id: my-rules
title: {zh: 我的规则, en: My rules}
number: "1"
number_label: D
issuers: [自己]
issued: "2026-01-01"
effective_from: "2026-01-01"
categories:
  "1": {zh: 权限, en: Permissions}
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The catalogue with the two files of the recipes added."""
    copy = Path(shutil.copytree(HOME, tmp_path / "catalogue", ignore=shutil.ignore_patterns("*.py", "__pycache__")))
    sdk, clause = BLOCKS
    (copy / "sdks" / "example-push.yaml").write_text(sdk, "utf-8")
    (copy / "regulations" / "my-rules").mkdir()
    (copy / "regulations" / "my-rules" / "regulation.yaml").write_text(REGULATION, "utf-8")
    (copy / "regulations" / "my-rules" / "1.1.yaml").write_text(clause, "utf-8")
    return copy


def test_the_files_pass_the_linter(home: Path) -> None:
    """The SDK and the clause of the recipes have nothing wrong with them."""
    assert problems(home) == []


def test_the_clause_judges_its_examples(home: Path) -> None:
    """The examples of the recipe come out as written."""
    tables = build(read_sources(home))
    clause = tables.clause("my-rules/1.1")
    assert [verdict(clause, e, tables.is_a).outcome for e in clause.examples] == [e.outcome for e in clause.examples]


def test_the_sdk_is_in_the_table(home: Path) -> None:
    """The SDK of the recipe is found by walking."""
    assert build(read_sources(home)).sdks["example-push"].vendor == "示例科技有限公司"
