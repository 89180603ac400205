"""The form, one group of questions per page: what it is about, what happened, who you are and who will see it."""

from __future__ import annotations

import io
from typing import Any

import segno
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from mingcha.service import clock, search, vault
from mingcha.service.access import effort
from mingcha.service.access.gate import CODE
from mingcha.service.actions import files
from mingcha.service.actions.acting import VISITOR, Doing, perform
from mingcha.service.actions.complaints import CATEGORIES
from mingcha.service.intake import codes
from mingcha.service.intake.images import clean_picture
from mingcha.service.models import Authority, Complaint, Subject
from mingcha.service.models.subjects import KINDS
from mingcha.service.pages.complaining import draft
from mingcha.service.pages.doing import REFUSALS, shown, why
from mingcha.service.pages.request import number, plain
from mingcha.service.text import Text

KIND_NAMES = dict(
    zip(
        KINDS,
        (
            Text("应用", "app"),
            Text("小程序", "mini program"),
            Text("SDK", "SDK"),
            Text("网站", "website"),
            Text("设备", "device"),
            Text("场所", "venue"),
        ),
        strict=True,
    )
)
PICTURES = 3
_ABOUT = ("kind", "subject_kind", "subject_name", "version", "channel", "category")
_OURS = {"kind": ("complaint", "report"), "category": CATEGORIES, "subject_kind": KIND_NAMES}
_STORY = ("narrative", "wish", "happened", "contacted")
_PERSON = ("name", "phone", "email")
_ONCE = "receipt"
_ENDING = {b"\xff\xd8\xff": "jpg", b"\x89PN": "png"}
CHANNELS = (
    ("12315", Text("12315 平台或电话：消费投诉举报", "12315: complaints and reports of consumers")),
    ("12321", Text("12321 受理中心：应用侵害用户权益、垃圾信息", "12321: apps that harm users, spam")),
)
"""Official channels that take such matters (standards.md 7.2, V)."""


def about(request: HttpRequest) -> HttpResponse:
    """First page: complaint or report, about what."""
    sent = request.POST if request.method == "POST" else None
    values = draft.read(request) | ({} if sent is None else _filled(sent))
    problems: list[tuple[str, Text]] = []
    if sent is not None:
        problems = list(_lacking(values, ("kind", "subject_name", "category")))
        if not problems:
            draft.add(request, **{name: values[name] for name in _ABOUT}, subject=_subject(sent, values))
            return redirect("complain-story")
    elif (known := _named(request.GET.get("app"))) is not None:
        values |= {"subject_name": known.name, "subject_kind": known.kind}
    page = {
        "values": values, "problems": problems, "categories": CATEGORIES.items(), "kinds": KIND_NAMES.items(), "channels": CHANNELS,
        "app": request.POST.get("app") or request.GET.get("app", ""),
    }  # fmt: skip
    return render(request, "complaining/about.html", page, status=422 if problems else 200)


def _filled(sent: QueryDict) -> dict[str, str]:
    """What the first page asks; a choice that is none of ours is none."""
    values = {name: plain(sent.get(name)) for name in _ABOUT}
    return values | {name: "" for name, known in _OURS.items() if values[name] not in known}


def _named(text: str | None) -> Subject | None:
    """The subject of a number in an address or a form."""
    wanted = number(text)
    return None if wanted is None else Subject.objects.filter(pk=wanted).first()


def _lacking(values: dict[str, Any], names: tuple[str, ...]) -> Any:
    words = {
        "kind": Text("请选择投诉或举报", "Choose complaint or report"),
        "subject_name": Text("请写明对象名称", "Say what it is called"),
        "category": Text("请选择问题类别", "Choose the kind of problem"),
        "narrative": Text("请写明经过", "Say what happened"),
    }
    return ((name, words[name]) for name in names if not values.get(name))


def _subject(sent: Any, values: dict[str, Any]) -> int | None:
    """The subject on record that is meant, if it is clear: by its number, else by its very name."""
    found = _named(sent.get("app"))
    if found is not None:
        return found.pk
    same = list(Subject.objects.filter(name=values["subject_name"], kind=values["subject_kind"] or "app")[:2])
    return same[0].pk if len(same) == 1 else None


