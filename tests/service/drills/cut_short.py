"""K3, every point: a process that answers a request kills itself before its first statement, its second, … until it gets through.

So an act is cut at each place between decision and document, and between document and publication; after each cut everything is checked.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from tests.service.drills import whole, world

ACTS = (("order", "approver"), ("issue-notice", "approver"), ("publish", "publisher"))
MOST = 400


def main() -> None:
    """Cut each act at each point, or at each so-many-th."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--stride", type=int, default=1)
    given = parser.parse_args()
    world.begin()
    from django.test import Client

    from mingcha.service import clock, demo

    made = demo.make()
    people = [made.accounts["handler"]]
    review = world.cases(made, 1, "findings-review", clock.now(), people)
    proposed = world.cases(made, 1, "notice-proposed", clock.now(), people)
    world.drafts(made, review, "order")
    world.drafts(made, proposed, "notice")
    Client(SERVER_NAME="127.0.0.1").get("/")  # loads all that each process would load again
    of = {"order": review[0].pk, "issue-notice": proposed[0].pk, "publish": proposed[0].pk}
    cuts, faults = {}, []
    for act, who in ACTS:
        cuts[act] = 0
        for at in range(1, MOST, given.stride):
            if not _killed(lambda act=act, who=who, at=at: _do(made, act, of[act], who, at)):
                break
            cuts[act] += 1
            faults += [f"{act}, cut before statement {at}: {one}" for one in whole.faults()]
            if _is_done(act, of[act]):  # cut after its commit: what remained was only to draw the public page anew
                break
        faults += [f"{act}, done: {one}" for one in whole.faults()]
    print(json.dumps({"cuts": cuts, "faults": faults[:20], "states": _states(of)}))


def _is_done(act: str, case: int) -> bool:
    from mingcha.service.models import Event

    return Event.objects.filter(process="case", thing=case, act=act).exists()


def _states(of: dict[str, int]) -> dict[str, str]:
    from mingcha.service.models import Case

    return {act: Case.objects.get(pk=pk).state for act, pk in of.items()}


def _killed(work: Callable[[], None]) -> bool:
    """Whether a process of its own that did this was killed; any other end than a good one is an error."""
    from django.db import connections

    connections.close_all()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        except AssertionError as wrong:
            print(wrong, file=sys.stderr, flush=True)
        finally:
            os._exit(status)
    _, ended = os.waitpid(child, 0)
    assert os.WIFSIGNALED(ended) or os.waitstatus_to_exitcode(ended) == 0
    return os.WIFSIGNALED(ended)


def _do(made: Any, act: str, case: int, who: str, at: int) -> None:
    """The request, as the web application answers it; the n-th statement to the database is never sent."""
    from django.db import connection
    from django.test import Client

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(made.accounts[who], "allauth.account.auth_backends.AuthenticationBackend")
    count = 0

    def cut(execute: Any, *statement: Any) -> Any:
        nonlocal count
        count += 1
        if count == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*statement)

    with connection.execute_wrapper(cut):
        answer = client.post(f"/desk/do/case/{case}/{act}/")
    assert answer.status_code == 302, answer.content.decode()[-3000:]


if __name__ == "__main__":
    main()
