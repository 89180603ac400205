"""What operators do: claim an app, hand in versions for themselves, and hand such a version over to the authority.

A key that signs an app proves a claim only where an authority inspected a version signed with it: what anybody uploaded proves nothing. And it
ties the claimant to an operator only where that operator has no owner and the authority itself holds it for the app's; everything else waits
for an officer, or for the operator's owner.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from msgspec import Struct

from mingcha.service import clock
from mingcha.service.actions.accounts import kept_apart
from mingcha.service.actions.acting import Body, Doing, Forbidden, Nothing, Reason, Refused, verb
from mingcha.service.actions.holding import officer, received, tie
from mingcha.service.intake.signatures import Unproved, signer
from mingcha.service.models import Account, Case, Claim, Grant, Operator, Subject, Version
from mingcha.service.roles import OPERATOR, Role
from mingcha.service.shelf import shelf
from mingcha.service.text import Text

VALID = timedelta(hours=1)
"""How long a challenge may be answered."""
_OFFICIAL = ("first", "re-inspection")


class Ask(Struct, frozen=True, forbid_unknown_fields=True):
    """Who claims what: an operator that is his already (``operator``), or one by name."""

    subject: int
    name: str = ""
    credit_code: str = ""
    operator: int | None = None
    note: str = ""


class Prove(Struct, frozen=True, forbid_unknown_fields=True):
    """The signed challenge, handed in before as evidence: a JAR, a CMS signature, or a plain one with its certificate."""

    signature: int | None = None
    certificate: int | None = None


class Confirm(Struct, frozen=True, forbid_unknown_fields=True):
    """A person says how he knows that the claim is true."""

    proof: str


class Deposit(Struct, frozen=True, forbid_unknown_fields=True):
    """A version for the operator's own eyes: files handed in before as evidence."""

    sample: int | None = None
    policy: int | None = None
    answers: int | None = None
    name: str = ""
    channel: str = ""


class Disclose(Struct, frozen=True, forbid_unknown_fields=True):
    """Which version is handed over."""

    version: int


# --- claims ----------------------------------------------------------------------------------------------------------


@verb("claim", "ask", Ask)
def ask(doing: Doing, _: None, data: Ask) -> Body:
    """A claim with a challenge to sign. Whoever works for an authority, or administers or audits, runs no app here."""
    account = doing.account
    if any(one.role not in OPERATOR for one in account.grants.filter(ended=None)):
        raise Forbidden(
            Text(
                "监管、管理、审计和平台账户不能认领应用。",
                "Accounts of authorities, administrators, auditors and stores cannot claim apps.",
            )
        )
    subject = Subject.objects.filter(pk=data.subject, kind="app").first()
    own = Operator.objects.filter(pk=data.operator).first() if data.operator in _owned(account) else None
    name = str(own) if own else data.name.strip()[:120]
    if subject is None or not name or (data.operator is not None and own is None):
        raise Refused(Text("请选择应用并写明运营者名称。", "Choose the app and name its operator."))
    if own is not None and subject.operator_id == own.pk:
        raise Refused(Text("该应用已由贵单位认领。", "This app is yours already."))
    if Claim.objects.filter(subject=subject, account=account, state__in=("asked", "proved")).exists():
        raise Refused(Text("您对该应用的认领申请正在办理。", "Your claim of this app is open already."))
    known = own or (subject.operator if subject.operator and subject.operator.name == name else None)
    made = Claim.objects.create(
        subject=subject, account=account, operator=known, name=name, credit_code=data.credit_code.strip()[:18], note=data.note[:2000],
        nonce=_nonce(), expires=doing.at + VALID, asked=doing.at,
    )  # fmt: skip
    return {"thing": made, "subject": subject.pk, "operator": known.pk if known else None}


def _owned(account: Account) -> set[int]:
    rows = account.grants.filter(ended=None, role=Role.OPERATOR_OWNER).values_list("operator", flat=True)
    return {number for number in rows if number is not None}


def _nonce() -> str:
    return secrets.token_urlsafe(32)


