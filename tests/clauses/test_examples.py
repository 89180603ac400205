"""Every example of every clause comes out as its author wrote."""

from __future__ import annotations

import pytest

from mingcha.catalogue.load import load
from mingcha.model.clause import Clause, Example
from tests.clauses.examples import verdict

CATALOGUE = load()
EXAMPLES = [
    pytest.param(clause, example, id=f"{clause.id}-{number}")
    for regulation in CATALOGUE.regulations.values()
    for clause in regulation.clauses
    for number, example in enumerate(clause.examples, 1)
]


@pytest.mark.parametrize(("clause", "example"), EXAMPLES)
def test_example_has_its_outcome(clause: Clause, example: Example) -> None:
    """The clause judges its own hand-written facts as the example says."""
    assert verdict(clause, example, CATALOGUE.is_a).outcome == example.outcome, example.note
