"""What the acts on a case share: what a document is told, and which inspection counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from mingcha.service import papers
from mingcha.service.actions import documents
from mingcha.service.actions.acting import Body, Doing, Refused
from mingcha.service.models import Case, Task
from mingcha.service.text import Text

LONGEST = 60
"""Working days that an order, a warning or an extension may set at most: a rule of this service."""


class Draft(Struct, frozen=True, forbid_unknown_fields=True):
    """What the document says beside the findings; ``days`` is set by this document itself, in working days."""

    measures: str
    days: int = 5


def signed_task(case: Case, purpose: str) -> Task:
    """The newest signed task of a purpose. Raises Refused."""
    found = case.tasks.filter(purpose=purpose, state="reviewed").order_by("-pk").first()
    if found is None or found.report is None:
        raise Refused(
            Text(
                "检测尚未完成或未经第二名执法人员签字。",
                "The inspection is not done or not signed by the second inspector.",
            )
        )
    return found


def bounded(data: Draft) -> None:
    """Something is asked for, within a time that an order may set. Raises Refused."""
    if not 1 <= data.days <= LONGEST or not data.measures.strip():
        raise Refused(
            Text(
                f"请写明整改要求和期限（1至{LONGEST}个工作日）。",
                f"Say what is to be done, and within how many working days (1 to {LONGEST}).",
            )
        )


def drafted(doing: Doing, case: Case, kind: str, data: Draft) -> Body:
    """A draft of a kind over every confirmed finding. Raises Refused."""
    confirmed = list(case.findings.filter(state__in=("confirmed", "not-rectified")).order_by("clause"))
    if not confirmed:
        raise Refused(Text("没有已确认的问题。", "There is no confirmed finding."))
    bounded(data)
    if kind == "order" and case.operator is None:
        raise Refused(Text("尚未确定运营者。", "The operator is not known yet."))
    made = documents.drafted(doing, case, kind, told(case, confirmed, data))
    return {"document": made.pk, "days": data.days}


def told(case: Case, confirmed: Iterable[Any], data: Draft) -> dict[str, Any]:
    """What the template gets: nothing but plain values."""
    version = next((one.task.version for one in confirmed if one.task.version), None)
    return {
        "case": case.number,
        "authority": case.authority.name,
        "operator": case.operator.name if case.operator else "",
        "subject": case.subject.name,
        "package": case.subject.package,
        "version": str(version) if version else "",
        "measures": data.measures,
        "days": data.days,
        "findings": [papers.told(one) for one in confirmed],
    }