@verb("claim", "renew", Nothing)
def renew(doing: Doing, claim: Claim, data: Nothing) -> Body:
    """A new challenge; the one before is worth nothing from now on."""
    _claimant(doing, claim)
    claim.nonce, claim.expires, claim.used = _nonce(), doing.at + VALID, None
    claim.save(update_fields=["nonce", "expires", "used"])
    return {}


def challenge(claim: Claim) -> bytes:
    """The text to be signed: it names account and app, so that a signature serves for nothing else."""
    return (
        "mingcha claim 1\n"
        f"nonce: {claim.nonce}\n"
        f"account: {claim.account_id}\n"
        f"claim: {claim.pk}\n"
        f"app: {claim.subject_id} {claim.subject.package}\n"
        f"valid until: {claim.expires.astimezone(clock.SHANGHAI).isoformat(timespec='seconds')}\n"
    ).encode()


@verb("claim", "prove", Prove)
def prove(doing: Doing, claim: Claim, data: Prove) -> Body:
    """The challenge was signed with the key of the app that the authority inspected."""
    _claimant(doing, claim)
    _locked(claim)
    if claim.used is not None or doing.at > claim.expires:
        raise Refused(
            Text("验证文本已过期，请更换后重新签名。", "The challenge has expired: ask for a new one and sign that.")
        )
    if data.signature is None:
        raise Refused(Text("请选择签名文件。", "Choose the signature."))
    digest = _signed(doing, claim, data)
    known = signers(claim.subject)
    if digest not in known:
        raise Refused(
            Text("证书与已检测版本的签名证书不一致。", "This is not the certificate of the inspected version.")
            if known
            else Text(
                "该应用尚无带签名的已检测版本，请由监管人员核准。",
                "No signed version was inspected yet: an officer has to confirm.",
            )
        )
    claim.used, claim.signer = doing.at, digest
    claim.save(update_fields=["used", "signer"])
    owner = _provable(claim)
    if owner is not None:
        doing.later.append((claim, "tie", {"signer": digest, "operator": owner.pk}))
        _tied(doing, claim, owner, Role.OPERATOR_OWNER if not _owners(owner) else None)
    return {"signer": digest, "ties": owner is not None}


def _locked(claim: Claim) -> None:
    """The app's row as it stands now, held: of two claims decided at once the second sees what the first did."""
    claim.subject = Subject.objects.select_for_update().get(pk=claim.subject_id)


def _claimant(doing: Doing, claim: Claim) -> None:
    if doing.account.pk != claim.account_id:
        raise Forbidden(Text("只能办理自己的认领申请。", "This is somebody else's claim."))


def _signed(doing: Doing, claim: Claim, data: Prove) -> str:
    rows = received(doing, data.signature, data.certificate)
    contents = [shelf().open(row.sha256) if row is not None else None for row in rows]
    try:
        signature, certificate = (None if one is None else one.read() for one in contents)
        return signer(challenge(claim), signature or b"", certificate)
    except Unproved as problem:
        raise Refused(problem.text) from None
    finally:
        for one in contents:
            if one is not None:
                one.close()


def signers(subject: Subject) -> set[str]:
    """Digests of the certificates of this app's versions, as far as they were inspected: the only ones a claim is measured by."""
    rows = Version.objects.filter(subject=subject, reports__isnull=False).exclude(signer="")
    return {one.lower() for one in rows.values_list("signer", flat=True)}


def _official(subject: Subject) -> set[str]:
    rows = Version.objects.filter(
        subject=subject, task__case__isnull=False, task__purpose__in=_OFFICIAL, task__report__isnull=False
    )
    return {one.lower() for one in rows.exclude(signer="").values_list("signer", flat=True)}


def _provable(claim: Claim) -> Operator | None:
    """The operator to whom the key alone ties the app: see the head of this file."""
    subject = claim.subject
    named = Operator.objects.select_for_update().filter(pk=subject.operator_id or 0).first()
    if _official(subject) != {claim.signer} or (named is not None and _owners(named)):
        return None
    if claim.operator_id in _owned(claim.account):
        return claim.operator
    held = named is not None and Case.objects.filter(subject=subject, operator=named).exists()
    return named if named is not None and held and claim.operator_id == named.pk else None


