"""Permission dialogs are found in every form of logcat, and nothing else is taken for one."""

from __future__ import annotations

import random

import pytest

from mingcha.errors import FormatError
from mingcha.formats.permissionlog import read_permissionlog
from tests.fuzz.mutate import mutated

START = (
    "START u0 {act=android.content.pm.action.REQUEST_PERMISSIONS pkg=com.android.permissioncontroller "
    "cmp=com.android.permissioncontroller/.permission.ui.GrantPermissionsActivity (has extras)} from uid 10143"
)
SHOWN = "Displayed com.android.permissioncontroller/.permission.ui.GrantPermissionsActivity: +120ms"
ANSWER = (
    "Permission grant result requestId=4901778718226251680 callingUid=10143 callingPackage=com.example.app "
    "permission=android.permission.CAMERA isImplicit=false result=7"
)
FORMS = {
    "threadtime": "03-01 10:00:05.120  1234  5678 I ActivityTaskManager: {}",
    "with year and zone": "2024-03-01 10:00:05.120 +0800  1234  5678 I ActivityTaskManager: {}",
    "with uid": "03-01 10:00:05.120 u0_a12  1234  5678 I ActivityTaskManager: {}",
    "time": "03-01 10:00:05.120 I/ActivityTaskManager( 1234): {}",
    "studio": "2024-03-01 10:00:05.120 1234-5678/? I/ActivityTaskManager: {}",
    "new studio": "2024-03-01 10:00:05.120  1234-5678  ActivityTaskManager     system_server                        I  {}",
    "listed": ",03-01 10:00:05.120  1234  5678 I ActivityManager: {}",
    "long": "[ 03-01 10:00:05.120  1234: 5678 I/ActivityTaskManager ]\n{}\n",
    "brief": "I/ActivityTaskManager( 1234): {}",
}


@pytest.mark.parametrize("form", FORMS)
def test_forms(form: str) -> None:
    """Asked, shown and answered are told apart in each form, with process, app, permission and answer."""
    text = "\n".join(FORMS[form].format(message) for message in (START, SHOWN, "something else", ANSWER)) + "\n"
    log = read_permissionlog(text.encode())
    assert [(f.step, f.pid, f.uid, f.package, f.permission, f.result, f.implicit) for f in log.found] == [
        ("asked", 1234, "10143", None, None, None, None),
        ("shown", 1234, None, None, None, None, None),
        ("answered", 1234, "10143", "com.example.app", "android.permission.CAMERA", 7, False),
    ]
    assert {(f.when or "")[-12:] for f in log.found} <= {"10:00:05.120", "05.120 +0800", ""}
    assert (len(log.found) + len(log.unreadable) + log.others, log.unreadable) == (log.lines, ())


@pytest.mark.parametrize(
    "tail",
    [" on display 0", "", " (com.example.app) (BAL_ALLOW_VISIBLE_WINDOW) result code=0", " (realCallingUid=10143)"],
)
def test_tails_of_versions(tail: str) -> None:
    """What versions of Android write behind the number of the app does not hide it; the app's name is taken where it stands."""
    text = FORMS["threadtime"].format(START.replace(" from uid", " with LAUNCH_MULTIPLE from uid") + tail)
    (found,) = read_permissionlog((text + "\n").encode()).found
    assert (found.uid, found.package) == ("10143", "com.example.app" if "example" in tail else None)


def test_unknown_forms_are_told() -> None:
    """A line that begins like one of the three and goes on otherwise is numbered; one that only mentions a dialog is not."""
    lines = [
        START.replace("from uid 10143", "from pid 5"),
        "Displayed x GrantPermissionsActivity",
        "force stop of GrantPermissionsActivity",
    ]
    log = read_permissionlog("\n".join(FORMS["time"].format(line) for line in lines).encode())
    assert (log.found, log.unreadable, log.others, log.partial) == ((), (0, 1), 1, False)


def test_cut_off() -> None:
    """A log that ends inside such a line says so."""
    log = read_permissionlog(FORMS["time"].format(ANSWER[:-12]).encode())
    assert (log.found, log.partial) == ((), True)


@pytest.mark.parametrize("data", [b"", b"hello", b"--------- beginning of main\n", bytes(80)])
def test_refused(data: bytes) -> None:
    """A text of which no line has the form of a logcat is refused."""
    with pytest.raises(FormatError):
        read_permissionlog(data)


def test_damage() -> None:
    """Damaged logs end in lines or in a FormatError."""
    text = "\n".join(form.format(message) for form in FORMS.values() for message in (START, SHOWN, ANSWER)).encode()
    ends = set()
    for number in range(200):
        try:
            log = read_permissionlog(mutated(text, random.Random(number), [b"START u0 {", b" result=", b"[ 03-01"]))
        except FormatError as error:
            ends.add("refused" if "\n" not in str(error) else str(error))
        else:
            ends.add("read" if len(log.found) + len(log.unreadable) + log.others == log.lines else "lost")
    assert ends == {"read", "refused"}
