"""The ladder of a case where somebody could be accused, or let go, by what no longer stands."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.actions.matter import CLAUSES, Matter

GOOD, BAD = dict.fromkeys(CLAUSES, "met"), dict.fromkeys(CLAUSES, "breached")


def refused(matter: Matter, who: str, act: str, /, **more: Any) -> str:
    """Why somebody may not do it."""
    from mingcha.service.actions.acting import Refused

    with pytest.raises(Refused) as why:
        matter.act(who, act, **more)
    return why.value.text.en


def test_every_act_of_a_ladder_is_done_somewhere() -> None:
    """Each act is a verb, or written by another act: a ladder promises nothing that nobody can do."""
    from pathlib import Path

    from mingcha.casework.ladder import ladders
    from mingcha.service.actions.acting import VERBS

    source = "".join(path.read_text() for path in Path("src/mingcha/service").rglob("*.py"))
    acts = [(process, act) for process, ladder in ladders().items() for act in ladder.acts]
    assert [one for one in acts if one not in VERBS and f'"{one[1]}"' not in source] == []


def test_an_order_accuses_of_nothing_that_was_withdrawn_since_it_was_drafted() -> None:
    """A finding withdrawn, or disputed, after the lawyer passed the draft keeps the approver from signing it; a new draft without it is signed."""
    for who, act in (("inspector1", "withdraw"), ("operator", "dispute")):
        matter = Matter()
        matter.act("handler", "draft-order", measures="请整改。", days=5)
        matter.act("legal", "review", process="document", thing=matter.case.documents.get())
        matter.act(who, act, process="finding", thing=matter.findings[0], reason="不成立")
        assert CLAUSES[0] in refused(matter, "approver", "order")
        made = matter.paper("order", "draft-order", "order")
        assert [one["clause"] for one in made.data["findings"]] == [CLAUSES[1]]


def test_nobody_is_judged_by_a_version_he_has_replaced() -> None:
    """After a second filing the report on the first one neither fails nor returns the case; a report on the second does."""
    matter = Matter()
    matter.ordered()
    matter.filed(BAD)
    matter.act("approver", "return", measures="请继续整改。", days=5)
    version = matter.filed()
    assert "version filed last" in refused(matter, "approver", "fail", reason="未整改")
    matter.again(version, BAD)
    assert matter.act("approver", "fail", reason="未整改").state == "notice-proposed"


def test_a_case_is_returned_once_with_a_time_and_because_something_is_left() -> None:
    """Not without a re-inspection, not when all is met, not without days; the findings then say what was not rectified."""
    matter = Matter()
    matter.ordered()
    version = matter.filed()
    more = {"measures": "请继续整改。", "days": 5}
    assert "not done" in refused(matter, "approver", "return", **more)
    matter.again(version, GOOD)
    assert "nothing that is not rectified" in refused(matter, "approver", "return", **more)
    matter.again(version, GOOD | {CLAUSES[0]: "breached"})
    assert "working days" in refused(matter, "approver", "return", measures="x", days=0)
    assert matter.act("approver", "return", **more).state == "rectification"
    states = dict(matter.case.findings.values_list("clause", "state"))
    assert states == {CLAUSES[0]: "not-rectified", CLAUSES[1]: "rectified"}


def test_a_disputed_finding_is_settled_before_a_case_passes() -> None:
    """An operator who disputes what it was ordered to rectify does not escape the re-inspection by that."""
    matter = Matter()
    matter.ordered()
    for finding in matter.findings:
        matter.act("operator", "dispute", process="finding", thing=finding, reason="不属实")
    matter.filed(BAD)
    assert "disputed" in refused(matter, "inspector3", "pass")
    matter.act("inspector3", "confirm", process="finding", thing=matter.findings[0], reason="证据属实")
    matter.act("inspector3", "withdraw", process="finding", thing=matter.findings[1], reason="证据不足")
    assert CLAUSES[0] in refused(matter, "inspector3", "pass")
    assert matter.act("approver", "fail", reason="未整改").state == "notice-proposed"


def test_a_sham_rectification_after_the_warning_does_not_keep_the_app_in_the_stores(clock: Any) -> None:
    """Filed in time after the warning and failed in the re-inspection: the app is removed, though the warning's time was never missed."""
    matter = Matter("notice-proposed")
    matter.warned()
    assert "not over" in refused(matter, "approver", "remove")
    matter.filed(BAD)
    matter.act("approver", "fail-after-warning", reason="未整改")
    made = matter.paper("removal", "draft-removal", "remove")
    matter.case.refresh_from_db()
    assert (matter.case.state, made.state) == ("removed", "issued")


