"""What the acts on a case share: who may draft, what a document is told, which inspection counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from mingcha.service import papers
from mingcha.service.actions import documents
from mingcha.service.actions.acting import Body, Doing, Refused
from mingcha.service.models import Case, Seat, Task
from mingcha.service.text import Text


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


def drafted(doing: Doing, case: Case, kind: str, data: Draft) -> Body:
    """A draft of a kind over every confirmed finding. Raises Refused."""
    confirmed = list(case.findings.filter(state__in=("confirmed", "not-rectified")).order_by("clause"))
    if not confirmed:
        raise Refused(Text("没有已确认的问题。", "There is no confirmed finding."))
    if not 1 <= data.days <= 60 or not data.measures.strip():
        raise Refused(
            Text(
                "请写明整改要求和期限（1至60个工作日）。",
                "Say what is to be done, and within how many working days (1 to 60).",
            )
        )
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


def by_handler(doing: Doing, case: Case) -> None:
    """The case's handler, unless recused."""
    if (
        case.handler_id != doing.account.pk
        or Seat.objects.filter(case=case, account=doing.account, recused=True).exists()
    ):
        raise Refused(Text("由本案承办人办理。", "The handler of this case does it."))
