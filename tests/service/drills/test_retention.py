"""PV2: at the end of its term an identity goes, and what was built on it still verifies."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("db")
NAME, PHONE, WORDS = "卡纳里甲乙丙", "13912345678", "我的地址是金丝雀路七号"


def _complaint(office: Any) -> Any:
    """A complaint with a name, and a message of the person with more of it."""
    from mingcha.service.actions.acting import VISITOR, Doer, perform
    from mingcha.service.roles import Role

    made = perform(
        "complaint", "receive", VISITOR, None,
        {
            "kind": "complaint", "code": "K7MQ2XW9RTHB", "subject": office.subject.pk, "subject_name": "演示手电筒", "category": "no-consent",
            "narrative": "没点同意就读了我的通讯录。", "authority": office.made.authority.pk, "name": NAME, "phone": PHONE,
        },
    )  # fmt: skip
    person = Doer(f"complainant:{made.pk}", roles=frozenset({Role.VISITOR, Role.COMPLAINANT}), complaint=made.pk)
    perform("complaint", "write", person, made, {"text": WORDS})
    return made


def _verdict(package: bytes) -> str:
    """What the offline checker says of a package to somebody who holds our keys."""
    from mingcha.casework.verifying import verify
    from mingcha.service import seals

    return verify(package, seals.our_keys()).verdict


def test_an_identity_goes_at_its_term_and_everything_still_verifies(office: Any, clock: Any) -> None:
    """A day before the term the officer can still read it; the day after, one tick has erased it, once; chain, states and package verify."""
    from mingcha.service import ledger, packages, ticking
    from mingcha.service.actions.complaints import identity_of
    from mingcha.service.clock import now
    from mingcha.service.commands import problems
    from mingcha.service.models import Identity, Message

    complaint = _complaint(office)
    before = packages.of_complaint(complaint)
    clock.set("2029-02-28T09:00")
    assert ticking.erased(now()) == 0
    assert identity_of(complaint) == {"name": NAME, "phone": PHONE, "email": ""}
    clock.set("2029-03-02T09:00")
    assert (ticking.erased(now()), ticking.erased(now())) == (1, 0)
    row = Identity.objects.get()
    assert (row.sealed, identity_of(complaint)) == (None, None)
    assert row.erased is not None
    assert list(Message.objects.filter(from_person=True).values_list("sealed", flat=True)) == [None]
    assert [event.act for event in ledger.events_of(complaint)] == ["receive", "write", "erase-identity"]
    assert list(problems()) == []
    for package in (before, packages.of_complaint(complaint)):
        assert _verdict(package) == "genuine"


def test_the_chain_held_a_commitment_and_never_the_value(office: Any) -> None:
    """No event body and no package contains name, number or message; the commitment opens with value and salt, and with no other value."""
    from mingcha.casework.commitments import opens
    from mingcha.service import ledger, packages, vault
    from mingcha.service.models import Event, Identity

    complaint = _complaint(office)
    chain = json.dumps(list(Event.objects.values_list("body", flat=True)), ensure_ascii=False)
    package = packages.of_complaint(complaint)
    for canary in (NAME, PHONE, WORDS):
        assert canary not in chain
        assert canary.encode() not in package
    sealed = ledger.events_of(complaint)[0].body["identity"]
    kept = vault.unseal(Identity.objects.get().sealed)
    assert opens(sealed["commitment"], kept["value"], bytes.fromhex(kept["salt"]))
    assert not opens(sealed["commitment"], {**kept["value"], "name": "别人"}, bytes.fromhex(kept["salt"]))


def test_sqlite_overwrites_what_is_erased(tmp_path: Path) -> None:
    """With our settings of SQLite an erased value is not left in the free pages of the file."""
    import sqlite3

    from mingcha.service.configuration import database

    canary = b"canary" * 400
    path = tmp_path / "db.sqlite3"
    options = database(f"sqlite:///{path}")["OPTIONS"]
    assert isinstance(options, dict)
    with closing(sqlite3.connect(path)) as base:
        base.executescript(options["init_command"])
        base.execute("CREATE TABLE t (v BLOB)")
        base.execute("INSERT INTO t VALUES (?)", (canary,))
        base.commit()
        base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert canary[:600] in path.read_bytes()
        base.execute("UPDATE t SET v = NULL")
        base.commit()
        base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert canary[:600] not in path.read_bytes()
