"""Complaints become leads, new ones or such as are there."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.test_story import Office


def accepted(office: Office, code: str) -> Any:
    """A complaint about the demonstration's app, accepted."""
    complaint = office.act(
        "admin", "complaint", "receive", None, kind="complaint", code=code, subject=office.subject.pk, subject_name="演示手电筒",
        category="no-consent", narrative="没点同意就读了我的通讯录。", authority=office.made.authority.pk, name="王某", phone="13800000000",
    )  # fmt: skip
    office.act("officer", "complaint", "accept", complaint)
    return complaint


def test_a_complaint_joins_an_open_lead_and_no_ended_one() -> None:
    """The second complaint goes into the first one's lead; once that is a case, a third is told to make a new one, and nothing of it changes."""
    from mingcha.service.actions.acting import Refused
    from mingcha.service.models import Complaint, Lead

    office = Office()
    first, second, third = (accepted(office, code) for code in ("K7MQ2XW9RTHB", "K7MQ2XW9RTHC", "K7MQ2XW9RTHD"))
    office.act("officer", "complaint", "make-lead", first)
    lead = Lead.objects.get()
    office.act("officer", "complaint", "make-lead", second, lead=lead.pk)
    assert list(Complaint.objects.order_by("pk").values_list("lead", flat=True)) == [lead.pk, lead.pk, None]
    office.act("officer", "lead", "assign", lead, handler=office.made.accounts["handler"].pk)
    office.act("handler", "lead", "file", lead)
    with pytest.raises(Refused, match="make a new one"):
        office.act("officer", "complaint", "make-lead", third, lead=lead.pk)
    third.refresh_from_db()
    assert third.lead_id is None
    office.act("officer", "complaint", "make-lead", third)
    assert Lead.objects.count() == 2
