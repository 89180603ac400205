"""A made-up country of apps: rows of every table that the public pages read, with their chain of events; seeded.

Half of the apps have a case with its findings, a third were inspected because somebody asked, the rest are names alone.
"""

from __future__ import annotations

import hashlib
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from mingcha.casework.chain import Link, link
from mingcha.casework.ladder import ladder
from mingcha.service import search
from mingcha.service.demo import Made
from mingcha.service.models import (
    Case,
    Document,
    Event,
    Evidence,
    Finding,
    Gram,
    Listing,
    Operator,
    Report,
    Subject,
    Task,
    Version,
)  # fmt: skip
from tests.bench import service_names as names
from tests.bench.service_cards import Variant
from tests.bench.service_stories import PAPERS, Story, story

Row = dict[str, Any]
_SIGNS = {"order": "责改", "notice": "通报", "removal": "下架", "restoration": "恢复"}
_ANSWERS = (
    "已安排核查，下一版本改正。",
    "该权限只在用户使用扫码时申请，不同意该项判定。",
    "相关代码来自第三方SDK，已要求其更换版本，并更新隐私政策。",
)
_OFFERED = 0.3
"""Of the apps without a case, the share that somebody had inspected."""


class World:
    """Collects the rows of a stretch of apps, table by table."""

    def __init__(self, made: Made, now: datetime, variants: Sequence[Variant], last: Link | None, seed: int) -> None:
        self.chance = random.Random(seed)
        self.made, self.now, self.variants, self.last = made, now, variants, last
        self.numbers: dict[str, int] = defaultdict(lambda: 10_000)
        self.tables: dict[type, list[Row]] = defaultdict(list)
        self.operators = [
            Operator(pk=self._next("operator"), name=name) for name in names.operators(self.chance, 20_000)
        ]
        self.findings = 0

    def taken(self) -> dict[type, list[Row]]:
        """The rows since last time."""
        taken, self.tables = self.tables, defaultdict(list)
        return taken

    def app(self, case: bool) -> str:
        """One app with all that hangs on it; gives its name."""
        chance = self.chance
        pk = self._next("subject")
        operator = chance.choice(self.operators)
        row = Subject(pk=pk, name=names.app(chance), package=names.package(chance, pk), operator=operator)
        begun = self.now - timedelta(days=chance.uniform(5, 300))
        state = self._events("subject", pk, ("register",), begun, name=row.name)
        kept = {
            "kind": "app",
            "name": row.name,
            "package": row.package,
            "operator_id": operator.pk,
            "app_type": chance.randint(1, 39),
        }
        self._add(Subject, id=pk, state=state, registered=begun, **kept)
        self.tables[Gram] += [{"gram": one.gram, "subject_id": pk, "rank": one.rank} for one in search.rows(row)]
        for store in self.made.stores:
            self._add(Listing, subject_id=pk, platform_id=store.pk, state="listed", since=begun)
        if case:
            self._case(row, begun)
        elif chance.random() < _OFFERED:
            self._inspected(row, begun, chance.choice(self.variants), "request", None, ("plan", "start", "finish"))
        return row.name

    # --- a case ------------------------------------------------------------------------------------------------------

    def _case(self, subject: Subject, begun: datetime) -> None:
        told, variant = story(self.chance), self.chance.choice(self.variants)
        pk = self._next("case")
        number = f"演示案〔2026〕{pk:06d}号"
        times = self._times(told, begun)
        papers = self._papers(pk, subject, number, told, times, variant)
        state = self._case_events(pk, told, times, papers)
        self._add(
            Case, id=pk, state=state, number=number, subject_id=subject.pk, operator_id=subject.operator_id, authority_id=self.made.authority.pk,
            handler_id=self.made.accounts["handler"].pk, opened=times["open"],
        )  # fmt: skip
        signed = ("plan", "start", "finish", "review")
        task = self._inspected(
            subject, times["open"], variant, "first", pk, signed if len(told.acts) > 1 else signed[:-1]
        )
        for suspect in variant.suspects:
            self._finding(pk, subject.pk, task, told, times, suspect)
        if told.again:
            self._inspected(subject, self.now, self.chance.choice(self.variants), "re-inspection", pk, signed)

    def _times(self, told: Story, begun: datetime) -> dict[str, datetime]:
        """When each act was; cases under review are of the last weeks, so that some answers are still awaited."""
        recent = "order" not in told.acts
        first = self.now - timedelta(days=self.chance.uniform(1, 25)) if recent else begun
        step = (self.now - first) / (len(told.acts) + 1)
        return {act: first + step * at for at, act in enumerate(told.acts)}

    def _case_events(self, pk: int, told: Story, times: dict[str, datetime], papers: dict[str, Row]) -> str:
        stores = [store.name for store in self.made.stores]
        for at, act in enumerate(told.acts):
            kind = PAPERS.get(act, ("", ()))[0]
            body: Row = {"document": papers[kind]["number"], "days": 5} if kind and papers[kind]["number"] else {}
            if act in ("remove", "restore"):
                body["stores"] = stores
            if act == "acknowledge-removal":
                body = {"store": stores[told.acts[at - 1] == act], "proof": "下架截图"}
            if act == "extend":
                body = {"by": 5, "reason": "涉及多个版本。"}
            self._link("case", pk, act, times[act], body)
        return ladder("case").fold(told.acts) or ""

    def _papers(
        self, case: int, subject: Subject, number: str, told: Story, times: dict[str, datetime], variant: Variant
    ) -> dict[str, Row]:
        """The documents of a case, by kind, as far as its acts brought them."""
        reached = {PAPERS[act][0]: (act, PAPERS[act][1]) for act in told.acts if act in PAPERS}
        return {
            kind: self._paper(case, kind, acts, times[act], self._told(subject, number, variant))
            for kind, (act, acts) in reached.items()
        }

    def _paper(self, case: int, kind: str, acts: tuple[str, ...], at: datetime, data: Row) -> Row:
        pk = self._next("document")
        row: Row = {
            "id": pk,
            "kind": kind,
            "number": None,
            "case_id": case,
            "data": data,
            "template": "1",
            "data_hash": _hash("data", pk),
        }
        if "issue" in acts:
            row |= {"number": f"演示{_SIGNS[kind]}〔2026〕{self._next(kind):06d}号", "issued": at}
            row["data"] = {**data, "number": row["number"]}
        if acts[-1] in ("serve", "publish"):
            row[{"serve": "served", "publish": "published"}[acts[-1]]] = at
            if self.chance.random() < 0.02:
                acts, row["withdrawn"], row["withdrawal_reason"] = (
                    (*acts, "withdraw"),
                    at + timedelta(days=1),
                    "送达对象有误。",
                )
        self._add(Document, **row, state=self._events("document", pk, acts, at, case=case))
        return row

    def _told(self, subject: Subject, number: str, variant: Variant) -> Row:
        assert subject.operator is not None
        told = [{"clause": one["clause"], "seen": one["sentence"]["file"], "answer": ""} for one in variant.suspects]
        return {
            "case": number, "authority": self.made.authority.name, "operator": subject.operator.name, "subject": subject.name, "package": subject.package,
            "version": "1.0.3", "findings": told, "measures": "请于期限内完成整改。", "days": 5, "stores": [store.name for store in self.made.stores],
        }  # fmt: skip

    def _finding(
        self, case: int, subject: int, task: int, told: Story, times: dict[str, datetime], suspect: Row
    ) -> None:
        pk = self._next("finding")
        acts = self.chance.choice(told.findings)
        notified = times.get("notify-findings")
        spoken = bool({"answer", "dispute"} & set(acts))
        self.findings += 1
        self._add(
            Finding, id=pk, state=self._events("finding", pk, acts, notified or times["open"], clause=suspect["clause"]), case_id=case, subject_id=subject,
            task_id=task, clause=suspect["clause"], sentence=suspect["sentence"], evidence=suspect["evidence"], notified=notified,
            answer=self.chance.choice(_ANSWERS) if spoken else "", answered=notified if spoken else None,
        )  # fmt: skip

    # --- an inspection -----------------------------------------------------------------------------------------------

    def _inspected(
        self, subject: Subject, at: datetime, variant: Variant, purpose: str, case: int | None, acts: tuple[str, ...]
    ) -> int:
        task, report, version, sample = (self._next(name) for name in ("task", "report", "version", "evidence"))
        sha256 = _hash("sample", sample)
        card, face = variant.of(subject.name, sha256)
        code = self.chance.randint(1, 4000)
        kept = {
            "name": f"{code // 100}.{code // 10 % 10}.{code % 10}",
            "code": code,
            "channel": self.chance.choice(self.made.stores).name,
        }
        self._add(
            Evidence,
            id=sample,
            sha256=sha256,
            size=33_570,
            name="base.apk",
            kind="sample",
            received=at,
            source="public",
        )
        self._add(Version, id=version, subject_id=subject.pk, sample_id=sample, obtained=at, **kept)
        self._add(Report, id=report, version_id=version, sha256=_hash("report", report), tool="mingcha 0.1.0", catalogue=_hash("catalogue", 1), made=at,
                  card=card, face=face)  # fmt: skip
        one, two = (self.made.accounts[f"inspector{which}"].pk if case else None for which in (1, 2))
        state = self._events("task", task, acts, at, subject=subject.pk)
        self._add(Task, id=task, state=state, case_id=case, subject_id=subject.pk, version_id=version, purpose=purpose, first_id=one, second_id=two,
                  report_id=report, planned=at, ended_at=at)  # fmt: skip
        return task

    # --- rows and links ----------------------------------------------------------------------------------------------

    def _next(self, what: str) -> int:
        self.numbers[what] += 1
        return self.numbers[what]

    def _add(self, model: type, **row: Any) -> None:
        self.tables[model].append(row)

    def _events(self, process: str, pk: int, acts: tuple[str, ...], at: datetime, **body: Any) -> str:
        """Link these acts, an hour apart; gives the state they fold to."""
        for number, act in enumerate(acts):
            self._link(process, pk, act, at + timedelta(hours=number), body)
        return ladder(process).fold(acts) or ""

    def _link(self, process: str, pk: int, act: str, at: datetime, body: Row) -> None:
        made = self.last = link(
            self.last, time=at.isoformat(), actor="engine", act=act, object=f"{process}:{pk}", body=body
        )
        self._add(
            Event,
            seq=made.seq,
            time=made.time,
            actor=made.actor,
            process=process,
            thing=pk,
            act=act,
            body=body,
            previous=made.previous,
            hash=made.hash,
        )


def _hash(what: str, pk: int) -> str:
    return hashlib.sha256(f"{what} {pk}".encode()).hexdigest()


def stretches(world: World, apps: int, findings: int, step: int) -> Iterator[list[str]]:
    """The apps in parts, so that memory stays small; cases as long as findings are wanted. Gives the names of each part."""
    for first in range(0, apps, step):
        left = min(step, apps - first)
        wanted = findings * (first + left) // apps
        names_now = []
        for at in range(left):
            due = world.findings + (wanted - world.findings) * (at + 1) / left
            names_now.append(world.app(case=world.findings < min(due, wanted)))
        yield names_now
