"""What an office does with its installation: first administrator, bodies, a new key, the check."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def own_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Any, clock: Any) -> Any:
    """The keys of an installation of this test's own, on 2 March 2026."""
    from dataclasses import replace

    from django.conf import settings

    clock.set("2026-03-02T09:00")
    monkeypatch.setattr(settings, "DATA", tmp_path)
    monkeypatch.setattr(settings, "CONFIGURATION", replace(settings.CONFIGURATION, data=tmp_path))
    return tmp_path / "keys"


def test_what_an_old_key_signed_holds_after_two_rotations(own_keys: Any, clock: Any) -> None:
    """Each new key is vouched for by the one before; old signatures hold; new ones are by the newest; no secret of an old key is left."""
    from mingcha.casework.keys import trusted, unsound
    from mingcha.service import seals

    old = seals.signed("演示通报〔2026〕00001号", "a" * 64, "b" * 64)
    first = (own_keys / "signing").read_text()
    for day in ("2026-04-01T09:00", "2026-05-01T09:00"):
        clock.set(day)
        seals.rotate()
    keys = seals.our_keys()
    new = seals.signed("演示通报〔2026〕00002号", "a" * 64, "b" * 64)
    assert len({key.id for key in keys}) == 3
    assert unsound(keys) == []
    assert set(trusted(keys, keys[:1])) == {key.id for key in keys}
    assert (old["key"], new["key"]) == (keys[0].id, keys[2].id)
    assert seals.holds(old)
    assert seals.holds(new)
    assert not seals.holds({**new, "key": keys[0].id})
    assert sorted(one.name for one in own_keys.iterdir()) == ["public.json", "signing"]
    assert first not in (own_keys / "signing").read_text()
    assert (own_keys / "signing").stat().st_mode & 0o777 == 0o600


def test_a_rotation_cut_short_leaves_a_signer_that_is_on_the_list(
    own_keys: Any, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut before each of its three renamings, the key that signs is the last one of the public list, and the next rotation succeeds."""
    import os

    from mingcha.service import seals

    seals.our_keys()
    whole = os.replace
    for at in range(3):
        calls: list[Any] = []

        def cut(source: Any, target: Any, at: int = at, calls: list[Any] = calls) -> None:
            if len(calls) == at:
                raise KeyboardInterrupt
            calls.append(target)
            whole(source, target)

        monkeypatch.setattr(os, "replace", cut)
        with pytest.raises(KeyboardInterrupt):
            seals.rotate()
        monkeypatch.setattr(os, "replace", whole)
        assert seals.our_signer().id == seals.our_keys()[-1].id, at
        clock.set(f"2026-04-0{at + 1}T09:00")
        assert seals.rotate().id == seals.our_signer().id


def test_a_package_across_a_rotation_is_genuine(own_keys: Any, office: Any, clock: Any) -> None:
    """A package made before a rotation and one made after it verify with the published list, and with the first key alone."""
    from mingcha.casework.verifying import verify
    from mingcha.service import packages, seals
    from tests.service.drills import world

    (case,) = world.cases(office.made, 1, "findings-review", world_now(), [office.made.accounts["handler"]])
    before = packages.of_case(case)
    clock.set("2026-04-01T09:00")
    seals.rotate()
    office.act("handler", "case", "note", case, text="换钥之后")
    after = packages.of_case(case)
    keys = seals.our_keys()
    assert [verify(one, trust).verdict for one in (before, after) for trust in (keys, keys[:1])] == ["genuine"] * 4


def world_now() -> Any:
    """The legal clock."""
    from mingcha.service.clock import now

    return now()


def test_the_first_administrator_is_made_once_and_on_record() -> None:
    """He gets a role that the chain tells of, and a password that opens his account; a second one is refused; the check finds nothing."""
    from mingcha.errors import UsageError
    from mingcha.service import ledger
    from mingcha.service.actions.acting import doer_of
    from mingcha.service.commands import first_administrator, problems
    from mingcha.service.models import Account
    from mingcha.service.roles import Role

    password = first_administrator("lin")
    lin = Account.objects.get(username="lin")
    assert lin.check_password(password)
    assert [event.act for event in ledger.events_of(lin)] == ["create", "grant"]
    assert Role.ADMIN not in doer_of(lin).roles, "not without a second factor"
    assert Role.ADMIN in doer_of(lin, second_factor=True).roles
    with pytest.raises(UsageError):
        first_administrator("another")
    assert list(problems()) == []


def test_a_body_is_put_on_record_under_the_rules_it_names() -> None:
    """An authority and a store can be recorded, and corrected; rules that no clock knows are refused."""
    from mingcha.errors import UsageError
    from mingcha.service.commands import authority, store
    from mingcha.service.models import Authority

    assert authority("office", "某部门", "", "samr") == authority("office", "某部门", "Some office", "samr")
    assert Authority.objects.get(code="office").name_en == "Some office"
    assert store("某商店") == store("某商店")
    with pytest.raises(UsageError):
        authority("office", "某部门", "", "nobody")
