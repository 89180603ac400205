"""Generated pages are what the code says today; the house keeps its own rules."""

from __future__ import annotations

import ast
import importlib.util
import re
import statistics
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent.parent
SOURCES = sorted(path for path in (ROOT / "src" / "mingcha").rglob("*.py") if path.parent.name != "migrations")
"""All modules but the migrations, which Django writes."""


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generator", ROOT / "scripts" / "docs.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", sorted(generator().PAGES))
def test_page_is_current(name: str) -> None:
    """The page in docs/ equals what `make docs` would write."""
    assert (ROOT / "docs" / name).read_text("utf-8") == generator().PAGES[name](), "run `make docs`"


def test_median_function_is_short() -> None:
    """Half of all functions have nine lines or fewer."""
    lengths = [
        node.end_lineno - node.lineno + 1
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.end_lineno
    ]
    assert statistics.median(lengths) <= 9


def test_modules_can_be_read_in_a_sitting() -> None:
    """No module of code is longer than 450 lines."""
    assert {p.name: n for p in SOURCES if (n := len(p.read_text("utf-8").split("\n"))) > 450} == {}


def test_no_file_is_a_drawer() -> None:
    """No module is called utils, helpers, common, manager or core."""
    assert not {p.stem for p in SOURCES} & {"utils", "helpers", "common", "manager", "core"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_module_has_a_sentence(path: Path) -> None:
    """Every module begins by saying what it is."""
    assert ast.get_docstring(ast.parse(path.read_text("utf-8")))


def test_no_handler_swallows() -> None:
    """A handler that catches everything stands where a defect becomes a gap, where it must end one job and not the worker, and
    where file systems that others wrote are read: that one says what it caught.
    """
    broad = [
        (path.name, line.strip())
        for path in SOURCES
        for line in path.read_text("utf-8").split("\n")
        if re.match(r"\s*except( Exception| BaseException)?( as \w+)?:", line)
    ]
    assert [name for name, _ in broad] == ["collectors.py", "ending.py", "engine.py", "sources.py"]
