"""Keys: names, rotation, and what one trusted key leads to."""

from __future__ import annotations

import builtins
import sys

import msgspec
import pytest

from mingcha.casework.keys import (
    MISSING,
    Signer,
    first_key,
    in_time,
    key_id,
    read_keys,
    rotated,
    signature_holds,
    signer,
    trusted,
    unsound,
    written_keys,
)  # fmt: skip
from mingcha.errors import FormatError, UsageError
from tests.build.chains import NEW, OLD, STRANGER, at, keys

KEYS = keys()
RFC8032_SECRET = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
RFC8032_PUBLIC = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"


def test_the_rfcs_own_key() -> None:
    """Secret and public key of RFC 8032, 7.1, test 1, and its signature over nothing."""
    by = signer(bytes.fromhex(RFC8032_SECRET))
    assert by.public == RFC8032_PUBLIC
    assert by.sign(b"").hex().startswith("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155")
    assert signature_holds(by.public, b"", by.sign(b"").hex())
    assert not signature_holds(by.public, b"x", by.sign(b"").hex())


@pytest.mark.parametrize("signature", ["", "zz", "00" * 64, "00"])
def test_a_broken_signature_does_not_hold(signature: str) -> None:
    """Any text in place of a signature, or of a key, is just no signature."""
    assert not signature_holds(OLD.public, b"x", signature)
    assert not signature_holds(signature, b"x", OLD.sign(b"x").hex())


def test_a_signature_is_written_one_way() -> None:
    """The same signature in capitals or with blanks does not hold, so no byte of a signed file can change unseen."""
    made = OLD.sign(b"x").hex()
    assert signature_holds(OLD.public, b"x", made)
    assert not signature_holds(OLD.public, b"x", made.upper())
    assert not signature_holds(OLD.public, b"x", made[:64] + " " + made[64:])


def test_a_list_is_sound() -> None:
    """The first key signs itself, the next is signed by the one before, its name comes from the key itself."""
    assert unsound(KEYS) == []
    assert [key.id for key in KEYS] == [key_id(OLD.public), key_id(NEW.public)]
    assert KEYS[1].previous == OLD.id


@pytest.mark.parametrize("field", ["id", "public", "from_", "until", "previous", "signature"])
def test_a_changed_key_is_named(field: str) -> None:
    """No field of the second key can be changed without it being named."""
    value = {"from_": at(400), "until": at(400), "signature": "00" * 64}.get(field, STRANGER.public)
    bad = msgspec.structs.replace(KEYS[1], **{field: value})
    assert unsound([KEYS[0], bad]) == [bad.id]


def test_a_name_and_an_order_of_ones_own_are_named() -> None:
    """A key that signs itself under another name, and a successor that began before its predecessor, are named though the signatures hold."""
    renamed = first_key(Signer(id="0" * 32, public=OLD.public, sign=OLD.sign), at(0))
    assert unsound([renamed]) == ["0" * 32]
    assert set(trusted([renamed], [renamed])) == set()
    later = (first_key(OLD, at(9)), rotated((first_key(OLD, at(0)),), OLD, NEW, at(5))[1])
    assert unsound(later) == [NEW.id]


def test_a_list_may_begin_late() -> None:
    """A list without its oldest keys accuses nobody: who signed its first one cannot be told from it."""
    assert unsound(KEYS[1:]) == []
    assert set(trusted(KEYS[1:], [KEYS[1]])) == {NEW.id}


def test_trust_goes_forward_only() -> None:
    """Whoever trusts the old key trusts the new one; the new one does not vouch for the old one; nobody vouches for a stranger."""
    assert set(trusted(KEYS, [KEYS[0]])) == {OLD.id, NEW.id}
    assert set(trusted(KEYS, [KEYS[1]])) == {NEW.id}
    assert set(trusted(KEYS, [])) == set()
    forged = msgspec.structs.replace(first_key(STRANGER, at(1)), previous=OLD.id)
    assert set(trusted([KEYS[0], forged], [KEYS[0]])) == {OLD.id}


def test_an_ended_key_names_no_successor() -> None:
    """A key whose time was over does not hand over any more, should somebody have stolen it later."""
    ended = (first_key(OLD, at(0), until=at(5)),)
    assert set(trusted(rotated(ended, OLD, NEW, at(6)), ended)) == {OLD.id}
    assert set(trusted(rotated(ended, OLD, NEW, at(5)), ended)) == {OLD.id, NEW.id}


def test_each_key_has_its_time() -> None:
    """A key signs from its beginning until its end or its successor's beginning, which is no longer its own."""
    first, second = KEYS
    assert in_time(first, KEYS, at(0))
    assert in_time(first, KEYS, "2026-11-14T23:59:59+08:00")
    assert not in_time(first, KEYS, "2026-11-15T00:00:00+08:00")
    assert in_time(second, KEYS, "2026-11-15T00:00:00+08:00")
    assert not in_time(second, KEYS, "2026-11-14T23:59:59+08:00")
    assert not in_time(first_key(OLD, at(0), until=at(3)), [], at(3))


def test_rotation_refuses_what_would_not_hold() -> None:
    """Only the last key hands over, to a new key, not backwards in time."""
    for old, new, since in (
        (OLD, STRANGER, at(400)),
        (NEW, OLD, at(400)),
        (NEW, STRANGER, at(0)),
        (NEW, STRANGER, "soon"),
    ):
        with pytest.raises(UsageError):
            rotated(KEYS, old, new, since)


def test_a_list_is_a_file() -> None:
    """A list is written and read back; 64 hex digits are one key without an end."""
    assert read_keys(written_keys(KEYS)) == KEYS
    (bare,) = read_keys(f"{OLD.public.upper()}\n".encode())
    assert (bare.id, bare.public, bare.until) == (OLD.id, OLD.public, None)
    assert in_time(bare, [bare], at(0))


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"[[]]", b"\xff", b"g" * 64, b"[" * 100_000, written_keys(KEYS).replace(b"+08:00", b"Z")],
    ids=range(7),
)
def test_anything_else_is_no_list(data: bytes) -> None:
    """Other bytes are refused in one line."""
    with pytest.raises(FormatError) as caught:
        read_keys(data)
    assert "\n" not in str(caught.value)


def test_without_cryptography_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the package is missing, signing and checking say what to install instead of failing or passing."""
    real = builtins.__import__

    def absent(name: str, *rest: object, **named: object) -> object:
        if name.startswith("cryptography"):
            raise ImportError(name)
        return real(name, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", absent)
    for name in [name for name in sys.modules if name.startswith("cryptography")]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(UsageError, match="pip install") as caught:
        signer(bytes(32))
    assert str(caught.value) == MISSING
    with pytest.raises(UsageError, match="pip install"):
        signature_holds(OLD.public, b"", "00" * 64)
