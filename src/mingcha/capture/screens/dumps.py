"""What the phone itself keeps on the app, beside its screens: permissions before and after, what it noted, what it was asked."""

from __future__ import annotations

import threading
from contextlib import suppress

from mingcha.capture.screens.clock import Clock
from mingcha.capture.screens.folder import Folder, Run
from mingcha.capture.screens.phone import Phone
from mingcha.capture.screens.wire import Wire
from mingcha.errors import FormatError, MingchaError
from mingcha.formats.appops import read_appops

_ABOUT_PERMISSIONS = ("REQUEST_PERMISSIONS", "GrantPermissionsActivity", "ermission grant result")
_ZONED = 24
"""The first version of Android whose log tells year and zone."""


def keep_packages(phone: Phone, clock: Clock, folder: Folder, run: Run, role: str) -> None:
    """The state of the app's permissions, as ``packages_before.txt`` or ``packages_after.txt``."""
    said = phone.installed(run.package)
    name = folder.keep(f"packages_{role}.txt", said.encode())
    run.files[name] = {"role": role, "dumped": clock.text(clock.now())}


def keep_appops(phone: Phone, clock: Clock, folder: Folder, run: Run) -> None:
    """What the system noted of the app's accesses, in the first form that this phone knows."""
    for command in (f"dumpsys appops --package {run.package}", f"cmd appops get {run.package}"):
        data = phone.device.text(command, seconds=60).encode()
        with suppress(FormatError):
            read_appops(data)
            run.files[folder.keep("appops.txt", data)] = {"dumped": clock.text(clock.now())}
            return


class PermissionLog:
    """Keeps the lines of the phone's log that are about permissions, as they come, and no others."""

    def __init__(self, phone: Phone, folder: Folder, level: int, year: int) -> None:
        self.kept = 0
        zoned = level >= _ZONED or level == 0
        self.note = {} if zoned else {"year": year}
        self.name = "logcat.txt"
        self._path = folder.path / self.name
        self._wire: Wire = phone.device.stream(f"logcat -v threadtime {'-v year -v zone ' if zoned else ''}-T 1")
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop."""
        self._wire.close()
        self._thread.join(2)

    def _read(self) -> None:
        with suppress(MingchaError, OSError):  # the log is an extra: the walk goes on without it
            for line in self._wire.lines():
                if any(word in line for word in _ABOUT_PERMISSIONS):
                    with self._path.open("ab") as file:
                        file.write(line.encode() + b"\n")
                    self.kept += 1