def _owners(operator: Operator) -> bool:
    return Grant.objects.filter(
        operator=operator, role=Role.OPERATOR_OWNER, ended=None, account__is_active=True
    ).exists()


def _tied(doing: Doing, claim: Claim, operator: Operator, role: Role | None) -> None:
    """Write that the app is this operator's, and the role of the claimant."""
    claim.operator = operator
    claim.save(update_fields=["operator"])
    tie(claim.subject, operator)
    doing.record(claim.subject, "claim", operator=operator.pk, claim=claim.pk, signer=claim.signer)
    if role is not None and not claim.account.grants.filter(operator=operator, role__in=OPERATOR, ended=None).exists():
        kept_apart(Account.objects.select_for_update().get(pk=claim.account_id), role)
        given_by = doing.doer.account if doing.account.pk != claim.account_id else None
        made = Grant.objects.create(
            account=claim.account, role=role, operator=operator, given_by=given_by, since=doing.at
        )
        if not claim.account.state:
            doing.record(claim.account, "create")
        doing.record(claim.account, "grant", role=str(role), grant=made.pk, operator=operator.pk, claim=claim.pk)


@verb("claim", "confirm", Confirm)
def confirm(doing: Doing, claim: Claim, data: Confirm) -> Body:
    """An officer makes the claimant owner; the owner of an app's operator lets him in as clerk, which is all that an owner may give."""
    _locked(claim)
    _decides(doing, claim)
    if not data.proof.strip():
        raise Refused(Text("请写明依据。", "Say how you know."))
    official = officer(doing, claim.subject)
    operator = (claim.operator or _named(claim)) if official else claim.subject.operator
    assert operator is not None  # `_decides` let an owner through for his own operator's app only
    _tied(doing, claim, operator, Role.OPERATOR_OWNER if official else Role.OPERATOR_CLERK)
    return {"operator": operator.pk, "proof": data.proof, "signer": claim.signer}


def _named(claim: Claim) -> Operator:
    return Operator.objects.filter(name=claim.name).order_by("pk").first() or Operator.objects.create(
        name=claim.name, credit_code=claim.credit_code
    )


@verb("claim", "refuse", Reason)
def refuse(doing: Doing, claim: Claim, data: Reason) -> Body:
    """With reason."""
    _decides(doing, claim)
    return {"reason": data.reason}


def _decides(doing: Doing, claim: Claim) -> None:
    """An officer, or the owner of the operator to whom the app belongs now; nobody about himself."""
    own = claim.subject.operator_id in _owned(doing.account) if claim.subject.operator_id else False
    if claim.account_id == doing.account.pk or not (officer(doing, claim.subject) or own):
        raise Forbidden(
            Text(
                "由监管人员或该应用运营者的负责人核准，不能自行核准。",
                "An officer decides, or the owner of the app's operator; nobody about himself.",
            )
        )


# --- versions --------------------------------------------------------------------------------------------------------


@verb("subject", "deposit", Deposit)
def deposit(doing: Doing, subject: Subject, data: Deposit) -> Body:
    """A version that nobody else sees until the operator hands it over."""
    sample, policy, answers = received(doing, data.sample, data.policy, data.answers)
    if sample is None or subject.operator is None:
        raise Refused(Text("请先上传安装包。", "Upload the package first."))
    given: dict[str, Any] = {
        "name": data.name[:60],
        "channel": data.channel[:120],
        "withheld": subject.operator,
        "obtained": doing.at,
    }
    made = Version.every.create(subject=subject, sample=sample, policy=policy, answers=answers, **given)
    return {"version": made.pk, "sample": sample.sha256}


@verb("subject", "disclose", Disclose)
def disclose(doing: Doing, subject: Subject, data: Disclose) -> Body:
    """A copy of the version that the authority sees, handed in now; the operator's own stays its own, and may go on changing."""
    version = Version.every.filter(pk=data.version, subject=subject, withheld=subject.operator_id or 0).first()
    if version is None:
        raise Refused(Text("没有这个版本。", "There is no such version."))
    version.pk, version.withheld, version.obtained = None, None, doing.at
    version.save(force_insert=True)
    return {"version": version.pk, "sample": version.sample.sha256 if version.sample else ""}
