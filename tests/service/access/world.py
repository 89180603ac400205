"""Two authorities, two operators, two stores, and everything that belongs to them; every secret is marked, so that it is known where it turns up.

States are made by events as everywhere (`ledger.record`), files lie on the shelf. Nothing here asks who may: that is what the tests ask.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any

from msgspec import structs

STAFF = ("officer", "handler", "inspector", "legal", "approver", "publisher")
_ROLES = {
    "officer": "complaint-officer", "handler": "handler", "inspector": "inspector", "legal": "legal", "approver": "approver", "publisher": "publisher",
    "owner": "operator-owner", "clerk": "operator-clerk", "store": "platform",
}  # fmt: skip
CODES = {"a": "AAAA2222BBBB", "b": "CCCC3333DDDD"}


@dataclass
class Side:
    """One authority with one operator and one store."""

    letter: str
    authority: Any = None
    operator: Any = None
    store: Any = None
    subject: Any = None
    people: dict[str, Any] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)

    def mark(self, what: str) -> str:
        """The secret word of this side's thing."""
        return f"zq{self.letter}{what}qz"


@dataclass
class World:
    """Both sides, and those who belong to none."""

    a: Side
    b: Side
    people: dict[str, Any]

    def side(self, letter: str) -> Side:
        """One of them."""
        return self.a if letter == "a" else self.b

    def account(self, name: str) -> Any:
        """`handler-a`, `owner-b`, `admin`, `plain` …"""
        who, _, letter = name.partition("-")
        return self.side(letter).people[who] if letter else self.people[who]


def build() -> World:
    """All of it."""
    people = {name: _account(name) for name in ("admin", "auditor", "plain")}
    for name in ("admin", "auditor"):
        _grant(people[name], name)
    return World(_side("a"), _side("b"), people)


def _account(name: str) -> Any:
    from mingcha.service import clock, ledger
    from mingcha.service.models import Account

    made = Account.objects.create(username=name, title=name, password="!")
    ledger.record(made, "create", "visitor", clock.now())
    return made


def _grant(account: Any, role: str, **body: Any) -> Any:
    from allauth.mfa.models import Authenticator

    from mingcha.service import clock
    from mingcha.service.models import Grant

    Authenticator.objects.get_or_create(user=account, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "x"}})
    return Grant.objects.create(account=account, role=role, since=clock.now(), **body)


def _side(letter: str) -> Side:
    from mingcha.service import clock
    from mingcha.service.models import Authority, Listing, Operator, Platform, Subject

    made = Side(letter)
    made.authority = Authority.objects.create(
        name=f"部门{letter}", name_en=f"authority {letter}", code=f"office-{letter}"
    )
    made.operator = Operator.objects.create(name=f"运营者{letter}", credit_code=made.mark("credit")[:18])
    made.store = Platform.objects.create(name=f"商店{letter}")
    made.subject = _begun(
        Subject(name=f"应用{letter}", package=f"cn.example.{letter}", operator=made.operator, registered=clock.now()),
        "register",
        "claim",
    )
    Listing.objects.create(subject=made.subject, platform=made.store, since=clock.now())
    bodies = {
        "owner": {"operator": made.operator},
        "clerk": {"operator": made.operator},
        "store": {"platform": made.store},
    }
    for name, role in _ROLES.items():
        made.people[name] = _account(f"{name}-{letter}")
        _grant(made.people[name], role, **bodies.get(name, {"authority": made.authority}))
    _complaints(made)
    _cases(made)
    _own(made)
    return made


def _begun(thing: Any, *acts: str) -> Any:
    """Saved, and brought to its state by events."""
    from mingcha.service import clock, ledger

    thing.save()
    for act in acts:
        ledger.record(thing, act, "engine", clock.now(), {"reason": getattr(thing, "_marked", "")})
    return thing


def _file(side: Side, kind: str, what: str, **more: Any) -> Any:
    from mingcha.service import clock
    from mingcha.service.actions import files
    from mingcha.service.actions.acting import Doer, Doing

    actor = more.pop("actor", "visitor")
    data = side.mark(what).encode()
    return files.keep(
        Doing(Doer(actor), clock.now(), "receive"), io.BytesIO(data), f"{side.mark(what)}.bin", kind, **more
    )


