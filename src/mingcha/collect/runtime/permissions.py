"""Permissions over a run: dialogs and answers in the system's log, and what changed between two dumps of the app."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from mingcha.collect.runtime.calls import imported
from mingcha.collect.runtime.clocks import clock
from mingcha.collect.runtime.ground import Ground
from mingcha.errors import UsageError
from mingcha.formats.packagedump import Installed, PackageDump, Permission
from mingcha.formats.permissionlog import PermissionLine, PermissionLog
from mingcha.model.event import Event, Imported, Operation
from mingcha.model.fact_observed import PermissionChanged

TOOL = "logcat"
_ANSWERS = {
    1: "ignored", 2: "ignored_refused_before", 3: "ignored_policy", 4: "granted", 5: "granted_without_asking", 6: "refused",
    7: "refused_for_good", 8: "refused_without_asking", 9: "ignored_restricted",
}  # fmt: skip
"""Android's numbers for the end of a request; later versions have more, whose numbers stay numbers."""
NO_APP = "app_not_told"
_BY_USER = frozenset(("USER_SET", "USER_FIXED"))
_BY_OTHERS = frozenset(("POLICY_FIXED", "SYSTEM_FIXED", "GRANTED_BY_DEFAULT", "GRANTED_BY_ROLE"))
_BY_ANDROID = frozenset(("AUTO_REVOKED", "ONE_TIME"))
"""Flags of a permission that Android closed by itself: long unused, or granted for this once only."""
CHOSEN = _BY_USER | _BY_OTHERS
"""Flags by which Android notes that somebody else than the app settled it."""


def import_permissionlog(log: PermissionLog, ground: Ground, uid: str | None = None) -> Imported:
    """Dialogs and answers of the app; ``uid`` (10123) is its number, where the log does not name the app itself."""
    mine = [line for line in log.found if _of_app(line, ground, uid)]
    accounted = {
        "other_apps": len(log.found) - len(mine),
        "unreadable": len(log.unreadable),
        "other_lines": log.others,
    }
    return imported(
        TOOL, [_event(line, ground, uid) for line in mine], accounted, partial=log.partial or bool(log.unreadable)
    )


def _of_app(line: PermissionLine, ground: Ground, uid: str | None) -> bool:
    """A dialog that shows names no app and may be any's."""
    if line.package is not None:
        return ground.package in (None, line.package)
    return uid is None or line.uid in (None, uid)


def _event(line: PermissionLine, ground: Ground, uid: str | None) -> Event:
    known = line.package is not None or (uid is not None and line.uid == uid)
    permission = line.permission if line.permission and "." in line.permission else None
    answer = None if line.result is None else _ANSWERS.get(line.result, f"number {line.result}")
    return Event(
        kind=line.step,
        place=ground.place(line.line, f"{line.step} {permission or ''}".strip()),
        tool=TOOL,
        clock=clock(line.when or "", ground.year, ground.offset),
        operation=Operation(method="requestPermissions"),
        package=line.package or (ground.package if known else None),
        pid=line.pid,
        uid=line.uid,
        event="permission_result" if line.step == "answered" else "permission_request",
        permission=permission,
        state=answer,
        remarks=() if known else (NO_APP,),
    )


# --- two dumps -------------------------------------------------------------------------------------------------------


def changes(
    earlier: PackageDump, later: PackageDump, package: str, ground_earlier: Ground, ground_later: Ground
) -> list[PermissionChanged]:
    """What a person had closed in the earlier dump, and what is another in the later one. Raises UsageError without the app.

    ``by`` is "user" only where Android notes it, "update" only where the app was updated in between and Android notes neither a
    person nor a policy; otherwise null. An app that was installed anew starts anew: nothing is compared.
    """
    first, last = earlier.package(package), later.package(package)
    if first is None or last is None:
        raise UsageError(f"{package} is not in {'the earlier' if first is None else 'the later'} dump of packages")
    if first.first_install != last.first_install:
        return []
    updated = (first.version_code, first.last_update) != (last.version_code, last.last_update)
    before, after = _states(first), _states(last)
    return list(_changed(before, after, ground_earlier, ground_later, updated=updated))


def _states(app: Installed) -> dict[tuple[str, int | None], Permission]:
    return {(one.name, one.user): one for one in app.permissions if one.form == "runtime"}


def _changed(
    before: dict[tuple[str, int | None], Permission],
    after: dict[tuple[str, int | None], Permission],
    ground_before: Ground,
    ground_after: Ground,
    *,
    updated: bool,
) -> Iterator[PermissionChanged]:
    for key, old in sorted(before.items(), key=lambda item: (item[0][0], item[0][1] or 0)):
        if not old.granted and _BY_USER & {*old.flags} and not _BY_ANDROID & {*old.flags}:
            yield _fact(old, "closed", "user", ground_before)
        new = after.get(key)
        if new is not None and new.granted != old.granted:
            yield _fact(new, "opened" if new.granted else "closed", _by(old, new, updated=updated), ground_after)


def _by(old: Permission, new: Permission, *, updated: bool) -> Literal["user", "update"] | None:
    now, then = {*new.flags}, {*old.flags}
    if now & _BY_USER:
        return "user" if not then & _BY_USER else None  # the mark may be that of the earlier choice
    return "update" if updated and not now & _BY_OTHERS else None


def _fact(
    one: Permission, state: Literal["opened", "closed"], by: Literal["user", "update"] | None, ground: Ground
) -> PermissionChanged:
    granted = "true" if one.granted else "false"
    place = ground.place(one.line, f"{one.name}: granted={granted}, flags=[ {'|'.join(one.flags)} ]")
    return PermissionChanged(place=place, permission=one.name, state=state, by=by)
