"""What ``dumpsys package`` prints of apps: version, when installed and updated, and the state of every permission.

Two dumps, before and after an update, show which permissions changed hands in between. Only the lines about permissions and
versions are read; of a system app that was updated, the copy below "Hidden system packages" is marked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from mingcha.errors import FormatError
from mingcha.formats.logtext import read_text, section

_PACKAGE = re.compile(r"\s*Package \[([\w.]{1,255})\] \(\w{1,20}\):")
_USER = re.compile(r"\s*User (\d{1,4}):(.*)")
_BLOCK = re.compile(r"\s*([a-z]+) permissions:")
_GRANT = re.compile(r"\s*([\w.]{1,255}): granted=(true|false)(?:, flags=\[ ?([A-Z_0-9| ]*)\s*\]?)?\s*")
_CLAIMS = re.compile(r"\s*\S+: granted=")
_ASKED = re.compile(r"\s*(\w{1,100}(?:\.\w{1,100}){1,20})(?:: [\w=, ]*)?\s*")
_VERSION = re.compile(r"\s*versionCode=(\d{1,20})(?:\s+minSdk=(\d{1,5}))?(?:\s+targetSdk=(\d{1,5}))?\s*")
_FIELD = re.compile(r"\s*(versionName|firstInstallTime|lastUpdateTime|userId|appId)=(.{0,200})")
_HIDDEN = "Hidden system packages:"
PACKAGES = 20_000
PERMISSIONS = 500_000


@dataclass(frozen=True, slots=True)
class Permission:
    """The state of a permission: of an app for one user of the device ("runtime"), or for all of them ("install")."""

    line: int
    name: str
    granted: bool
    flags: tuple[str, ...]
    form: Literal["runtime", "install"]
    user: int | None


@dataclass(slots=True)
class Installed:
    """One app of a dump; a null field is not told."""

    name: str
    line: int
    hidden: bool = False
    uid: str | None = None
    version_code: int | None = None
    version_name: str | None = None
    target_sdk: int | None = None
    first_install: str | None = None
    last_update: str | None = None
    users: dict[int, bool] = field(default_factory=dict)
    requested: list[str] = field(default_factory=list)
    permissions: list[Permission] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PackageDump:
    """The apps of a dump; ``unreadable`` are lines that claim a grant in a form that is not known."""

    lines: int
    packages: tuple[Installed, ...]
    unreadable: tuple[int, ...]
    partial: bool

    def package(self, name: str) -> Installed | None:
        """The app of that name that is in use, not the hidden copy below it."""
        return next((app for app in self.packages if app.name == name and not app.hidden), None)


def read_packagedump(data: bytes) -> PackageDump:
    """Read a dump of one app or of all. Raises FormatError if no app is in it."""
    text = read_text(data)
    first, last = section(text, "package")
    reader = _Reader()
    for number in range(first, last):
        reader.line(number, text.lines[number])
    if not reader.packages:
        raise FormatError("not dumpsys package: no app in it")
    cut = text.cut and last == len(text.lines) and reader.inside
    return PackageDump(
        last - first, tuple(reader.packages), tuple(reader.unreadable), text.damaged or cut or reader.full
    )


class _Reader:
    """Which app, which user and which list of permissions the lines are in."""

    def __init__(self) -> None:
        self.packages: list[Installed] = []
        self.unreadable: list[int] = []
        self.inside = self.full = False
        self._hidden = False
        self._block = ""
        self._user: int | None = None
        self._count = 0

    def line(self, number: int, line: str) -> None:
        """Take one line."""
        if line and not line[0].isspace():
            self._hidden, self.inside, self._block = line.strip() == _HIDDEN, False, ""
        if found := _PACKAGE.fullmatch(line):
            self._begin(found[1], number)
        elif self.inside:
            self._of_package(number, line, self.packages[-1])

    def _begin(self, name: str, number: int) -> None:
        self.inside, self._block, self._user = len(self.packages) < PACKAGES, "", None
        self.full |= not self.inside
        if self.inside:
            self.packages.append(Installed(name, number, self._hidden))

    def _of_package(self, number: int, line: str, app: Installed) -> None:
        if found := _USER.fullmatch(line):
            self._user, self._block = int(found[1]), ""
            app.users[self._user] = "installed=true" in found[2]
        elif found := _BLOCK.fullmatch(line):
            self._block = found[1]
        elif _CLAIMS.match(line):
            self._granted(number, line, app)
        elif found := _VERSION.fullmatch(line):
            app.version_code = int(found[1])
            app.target_sdk = int(found[3]) if found[3] else None
        elif found := _FIELD.fullmatch(line):
            _put(app, found[1], found[2].strip())
        elif self._block == "requested" and (found := _ASKED.fullmatch(line)):
            if self._counted():
                app.requested.append(found[1])
        elif line.rstrip().endswith(":"):
            self._block = ""

    def _granted(self, number: int, line: str, app: Installed) -> None:
        found = _GRANT.fullmatch(line)
        if found is None or self._block not in ("runtime", "install"):
            self.unreadable.append(number)
        elif self._counted():
            form: Literal["runtime", "install"] = "runtime" if self._block == "runtime" else "install"
            flags = tuple(flag.strip() for flag in (found[3] or "").split("|") if flag.strip())
            user = self._user if form == "runtime" else None
            app.permissions.append(Permission(number, found[1], found[2] == "true", flags, form, user))

    def _counted(self) -> bool:
        self._count += 1
        self.full |= self._count > PERMISSIONS
        return self._count <= PERMISSIONS


def _put(app: Installed, name: str, value: str) -> None:
    """The first value counts: below a user the same names come again, about that user."""
    if name == "versionName":
        app.version_name = app.version_name or value
    elif name == "firstInstallTime":
        app.first_install = app.first_install or value
    elif name == "lastUpdateTime":
        app.last_update = app.last_update or value
    elif value.isascii() and value.isdigit():
        app.uid = app.uid or value