def _complaints(side: Side) -> None:
    """One passed on to the operator, one nobody passed on, one withdrawn before, and a report, each with its secrets."""
    acts = {
        "passed": ("complaint", ("receive", "accept", "forward")),
        "kept": ("complaint", ("receive", "accept")),
        "withdrawn": ("complaint", ("receive", "withdraw")),
        "whistle": ("report", ("receive", "make-lead", "close")),
    }
    for name, (kind, done) in acts.items():
        _complaint(side, name, kind, done)


def _complaint(side: Side, name: str, kind: str, done: tuple[str, ...]) -> None:
    from django.conf import settings

    from mingcha.service import clock, vault
    from mingcha.service.intake import codes
    from mingcha.service.models import Attachment, Complaint, Identity, Message

    now = clock.now()
    code = CODES[side.letter] if name == "kept" else f"{side.letter}{name}"
    made = _begun(
        Complaint(
            kind=kind, number=f"投{side.letter}{name}", code=codes.stored(code, settings.CONFIGURATION.secret("codes").encode()), subject=side.subject,
            subject_name=side.subject.name, category="other", narrative=side.mark(f"story{name}"), authority=side.authority, received=now,
        ),
        *done,
    )  # fmt: skip
    Identity.objects.create(
        complaint=made,
        sealed=vault.seal({"value": {"name": side.mark("person")}, "salt": ""}),
        commitment="c",
        erase_after=now,
    )
    Message.objects.create(complaint=made, from_person=True, sealed=vault.seal(side.mark(f"letter{name}")), sent=now)
    original, shared = (
        _file(side, "picture", f"{what}{name}", source="complainant", sealed=what == "original")
        for what in ("original", "shared")
    )
    Attachment.objects.create(complaint=made, original=original, shared=shared)
    side.things |= {f"complaint-{name}": made, f"original-{name}": original, f"shared-{name}": shared}


def _cases(side: Side) -> None:
    """One nobody was told of, one the operator was told of, and one with a served order, a published warning and a draft."""
    _case(side, "secret", ("open", "record-result"), notified=False)
    _case(side, "told", ("open", "record-result", "notify-findings"), notified=True)
    known = _case(
        side, "known", ("open", "record-result", "order", "serve-order", "miss-deadline", "publish"), notified=True
    )
    _document(side, known, "order", "order", ("draft", "review", "issue", "serve"), served=True)
    _document(side, known, "notice", "notice", ("draft", "review", "issue", "publish"), published=True)
    _document(side, known, "removal", "draft", ("draft",))
    secret = side.things["case-secret"]
    _document(side, secret, "order", "unsigned", ("draft", "review"))
    _document(side, secret, "notice", "unpublished", ("draft", "review", "issue"), issued=True)


def _case(side: Side, name: str, acts: tuple[str, ...], *, notified: bool) -> Any:
    from mingcha.service import clock
    from mingcha.service.models import Case, Deadline, Finding, Lead, Seat, Task, Version

    now = clock.now()
    people = side.people
    lead = _begun(
        Lead(number=f"线{side.letter}{name}", source="media", subject=side.subject, authority=side.authority, summary=side.mark(f"lead{name}"), handler=people["handler"], registered=now),
        "open", "assign", "file",
    )  # fmt: skip
    case = Case(
        number=f"案{side.letter}{name}",
        subject=side.subject,
        operator=side.operator,
        authority=side.authority,
        lead=lead,
        handler=people["handler"],
        opened=now,
    )
    case._marked = side.mark(f"reason{name}")
    _begun(case, *acts)
    Seat.objects.create(case=case, account=people["handler"], role="handler")
    Seat.objects.create(case=case, account=people["inspector"], role="inspector")
    Deadline.objects.create(clock="rectification", case=case, started=now, unit="working", reckoning=[])
    sample = _file(side, "sample", f"sample{name}", actor=f"account:{people['handler'].pk}")
    version = Version.objects.create(
        subject=side.subject, name=side.mark(f"version{name}")[:60], sample=sample, obtained=now
    )
    task = _begun(
        Task(case=case, subject=side.subject, version=version, purpose="first", first=people["inspector"], report=_report(side, version, name), planned=now),
        "plan", "start", "finish", "review",
    )  # fmt: skip
    finding = _begun(
        Finding(
            case=case, subject=side.subject, task=task, clause="idm-2019/2.1", notified=now if notified else None,
            sentence={"zh": side.mark(f"finding{name}"), "en": side.mark(f"finding{name}"), "file": side.mark(f"file{name}")},
        ),
        "suspect", *(("confirm",) if name == "known" else ()),
    )  # fmt: skip
    side.things |= {
        f"lead-{name}": lead,
        f"case-{name}": case,
        f"sample-{name}": sample,
        f"version-{name}": version,
        f"task-{name}": task,
        f"finding-{name}": finding,
    }
    return case


