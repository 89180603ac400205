"""The process that runs jobs: ``python -m mingcha.service.jobs.worker``. Ctrl-C or SIGTERM lets it leave in order."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType

import django
from django.db import DatabaseError, connections

from mingcha.service.jobs import child
from mingcha.service.jobs.terms import Terms, terms

GIVEN_UP = 75
"""The exit status of a worker that was given up while it was stopped: start it again."""
RECONCILE = 60.0
log = logging.getLogger(__name__)


def main() -> int:
    """Work until told to stop; 0, or `GIVEN_UP`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingcha.service.settings")
    django.setup()
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _setter(stopping))
    return _work(stopping)


def _setter(event: threading.Event) -> Callable[[int, FrameType | None], None]:
    return lambda _number, _frame: event.set()


def _work(stopping: threading.Event) -> int:
    from mingcha.service.jobs import engine, lives

    rules = terms(os.environ)
    host = lives.this_host()
    name = f"{os.uname().nodename[:40]}-{os.getpid()}-{secrets.token_hex(4)}"
    given_up = threading.Event()
    child.sweep()
    lives.arrive(name, host, os.getpid())
    beating = threading.Thread(target=_beat, args=(name, rules.beat, stopping, given_up), daemon=True)
    beating.start()
    engine.launch(name, rules)
    log.warning("worker %s is at work", name)
    _watch(rules, stopping)
    stopping.set()
    engine.stop(rules.grace)
    lives.leave(name)
    return GIVEN_UP if given_up.is_set() else 0


def _beat(name: str, pause: float, stopping: threading.Event, given_up: threading.Event) -> None:
    """Tell that we live; once given up, leave: another has our jobs."""
    from mingcha.service.jobs import lives

    while not stopping.wait(pause):
        try:
            if lives.beat(name):
                continue
        except DatabaseError as error:
            log.warning("no heartbeat: %s", type(error).__name__)
            connections.close_all()
            continue
        log.error("worker %s was given up and leaves", name)
        given_up.set()
        stopping.set()
    connections.close_all()


def _watch(rules: Terms, stopping: threading.Event) -> None:
    """Empty the outbox, look for the lost, and now and then compare our books with the engine's."""
    from mingcha.service.jobs import engine, lives

    compared = -RECONCILE
    quiet = 0.0
    near = lives.this_host() if rules.near else ""
    keeper = os.environ.get("MINGCHA_JOBS_KEEPER")
    while not stopping.wait(rules.watch) and (keeper is None or os.getppid() == int(keeper)):
        try:
            engine.dispatch()
            engine.recover(lives.give_up(rules.timeout, near) if time.monotonic() > quiet else lives.gone())
            if time.monotonic() - compared > RECONCILE:
                compared = time.monotonic()
                engine.reconcile()
                lives.forget()
        except DatabaseError as error:
            log.warning("no watch: %s", type(error).__name__)
            quiet = time.monotonic() + rules.timeout  # the others could give no sign of life either
            connections.close_all()


if __name__ == "__main__":
    code = main()
    logging.shutdown()
    os._exit(code)  # a step may still run in a thread of the engine; it is cut short here and resumed elsewhere
