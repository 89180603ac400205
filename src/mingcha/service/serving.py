"""Running the service on one machine: tables, demonstration, worker, web server. `mingcha serve` calls this."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SETTINGS = "mingcha.service.settings"
APPLICATION = "mingcha.service.wsgi:application"
RESTARTS = 5
_PAUSE = 0.5
_LEAVE = 15
_BESIDE = ("mingcha.service.jobs.worker", "mingcha.service.ticking")


def prepare() -> dict[str, str]:
    """Make or upgrade the tables; in mode `demo` the demonstration too. Gives the passwords that were made now, by user name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    if settings.CONFIGURATION.mode == "production":
        return {}
    from mingcha.service import demo

    made = demo.make()
    demo.app(made, "演示手电筒", "cn.mingcha.demo.flashlight")
    demo.app(made, "演示手电筒二", "")
    return made.passwords


def serve(host: str, port: int, workers: int = 2) -> int:
    """Serve until Ctrl-C; a worker for jobs and the ticking clock run beside. Gives the exit status of the web server."""
    with _children(host, port, workers) as (web, beside):
        restarted = 0
        while web.poll() is None:
            time.sleep(_PAUSE)
            for at, one in enumerate(beside):
                if one.poll() is not None and restarted < RESTARTS:
                    restarted += 1
                    beside[at] = _python(_BESIDE[at])
        return web.returncode


@contextmanager
def _children(
    host: str, port: int, workers: int
) -> Iterator[tuple[subprocess.Popen[bytes], list[subprocess.Popen[bytes]]]]:
    web, beside = _web(host, port, workers), [_python(module) for module in _BESIDE]
    signal.signal(signal.SIGTERM, _interrupted)
    try:
        yield web, beside
    except KeyboardInterrupt:
        pass
    finally:
        for one in (*beside, web):
            one.terminate()
        for one in (*beside, web):
            _ended(one)


def _interrupted(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _ended(child: subprocess.Popen[bytes]) -> None:
    try:
        child.wait(_LEAVE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def web_command(host: str, port: int, workers: int, application: str = APPLICATION) -> list[str]:
    """The command of the web server."""
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", str(workers),
        "--blocking-threads", "4", "--no-ws", "--log-level", "warning", application,
    ]  # fmt: skip


def _web(host: str, port: int, workers: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(web_command(host, port, workers), env=_environment())  # noqa: S603  # our own interpreter, no shell


def _python(module: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", module], env=_environment())  # noqa: S603  # as above


def _environment() -> dict[str, str]:
    return os.environ | {"DJANGO_SETTINGS_MODULE": SETTINGS, "PYTHONUNBUFFERED": "1"}


def data_folder() -> Path:
    """Where the data lies, as the environment says."""
    return Path(os.environ.get("MINGCHA_DATA", "mingcha-data")).absolute()
