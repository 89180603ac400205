"""Roles that nobody gives, duties that never meet in one person, claims that an authority with no part in a case does not decide."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.actions.matter import Matter


def account(name: str) -> Any:
    """An account without a role."""
    from mingcha.service.actions.acting import VISITOR, perform

    return perform("account", "create", VISITOR, None, {"username": name, "password": "long-enough-7781"})


def test_nobody_is_made_the_engine() -> None:
    """An administrator gives nobody the roles of the engine, of a visitor or of a complainant."""
    from mingcha.service.actions.acting import Refused
    from tests.service.test_story import Office

    office, plain = Office(), account("plain")
    for role in ("engine", "visitor", "complainant"):
        with pytest.raises(Refused, match="no such role"):
            office.act("admin", "account", "grant", plain, role=role)
    assert not plain.grants.exists()


def test_a_claim_puts_no_company_and_office_into_one_hand() -> None:
    """Somebody who claimed an app and became an inspector since is not made its owner by an officer's word."""
    from mingcha.service.actions.acting import Refused

    matter = Matter()
    plain = matter.people["plain"] = account("plain")
    claim = matter.office.act("plain", "claim", "ask", None, subject=matter.case.subject.pk, name="另一家公司")
    matter.also("plain", "inspector")
    with pytest.raises(Refused, match="held together"):
        matter.act("handler", "confirm", process="claim", thing=claim, proof="营业执照")
    assert [one.role for one in plain.grants.filter(ended=None)] == ["inspector"]


def test_an_authority_with_no_part_in_a_case_hands_its_file_to_nobody() -> None:
    """While one authority has a case on an app, another's handler neither decides a claim of it nor ties it to an operator; of an app without a case he does."""
    from mingcha.service import demo
    from mingcha.service.actions.acting import Forbidden
    from mingcha.service.models import Authority

    matter = Matter()
    other = Authority.objects.create(name="别的部门", code="other")
    for name in ("plain", "far"):
        matter.people[name] = account(name)
    matter.office.act("admin", "account", "grant", matter.people["far"], role="handler", authority=other.pk)
    claim = matter.office.act("plain", "claim", "ask", None, subject=matter.case.subject.pk, name="另一家公司")
    for act, data in (("confirm", {"proof": "x"}), ("refuse", {"reason": "x"})):
        with pytest.raises(Forbidden):
            matter.act("far", act, process="claim", thing=claim, **data)
    with pytest.raises(Forbidden):
        matter.act(
            "far", "confirm-claim", process="subject", thing=matter.case.subject, operator=matter.office.made.operator.pk, proof="x"
        )  # fmt: skip
    free = demo.app(matter.office.made, "没有案件的应用", "cn.example.free")
    claim = matter.office.act("plain", "claim", "ask", None, subject=free.pk, name="另一家公司")
    assert matter.act("far", "confirm", process="claim", thing=claim, proof="营业执照").state == "granted"


def test_a_new_key_is_an_event_of_custody(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The chain holds the hash of the public list as it was after the rotation, and who checks the installation finds nothing amiss."""
    from dataclasses import replace

    from django.conf import settings

    from mingcha.casework.keys import read_keys
    from mingcha.service import seals
    from mingcha.service.commands import new_key, problems
    from mingcha.service.models import Event, Evidence
    from mingcha.service.shelf import shelf

    monkeypatch.setattr(settings, "DATA", tmp_path)
    monkeypatch.setattr(settings, "CONFIGURATION", replace(settings.CONFIGURATION, data=tmp_path))
    shelf.cache_clear()
    first = seals.our_signer().id
    made = new_key()
    row = Evidence.objects.get(kind="keys")
    event = Event.objects.get(process="evidence", thing=row.pk)
    assert (event.act, event.actor, event.body["sha256"]) == ("receive", "engine", row.sha256)
    with shelf().open(row.sha256) as stream:
        assert [key.id for key in read_keys(stream.read())] == [first, made.id]
    assert list(problems()) == []
    shelf.cache_clear()