def story(request: HttpRequest) -> HttpResponse:
    """Second page: what happened."""
    values = draft.read(request)
    if not values.get("kind"):
        return redirect("complain")
    problems: list[tuple[str, Text]] = []
    if request.method == "POST":
        values |= {name: request.POST.get(name, "").strip()[:5000] for name in _STORY}
        problems = list(_lacking(values, ("narrative",)))
        if not problems:
            draft.add(request, **{name: values[name] for name in _STORY})
            return redirect("complain-send")
    page = {"values": values, "problems": problems, "alike": _alike(values)}
    return render(request, "complaining/story.html", page, status=422 if problems else 200)


def _alike(values: dict[str, Any]) -> dict[str, Any] | None:
    """Whether others complained of the same: a number and the page of the subject, nothing of what they said."""
    subject = Subject.objects.filter(pk=values.get("subject") or 0).first()
    if subject is None:
        similar = list(search.find(values.get("subject_name", ""))[:5])
        return {"subject": None, "similar": similar, "count": 0} if similar else None
    count = (
        Complaint.objects.filter(subject=subject, category=values.get("category", ""))
        .exclude(state__in=("closed", "not-accepted"))
        .count()
    )
    return {"subject": subject, "similar": [], "count": count}


def send(request: HttpRequest) -> HttpResponse:
    """Last page: who you are, who will see it, pictures; then it is sent."""
    values = draft.read(request)
    if not values.get("narrative"):
        return redirect("complain")
    problem = None
    if request.method == "POST":
        try:
            effort.shown(request, "complaint")
            _sent(request, values)
            return redirect("receipt")
        except REFUSALS as refused:
            problem = why(refused)
    page = {
        "values": values, "challenge": effort.challenge("complaint"), "authorities": Authority.objects.order_by("pk"),
        "pictures": range(PICTURES), "category": CATEGORIES.get(values["category"]),
    }  # fmt: skip
    return shown(request, "complaining/send.html", page, problem)


def _sent(request: HttpRequest, values: dict[str, Any]) -> None:
    """Pictures kept twice (sealed, and cleaned for others), the complaint received, the code put into the session to be shown once."""
    code = codes.new_code()
    wanted = {name: values[name] for name in (*_ABOUT, *_STORY) if values.get(name)} | {
        "subject": values.get("subject")
    }
    wanted |= (
        {name: request.POST.get(name, "").strip() for name in _PERSON} if request.POST.get("anonymous") != "yes" else {}
    )
    wanted |= {name: request.POST.get(name) == "yes" for name in ("to_operator", "public")}
    first = Authority.objects.order_by("pk").values_list("pk", flat=True).first()
    with transaction.atomic():
        doing = Doing(VISITOR, clock.now(), "receive")
        pairs = tuple(
            _kept(doing, one.read(), f"picture-{at}")
            for at, one in enumerate(request.FILES.getlist("picture")[:PICTURES], 1)
        )
        made = perform(
            values["kind"],
            "receive",
            VISITOR,
            None,
            wanted
            | {"code": code, "authority": number(request.POST.get("authority")) or first or 0, "pictures": pairs},
        )
    assert isinstance(made, Complaint)
    draft.drop(request)
    request.session[CODE] = made.pk
    request.session[_ONCE] = vault.seal({"number": made.number, "code": codes.shown(code)}).decode()


def _kept(doing: Doing, data: bytes, name: str) -> tuple[int, int]:
    clean = clean_picture(data)
    original = files.keep(doing, io.BytesIO(data), f"{name}-original", "picture", source="complainant", sealed=True)
    shared = files.keep(
        doing,
        io.BytesIO(clean),
        f"{name}.{_ENDING[clean[:3]]}",
        "picture",
        source="complainant",
        method="re-encoded without metadata",
    )
    return original.pk, shared.pk


def receipt(request: HttpRequest) -> HttpResponse:
    """Number and code, shown this once; the QR leads to the tracking page and does not hold the code."""
    sealed = request.session.pop(_ONCE, None)
    if sealed is None:
        return redirect("track")
    given = vault.unseal(sealed.encode())
    place = request.build_absolute_uri(f"{reverse('track')}?number={given['number']}")
    return render(
        request,
        "complaining/receipt.html",
        {**given, "qr": segno.make(place, error="m").svg_data_uri(scale=4), "place": place},
    )
