"""What the system noted of an app's operations: the last access and the last rejection for each state of the app.

An access of an operation that stands for handing data over (contacts, position, recording) is an observed read; other operations
are noted by mere checks too, and stay undecided. How often is not in a dump.
"""

from __future__ import annotations

from mingcha.collect.runtime.calls import imported
from mingcha.collect.runtime.clocks import before, clock
from mingcha.collect.runtime.ground import Ground
from mingcha.collect.runtime.values import grade
from mingcha.formats.appops import Access, AppOps
from mingcha.model.event import Clock, Event, Imported, Operation, Outcome

TOOL = "appops"
_PERMISSIONS = {
    "FINE_LOCATION": "ACCESS_FINE_LOCATION", "COARSE_LOCATION": "ACCESS_COARSE_LOCATION", "GET_USAGE_STATS": "PACKAGE_USAGE_STATS",
    "POST_NOTIFICATION": "POST_NOTIFICATIONS", "WRITE_CLIPBOARD": None, "READ_CLIPBOARD": None,
}  # fmt: skip
"""Permissions whose operation has another name."""
_DELIVERS = {
    "CAMERA": "media.photo", "RECORD_AUDIO": "media.audio", "FINE_LOCATION": "loc.precise", "COARSE_LOCATION": "loc.coarse",
    "READ_CONTACTS": "contacts.book", "READ_CALL_LOG": "comm.call_log", "READ_SMS": "comm.sms", "READ_CALENDAR": "other.calendar",
    "READ_CLIPBOARD": "dev.clipboard", "BODY_SENSORS": "health.vitals",
}  # fmt: skip
"""Operations that the system notes when it hands the information over."""
LAST_ONLY = "last_access_only"
_STATES = {"fgsvcl": "fgsvc"}


def import_appops(dump: AppOps, ground: Ground) -> Imported:
    """The accesses of the app in question; those of other apps are counted. ``cmd appops get`` is about that app alone."""
    mine = [access for access in dump.accesses if _of_app(access, ground)]
    events = [_event(access, ground) for access in mine]
    shared = {access.line for access in dump.accesses}
    taken = {access.line for access in mine}
    others = len(shared) - len(taken)
    modes = len({mode.line for mode in dump.modes} - shared)
    rest = dump.lines - len(shared) - modes - len(dump.unreadable)
    accounted = {"other_apps": others, "modes": modes, "unreadable": len(dump.unreadable), "other_lines": rest}
    partial = dump.partial or bool(dump.unreadable)
    return imported(TOOL, events, accounted, rows=len(taken), partial=partial, remarks=(LAST_ONLY,))


def _of_app(access: Access, ground: Ground) -> bool:
    return ground.package is None or access.package in (None, ground.package)


def _event(access: Access, ground: Ground) -> Event:
    told = _PERMISSIONS.get(access.op, access.op)
    permission = f"android.permission.{told}" if told else None
    information = _DELIVERS.get(access.op)
    known = information in ground.tables.information
    outcome: Outcome = "denied" if access.rejected else "value" if information else "unknown"
    return Event(
        kind="access",
        place=ground.place(access.line, f"{access.package or ground.package or ''} {access.op}".strip()),
        tool=TOOL,
        clock=_clock(access, ground),
        operation=Operation(method=access.op),
        package=access.package or ground.package,
        uid=access.uid,
        outcome=outcome,
        grade=grade(outcome),
        information=(information,) if information and known else (),
        permission=permission if permission in ground.tables.permissions else None,
        state=_STATES.get(access.state or "", access.state),
        duration=access.duration,
        remarks=_remarks(access),
    )


def _clock(access: Access, ground: Ground) -> Clock:
    """The dump's date in the device's zone; without one, so long before the moment of the dump."""
    if access.when:
        return clock(access.when, None, ground.offset)
    if access.ago is not None and ground.dumped:
        return before(ground.dumped, access.ago)
    return Clock()


def _remarks(access: Access) -> tuple[str, ...]:
    named = (
        (access.running, "running"),
        (access.proxied, "through_another_app"),
        (bool(access.tag), "attribution_tag"),
    )
    return tuple(word for holds, word in named if holds)
