"""Taking the leads of a survey: each becomes a lead from sampling, suspected by machine; nobody is told, nothing is published."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from mingcha.errors import UsageError
from mingcha.service.actions.acting import Doer, perform
from mingcha.service.models import Lead, Subject
from mingcha.survey.leads import Found

_MOST = 10_000
_SAID = (
    "批量检测（抽查）：条款 {clause} 疑似违反，机器初判，未经人工核实。版本 {version}，安装包 SHA-256 {artefact}，依据事实 {evidence} 条。"
    "工具 mingcha {tool}，规则库 {catalogue}。"
)


def take(lines: bytes, doer: Doer, authority: int) -> Iterator[str]:
    """Open a lead for each line of ``mingcha survey leads``, unless that very lead is there; says what became of each.

    Raises UsageError for lines that are none, Refused and Forbidden as the verbs do.
    """
    for found in _read(lines):
        subject = _subject(found, doer)
        summary = _SAID.format(**msgspec.structs.asdict(found))
        same = Lead.objects.filter(subject=subject, authority_id=authority, summary=summary).first()
        if same is not None:
            yield f"{same.number}  {subject}  there already"
            continue
        given = {"subject": subject.pk, "authority": authority, "source": "sampling", "summary": summary}
        yield f"{perform('lead', 'open', doer, None, given)}  {subject}  {found.clause}"


def _read(lines: bytes) -> list[Found]:
    rows = [line for line in lines.splitlines() if line.strip()]
    if len(rows) > _MOST:
        raise UsageError(f"more than {_MOST} leads at once: take a sample")
    try:
        return [msgspec.json.decode(row, type=Found) for row in rows]
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise UsageError(f"not what `mingcha survey leads` writes: {error}") from error


def _subject(found: Found, doer: Doer) -> Subject:
    """The app on record, put there if it is not: by its package, and by its name where it has none."""
    name = (found.label or found.package or found.name)[-120:]
    same = {"package": found.package} if found.package else {"package": "", "name": name}
    there = Subject.objects.filter(kind="app", **same).first()
    if there is not None:
        return there
    made = perform("subject", "register", doer, None, {"name": name, "package": found.package or ""})
    assert isinstance(made, Subject)  # what the verb begins
    return made
