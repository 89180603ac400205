"""The spreadsheet has a row for every verdict and every piece of its evidence, and runs nothing."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingcha.model.report import Report
from mingcha.render import render
from mingcha.render.table import COLUMNS, guarded
from tests.unit.render import sample


def rows(report: Report, reader: str = "operator") -> list[list[str]]:
    data = render(report, sample.catalogue(), reader, "csv", "zh")  # type: ignore[arg-type]
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def test_one_row_for_each_verdict_and_evidence() -> None:
    """Verdicts without evidence have one row, the others one for each fact, none left out for length."""
    many = tuple(
        sample.said(
            "ProvisionStated",
            n,
            "x",
            provision="reply_deadline",
            number=16 + n,
            unit="working day",
            scope=["complaint"],
        )
        for n in range(150)
    )
    made = rows(sample.report(many))
    assert {len(row) for row in made} == {len(COLUMNS)}
    assert sum(row[0] == "idm-2019/6.5" for row in made) == 150
    assert sum(row[0] == "idm-2019/1.3" for row in made) == 1


@pytest.mark.parametrize("start", ["=", "+", "-", "@", " =", "＝"])
def test_a_formula_is_kept_as_text(start: str) -> None:
    """A quote that a spreadsheet program would run begins with an apostrophe."""
    quote = f'{start}HYPERLINK("http://evil.example","x")'
    facts = (
        sample.said(
            "ProvisionStated", 1, quote, provision="reply_deadline", number=30, unit="working day", scope=["complaint"]
        ),
    )
    cells = [cell for row in rows(sample.report(facts)) for cell in row if "HYPERLINK" in cell]
    assert cells == [f"'{quote}"]


@given(st.text(alphabet="=+-@ \t\r\na中'", max_size=6))
def test_no_guarded_cell_begins_a_formula(cell: str) -> None:
    """Whatever a cell holds, what is written does not start with a sign that starts a formula."""
    assert not guarded(cell).lstrip().startswith(("=", "+", "-", "@"))


def test_public_table_names_no_place_in_a_file() -> None:
    """The public spreadsheet has outcomes and sentences only."""
    assert all(row[10:] == [""] * 10 for row in rows(sample.report(), "public")[1:])