def test_nothing_rests_on_a_paper_that_was_withdrawn(clock: Any) -> None:
    """A withdrawn order's time is cancelled and never missed; a warning after it is not signed; a withdrawn warning removes no app."""
    from mingcha.service import terms
    from mingcha.service.actions.acting import Refused
    from mingcha.service.clock import now

    matter = Matter()
    order = matter.ordered()
    matter.act("publisher", "withdraw", process="document", thing=order, reason="适用依据有误")
    row = matter.case.deadlines.get(clock="rectification")
    assert row.state == "cancelled"
    clock.set("2026-03-20T09:00")
    with pytest.raises(Refused, match="not over"):
        matter.engine("miss-deadline")
    other = Matter("notice-proposed")
    notice = other.warned()
    row = other.case.deadlines.get(clock="notice")
    clock.set("2026-03-31T09:00")
    assert terms.state(row, now()) == "missed"
    other.engine("miss-notice")
    other.act("publisher", "withdraw", process="document", thing=notice, reason="决定已被撤销")
    assert "was withdrawn" in refused(other, "approver", "remove")


def test_the_operator_is_told_only_of_what_it_was_not_told_of() -> None:
    """A second notification with nothing new is refused and starts no second clock."""
    matter = Matter()
    matter.case.findings.update(notified=None)
    matter.act("handler", "notify-findings")
    assert "no finding" in refused(matter, "handler", "notify-findings")
    assert matter.case.deadlines.filter(clock="findings-answer").count() == 1


def test_an_extension_has_a_length_and_a_reason() -> None:
    """Nought days, too many and no reason are refused in words, and the time stays as it was."""
    matter = Matter()
    matter.ordered()
    before = matter.case.deadlines.get(clock="rectification").due
    for days, reason in ((0, "x"), (-3, "x"), (61, "x"), (3, " ")):
        assert "working days" in refused(matter, "approver", "extend", days=days, reason=reason)
    assert matter.case.deadlines.get(clock="rectification").due == before
    matter.act("approver", "extend", days=3, reason="需要排期")
    assert matter.case.deadlines.get(clock="rectification").due > before


def test_two_leads_on_one_app_open_one_case() -> None:
    """The second is refused while the first case is open."""
    matter = Matter()
    lead = matter.office.act(
        "handler", "lead", "open", None, subject=matter.case.subject.pk, authority=matter.case.authority_id, source="media", summary="x"
    )  # fmt: skip
    matter.office.act("handler", "lead", "assign", lead, handler=matter.people["handler"].pk)
    assert "open case" in refused(matter, "handler", "file", process="lead", thing=lead)


def test_a_withdrawn_order_is_given_anew_or_the_case_is_closed() -> None:
    """While the order holds there is no second one and no end; withdrawn, another is signed and served, or, with nothing left, the case ends."""
    matter = Matter()
    order = matter.ordered()
    matter.act("handler", "draft-order", measures="请整改。", days=5)
    matter.act("legal", "review", process="document", thing=matter.case.documents.latest("pk"))
    assert "still holds" in refused(matter, "approver", "order")
    for finding in matter.findings:
        matter.act("inspector1", "withdraw", process="finding", thing=finding, reason="证据不足")
    assert "still holds" in refused(matter, "approver", "dismiss", reason="x")
    matter.act("publisher", "withdraw", process="document", thing=order, reason="认定有误")
    assert CLAUSES[0] in refused(matter, "approver", "order"), "the draft lists what was withdrawn since"
    assert matter.act("approver", "dismiss", reason="问题均不成立").state == "closed-no-violation"
    other = Matter()
    first = other.ordered()
    other.act("publisher", "withdraw", process="document", thing=first, reason="期限有误")
    second = other.paper("order", "draft-order", "order", days=10)
    other.act("handler", "serve-order", way="电子送达", receiver="运营者")
    states = list(other.case.deadlines.filter(clock="rectification").order_by("pk").values_list("state", "length"))
    assert states == [("cancelled", 5), ("running", 10)]
    assert second.number != first.number


def test_an_operator_that_is_found_later_answers_for_the_open_case() -> None:
    """A case on an app of nobody: no order until the operator is confirmed; then the case is its own, and a closed one stays as it was."""
    matter = Matter()
    subject, operator = matter.case.subject, matter.case.operator
    type(matter.case).objects.filter(pk=matter.case.pk).update(operator=None)
    type(subject).objects.filter(pk=subject.pk).update(operator=None)
    assert "not known" in refused(matter, "handler", "draft-order", measures="请整改。", days=5)
    matter.act("handler", "confirm-claim", process="subject", thing=subject, operator=operator.pk, proof="营业执照")
    matter.case.refresh_from_db()
    assert matter.case.operator == operator
    assert matter.ordered().data["operator"] == operator.name


def test_no_warning_follows_from_a_withdrawn_order() -> None:
    """The order is withdrawn after its time was missed: the warning that was drafted already is not signed."""
    matter = Matter()
    order = matter.ordered()
    matter.case.refresh_from_db()
    matter.record(matter.case, "miss-deadline")
    matter.act("handler", "draft-notice", measures="逾期未整改。", days=5)
    matter.act("legal", "review", process="document", thing=matter.case.documents.latest("pk"))
    matter.act("publisher", "withdraw", process="document", thing=order, reason="认定有误")
    assert "was withdrawn" in refused(matter, "approver", "issue-notice")
    assert matter.case.documents.filter(kind="notice").get().number is None
