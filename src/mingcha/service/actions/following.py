"""Following by e-mail: asked for, confirmed from the mailbox, ended by anybody who holds the link. The chain never sees the address."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

from django.conf import settings
from msgspec import Struct

from mingcha.service import vault
from mingcha.service.actions.acting import Body, Doing, Forbidden, Nothing, Refused, verb
from mingcha.service.models import Event, Follow, Subject
from mingcha.service.text import Text
from mingcha.service.tickets import holder

_ADDRESS = re.compile(r"[^@\s<>\"',;:\\()\[\]]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}\.)+[A-Za-z]{2,24}").fullmatch
_KNOWN = Text("该邮箱已在关注，或已发出确认邮件。", "This address follows it already, or was sent a mail to confirm.")


class Ask(Struct, frozen=True, forbid_unknown_fields=True):
    """Which app, and where to write."""

    subject: int
    email: str
    language: str = "zh-hans"


class Key(Struct, frozen=True, forbid_unknown_fields=True):
    """The secret part of a link that was mailed."""

    key: str = ""


class Known(Refused):
    """Followed or asked for before: no second mail goes out, and the page says the same as for a new one."""


@verb("follow", "ask", Ask)
def ask(doing: Doing, _: None, data: Ask) -> Body:
    """Note the wish; nothing is sent of the app until the mailbox confirms."""
    subject = Subject.objects.filter(pk=data.subject).first()
    if subject is None or not _ADDRESS(data.email.strip()):
        raise Refused(Text("请填写有效的邮箱地址。", "Give a valid e-mail address."))
    mark = _mark(data.email, subject.pk)
    if Follow.objects.filter(mark=mark).exists():
        raise Known(_KNOWN)
    made = Follow.objects.create(
        subject=subject, sealed=vault.seal(data.email.strip()), mark=mark, language=data.language[:8], asked=doing.at,
        told=Event.objects.order_by("-seq").values_list("seq", flat=True).first() or 0,
    )  # fmt: skip
    return {"thing": made, "subject": subject.pk}


@verb("follow", "confirm", Key)
def confirm(_: Doing, follow: Follow, data: Key) -> Body:
    """The mailbox is the asker's: he holds the link."""
    _held(follow, data)
    return {"subject": follow.subject_id}


@verb("follow", "end", Key)
def end(_: Doing, follow: Follow, data: Key) -> Body:
    """Erase the address; it may follow again later."""
    _held(follow, data)
    return _erased(follow)


@verb("follow", "lapse", Nothing)
def lapse(_: Doing, follow: Follow, data: Nothing) -> Body:
    """Nobody confirmed in time."""
    return _erased(follow)


def _erased(follow: Follow) -> Body:
    follow.sealed, follow.mark = None, secrets.token_hex(16)
    follow.save(update_fields=["sealed", "mark"])
    return {"subject": follow.subject_id}


def _held(follow: Follow, data: Key) -> None:
    if holder("follow", data.key) != follow.pk:
        raise Forbidden(Text("链接无效。", "The link is not valid."))


def _mark(email: str, subject: int) -> str:
    key = settings.CONFIGURATION.secret("vault").encode()
    return hmac.new(key, f"follow\0{email.strip().casefold()}\0{subject}".encode(), hashlib.sha256).hexdigest()
