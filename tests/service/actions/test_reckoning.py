"""From 24 December on a time may be provisional: nobody is late then, and the calendar of the new year settles it by an event."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.actions.matter import Matter


@pytest.fixture
def upgraded(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Put the made-up calendar of 2027 in place, as an upgrade does, and run what `migrate` runs."""
    from mingcha.service import terms
    from mingcha.service.actions.reckoning import renew
    from tests.unit.casework.test_changes import LATER

    def upgrade() -> int:
        monkeypatch.setattr(terms, "shipped", lambda: LATER)
        return renew()

    return upgrade


def test_a_warning_of_december_removes_no_app_before_the_calendar_is_known_and_does_after(
    clock: Any, upgraded: Any
) -> None:
    """The refusal says what to do; the update confirms the day by an event; then the time is missed and the app is removed."""
    from mingcha.service import ticking
    from mingcha.service.actions.acting import Refused
    from mingcha.service.actions.reckoning import renew
    from mingcha.service.clock import now
    from mingcha.service.ledger import events_of

    clock.set("2026-12-22T09:00")
    matter = Matter("notice-proposed")
    matter.warned()
    row = matter.case.deadlines.get(clock="notice")
    assert row.provisional
    clock.set("2027-01-20T09:00")
    assert ticking.missed(now()) == 0
    with pytest.raises(Refused, match="provisional") as why:
        matter.act("approver", "remove")
    assert "暂定2026年12月29日24时届满" in why.value.text.zh
    assert "安装含新一年放假安排的更新" in why.value.text.zh
    before, told = row.due, len(events_of(matter.case))
    assert (renew(), len(events_of(matter.case))) == (0, told), "an upgrade without a new calendar writes nothing"
    assert upgraded() == 1
    row.refresh_from_db()
    assert (row.provisional, row.due) == (False, before)
    event = events_of(matter.case)[-1]
    assert (event.actor, event.act) == ("engine", "reckon")
    assert [one["change"] for one in event.body["changed"]] == ["confirmed"]
    assert row.reckoning[0]["zh"].startswith("放假安排已公布，届满日不变")
    assert upgraded() == 0, "the second time nothing changes"
    assert ticking.missed(now()) == 1
    matter.paper("removal", "draft-removal", "remove")
    matter.case.refresh_from_db()
    assert matter.case.state == "removed"


def test_a_day_that_moves_is_told_with_the_day_it_was(clock: Any, upgraded: Any) -> None:
    """An order served on 29 December: the holidays of 6 and 7 January move its last day, and its extension counts along."""
    from mingcha.service.clock import SHANGHAI
    from mingcha.service.ledger import events_of

    clock.set("2026-12-29T09:00")
    matter = Matter()
    matter.ordered()
    matter.act("approver", "extend", days=2, reason="需要排期")
    row = matter.case.deadlines.get(clock="rectification")
    before = row.due
    upgraded()
    row.refresh_from_db()
    assert row.due > before
    assert row.due.astimezone(SHANGHAI).isoformat() == "2027-01-12T00:00:00+08:00", (
        "30 31 Dec, 4 5 8 Jan, Sat 9 (made up), Mon 11"
    )
    assert "重新计算：原" in row.reckoning[0]["zh"]
    (told,) = events_of(matter.case)[-1].body["changed"]
    assert (told["change"], told["clock"]) == ("moved", "rectification")
    assert told["from"] != told["to"]


def test_complaints_are_reckoned_anew_too_and_settled_clocks_are_left_alone(clock: Any, upgraded: Any) -> None:
    """The acceptance of a complaint is confirmed; one that was met before stays as it was written."""
    from mingcha.service.models import Deadline

    clock.set("2026-12-22T09:00")
    matter = Matter()
    given = {
        "kind": "complaint", "subject_name": "演示手电筒", "category": "other", "narrative": "……", "authority": matter.case.authority_id,
        "name": "王某", "phone": "13800000000",
    }  # fmt: skip
    open_one, met = (
        matter.office.act("admin", "complaint", "receive", None, **given, code=code)
        for code in ("K7MQ2XW9RTHB", "K7MQ2XW9RTHC")
    )
    matter.office.act("officer", "complaint", "accept", met)
    upgraded()
    rows = {row.complaint_id: row.provisional for row in Deadline.objects.filter(clock="complaint-acceptance")}
    assert rows == {open_one.pk: False, met.pk: True}
