"""What the system itself wrote down: operations, dialogs and answers, and what changed between two dumps."""

from __future__ import annotations

import pytest

from mingcha.catalogue.load import load
from mingcha.collect.runtime.ground import Ground
from mingcha.collect.runtime.importing import import_runtime
from mingcha.collect.runtime.permissions import changes
from mingcha.errors import UsageError
from mingcha.formats.packagedump import PackageDump, read_packagedump

GROUND = Ground(
    tables=load(),
    sha256="0" * 64,
    package="com.example.app",
    offset="+08:00",
    year=2024,
    dumped="2024-03-01T12:00:00+08:00",
)
OPS = """  Uid u0a143:
    Package com.example.app:
      READ_CONTACTS (allow):
        null=[
          Access: [bg-s] 2024-03-01 10:00:00.250 (-1h59m59s750ms)
          Reject: [cch-s]2024-03-01 10:00:01.000 (-1h59m59s0ms)
        ]
      WAKE_LOCK (allow):
          Access: [top-s] 2024-03-01 10:00:02.000 (-1h59m58s0ms) duration=+33ms
    Package com.example.other:
      CAMERA (allow):
          Access: [top-s] 2024-03-01 10:00:02.000 (-1h59m58s0ms)
"""


def test_operations() -> None:
    """An access to contacts is an observed read, a rejection an attempt, an operation without information neither."""
    done = import_runtime(OPS.encode(), GROUND)
    assert [(e.operation.method, e.outcome, e.grade, e.information, e.state, e.clock.time) for e in done.events] == [
        ("READ_CONTACTS", "value", "observed", ("contacts.book",), "bg", "2024-03-01T10:00:00.250+08:00"),
        ("READ_CONTACTS", "denied", "attempt", ("contacts.book",), "cch", "2024-03-01T10:00:01.000+08:00"),
        ("WAKE_LOCK", "unknown", None, (), "top", "2024-03-01T10:00:02.000+08:00"),
    ]
    assert [(e.permission, e.duration) for e in done.events][::2] == [
        ("android.permission.READ_CONTACTS", None),
        ("android.permission.WAKE_LOCK", 33),
    ]
    assert done.accounted == {"events": 3, "other_apps": 1, "modes": 3, "other_lines": 5}
    assert (done.rows, done.remarks) == (12, ("last_access_only",))


def test_operations_of_one_app() -> None:
    """``cmd appops get`` is about the app in question; its times are counted back from the moment of the dump."""
    text = "Uid mode: COARSE_LOCATION: ignore\nFINE_LOCATION: allow; time=+1h0m0s500ms ago; rejectTime=+2h0m0s0ms ago\nCAMERA: allow; time=+5s0ms ago (running)\n"
    done = import_runtime(text.encode(), GROUND)
    assert [(e.package, e.information, e.outcome, e.clock.time) for e in done.events] == [
        ("com.example.app", ("loc.precise",), "value", "2024-03-01T10:59:59.500+08:00"),
        ("com.example.app", ("loc.precise",), "denied", "2024-03-01T10:00:00.000+08:00"),
        ("com.example.app", ("media.photo",), "value", "2024-03-01T11:59:55.000+08:00"),
    ]
    assert (done.accounted, done.rows, done.events[2].remarks) == ({"events": 2, "modes": 1}, 3, ("running",))
    untimed = import_runtime(text.encode(), Ground(tables=GROUND.tables, sha256=""))
    assert {e.clock.time for e in untimed.events} == {None}


LOG = """03-01 10:00:05.120  1234  5678 I ActivityTaskManager: START u0 {{act=android.content.pm.action.REQUEST_PERMISSIONS pkg=x cmp=x/.permission.ui.GrantPermissionsActivity (has extras)}} from uid {uid}
03-01 10:00:05.300  1234  5678 I ActivityTaskManager: Displayed x/.permission.ui.GrantPermissionsActivity: +1ms
03-01 10:00:06.000  1234  5678 I chatty: nothing
03-01 10:00:09.120  4321  4321 V GrantPermissionsActivity: Permission grant result requestId=5 callingUid={uid} callingPackage={package} permission=android.permission.CAMERA isImplicit=false result={result}
"""


