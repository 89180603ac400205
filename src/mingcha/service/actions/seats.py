"""Who has which part in a case, and who may therefore not take the next one: nobody judges what he did himself, nor after he stepped aside.

The ladder knows roles, `acting.may` whose file it is; here stands what depends on the person.
"""

from __future__ import annotations

from collections.abc import Collection

from mingcha.service.actions.acting import Doing, Refused
from mingcha.service.models import Account, Case, Seat
from mingcha.service.roles import Role
from mingcha.service.text import Text

FIRST, AGAIN = str(Role.INSPECTOR), f"{Role.INSPECTOR}-again"
"""The parts of the inspectors of the first inspection and of a re-inspection."""
_ABOVE = (Role.LEGAL, Role.APPROVER)
_TAKEN = {
    Role.LEGAL: Text("承办或检测过本案的人员不能审核。", "Who handled or inspected this case cannot review it."),
    Role.APPROVER: Text(
        "承办、检测或审核过本案的人员不能签发。", "Who handled, inspected or reviewed this case cannot sign."
    ),
    Role.PUBLISHER: Text(
        "承办、检测、审核或签发过本案的人员不能公开。", "Who handled, inspected, reviewed or signed cannot publish."
    ),
}
_INSPECTOR = Text("由本案执法人员办理。", "An inspector of this case does it.")
_AGAIN = Text(
    "由首次检测人员以外的复测人员认定。",
    "An inspector of the re-inspection decides, who did not do the first inspection.",
)
_RECUSED = Text("已回避的人员不能办理本案。", "Whoever recused himself does nothing more in this case.")


def unbarred(doing: Doing, case: Case) -> None:
    """He did not recuse himself. Raises Refused."""
    if Seat.objects.filter(case=case, account=doing.account, recused=True).exists():
        raise Refused(_RECUSED)


def handles(doing: Doing, case: Case) -> None:
    """The case's own handler. Raises Refused."""
    unbarred(doing, case)
    if case.handler_id != doing.account.pk:
        raise Refused(Text("由本案承办人办理。", "The handler of this case does it."))


def inspects(doing: Doing, case: Case, *parts: str) -> None:
    """An inspector of this case, with one of these parts (none named: any). Raises Refused."""
    unbarred(doing, case)
    if not Seat.objects.filter(case=case, account=doing.account, role__in=parts or (FIRST, AGAIN)).exists():
        raise Refused(_AGAIN if parts == (AGAIN,) else _INSPECTOR)


def take(doing: Doing, case: Case, role: Role) -> None:
    """Review, sign or publish: only who has no other part in the case; from now on this is his. Raises Refused."""
    unbarred(doing, case)
    if Seat.objects.filter(case=case, account=doing.account).exclude(role=role).exists():
        raise Refused(_TAKEN[role])
    Seat.objects.get_or_create(case=case, account=doing.account, role=role)


def inspectors(case: Case, people: Collection[int], part: str) -> None:
    """Give two inspectors of the authority their part in an inspection. Raises Refused."""
    fit = Account.objects.filter(
        pk__in=people, grants__role=Role.INSPECTOR, grants__authority=case.authority, grants__ended=None, is_active=True
    )
    if len(people) != 2 or fit.distinct().count() != 2:
        raise Refused(Text("须有两名本部门执法人员。", "Two inspectors of this authority are needed."))
    _untouched(case, people, part)
    for person in people:
        Seat.objects.get_or_create(case=case, account_id=person, role=part)


def _untouched(case: Case, people: Collection[int], part: str) -> None:
    """A re-inspection is others' work than the first; whoever reviewed or signed in the case inspects no more."""
    held = Seat.objects.filter(case=case, account__in=people)
    if held.filter(recused=True).exists():
        raise Refused(Text("已回避的人员不能参与检测。", "Somebody who recused himself cannot inspect."))
    if part == AGAIN and held.filter(role=FIRST).exists():
        raise Refused(
            Text("复测须由首次检测人员以外的人员进行。", "A re-inspection is done by others than the first inspectors.")
        )
    if held.filter(role__in=_ABOVE).exists():
        raise Refused(
            Text("审核或签发过本案文书的人员不能参与检测。", "Who reviewed or signed in this case cannot inspect.")
        )
