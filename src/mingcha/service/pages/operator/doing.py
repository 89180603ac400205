"""How the operator's pages do things: the deed, its refusal in words, and the files that come with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest

from mingcha.service import clock
from mingcha.service.actions import files
from mingcha.service.actions.acting import Doing, Forbidden, Refused
from mingcha.service.intake.refusals import IntakeError
from mingcha.service.models import Evidence
from mingcha.service.pages.operator.reach import doer_of
from mingcha.service.pages.uploading.taking import taken
from mingcha.service.text import Text


def tried(request: HttpRequest, deed: Callable[[], object], told: Text) -> Text | None:
    """Do it, all or nothing; None and a message where it was done, else why it was not. Raises Http404 for whom it is not."""
    try:
        with transaction.atomic():
            deed()
    except Forbidden as refused:
        if doer_of(request).account is None:
            raise Http404 from None
        return refused.text
    except Refused as refused:
        return refused.text
    except IntakeError as refused:
        return Text(refused.zh, refused.en)
    messages.success(request, str(told))
    return None


def kept(request: HttpRequest, names: Iterable[str], source: str = "operator") -> dict[str, Evidence]:
    """The files of a form, kept as evidence in the transaction under way; those not sent are left out. Raises IntakeError."""
    rows: dict[str, Evidence] = {}
    with ExitStack() as open_:
        for name in names:
            given = open_.enter_context(taken(request, name))
            if given is not None:
                doing = Doing(doer_of(request), clock.now(), "receive")
                rows[name] = files.keep(doing, given.stream, given.name, name, source=source)
    return rows
