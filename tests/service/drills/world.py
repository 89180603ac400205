"""An installation filled for a drill: people, cases far along the ladder, thousands of rows, all with the events that explain them.

Rows of a drill's beginning are written in bulk, and so are their events, linked as `ledger.record` links them; what a drill measures and
checks goes through the actions alone.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

BATCH = 500


def begin() -> None:
    """Django and empty tables."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def move_clock(moment: str) -> None:
    """The legal clock, to this time in Shanghai."""
    from mingcha.service.clock import SHANGHAI

    wanted = datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)
    Path(os.environ["MINGCHA_TEST_CLOCK"]).write_text(str((wanted - datetime.now(UTC)).total_seconds()))


class Book:
    """The chain, many links at once."""

    def __init__(self) -> None:
        from mingcha.service import ledger
        from mingcha.service.models import Head

        self.last = ledger._last(Head.objects.get(pk=1))
        self.rows: list[Any] = []
        self.things: dict[type, dict[int, Any]] = defaultdict(dict)

    def add(self, thing: Any, act: str, at: datetime, actor: str = "engine", **body: Any) -> None:
        """One act on a row that has its number."""
        from mingcha.casework.chain import link
        from mingcha.service.clock import SHANGHAI
        from mingcha.service.models import Event

        thing.state = thing.ladder.after(act, thing.state or None)
        time = at.astimezone(SHANGHAI).isoformat()
        made = link(self.last, time=time, actor=actor, act=act, object=thing.key, body=body)
        self.last = made
        self.rows.append(
            Event(
                seq=made.seq, time=time, actor=actor, process=thing.process, thing=thing.pk, act=act, body=body, previous=made.previous,
                hash=made.hash,
            )
        )  # fmt: skip
        self.things[type(thing)][thing.pk] = thing

    def write(self) -> None:
        """Events, end of the chain, states."""
        from mingcha.service.models import Event, Head

        assert self.last is not None
        Event.objects.bulk_create(self.rows, BATCH)
        Head.objects.filter(pk=1).update(count=self.last.seq, hash=self.last.hash)
        for model, things in self.things.items():
            model._default_manager.bulk_update(things.values(), ["state"], BATCH)  # type: ignore[attr-defined]
        self.rows, self.things = [], defaultdict(dict)


def handlers(made: Any, count: int) -> list[Any]:
    """So many case handlers of the demonstration's authority, each with an address."""
    from mingcha.service import clock
    from mingcha.service.models import Account, Grant
    from mingcha.service.roles import Role

    book = Book()
    people = [
        Account(username=f"handler-{at}", email=f"handler-{at}@example.invalid", password="!") for at in range(count)
    ]
    Account.objects.bulk_create(people)
    for one in people:
        book.add(one, "create", clock.now())
    book.write()
    Grant.objects.bulk_create(
        Grant(account=one, role=Role.HANDLER, authority=made.authority, since=clock.now()) for one in people
    )
    return people


_TO: Mapping[str, tuple[str, ...]] = {
    "findings-review": ("open", "record-result", "notify-findings"),
    "rectification": ("open", "record-result", "notify-findings", "order", "serve-order"),
    "notice-proposed": ("open", "record-result", "notify-findings", "order", "serve-order", "miss-deadline"),
}


def cases(made: Any, count: int, state: str, opened: datetime, people: list[Any]) -> list[Any]:
    """So many cases, one to an app, brought to a state of the ladder."""
    from mingcha.service.models import Case, Subject

    start = Case.objects.count()
    subjects = [
        Subject(
            name=f"应用 {start + at}", package=f"cn.example.a{start + at}", operator=made.operator, registered=opened
        )
        for at in range(count)
    ]
    Subject.objects.bulk_create(subjects, BATCH)
    rows = [
        Case(
            number=f"演示案〔{opened.year}〕9{start + at:05d}号", subject=subject, operator=made.operator, authority=made.authority,
            handler=people[at % len(people)], opened=opened,
        )
        for at, subject in enumerate(subjects)
    ]  # fmt: skip
    Case.objects.bulk_create(rows, BATCH)
    book = Book()
    for subject, case in zip(subjects, rows, strict=True):
        book.add(subject, "register", opened)
        for act in _TO[state]:
            book.add(case, act, opened)
    book.write()
    return rows


def drafts(made: Any, rows: list[Any], kind: str) -> list[Any]:
    """A legally reviewed draft in each case, with one confirmed finding."""
    from mingcha.service import clock
    from mingcha.service.actions.documents import _hash
    from mingcha.service.models import Document

    at = clock.now()
    finding = {
        "clause": "idm-2019/3.1",
        "article": "三、1",
        "law": "",
        "basis": "演练",
        "sentence": "演练",
        "seen": "演练",
        "answer": "",
    }
    data = [
        {
            "case": case.number, "authority": made.authority.name, "operator": made.operator.name, "subject": case.subject.name,
            "package": case.subject.package, "version": "1.0", "measures": "请整改。", "days": 5, "findings": [finding],
        }
        for case in rows
    ]  # fmt: skip
    papers = [
        Document(kind=kind, case=case, data=told, template="1", data_hash=_hash(told))
        for case, told in zip(rows, data, strict=True)
    ]
    Document.objects.bulk_create(papers, BATCH)
    book = Book()
    for paper in papers:
        book.add(paper, "draft", at)
        book.add(paper, "review", at)
    book.write()
    return papers
