"""Leads of a survey come into the service as suspected, once, by an account that may register them."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from mingcha.errors import UsageError
from mingcha.survey.leads import Found
from tests.service.test_story import Office

FOUND = Found(
    clause="idm-2019/3.1", package="com.example.one", label="一", version="1.0", artefact="ab" * 32, name="one.apk", evidence=2,
    trace=None, tool="0.1.0", catalogue="cd" * 32,
)  # fmt: skip


@pytest.fixture
def office(db: Any, clock: Any) -> Office:
    """The demonstration's people."""
    return Office()


def taken(office: Office, who: str, *found: Found) -> list[str]:
    """What becomes of these."""
    from mingcha.service.actions.acting import doer_of
    from mingcha.service.surveyed import take

    doer = doer_of(office.made.accounts[who], strong=True, second_factor=True)
    return list(take(b"".join(msgspec.json.encode(one) + b"\n" for one in found), doer, office.made.authority.pk))


def test_each_becomes_one_lead_of_its_app(office: Office) -> None:
    """An app that is on record is found by its package, another is registered; the same lead is not opened again."""
    from mingcha.service.models import Event, Lead, Subject

    known = Subject.objects.create(
        kind="app", name="Known", package="com.example.known", registered=office.subject.registered
    )
    other = msgspec.structs.replace(FOUND, package=known.package)
    assert len(taken(office, "handler", FOUND, other)) == 2
    assert taken(office, "handler", FOUND, other)[0].endswith("there already")
    leads = Lead.objects.order_by("pk")
    assert [(one.subject.package, one.source, one.state) for one in leads] == [
        ("com.example.one", "sampling", "new"), (known.package, "sampling", "new")
    ]  # fmt: skip
    assert all("未经人工核实" in one.summary and "ab" * 32 in one.summary for one in leads)
    assert Event.objects.filter(process="lead", act="open").count() == 2


def test_only_those_who_may_register_leads_may(office: Office) -> None:
    """An operator's account is refused, and nothing is left."""
    from mingcha.service.actions.acting import Forbidden
    from mingcha.service.models import Lead

    with pytest.raises(Forbidden):
        taken(office, "operator", FOUND)
    assert not Lead.objects.exists()


def test_other_files_are_told(office: Office) -> None:
    """One line."""
    from mingcha.service.actions.acting import VISITOR
    from mingcha.service.surveyed import take

    with pytest.raises(UsageError, match="survey leads"):
        list(take(b"{}\n", VISITOR, office.made.authority.pk))
