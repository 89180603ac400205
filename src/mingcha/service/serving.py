"""Running the service on one machine: tables, demonstration, worker, web server. `mingcha serve` calls this."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from mingcha.service.jobs.keeper import Keeper

SETTINGS = "mingcha.service.settings"
APPLICATION = "mingcha.service.wsgi:application"
_LEAVE = 15
_BESIDE = ("mingcha.service.jobs.worker", "mingcha.service.ticking")


def prepare() -> dict[str, str]:
    """Make or upgrade the tables; in mode `demo` the demonstration too. Gives the passwords that were made now, by user name."""
    from django.conf import settings

    tables()
    if settings.CONFIGURATION.mode == "production":
        return {}
    from mingcha.service import demo

    made = demo.make()
    demo.app(made, "演示手电筒", "cn.mingcha.demo.flashlight")
    demo.app(made, "演示手电筒二", "")
    return made.passwords


def tables() -> None:
    """Make or upgrade the tables."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def serve(host: str, port: int, workers: int = 2) -> int:
    """Serve until Ctrl-C; a worker for jobs and the ticking clock are kept alive beside. Gives the exit status of the web server."""
    signal.signal(signal.SIGTERM, _interrupted)
    beside = [Keeper(_environment(), module) for module in _BESIDE]
    web = _web(host, port, workers)
    for one in beside:
        one.start()
    try:
        return web.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        for one in beside:
            one.stop()
        web.terminate()
        _ended(web)


def _interrupted(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _ended(child: subprocess.Popen[bytes]) -> None:
    try:
        child.wait(_LEAVE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def web_command(host: str, port: int, workers: int, application: str = APPLICATION) -> list[str]:
    """The web server as it is shipped: a few processes, four threads each."""
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", str(workers),
        "--blocking-threads", "4", "--no-ws", "--log-level", "warning", application,
    ]  # fmt: skip


def _web(host: str, port: int, workers: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(web_command(host, port, workers), env=_environment())  # noqa: S603  # our own interpreter, no shell


def _environment() -> dict[str, str]:
    return os.environ | {"DJANGO_SETTINGS_MODULE": SETTINGS, "PYTHONUNBUFFERED": "1"}


def data_folder() -> Path:
    """Where the data lies, as the environment says."""
    return Path(os.environ.get("MINGCHA_DATA", "mingcha-data")).absolute()
