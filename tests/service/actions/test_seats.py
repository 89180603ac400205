"""Nobody judges what he did himself, nor acts in a case after he stepped aside."""

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


def test_who_stepped_aside_does_nothing_more() -> None:
    """Handler, inspector, lawyer, approver and publisher who recused themselves are refused every act on the case, and name no successor."""
    matter = Matter()
    for who in ("handler", "inspector1", "legal", "approver", "publisher"):
        matter.act(who, "recuse", reason="近亲属任职于运营者")
    wanted = "Whoever recused himself does nothing more in this case."
    draft = {"measures": "请整改。", "days": 5}
    for who, act, data in (
        ("handler", "draft-order", draft),
        ("handler", "assign", {"handler": matter.people["handler"].pk}),
        ("handler", "notify-findings", {}),
        ("inspector1", "confirm", {"process": "finding", "thing": matter._finding("idm-2019/1.1", ""), "reason": "x"}),
        ("approver", "dismiss", {"reason": "x"}),
    ):
        assert refused(matter, who, act, **data) == wanted, act
    version = matter.version()
    first, second = (matter.people[name].pk for name in ("inspector3", "inspector4"))
    from mingcha.service.models import Evidence

    version.sample = Evidence.objects.create(
        sha256="a" * 64, size=1, name="a", kind="sample", received=matter.case.opened
    )
    version.save()
    plan = {"version": version.pk, "purpose": "first", "case": matter.case.pk, "first": first, "second": second}
    from mingcha.service.actions.acting import Refused, perform

    with pytest.raises(Refused, match="recused himself"):
        perform("task", "plan", matter.office.doer("handler"), None, plan)


def test_a_recused_lawyer_neither_passes_nor_returns_a_draft() -> None:
    """The draft waits for another lawyer."""
    matter = Matter()
    matter.act("handler", "draft-order", measures="请整改。", days=5)
    draft = matter.case.documents.get()
    matter.act("legal", "recuse", reason="回避")
    for act, data in (("review", {}), ("return", {"reason": "x"})):
        assert "recused" in refused(matter, "legal", act, process="document", thing=draft, **data)


def test_who_signed_the_order_does_not_inspect_again() -> None:
    """An inspector who is an approver too, and signed the order, is refused as an inspector of the re-inspection, and does not let it pass."""
    from mingcha.service.actions.acting import Refused, perform
    from mingcha.service.models import Evidence

    matter = Matter()
    matter.also("approver", "inspector")
    matter.ordered()
    version = matter.filed()
    version.sample = Evidence.objects.create(
        sha256="a" * 64, size=1, name="a", kind="sample", received=matter.case.opened
    )
    version.save()
    plan = {"version": version.pk, "purpose": "re-inspection", "case": matter.case.pk}
    people = {"first": matter.people["approver"].pk, "second": matter.people["inspector3"].pk}
    with pytest.raises(Refused, match="reviewed or signed"):
        perform("task", "plan", matter.office.doer("handler"), None, plan | people)
    matter.again(version, GOOD)
    assert "re-inspection decides" in refused(matter, "approver", "pass")


def test_only_an_inspector_of_the_reinspection_lets_it_pass() -> None:
    """Neither an inspector of the first inspection, nor one of the authority who inspected nothing, nor one who stepped aside since."""
    matter = Matter()
    matter.also("publisher", "inspector")
    matter.ordered()
    matter.filed(GOOD)
    for who in ("inspector1", "publisher"):
        assert "re-inspection decides" in refused(matter, who, "pass"), who
    matter.act("inspector4", "recuse", reason="回避")
    assert "recused" in refused(matter, "inspector4", "pass")
    assert matter.act("inspector3", "pass").state == "closed-rectified"


def test_who_signed_a_warning_does_not_publish_it() -> None:
    """An approver who is a publication officer too signs it or publishes it, never both."""
    matter = Matter("notice-proposed")
    matter.also("approver", "publisher")
    matter.paper("notice", "draft-notice", "issue-notice")
    assert "cannot publish" in refused(matter, "approver", "publish")
    assert matter.act("publisher", "publish").state == "publicly-warned"


def test_an_inspection_belongs_to_the_state_of_its_case() -> None:
    """While a case is under re-inspection no new first inspection is planned, and nothing the public could ask for is planned in a case."""
    from mingcha.service.actions.acting import Refused, perform
    from mingcha.service.models import Evidence

    matter = Matter()
    version = matter.version()
    version.sample = Evidence.objects.create(
        sha256="a" * 64, size=1, name="a", kind="sample", received=matter.case.opened
    )
    version.save()
    people = {"first": matter.people["inspector3"].pk, "second": matter.people["inspector4"].pk}
    for purpose in ("re-inspection", "request", "self-check"):
        plan = {"version": version.pk, "purpose": purpose, "case": matter.case.pk}
        with pytest.raises(Refused, match="present state"):
            perform("task", "plan", matter.office.doer("handler"), None, plan | people)


def test_nobody_but_its_authority_stops_an_inspection_of_a_case() -> None:
    """An operator, an account without a role and a lawyer of the authority do not cancel it; its handler does."""
    from mingcha.service import clock
    from mingcha.service.actions.acting import VISITOR, Refused, perform
    from mingcha.service.models import Task

    matter = Matter()
    version = matter.version()
    task = Task.objects.create(
        case=matter.case, subject=matter.case.subject, version=version, purpose="first", planned=clock.now()
    )
    matter.record(task, "plan")
    matter.people["plain"] = perform(
        "account", "create", VISITOR, None, {"username": "plain", "password": "long-enough-7781"}
    )
    for who in ("operator", "plain", "legal"):
        with pytest.raises(Refused):
            matter.act(who, "cancel", process="task", thing=task)
    assert matter.act("handler", "cancel", process="task", thing=task).state == "cancelled"


def test_a_second_inspector_who_stepped_aside_signs_nothing() -> None:
    """His result waits for an inspection by somebody else."""
    from mingcha.service import clock
    from mingcha.service.models import Task

    matter = Matter()
    task = Task.objects.create(
        case=matter.case, subject=matter.case.subject, version=matter.version(), purpose="first", second=matter.people["inspector2"],
        report=matter.task.report, planned=clock.now(),
    )  # fmt: skip
    matter.record(task, "plan", "start", "finish")
    assert "second inspector" in refused(matter, "inspector1", "review", process="task", thing=task)
    matter.act("inspector2", "recuse", reason="回避")
    assert "recused" in refused(matter, "inspector2", "review", process="task", thing=task)
