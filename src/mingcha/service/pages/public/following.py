"""Following an app by e-mail: a mail to confirm, a mail when something public happened, a link in each that ends it."""

from __future__ import annotations

from django.core.mail import EmailMessage
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from mingcha.service.access import effort
from mingcha.service.actions.acting import VISITOR, Refused, perform
from mingcha.service.actions.following import Known
from mingcha.service.models import Follow
from mingcha.service.pages.doing import shown
from mingcha.service.pages.public.app import found
from mingcha.service.text import Text, english
from mingcha.service.tickets import holder, ticket

PURPOSE = "follow"
_SUBJECT = Text("明察：请确认关注", "Mingcha: please confirm")
_BODY = Text(
    "有人（可能是您）希望用本邮箱关注“{name}”的公开进展。\n\n确认关注：{link}\n\n如果不是您，请不必理会，七天后邮箱地址会自动删除。\n",
    "Somebody, perhaps you, wants this mailbox to follow the public news of “{name}”.\n\nConfirm: {link}\n\n"
    "If it was not you, do nothing: the address is erased after seven days.\n",
)


def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """The form; whoever follows already is told the same as everybody, so that nobody learns who follows what."""
    page = found(pk)
    problem, done = None, False
    if request.method == "POST":
        try:
            effort.shown(request, PURPOSE)
            _asked(request, pk, str(page["name"]))
            done = True
        except Known:
            done = True
        except Refused as refused:
            problem = refused.text
    context = {
        "page": page,
        "done": done,
        "email": request.POST.get("email", "")[:120],
        "challenge": effort.challenge(PURPOSE),
    }
    return shown(request, "public/follow.html", context, problem)


def _asked(request: HttpRequest, pk: int, name: str) -> None:
    email = request.POST.get("email", "").strip()
    made = perform(
        "follow", "ask", VISITOR, None, {"subject": pk, "email": email, "language": "en" if english() else "zh-hans"}
    )
    link = request.build_absolute_uri(reverse("follow-confirm", args=[ticket("follow", made.pk)]))
    EmailMessage(str(_SUBJECT), str(_BODY.filled(name=name, link=link)), to=[email]).send()


def confirm(request: HttpRequest, key: str) -> HttpResponse:
    """The page of the link; only its button confirms, because mail programs open links by themselves."""
    return _turned(request, key, "confirm")


def end(request: HttpRequest, key: str) -> HttpResponse:
    """No more mail, and the address is erased."""
    return _turned(request, key, "end")


def _turned(request: HttpRequest, key: str, verb: str) -> HttpResponse:
    row = Follow.objects.filter(pk=holder("follow", key) or 0).first()
    if row is None:
        raise Http404
    problem: Text | None = None
    if request.method == "POST":
        try:
            perform("follow", verb, VISITOR, row, {"key": key})
            row.refresh_from_db()
        except Refused as refused:
            problem = refused.text
    context = {"state": row.state, "subject": found(row.subject_id), "key": key, "verb": verb}
    return shown(request, "public/followed.html", context, problem, 409)
