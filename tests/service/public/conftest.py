"""A public site with apps in every state, made of rows: what led to them is tested elsewhere, here what visitors see of them."""

from __future__ import annotations

import hashlib
import io
import itertools
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

DEMO = Path(__file__).parents[3] / "demo"
CLAUSES = ("idm-2019/1.3", "idm-2019/2.1", "idm-2019/6.3")


@pytest.fixture(scope="session")
def inspected() -> bytes:
    """The report on the demo app, as a file."""
    from mingcha.catalogue.load import load
    from mingcha.inspection import inspect, open_case
    from mingcha.model.report import encode

    return encode(
        inspect(
            open_case([DEMO / "flashlight.apk"], policy=[DEMO / "policy.html"], answers=DEMO / "answers.yaml"), load()
        )
    )


@pytest.fixture(scope="session")
def card(inspected: bytes) -> dict[str, Any]:
    """Its card; JSON as the database gives it back."""
    from mingcha.catalogue.load import load
    from mingcha.model.report import decode_report
    from mingcha.service import cards

    made: dict[str, Any] = json.loads(json.dumps(cards.card(decode_report(inspected), load())))
    return made


@pytest.fixture
def site(clock: Any, inspected: bytes, card: dict[str, Any]) -> Site:
    """The site on an ordinary Monday."""
    clock.set("2026-09-28T10:00")
    return Site(inspected, card)


class Site:
    """Short ways to rows, and a visitor's browser."""

    def __init__(self, inspected: bytes, card: dict[str, Any]) -> None:
        from django.conf import settings
        from django.test import Client

        from mingcha.service.shelf import shelf

        Path(settings.STATIC_ROOT).mkdir(exist_ok=True)
        self.made, self.card = _made(), card
        self.sha256 = shelf().keep(io.BytesIO(inspected)).sha256
        self.browser = Client(SERVER_NAME="localhost")
        self._numbers = itertools.count(1)

    def subject(self, name: str = "示例记账本", package: str = "cn.example.ledger") -> Any:
        from mingcha.service import demo

        return demo.app(self.made, name, package)

    def case(self, subject: Any, state: str) -> Any:
        from mingcha.service.models import Case

        return Case.objects.create(
            number=f"演示案〔2026〕{next(self._numbers):05d}号", subject=subject, operator=subject.operator, authority=self.made.authority,
            handler=self.made.accounts["handler"], opened=at("2026-09-01T09:00"), state=state,
        )  # fmt: skip

    def task(
        self, subject: Any, purpose: str = "first", case: Any = None, state: str = "reviewed", version: str = "1.0.3"
    ) -> Any:
        from mingcha.service.models import Report, Task, Version
        from mingcha.service.pages.public import drawing

        made = Version.objects.create(subject=subject, name=version, obtained=at("2026-09-01T09:00"))
        report = Report.objects.create(
            version=made,
            sha256=self.sha256,
            tool="0.1.0",
            catalogue="c",
            made=at("2026-09-02T09:00"),
            card=self.card,
            face=drawing.face(self.card),
        )
        return Task.objects.create(
            subject=subject,
            case=case,
            version=made,
            purpose=purpose,
            report=report,
            planned=at("2026-09-01T09:00"),
            state=state,
        )

    def finding(self, task: Any, clause: str, state: str, notified: str = "", answer: str = "") -> Any:
        from mingcha.service.models import Finding

        return Finding.objects.create(
            case=task.case, subject=task.subject, task=task, clause=clause, state=state, sentence={"zh": f"句子{clause}。", "en": f"Sentence {clause}."},
            evidence=[{"place": "x"}], notified=at(notified) if notified else None, answer=answer, answered=at("2026-09-03T09:00") if answer else None,
        )  # fmt: skip

    def event(self, case: Any, act: str, time: str, **body: Any) -> Any:
        """A public act, written as a row of the chain (its hashes do not matter here)."""
        from mingcha.service.models import Event

        seq = next(self._numbers) + 1_000_000
        return Event.objects.create(
            seq=seq,
            time=at(time).isoformat(),
            actor="account:7",
            process="case",
            thing=case.pk,
            act=act,
            body=body,
            previous="0" * 64,
            hash=f"{seq:064d}",
        )

    def paper(self, case: Any, kind: str = "notice", **moments: str) -> Any:
        """A signed document with its file."""
        from mingcha.casework.canonical import canonical
        from mingcha.service import seals
        from mingcha.service.models import Document, Evidence
        from mingcha.service.shelf import shelf

        number = f"演示{kind}〔2026〕{next(self._numbers):05d}号"
        data = {"number": number, "operator": "示例运营者有限公司", "subject": case.subject.name, "package": case.subject.package, "version": "1.0.3",
                "case": case.number, "measures": "请整改。", "days": 5, "findings": [{"clause": CLAUSES[0], "sentence": "通报里的句子。", "answer": ""}]}  # fmt: skip
        kept = shelf().keep(io.BytesIO(f"%PDF {number}".encode()))
        pdf = Evidence.objects.create(
            sha256=kept.sha256, size=kept.size, name="n.pdf", kind="document", received=at("2026-09-10T09:00")
        )
        digest = hashlib.sha256(canonical(data)).hexdigest()
        return Document.objects.create(
            kind=kind, number=number, case=case, data=data, template="1", data_hash=digest, pdf=pdf, signature=seals.signed(number, digest, kept.sha256),
            issued=at("2026-09-10T09:00"), **{name: at(moment) for name, moment in moments.items()},
        )  # fmt: skip

    def text(self, path: str, status: int = 200) -> str:
        """A page as a visitor gets it."""
        answer = self.browser.get(path)
        assert answer.status_code == status, (path, answer.status_code)
        found: str = answer.content.decode()
        return found


def _made() -> Any:
    """An authority, an operator, a store and a handler; nobody signs in, so nobody waits for passwords to be hashed."""
    from mingcha.service.demo import Made
    from mingcha.service.models import Account, Authority, Operator, Platform

    return Made(
        Authority.objects.create(code="a", name="示例监管部门", name_en="Example authority"), Operator.objects.create(name="示例运营者有限公司"),
        (Platform.objects.create(name="示例应用商店一"),), {"handler": Account.objects.create(username="handler")}, {},
    )  # fmt: skip


def at(moment: str) -> datetime:
    """A moment in Shanghai."""
    from mingcha.service.clock import SHANGHAI

    return datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)


@pytest.fixture
def easy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proof of work that a test can afford."""
    from mingcha.service.access import effort

    monkeypatch.setattr(effort, "DIFFICULTY", 4)


def work(purpose: str) -> dict[str, str]:
    """A solved challenge, as the page's script sends it."""
    from mingcha.service.access import effort
    from mingcha.service.intake.work import is_solution

    task = effort.challenge(purpose)
    difficulty = int(task.split(".")[3])
    nonce = next(str(n) for n in itertools.count() if is_solution(task, str(n), difficulty))
    return {"work_challenge": task, "work_nonce": nonce}
