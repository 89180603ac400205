"""Self-checks: an operator inspects its own version, explains, signs, and files it when it likes. Until then nobody else knows of it."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import msgspec
from msgspec import Struct

from mingcha.casework.commitments import sealed
from mingcha.catalogue.load import load
from mingcha.collect import answers as sheets
from mingcha.errors import RecordError
from mingcha.model.verdict import PersonAnswer
from mingcha.service import clock, vault
from mingcha.service.actions import files
from mingcha.service.actions.acting import Body, Doing, Forbidden, Note, Nothing, Reason, Refused, verb
from mingcha.service.actions.holding import received
from mingcha.service.jobs.outbox import enqueue
from mingcha.service.models import Authority, Entry, Evidence, SelfCheck, Task, Version
from mingcha.service.roles import OPERATOR
from mingcha.service.text import Text

_SAID = 5000
_UNDER_WAY = ("planned", "running")


class Begin(Struct, frozen=True, forbid_unknown_fields=True):
    """Which of the operator's own versions is checked."""

    version: int


class Answer(Struct, frozen=True, forbid_unknown_fields=True):
    """Answers to questions of the report, as an answers file has them; who answers, in which role and when is added here."""

    rows: list[dict[str, Any]]
    name: str
    signer_role: str = ""


class Attach(Struct, frozen=True, forbid_unknown_fields=True):
    """What is said to a clause, and a file that shows it (handed in before as evidence)."""

    clause: str
    text: str = ""
    evidence: int | None = None


class Sign(Struct, frozen=True, forbid_unknown_fields=True):
    """Who signs, in which role; the date is the day."""

    name: str
    signer_role: str


class FileTo(Struct, frozen=True, forbid_unknown_fields=True):
    """To which authority."""

    authority: int


@verb("selfcheck", "begin", Begin)
def begin(doing: Doing, _: None, data: Begin) -> Body:
    """Begin with an inspection of a version that the operator handed in for itself."""
    own = [one.operator_id for one in doing.doer.grants if one.role in OPERATOR and one.operator_id]
    version = Version.every.select_related("subject").filter(pk=data.version, withheld__in=own).first()
    if version is None or version.withheld is None or version.subject.operator_id != version.withheld_id:
        raise Refused(Text("请先提交自用版本。", "Hand in a version for yourself first."))
    made = SelfCheck.objects.create(operator=version.withheld, subject=version.subject, version=version, begun=doing.at)
    _inspected(doing, made)
    return {"thing": made, "version": version.pk, "task": made.task_id}


def _inspected(doing: Doing, check: SelfCheck) -> None:
    """Plan an inspection outside any case; its job is asked for in the same transaction."""
    version = check.version
    task = Task.objects.create(subject=check.subject, version=version, purpose="self-check", planned=doing.at)
    sample = version.sample.sha256 if version.sample else ""
    doing.record(task, "plan", version=version.pk, sample=sample, purpose="self-check", case=None)
    enqueue("inspection", {"task": task.pk}, f"task-{task.pk}")
    check.task, check.statement, check.salt = task, None, None
    check.save(update_fields=["task", "statement", "salt"])


@verb("selfcheck", "inspect", Nothing)
def inspect(doing: Doing, check: SelfCheck, data: Nothing) -> Body:
    """Inspect the same version again, with the answers given since."""
    if check.task is not None and check.task.state in _UNDER_WAY:
        raise Refused(Text("检测正在进行。", "An inspection is under way."))
    _inspected(doing, check)
    return {"task": check.task_id}


@verb("selfcheck", "answer", Answer)
def answer(doing: Doing, check: SelfCheck, data: Answer) -> Body:
    """Answers replace those given before to the same questions; all of them become the answers file of the version."""
    if not data.name.strip():
        raise Refused(Text("请填写回答人姓名。", "Say who answers."))
    day = doing.at.astimezone(clock.SHANGHAI).date().isoformat()
    vouched = {"who": data.name.strip()[:60], "role": data.signer_role.strip()[:60], "date": day}
    rows = {_question(one): one for one in check.answers}
    rows |= {_question(one): {**one, **vouched} for one in data.rows}
    kept = [row for row in rows.values() if row.get("answer") is not None]
    row = _sheet(doing, kept)
    check.answers, check.statement, check.salt = kept, None, None
    check.save(update_fields=["answers", "statement", "salt"])
    Version.every.filter(pk=check.version_id).update(answers=row)
    return {"count": len(kept), "answers": row.sha256 if row else ""}


def _question(row: dict[str, Any]) -> tuple[str, str, str]:
    return str(row.get("clause")), str(row.get("question")), str(row.get("about") or "")


