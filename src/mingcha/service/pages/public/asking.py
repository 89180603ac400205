"""Asking for an app to be inspected: by its package, or by name alone; and how far the inspection is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from mingcha.render.legible import legible
from mingcha.service.access import effort
from mingcha.service.actions.acting import VISITOR, Refused, perform
from mingcha.service.models import Event, Evidence, Job, Report, Subject, Task
from mingcha.service.pages.doing import REFUSALS, shown, why
from mingcha.service.pages.progress import job_of
from mingcha.service.pages.public.reading import identity
from mingcha.service.pages.request import plain
from mingcha.service.pages.uploading import taking
from mingcha.service.pages.uploading.parts import PURPOSE
from mingcha.service.text import Text
from mingcha.service.tickets import holder, ticket

SMALL = 7 << 20
"""Larger packages come in parts, where the browser can: nginx takes forms up to 10 MB, and the policy comes along."""
_POLICY = 2 << 20
_FIELDS = ("name", "package")
_OPEN = ("planned", "running")


@dataclass(frozen=True)
class Wish:
    """What was filled in."""

    name: str
    package: str

    @classmethod
    def of(cls, request: HttpRequest) -> Wish:
        """From the form."""
        return cls(*(plain(request.POST.get(name))[:120] for name in _FIELDS))


def ask(request: HttpRequest) -> HttpResponse:
    """For an app that may not be on record."""
    return _asking(request, None)


def ask_app(request: HttpRequest, pk: int) -> HttpResponse:
    """For an app on record."""
    return _asking(request, get_object_or_404(Subject.objects.select_related("operator"), pk=pk))


def _asking(request: HttpRequest, subject: Subject | None) -> HttpResponse:
    problem = None
    wish = Wish.of(request)
    if request.method == "POST":
        try:
            return _taken(request, subject, wish)
        except REFUSALS as refused:
            problem = why(refused)
    context = {
        "subject": identity(subject) if subject else None,
        "wish": wish,
        "challenge": effort.challenge(PURPOSE),
        "files": taking.fields(request, (taking.SAMPLE,)),
        "small": SMALL,
        "large": taking.largest(request) >> 20,
    }
    return shown(request, "public/ask.html", context, problem)


def _taken(request: HttpRequest, subject: Subject | None, wish: Wish) -> HttpResponse:
    """Carry the wish out, and lead to what became of it."""
    if subject is None and not wish.name:
        raise Refused(Text("请填写应用名称。", "Give the app's name."))
    if not taking.in_parts(request, "sample"):
        effort.shown(request, PURPOSE)
    with transaction.atomic():
        meant = subject or _subject(wish)
        rows = _kept(request)
        task = _planned(meant, rows["sample"], rows.get("policy")) if "sample" in rows else _again(meant)
    taking.forget(request)
    if task is not None:
        return redirect("asked", key=ticket("task", task.pk))
    return _noted(request, meant)


def _noted(request: HttpRequest, subject: Subject) -> HttpResponse:
    """Nothing to inspect now: it was inspected as it is, or there is no package; then the wish is counted."""
    done = (
        Report.objects.filter(version__subject=subject, task__purpose="request", task__state="done")
        .order_by("-pk")
        .first()
    )
    if done is None:
        perform("subject", "ask-inspection", VISITOR, subject)
    wishes = Event.objects.filter(process="subject", thing=subject.pk, act="ask-inspection").count()
    return render(
        request, "public/noted.html", {"subject": identity(subject), "inspected": done is not None, "wishes": wishes}
    )


def _subject(wish: Wish) -> Subject:
    """The app on record that is meant, or a new record."""
    same = {"package": wish.package} if wish.package else {"name": wish.name}
    known = list(Subject.objects.filter(kind="app", **same).order_by("pk")[:2])
    if len(known) == 1:
        return known[0]
    if len(known) > 1:
        raise Refused(Text("有多个同名应用，请填写包名。", "Several apps are called so: give the package name."))
    made = perform("subject", "register", VISITOR, None, {"name": wish.name, "package": wish.package})
    assert isinstance(made, Subject)
    return made


def _kept(request: HttpRequest) -> dict[str, Evidence]:
    """Package and policy, as evidence that anybody handed in."""
    with taking.taken(request, "policy") as policy:
        if policy is not None and policy.size > _POLICY:
            raise Refused(Text("隐私政策文件请不超过 2 MB。", "The policy may have 2 MB."))
    return taking.kept(request, VISITOR, ("sample", "policy"), "public")


def _planned(subject: Subject, sample: Evidence, policy: Evidence | None) -> Task:
    """A version of what was handed in, and its inspection; the same files asked for twice are inspected once."""
    perform("subject", "add-version", VISITOR, subject, {"sample": sample.pk, "policy": policy.pk if policy else None})
    versions = subject.versions.filter(sample__sha256=sample.sha256, answers=None)
    version = versions.filter(policy__sha256=policy.sha256) if policy else versions.filter(policy=None)
    return _task(version.order_by("pk")[0].pk)


def _again(subject: Subject) -> Task | None:
    """The inspection of the newest package on record, where nobody inspected it for the public yet."""
    newest = (
        subject.versions.filter(sample__isnull=False, answers=None, sample__source="public").order_by("-pk").first()
    )
    return None if newest is None else _task(newest.pk)


def _task(version: int) -> Task:
    known = Task.objects.filter(version=version, purpose="request", state__in=(*_OPEN, "done")).order_by("-pk").first()
    made = known or perform("task", "plan", VISITOR, None, {"version": version, "purpose": "request"})
    assert isinstance(made, Task)
    return made


def asked(request: HttpRequest, key: str) -> HttpResponse:
    """Place in the queue, step, result; and the button that cancels."""
    task = (
        Task.objects.select_related("subject__operator", "version")
        .filter(pk=holder("task", key) or 0, case=None)
        .first()
    )
    if task is None:
        raise Http404
    problem = None
    if request.method == "POST":
        try:
            perform("task", "cancel", VISITOR, task, {"key": key})
            return redirect("asked", key=key)
        except Refused as refused:
            problem = refused.text
    context = {"task": _progress(task), "subject": identity(task.subject), "key": key}
    return shown(request, "public/asked.html", context, problem, 409)


def _progress(task: Task) -> dict[str, Any]:
    job = job_of(task)
    place = (
        Job.objects.filter(kind="inspection", state="todo", pk__lt=job.pk).count() + 1
        if job and job.state == "todo"
        else None
    )
    return {
        "state": task.state,
        "word": task.state_name,
        "open": task.state in _OPEN,
        "place": place,
        "before": place - 1 if place else None,
        "step": job.step + 1 if job and job.state == "doing" else None,
        "steps": job.steps_total if job else 0,
        "doing": legible(job.message) if job and job.state == "doing" else "",
        "version": legible(str(task.version)) if task.version else "",
    }