@pytest.mark.parametrize(
    ("result", "state"),
    [(4, "granted"), (6, "refused"), (7, "refused_for_good"), (8, "refused_without_asking"), (14, "number 14")],
)
def test_dialogs(result: int, state: str) -> None:
    """Asked, shown and answered come out in order, the answer in words; numbers that are not known stay numbers."""
    done = import_runtime(LOG.format(uid=10143, package="com.example.app", result=result).encode(), GROUND, "10143")
    assert [(e.kind, e.package, e.permission, e.state) for e in done.events] == [
        ("asked", "com.example.app", None, None),
        ("shown", None, None, None),
        ("answered", "com.example.app", "android.permission.CAMERA", state),
    ]
    assert done.events[0].clock.time == "2024-03-01T10:00:05.120+08:00"
    assert (done.accounted, done.events[1].remarks) == ({"events": 3, "other_lines": 1}, ("app_not_told",))


def test_dialogs_of_others() -> None:
    """Another app's requests are counted, not imported."""
    done = import_runtime(LOG.format(uid=10200, package="com.example.other", result=4).encode(), GROUND, "10143")
    assert ([e.kind for e in done.events], done.accounted) == (
        ["shown"],
        {"events": 1, "other_apps": 2, "other_lines": 1},
    )


# --- two dumps -------------------------------------------------------------------------------------------------------


def dump(camera: str, version: int = 1, first: str = "2024-01-01 10:00:00") -> PackageDump:
    return read_packagedump(
        f"Packages:\n  Package [com.example.app] (1):\n    versionCode={version} minSdk=1 targetSdk=33\n    firstInstallTime={first}\n"
        f"    lastUpdateTime=2024-01-0{version} 10:00:00\n    User 0: installed=true\n      runtime permissions:\n"
        f"        android.permission.CAMERA: {camera}\n        android.permission.READ_SMS: granted=true, flags=[ USER_SET]\n".encode()
    )


CLOSED, OPEN = "granted=false, flags=[ USER_SET|USER_FIXED]", "granted=true, flags=[ ]"


@pytest.mark.parametrize(
    ("before", "after", "version", "wanted"),
    [
        (CLOSED, OPEN, 2, [("closed", "user"), ("opened", "update")]),
        (CLOSED, OPEN, 1, [("closed", "user"), ("opened", None)]),
        (CLOSED, "granted=true, flags=[ USER_SET]", 2, [("closed", "user"), ("opened", None)]),
        (CLOSED, "granted=true, flags=[ POLICY_FIXED]", 2, [("closed", "user"), ("opened", None)]),
        (CLOSED, CLOSED, 2, [("closed", "user")]),
        ("granted=false", "granted=true, flags=[ USER_SET]", 2, [("opened", "user")]),
        ("granted=false", "granted=true", 2, [("opened", "update")]),
        (OPEN, CLOSED, 1, [("closed", "user")]),
        (OPEN, OPEN, 2, []),
        ("granted=false, flags=[ USER_SET|AUTO_REVOKED]", OPEN, 2, [("opened", "update")]),
        ("granted=false, flags=[ USER_SET|ONE_TIME]", OPEN, 2, [("opened", "update")]),
    ],
)
def test_changes(before: str, after: str, version: int, wanted: list[tuple[str, str | None]]) -> None:
    """An update is blamed only where neither a person nor a policy set the state, a person only for what he closed himself."""
    found = changes(dump(before), dump(after, version), "com.example.app", GROUND, GROUND)
    assert [(fact.state, fact.by) for fact in found] == wanted
    assert {fact.permission for fact in found} <= {"android.permission.CAMERA"}


def test_changes_quote_their_line() -> None:
    """A fact names the line of the dump that it stands in."""
    closed, opened = changes(
        dump(CLOSED), dump(OPEN, 2), "com.example.app", GROUND, Ground(tables=GROUND.tables, sha256="1" * 64)
    )
    assert (closed.place.sha256[0], closed.place.at, closed.place.quote) == (
        "0",
        7,
        "android.permission.CAMERA: granted=false, flags=[ USER_SET|USER_FIXED ]",
    )
    assert opened.place.sha256[0] == "1"


def test_nothing_is_compared_across_an_installation() -> None:
    """An app that was installed anew starts anew; one that is missing is a mistake of the caller."""
    assert changes(dump(CLOSED), dump(OPEN, 2, "2024-02-02 10:00:00"), "com.example.app", GROUND, GROUND) == []
    with pytest.raises(UsageError):
        changes(dump(CLOSED), dump(OPEN), "com.example.none", GROUND, GROUND)
