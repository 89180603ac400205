"""The permissions of an app stand in a dump by user, with their flags; copies, other apps and other sections stay apart."""

from __future__ import annotations

import random

import pytest

from mingcha.errors import FormatError
from mingcha.formats.packagedump import read_packagedump
from tests.fuzz.mutate import mutated

DUMP = """Activity Resolver Table:
  Non-Data Actions:
      android.intent.action.MAIN:
        abc com.example.app/.Main

Packages:
  Package [com.example.app] (d151a2):
    userId=10143
    versionCode=7 minSdk=24 targetSdk=33
    versionName=1.0 测试
    firstInstallTime=2024-03-01 10:00:00
    lastUpdateTime=2024-03-02 10:00:00
    declared permissions:
      com.example.app.OWN: prot=signature, INSTALLED
    requested permissions:
      android.permission.CAMERA
      android.permission.READ_SMS: restricted=true
    install permissions:
      android.permission.INTERNET: granted=true
    User 0: ceDataInode=-4294835694 installed=true hidden=false
      gids=[3002]
      runtime permissions:
        android.permission.CAMERA: granted=false, flags=[ USER_SET|USER_SENSITIVE_WHEN_GRANTED]
        android.permission.READ_SMS: granted=true, flags=[ ]
    User 10: ceDataInode=0 installed=false hidden=false
      firstInstallTime=1970-01-01 00:00:00
      runtime permissions:
        android.permission.CAMERA: granted=true
  Package [com.example.other] (12ab):
    userId=10144

Queries:
  queryable:
      runtime permissions:
        android.permission.NOT_THIS: granted=true

Hidden system packages:
  Package [com.example.app] (12ff):
    versionCode=1 minSdk=24 targetSdk=28
    User 0: installed=true
"""


def test_everything_of_an_app() -> None:
    """Version, times, users, what is requested, and the state of each permission with its line."""
    app = read_packagedump(DUMP.encode()).package("com.example.app")
    assert app is not None
    assert (app.uid, app.version_code, app.version_name, app.target_sdk) == ("10143", 7, "1.0 测试", 33)
    assert (app.first_install, app.last_update) == ("2024-03-01 10:00:00", "2024-03-02 10:00:00")
    assert (app.users, app.requested) == (
        {0: True, 10: False},
        ["android.permission.CAMERA", "android.permission.READ_SMS"],
    )
    assert [(p.line, p.name[19:], p.granted, p.flags, p.form, p.user) for p in app.permissions] == [
        (18, "INTERNET", True, (), "install", None),
        (22, "CAMERA", False, ("USER_SET", "USER_SENSITIVE_WHEN_GRANTED"), "runtime", 0),
        (23, "READ_SMS", True, (), "runtime", 0),
        (27, "CAMERA", True, (), "runtime", 10),
    ]


def test_copies_and_sections() -> None:
    """The hidden copy of a system app is marked, and permissions outside of an app belong to none."""
    dump = read_packagedump(DUMP.encode())
    assert [(app.name, app.hidden, len(app.permissions)) for app in dump.packages] == [
        ("com.example.app", False, 4), ("com.example.other", False, 0), ("com.example.app", True, 0),
    ]  # fmt: skip
    assert (dump.unreadable, dump.partial, dump.package("com.example.none")) == ((), False, None)


def test_unknown_forms_are_told() -> None:
    """A line that claims a grant and cannot be read is numbered."""
    text = DUMP.replace("READ_SMS: granted=true, flags=[ ]", "READ_SMS: granted=maybe")
    assert read_packagedump(text.encode()).unreadable == (23,)


def test_cut_off() -> None:
    """A dump that ends inside an app says so, and keeps what was read."""
    dump = read_packagedump(DUMP[: DUMP.index("|USER_SENSITIVE")].encode())
    assert dump.partial
    assert [p.flags for p in dump.packages[0].permissions] == [(), ("USER_SET",)]


def test_windows_redirection() -> None:
    """A dump in UTF-16 with Windows line ends is the same dump."""
    assert (
        read_packagedump(DUMP.replace("\n", "\r\n").encode("utf-16")).packages
        == read_packagedump(DUMP.encode()).packages
    )


@pytest.mark.parametrize("data", [b"", b"Packages:\n", b"Unable to find package: x", bytes(64)])
def test_refused(data: bytes) -> None:
    """A text without an app is refused."""
    with pytest.raises(FormatError):
        read_packagedump(data)


def test_damage() -> None:
    """Damaged dumps end in apps or in a FormatError."""
    ends = set()
    for number in range(200):
        try:
            read_packagedump(
                mutated(DUMP.encode(), random.Random(number), [b": granted=true", b"  Package [a.b] (1):", b"User 0:"])
            )
        except FormatError as error:
            ends.add(str(error).count("\n"))
    assert ends <= {0}
