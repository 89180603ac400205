"""A case brought to a state of the ladder by events, with findings and inspections of its own: what the guards of the acts look at."""

from __future__ import annotations

import itertools
from typing import Any

from tests.service.drills import world
from tests.service.test_story import Office

CLAUSES = ("idm-2019/2.1", "idm-2019/3.1")
_DIGESTS = itertools.count(1)


class Matter:
    """One case of the demonstration's office."""

    def __init__(self, state: str = "findings-review", *, findings: str = "confirm") -> None:
        from mingcha.service import clock
        from mingcha.service.models import Seat

        self.office = Office()
        self.people = self.office.made.accounts
        (self.case,) = world.cases(self.office.made, 1, state, clock.now(), [self.people["handler"]])
        for name, part in (("handler", "handler"), ("inspector1", "inspector"), ("inspector2", "inspector")):
            Seat.objects.create(case=self.case, account=self.people[name], role=part)
        self.task = self.inspected("first", dict.fromkeys(CLAUSES, "breached"))
        self.findings = [self._finding(clause, findings) for clause in CLAUSES]

    def act(self, who: str, act: str, /, process: str = "case", thing: Any = None, **data: Any) -> Any:
        """Do something with the case, or with another thing."""
        return self.office.act(who, process, act, self.case if thing is None else thing, **data)

    def engine(self, act: str) -> None:
        """What the engine does."""
        from mingcha.service.actions.acting import ENGINE, perform

        perform("case", act, ENGINE, self.case)

    def record(self, thing: Any, *acts: str) -> Any:
        """Events alone, for what lies before a test."""
        from mingcha.service import clock, ledger

        for act in acts:
            ledger.record(thing, act, "engine", clock.now())
        return thing

    def version(self) -> Any:
        """Another version of the app."""
        from mingcha.service import clock
        from mingcha.service.models import Version

        return Version.objects.create(subject=self.case.subject, name=str(next(_DIGESTS)), obtained=clock.now())

    def inspected(self, purpose: str, outcomes: dict[str, str], version: Any = None) -> Any:
        """A signed inspection of the case with these outcomes."""
        from mingcha.service import clock
        from mingcha.service.models import Report, Task

        now, of = clock.now(), version or self.version()
        report = Report.objects.create(
            version=of, sha256=f"{next(_DIGESTS):064x}", tool="t", catalogue="c", made=now, card={"outcomes": outcomes, "pages": {}}
        )  # fmt: skip
        made = Task.objects.create(
            case=self.case, subject=self.case.subject, version=of, purpose=purpose, report=report, planned=now
        )
        return self.record(made, "plan", "start", "finish", "review")

    def filed(self, outcomes: dict[str, str] | None = None) -> Any:
        """A rectification filed with a new version; inspected again where outcomes are given."""
        version = self.version()
        self.act("operator", "file-rectification", version=version.pk, answers=dict.fromkeys(CLAUSES, "已改。"))
        if outcomes is not None:
            self.again(version, outcomes)
        return version

    def again(self, version: Any, outcomes: dict[str, str]) -> Any:
        """A re-inspection by two others."""
        from mingcha.service.models import Seat

        for name in ("inspector3", "inspector4"):
            Seat.objects.get_or_create(case=self.case, account=self.people[name], role="inspector-again")
        return self.inspected("re-inspection", outcomes, version)

    def paper(self, kind: str, draft: str, issue: str, **data: Any) -> Any:
        """Drafted, reviewed, signed."""
        self.act("handler", draft, **({"measures": "请整改。", "days": 5} | data))
        made = self.case.documents.filter(kind=kind).latest("pk")
        self.act("legal", "review", process="document", thing=made)
        self.act("approver", issue)
        made.refresh_from_db()
        return made

    def ordered(self) -> Any:
        """Under an order that was served."""
        made = self.paper("order", "draft-order", "order")
        self.act("handler", "serve-order", way="电子送达", receiver="运营者")
        return made

    def warned(self) -> Any:
        """Publicly warned after a missed order."""
        made = self.paper("notice", "draft-notice", "issue-notice")
        self.act("publisher", "publish")
        return made

    def also(self, name: str, role: str) -> None:
        """Somebody of the office holds another role too."""
        self.office.act(
            "admin", "account", "grant", self.people[name], role=role, authority=self.office.made.authority.pk
        )

    def _finding(self, clause: str, *acts: str) -> Any:
        from mingcha.service import clock
        from mingcha.service.models import Finding

        made = Finding.objects.create(
            case=self.case, subject=self.case.subject, task=self.task, clause=clause, notified=clock.now(),
            sentence={"zh": "甲", "en": "a", "file": "甲"}, evidence=[{"place": "x"}],
        )  # fmt: skip
        return self.record(made, "suspect", *(one for one in acts if one))
