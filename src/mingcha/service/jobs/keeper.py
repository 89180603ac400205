"""Keeping a process alive beside the web server, such as the worker: started with it, again whenever it ends, ended with it."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping

WORKER = "mingcha.service.jobs.worker"
LASTED = 30.0
LONGEST_PAUSE = 30.0
PATIENCE = 15.0
log = logging.getLogger(__name__)


class Keeper:
    """Start it, and stop it; in between the module's process is started again whenever it ends, sooner if it had lasted."""

    def __init__(self, environment: Mapping[str, str], module: str = WORKER) -> None:
        self._command = (sys.executable, "-m", module)
        self._environment = {**environment, "MINGCHA_JOBS_KEEPER": str(os.getpid())}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep, daemon=True)
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def start(self) -> None:
        """Start the process; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """Ask it to leave, and see that it did."""
        with self._lock:
            self._stopping.set()
            if self._child is not None and self._child.poll() is None:
                self._child.send_signal(signal.SIGTERM)
        self._thread.join(PATIENCE)
        if self._thread.is_alive() and self._child is not None:
            self._child.kill()

    @property
    def pid(self) -> int | None:
        """The process, when there is one."""
        return None if self._child is None else self._child.pid

    def _keep(self) -> None:
        pause = 1.0
        while self._begin():
            begun = time.monotonic()
            code = self._child.wait() if self._child else 0
            if self._stopping.is_set():
                return
            pause = 1.0 if time.monotonic() - begun > LASTED else min(pause * 2, LONGEST_PAUSE)
            log.warning("%s ended with status %s; it is started again in %s s", self._command[-1], code, pause)
            self._stopping.wait(pause)

    def _begin(self) -> bool:
        with self._lock:
            if self._stopping.is_set():
                return False
            self._child = subprocess.Popen(self._command, env=self._environment, stdin=subprocess.DEVNULL)  # noqa: S603
            return True
