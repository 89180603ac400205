"""From a file of any tool that is known to its events."""

from __future__ import annotations

from collections.abc import Callable

from mingcha.collect.runtime.agent import import_agent
from mingcha.collect.runtime.appops import import_appops
from mingcha.collect.runtime.camille import import_camille, is_camille
from mingcha.collect.runtime.ground import Ground
from mingcha.collect.runtime.mobsf import import_mobsf
from mingcha.collect.runtime.permissions import import_permissionlog
from mingcha.collect.runtime.privacysentry import import_privacysentry, is_privacysentry
from mingcha.errors import FormatError
from mingcha.formats.appops import read_appops
from mingcha.formats.hooklog import read_agent, read_mobsf
from mingcha.formats.permissionlog import read_permissionlog
from mingcha.formats.spreadsheet import Book, read_spreadsheet
from mingcha.model.event import Imported

_BINARY = (b"PK\3\4", b"\xd0\xcf\x11\xe0")


def import_runtime(data: bytes, ground: Ground, uid: str | None = None) -> Imported:
    """The events of a recorder's file, whichever it is. Raises FormatError for one of no known tool."""
    if data.startswith(_BINARY):
        return _table(read_spreadsheet(data), ground)
    attempts: tuple[Callable[[], Imported], ...] = (
        lambda: import_agent(read_agent(data), ground),
        lambda: import_mobsf(read_mobsf(data), ground),
        lambda: _table(read_spreadsheet(data), ground),
        lambda: import_appops(read_appops(data), ground),
        lambda: import_permissionlog(read_permissionlog(data), ground, uid),
    )
    for attempt in attempts:
        try:
            return attempt()
        except FormatError:
            continue
    raise FormatError("no log of a runtime tool that is known")


def _table(book: Book, ground: Ground) -> Imported:
    if is_camille(book):
        return import_camille(book, ground)
    if is_privacysentry(book):
        return import_privacysentry(book, ground)
    raise FormatError("spreadsheet with the columns of no runtime tool that is known")
