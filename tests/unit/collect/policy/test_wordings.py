"""Wordings of retention, notices of change, answers, operators, transfers abroad, personalisation and complaints are read, with their values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from mingcha.catalogue import load
from mingcha.catalogue.load import Catalogue
from mingcha.collect.policy.collector import collect
from mingcha.formats.page import read
from mingcha.model.artefact import Artefact
from mingcha.model.fact import ProvisionStated

ARTEFACT = Artefact(sha256="ef" * 32, kind="policy", name="policy.txt", size=1)
WORDINGS = yaml.safe_load(Path(__file__).with_name("wordings.yaml").read_text("utf-8"))
ENGLISH = "We care about your privacy and want you to read this text with care.\n\n"
"""Before a single English line, which alone is too short for its language to be told."""


def _tables() -> Catalogue:
    sources = load.read_sources(load.HOME)
    return load.build({k: v for k, v in sources.items() if k == "information.yaml" or k.startswith("terms/")})


TABLES = _tables()


def told(text: str, provision: str) -> list[ProvisionStated]:
    """The facts that state it; an operator by name."""
    document = read(((ENGLISH if text.isascii() else "") + text).encode(), "policy.txt")
    found = [item for item in collect(ARTEFACT, document, TABLES) if isinstance(item, ProvisionStated)]
    facts = [fact for fact in found if fact.provision == provision]
    return [fact for fact in facts if provision != "operator_identity" or fact.form == "name"]


def _agrees(fact: ProvisionStated, wording: dict[str, Any]) -> bool:
    same = all(getattr(fact, key) == wording[key] for key in ("number", "unit", "form") if key in wording)
    named = wording.get("way", "").lower() in (fact.way or "").lower()
    return same and named and ("scope" not in wording or wording["scope"] in fact.scope)


@pytest.mark.parametrize("provision", WORDINGS)
def test_a_wording_is_read_with_its_values(provision: str) -> None:
    """Every wording that states a provision is found to, with the number, unit, name or form it says."""
    wordings = [item if isinstance(item, dict) else {"text": item} for item in WORDINGS[provision]["states"]]
    missed = [
        wording["text"]
        for wording in wordings
        if not any(_agrees(fact, wording) for fact in told(wording["text"], provision))
    ]
    assert missed == []


@pytest.mark.parametrize("provision", WORDINGS)
def test_a_near_wording_states_nothing(provision: str) -> None:
    """None of the texts that come near a provision is taken for it."""
    assert [text for text in WORDINGS[provision]["silent"] if told(text, provision)] == []
