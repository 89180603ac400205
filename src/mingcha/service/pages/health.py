"""Whether the service works: database, chain, worker, disk. For machines; says nothing about anybody."""

from __future__ import annotations

import shutil
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError
from django.db.models.functions import Now
from django.http import HttpRequest, JsonResponse

from mingcha.service.models import Head
from mingcha.service.models.jobs import JobWorker

_SPACE = 2 * 1024**3
_SILENT = timedelta(seconds=60)


def health(_: HttpRequest) -> JsonResponse:
    """200 when everything works, 503 with what does not."""
    try:
        count = Head.objects.get(pk=1).count
        worker = JobWorker.objects.filter(gone=None, heartbeat__gte=Now() - _SILENT).exists()
    except DatabaseError:
        return JsonResponse({"database": "down"}, status=503)
    space = shutil.disk_usage(settings.DATA).free
    state = {
        "database": "up",
        "events": count,
        "worker": "up" if worker else "down",
        "disk": "ok" if space > _SPACE else "low",
    }
    return JsonResponse(state, status=200 if worker and space > _SPACE else 503)