def _sheet(doing: Doing, rows: list[dict[str, Any]]) -> Evidence | None:
    """The answers as a file, read back by the reader of inspections: what it would refuse is refused here. Raises Refused."""
    import yaml

    if not rows:
        return None
    data = yaml.safe_dump({"answers": rows}, allow_unicode=True, sort_keys=False).encode()
    try:
        for given in sheets.read(data).given:
            _fits(given)
    except RecordError as problem:
        raise Refused(Text(f"答案有误：{problem}", f"an answer does not fit: {problem}")) from None
    return files.keep(doing, io.BytesIO(data), "answers.yaml", "answers", source="self-check")


def _fits(given: PersonAnswer) -> None:
    """The question is one of the clause's, and is answered in its way. Raises RecordError."""
    clauses = {clause.id: clause for rules in load().regulations.values() for clause in rules.clauses}
    asked = (
        next((one for one in clauses[given.clause].questions if one.id == given.question), None)
        if given.clause in clauses
        else None
    )
    if asked is None or isinstance(given.answer, bool) != (asked.answer == "yes/no") or given.answer < 0:
        raise RecordError(f"{given.clause} {given.question}: {given.answer!r}")


@verb("selfcheck", "attach", Attach)
def attach(doing: Doing, check: SelfCheck, data: Attach) -> Body:
    """What the operator says to a clause."""
    (row,) = received(doing, data.evidence)
    if not data.clause or not (data.text.strip() or row is not None):
        raise Refused(
            Text("请选择条款，并填写说明或上传文件。", "Choose a clause, and write something or hand in a file.")
        )
    Entry.objects.create(
        selfcheck=check, clause=data.clause[:40], text=data.text.strip()[:_SAID], evidence=row, at=doing.at
    )
    check.statement = check.salt = None
    check.save(update_fields=["statement", "salt"])
    return {"clause": data.clause[:40], "evidence": row.sha256 if row else ""}


@verb("selfcheck", "sign", Sign)
def sign(doing: Doing, check: SelfCheck, data: Sign) -> Body:
    """Name, role and day, over the hashes of everything in the check; the chain holds a commitment to it, not the name."""
    if not data.name.strip() or not data.signer_role.strip():
        raise Refused(Text("请填写姓名和职务。", "Give name and role."))
    covered = hashes(check)
    if not covered["report"]:
        raise Refused(Text("检测尚未完成，不能签署。", "The inspection is not done: there is nothing to sign."))
    day = doing.at.astimezone(clock.SHANGHAI).date().isoformat()
    check.statement = {
        "name": data.name.strip()[:60],
        "role": data.signer_role.strip()[:60],
        "date": day,
        "hashes": covered,
    }
    check.salt = vault.salt()
    check.save(update_fields=["statement", "salt"])
    return {"hashes": covered, "statement": sealed(check.statement, check.salt)}


def hashes(check: SelfCheck) -> dict[str, str]:
    """What a signature speaks of: report, sample, policy, answers, and everything said to the clauses."""
    task, version = check.task, Version.every.select_related("sample", "policy", "answers").get(pk=check.version_id)
    said = [
        [one.clause, one.text, one.evidence.sha256 if one.evidence else ""]
        for one in check.entries.select_related("evidence")
    ]
    report = task.report if task is not None and task.state == "done" else None
    return {
        "report": report.sha256 if report else "",
        "sample": version.sample.sha256 if version.sample else "",
        "policy": version.policy.sha256 if version.policy else "",
        "answers": version.answers.sha256 if version.answers else "",
        "entries": hashlib.sha256(msgspec.json.encode(said)).hexdigest(),
    }


@verb("selfcheck", "file", FileTo)
def file(doing: Doing, check: SelfCheck, data: FileTo) -> Body:
    """From now on the authority sees it. Only what was signed as it stands is filed."""
    authority = Authority.objects.filter(pk=data.authority).first()
    if authority is None:
        raise Refused(Text("请选择监管部门。", "Choose the authority."))
    if check.statement is None or check.statement["hashes"] != hashes(check):
        raise Refused(Text("请先签署；内容改动后须重新签署。", "Sign it first; after a change, sign again."))
    check.authority, check.filed = authority, doing.at
    check.save(update_fields=["authority", "filed"])
    return {"authority": authority.pk, "hashes": check.statement["hashes"]}


@verb("selfcheck", "return", Reason)
def give_back(doing: Doing, check: SelfCheck, data: Reason) -> Body:
    """Something is missing; the operator goes on with it, unseen again."""
    _theirs(doing, check)
    check.remark = data.reason[:_SAID]
    check.save(update_fields=["remark"])
    return {"reason": data.reason}


@verb("selfcheck", "accept")
def accept(doing: Doing, check: SelfCheck, data: Note) -> Body:
    """The authority has it. That says nothing of whether it is right."""
    _theirs(doing, check)
    return {"note": data.text}


def _theirs(doing: Doing, check: SelfCheck) -> None:
    if check.authority_id is None or not any(one.authority_id == check.authority_id for one in doing.doer.grants):
        raise Forbidden(Text("由收到自查报告的监管部门办理。", "The authority to which it was filed does this."))
