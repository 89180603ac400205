"""Subjects: registered, claimed by their operators, given new versions."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from mingcha.service import search
from mingcha.service.actions.acting import Body, Doing, Forbidden, Nothing, Refused, verb
from mingcha.service.actions.holding import officer, received, tie, unheld
from mingcha.service.models import Evidence, Operator, Subject, Version
from mingcha.service.models.subjects import KINDS
from mingcha.service.roles import STAFF, Role
from mingcha.service.text import Text

_MAY_NAME = STAFF | {Role.ENGINE}


class Register(Struct, frozen=True, forbid_unknown_fields=True):
    """A subject to be put on record."""

    name: str
    kind: str = "app"
    package: str = ""
    operator: str = ""
    app_type: int | None = None


class AddVersion(Struct, frozen=True, forbid_unknown_fields=True):
    """A version: its sample and policy, handed in before as evidence (numbers of their rows)."""

    sample: int
    policy: int | None = None
    answers: int | None = None
    name: str = ""
    code: int | None = None
    channel: str = ""
    signer: str = ""


class ConfirmClaim(Struct, frozen=True, forbid_unknown_fields=True):
    """An officer confirms who runs a subject; ``proof`` says how he knows."""

    operator: int
    proof: str


@verb("subject", "register", Register)
def register(doing: Doing, _: None, data: Register) -> Body:
    """Put a subject on record, unless one of its kind and package (or name, where it has no package) is there."""
    if data.kind not in KINDS or not data.name.strip():
        raise Refused(Text("请写明检查对象的名称和类型。", "Say what it is called and of which kind it is."))
    same = {"package": data.package} if data.package else {"name": data.name.strip(), "package": ""}
    if Subject.objects.filter(kind=data.kind, **same).exists():
        raise Refused(Text("该对象已登记。", "It is on record already."))
    named = (
        data.operator.strip() if doing.doer.roles & _MAY_NAME else ""
    )  # a visitor's word makes nobody answer for an app
    operator = Operator.objects.get_or_create(name=named)[0] if named else None
    made = Subject.objects.create(
        kind=data.kind,
        name=data.name.strip()[:120],
        package=data.package,
        operator=operator,
        app_type=data.app_type,
        registered=doing.at,
    )
    search.index(made)
    return {"thing": made, "name": made.name, "package": made.package}


@verb("subject", "add-version", AddVersion)
def add_version(doing: Doing, subject: Subject, data: AddVersion) -> Body:
    """Another version of the subject, unless the same sample is there with the same policy."""
    found = version_of(doing, subject, data)
    return {"version": found.pk, "sample": found.sample.sha256 if found.sample else ""}


def version_of(doing: Doing, subject: Subject, data: AddVersion) -> Version:
    """The version with this sample, policy and answers, made where it is not there."""
    rows = _handed_in(doing, data)
    digests = {
        "sample__sha256": rows[data.sample].sha256,
        "policy__sha256": rows[data.policy].sha256 if data.policy else None,
    }
    known = Version.objects.filter(subject=subject, answers=data.answers, **digests).first()
    if known is not None:
        return known
    given: dict[str, Any] = {"name": data.name, "code": data.code, "channel": data.channel, "signer": data.signer}
    return Version.objects.create(
        subject=subject,
        sample=rows[data.sample],
        policy=rows.get(data.policy or 0),
        answers=rows.get(data.answers or 0),
        obtained=doing.at,
        **given,
    )


def _handed_in(doing: Doing, data: AddVersion) -> dict[int, Evidence]:
    """The files of a version, each what it is said to be. An account names its own; what the public handed in may be named on its page alone."""
    wanted = {data.sample: "sample"} | {
        one: kind for one, kind in ((data.policy, "policy"), (data.answers, "answers")) if one
    }
    own = received(doing, *wanted) if doing.doer.account is not None else unheld(list(wanted))
    rows = {one.pk: one for one in own if one is not None and one.kind == wanted[one.pk] and not one.sealed}
    if set(rows) != set(wanted):
        raise Refused(Text("请先上传安装包。", "Upload the package first."))
    return rows


@verb("subject", "ask-inspection", Nothing)
def ask_inspection(_: Doing, subject: Subject, data: Nothing) -> Body:
    """Somebody wants it inspected and has no package: noted, so that the office sees what is wanted most."""
    return {}


@verb("subject", "confirm-claim", ConfirmClaim)
def confirm_claim(doing: Doing, subject: Subject, data: ConfirmClaim) -> Body:
    """An officer whose matter the subject is ties it to its operator."""
    if not officer(doing, subject):
        raise Forbidden(Text("由办理该对象的监管部门核准。", "An authority that works on this subject confirms."))
    operator = Operator.objects.filter(pk=data.operator).first()
    if operator is None or not data.proof.strip():
        raise Refused(Text("请选择运营者并写明依据。", "Choose the operator and say how you know."))
    tie(subject, operator)
    return {"operator": operator.pk, "proof": data.proof}
