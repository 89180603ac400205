"""Findings: suspected by the machine, confirmed by a person, answered by the operator."""

from __future__ import annotations

from collections.abc import Mapping

from mingcha.service.actions import seats
from mingcha.service.actions.acting import Body, Doing, Note, Reason, Refused, verb
from mingcha.service.models import Finding, Task
from mingcha.service.text import Text


@verb("finding", "confirm", Reason)
def confirm(doing: Doing, finding: Finding, data: Reason) -> Body:
    """A person looked at the evidence and holds it for true; not before the second inspector signed the task."""
    _in_case(doing, finding)
    if finding.task.state != "reviewed":
        raise Refused(Text("检测结果须先经第二名执法人员复核签字。", "The second inspector signs the task first."))
    if not finding.evidence:
        raise Refused(Text("没有证据的问题不能确认。", "A finding without evidence cannot be confirmed."))
    return {"clause": finding.clause, "reason": data.reason}


@verb("finding", "withdraw", Reason)
def withdraw(doing: Doing, finding: Finding, data: Reason) -> Body:
    """It does not hold."""
    _in_case(doing, finding)
    return {"clause": finding.clause, "reason": data.reason}


@verb("finding", "answer", Note)
def answer(doing: Doing, finding: Finding, data: Note) -> Body:
    """The operator's statement, shown beside the finding."""
    return _stated(doing, finding, data.text)


@verb("finding", "dispute", Reason)
def dispute(doing: Doing, finding: Finding, data: Reason) -> Body:
    """The operator denies it; an inspector looks again."""
    return _stated(doing, finding, data.reason)


def _stated(doing: Doing, finding: Finding, text: str) -> Body:
    if finding.notified is None:
        raise Refused(Text("该问题尚未告知。", "You were not told of this finding yet."))
    if not text.strip():
        raise Refused(Text("请填写说明。", "Write your statement."))
    finding.answer, finding.answered = text[:5000], doing.at
    finding.save(update_fields=["answer", "answered"])
    return {"clause": finding.clause, "length": len(text)}


def _in_case(doing: Doing, finding: Finding) -> None:
    """Only an inspector of the case who did not recuse himself."""
    if finding.case is None:
        raise Refused(Text("不在案件中的问题不能确认。", "A finding outside a case cannot be confirmed."))
    seats.inspects(doing, finding.case)


def settle(doing: Doing, task: Task, judged: Mapping[str, str]) -> dict[str, str]:
    """After a re-inspection: each confirmed finding of the case is rectified or not.

    What the new report holds for breached is not rectified, whoever says otherwise; what it holds for met is. What it leaves open is
    decided by the inspector, with reason (``judged``, by clause), and is not rectified where he says nothing: silence is no proof.
    """
    if task.report is None or task.case is None:
        raise Refused(Text("没有复测报告。", "There is no report of the re-inspection."))
    outcomes: dict[str, str] = task.report.card["outcomes"]
    told: dict[str, str] = {}
    for one in task.case.findings.select_for_update().filter(state__in=("confirmed", "not-rectified")):
        outcome, reason = outcomes.get(one.clause, "not judged"), judged.get(one.clause, "").strip()
        good = outcome in ("met", "not applicable") or (outcome != "breached" and bool(reason))
        doing.record(one, "pass" if good else "fail", clause=one.clause, outcome=outcome, reason=reason)
        told[one.clause] = one.state
    return told