def _report(side: Side, version: Any, name: str) -> Any:
    from mingcha.catalogue.load import load
    from mingcha.model.report import encode
    from mingcha.service import cards, clock
    from mingcha.service.models import Report
    from mingcha.service.shelf import shelf
    from tests.unit.render import sample

    word = side.mark(f"report{name}")
    app = structs.replace(sample.CASE.app, label=word)
    report = sample.report(case=structs.replace(sample.CASE, app=app))
    card = {**cards.card(report, load()), "outcomes": {"idm-2019/2.1": "breached"}}
    for page in card["pages"].values():
        page["headline"] = word
    kept = shelf().keep(io.BytesIO(encode(report)))
    return Report.objects.create(
        version=version, sha256=kept.sha256, tool="t", catalogue="c", made=clock.now(), card=card
    )


def _document(side: Side, case: Any, kind: str, name: str, acts: tuple[str, ...], **moments: bool) -> None:
    from mingcha.service import clock
    from mingcha.service.models import Document

    now = clock.now()
    word = side.mark(f"paper{name}")
    told = {
        "subject": side.subject.name,
        "package": "",
        "version": "",
        "operator": side.operator.name,
        "case": case.number,
        "authority": "部门",
        "measures": word,
        "days": 5,
        "findings": [],
    }
    numbered = (
        {"number": f"文{side.letter}{name}", "pdf": _file(side, "document", f"paper{name}"), "issued": now}
        if moments
        else {}
    )
    times = {key: now for key, value in moments.items() if value}
    side.things[f"document-{name}"] = _begun(
        Document(kind=kind, case=case, data=told, template="1", data_hash="0" * 64, **{**numbered, **times}), *acts
    )


def _own(side: Side) -> None:
    """What the operator keeps to itself: a version, its inspection, its self-check with a file; and a claim of its clerk."""
    from mingcha.service import clock
    from mingcha.service.models import Claim, Entry, SelfCheck, Task, Version

    now = clock.now()
    owner = side.people["owner"]
    actor = f"account:{owner.pk}"
    sample = _file(side, "sample", "ownsample", actor=actor)
    version = Version.every.create(
        subject=side.subject, name=side.mark("ownversion"), sample=sample, withheld=side.operator, obtained=now
    )
    task = _begun(
        Task(
            subject=side.subject,
            version=version,
            purpose="self-check",
            report=_report(side, version, "own"),
            planned=now,
        ),
        "plan",
        "start",
        "finish",
    )
    check = _begun(
        SelfCheck(
            operator=side.operator,
            subject=side.subject,
            version=version,
            task=task,
            remark=side.mark("ownremark"),
            begun=now,
        ),
        "begin",
    )
    evidence = _file(side, "proof", "ownproof", actor=actor)
    Entry.objects.create(selfcheck=check, clause="idm-2019/2.1", text=side.mark("ownentry"), evidence=evidence, at=now)
    claim = _begun(
        Claim(
            subject=side.subject,
            account=side.people["clerk"],
            operator=side.operator,
            name=side.mark("claimname"),
            note=side.mark("claimnote"),
            nonce="n" * 43,
            expires=now,
            asked=now,
        ),
        "ask",
    )
    side.things |= {
        "sample-own": sample,
        "version-own": version,
        "task-own": task,
        "selfcheck": check,
        "proof-own": evidence,
        "claim": claim,
    }
