"""Claims: an account opened, an app claimed, proved by its signing key or confirmed by a person; and every way in that is none."""

from __future__ import annotations

import io
import itertools
import subprocess
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("db")
DEMO = Path(__file__).parents[3] / "demo"


class Key:
    """The key that signs the demonstration app, or another one."""

    def __init__(self, folder: Path, *, genuine: bool) -> None:
        self.folder = folder
        self.key, self.certificate = folder / "key.pem", folder / "cert.pem"
        if genuine:
            for out, option in ((self.key, "-nocerts"), (self.certificate, "-nokeys")):
                run(
                    "openssl",
                    "pkcs12",
                    "-in",
                    DEMO / "debug.p12",
                    "-passin",
                    "pass:android",
                    option,
                    "-nodes",
                    "-out",
                    out,
                )
        else:
            run(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-subj",
                "/CN=other",
                "-keyout",
                self.key,
                "-out",
                self.certificate,
            )

    def cms(self, text: bytes) -> dict[str, Any]:
        """What `openssl cms` makes."""
        (self.folder / "challenge.txt").write_bytes(text)
        out = self.folder / "challenge.p7s"
        run(
            "openssl", "cms", "-sign", "-binary", "-md", "sha256", "-in", self.folder / "challenge.txt", "-signer", self.certificate,
            "-inkey", self.key, "-outform", "DER", "-out", out,
        )  # fmt: skip
        return {"signature": named(out)}

    def plain(self, text: bytes) -> dict[str, Any]:
        """What `openssl dgst` makes, with the certificate beside it."""
        (self.folder / "challenge.txt").write_bytes(text)
        out = self.folder / "challenge.sig"
        run("openssl", "dgst", "-sha256", "-sign", self.key, "-out", out, self.folder / "challenge.txt")
        return {"signature": named(out), "certificate": named(self.certificate)}

    def jar(self, text: bytes) -> dict[str, Any]:
        """What `jarsigner` makes."""
        import zipfile

        store, out = self.folder / "store.p12", self.folder / "claim.jar"
        run(
            "openssl",
            "pkcs12",
            "-export",
            "-in",
            self.certificate,
            "-inkey",
            self.key,
            "-name",
            "k",
            "-passout",
            "pass:android",
            "-out",
            store,
        )
        with zipfile.ZipFile(out, "w") as jar:
            jar.writestr("challenge.txt", text)
        run("jarsigner", "-keystore", store, "-storepass", "android", "-digestalg", "SHA-256", out, "k")
        return {"signature": named(out)}


def run(*words: Any) -> None:
    subprocess.run([str(one) for one in words], check=True, capture_output=True)


def named(path: Path) -> io.BytesIO:
    stream = io.BytesIO(path.read_bytes())
    stream.name = path.name
    return stream


@pytest.fixture
def key(tmp_path: Path) -> Key:
    """The app's own."""
    return Key(tmp_path, genuine=True)


def ownerless(firm: Any) -> None:
    """Nobody is owner or clerk of the app's operator yet."""
    from mingcha.service.models import Grant

    Grant.objects.filter(operator=firm.office.made.operator).delete()


def claimed(firm: Any, who: str = "newcomer", **data: Any) -> Any:
    """A claim made on the page."""
    from mingcha.service.models import Claim

    sent = {"name": str(firm.office.made.operator)} | data
    answer = firm.browser(who).post(f"/operator/claims/app/{firm.subject.pk}/", sent)
    assert answer.status_code == 302, answer.content.decode()
    return Claim.objects.latest("pk")


def text(firm: Any, claim: Any, who: str = "newcomer") -> bytes:
    answer = firm.browser(who).get(f"/operator/claims/{claim.pk}/challenge.txt")
    assert answer.status_code == 200
    return bytes(answer.content)


def proved(firm: Any, claim: Any, sent: dict[str, Any], who: str = "newcomer") -> Any:
    return firm.browser(who).post(f"/operator/claims/{claim.pk}/prove/", sent)


def roles(firm: Any, who: str = "newcomer") -> set[str]:
    return set(firm.office.made.accounts[who].grants.filter(ended=None).values_list("role", flat=True))


@pytest.mark.parametrize("way", ["cms", "plain", "jar"])
def test_the_key_of_the_inspected_app_makes_its_holder_owner(firm: Any, key: Key, way: str) -> None:
    """A newcomer signs the challenge in each of three ways and is owner of the ownerless operator that the authority's case names."""
    from mingcha.service import ledger
    from mingcha.service.models import Claim

    firm.case()
    ownerless(firm)
    firm.newcomer()
    claim = claimed(firm)
    answer = proved(firm, claim, getattr(key, way)(text(firm, claim)))
    assert answer.status_code == 302, answer.content.decode()
    claim = Claim.objects.get()
    assert (claim.state, roles(firm)) == ("granted", {"operator-owner"})
    assert ledger.replayed()["claim", claim.pk] == "granted"
    assert firm.browser("newcomer").get("/operator/").status_code == 200


def test_another_key_another_text_and_old_text_are_refused(firm: Any, key: Key, tmp_path: Path, clock: Any) -> None:
    """A foreign key, somebody else's challenge, a replaced challenge, one out of time, and garbage tie nobody."""
    firm.case()
    ownerless(firm)
    firm.newcomer()
    firm.newcomer("second")
    claim, other = claimed(firm), claimed(firm, "second")
    (tmp_path / "foreign").mkdir()
    foreign = Key(tmp_path / "foreign", genuine=False)
    old = key.cms(text(firm, claim))
    for sent in (
        foreign.cms(text(firm, claim)),
        key.cms(text(firm, other, "second")),
        {"signature": named(key.certificate)},
        {"signature": io.BytesIO(b"PK\x03\x04 nothing")},
        {"signature": io.BytesIO(b"\x30\x82")},
    ):
        assert proved(firm, claim, sent).status_code == 422
    firm.browser("newcomer").post(f"/operator/claims/{claim.pk}/prove/", {"renew": "yes"})
    old["signature"].seek(0)
    assert proved(firm, claim, old).status_code == 422, "the challenge was replaced"
    late = key.cms(text(firm, claim))
    clock.set("2026-03-02T10:30")
    assert proved(firm, claim, late).status_code == 422, "an hour is over"
    assert roles(firm) == roles(firm, "second") == set()


def test_a_challenge_is_its_claimants_and_used_once(firm: Any, key: Key) -> None:
    """Nobody else fetches or answers it, and a signature that served once serves never again."""
    firm.case()
    ownerless(firm)
    firm.newcomer()
    firm.newcomer("second")
    claim = claimed(firm)
    sent = key.cms(text(firm, claim))
    assert firm.browser("second").get(f"/operator/claims/{claim.pk}/challenge.txt").status_code == 404
    assert proved(firm, claim, sent, "second").status_code == 404
    sent["signature"].seek(0)
    assert proved(firm, claim, sent).status_code == 302
    sent["signature"].seek(0)
    assert proved(firm, claim, sent).status_code == 422


def test_an_operator_with_an_owner_gets_no_second_one_by_the_key(firm: Any, key: Key) -> None:
    """The key proves the claim, and then it waits; the owner lets the claimant in as clerk, an officer as owner."""
    from mingcha.service.models import Claim

    firm.case()
    firm.newcomer()
    claim = claimed(firm)
    assert proved(firm, claim, key.cms(text(firm, claim))).status_code == 302
    assert (Claim.objects.get().state, roles(firm)) == ("proved", set())
    decide = f"/operator/claims/{claim.pk}/decide/"
    assert firm.browser("newcomer").post(decide, {"act": "confirm", "reason": "我"}).status_code == 422
    assert firm.browser("rival").post(decide, {"act": "confirm", "reason": "我"}).status_code == 404
    assert roles(firm) == set()
    assert firm.browser("operator").post(decide, {"act": "confirm", "reason": "同事"}).status_code == 302
    assert roles(firm) == {"operator-clerk"}


def test_an_officer_confirms_after_looking_at_papers(firm: Any) -> None:
    """Without any key a case handler makes the claimant owner; the claim of a stranger on an owned app changes the app's operator only then."""
    firm.newcomer()
    claim = claimed(firm, name="全新运营者有限公司")
    handler = firm.browser("handler")
    assert str(claim.subject) in handler.get("/operator/claims/").content.decode()
    answer = handler.post(f"/operator/claims/{claim.pk}/decide/", {"act": "confirm", "reason": "核对营业执照原件"})
    assert answer.status_code == 302
    firm.subject.refresh_from_db()
    assert (str(firm.subject.operator), roles(firm)) == ("全新运营者有限公司", {"operator-owner"})


def test_a_sample_that_anybody_uploaded_proves_nothing(firm: Any, key: Key) -> None:
    """Whoever signs an app with his own key and asks for its inspection cannot claim the real app by that key."""
    from mingcha.service import clock
    from mingcha.service.actions import files
    from mingcha.service.actions.acting import VISITOR, Doing, perform
    from mingcha.service.models import Claim
    from tests.service.test_story import run_job

    ownerless(firm)
    row = files.keep(
        Doing(VISITOR, clock.now(), "receive"), named(DEMO / "flashlight.apk"), "a.apk", "sample", source="public"
    )
    perform("subject", "add-version", VISITOR, firm.subject, {"sample": row.pk})
    task: Any = perform("task", "plan", VISITOR, None, {"version": firm.subject.versions.get().pk})
    run_job(f"task-{task.pk}")
    firm.newcomer()
    claim = claimed(firm)
    assert proved(firm, claim, key.cms(text(firm, claim))).status_code == 302
    assert (Claim.objects.get().state, roles(firm)) == ("proved", set())


def test_a_name_taken_gets_nobody_another_operator(firm: Any, key: Key) -> None:
    """An owner who claims for an operator that is not his is refused; naming a known operator gives no right in it."""
    firm.case()
    answer = firm.browser("rival").post(
        f"/operator/claims/app/{firm.subject.pk}/", {"operator": firm.office.made.operator.pk}
    )
    assert answer.status_code == 422
    claim = claimed(firm, "rival")
    assert proved(firm, claim, key.cms(text(firm, claim, "rival")), "rival").status_code == 302
    assert firm.office.made.accounts["rival"].grants.filter(operator=firm.office.made.operator).count() == 0


def test_officers_claim_nothing(firm: Any) -> None:
    """An account of the authority, an administrator, an auditor and a store are refused."""
    for who in ("handler", "admin", "auditor", "store1"):
        assert firm.browser(who).post(f"/operator/claims/app/{firm.subject.pk}/", {"name": "x"}).status_code == 422


def test_an_account_is_opened_after_work_and_may_only_claim(firm: Any) -> None:
    """Without proof of work no account is made; with it the account has no role, sees its claims and no operator's page."""
    from mingcha.service.intake import work
    from mingcha.service.models import Account

    browser = firm.browser()
    sent = {"username": "fresh", "password": "long-enough-7781", "title": "法务"}
    assert browser.post("/operator/open/", sent).status_code == 422
    assert not Account.objects.filter(username="fresh").exists()
    task = (
        browser.get("/operator/open/").content.decode().partition('name="work_challenge" value="')[2].partition('"')[0]
    )
    difficulty = int(task.split(".")[3])
    solution = next(str(one) for one in itertools.count() if work.is_solution(task, str(one), difficulty))
    answer = browser.post("/operator/open/", sent | {"work_challenge": task, "work_nonce": solution})
    assert answer.status_code == 302, answer.content.decode()
    account = Account.objects.get(username="fresh")
    assert (account.state, account.grants.count()) == ("active", 0)
    firm.office.made.accounts["fresh"] = account
    fresh = firm.browser("fresh")
    assert fresh.get("/operator/claims/").status_code == fresh.get("/en/operator/claims/").status_code == 200
    assert fresh.get("/operator/").status_code == 403


def test_pages_of_claims_speak_both_languages(firm: Any) -> None:
    """Search, claim and challenge are there in Chinese and in English; somebody who is not signed in is sent to sign in."""
    firm.newcomer()
    claim = claimed(firm)
    browser = firm.browser("newcomer")
    for prefix, word in (("", "更换验证文本"), ("/en", "New challenge")):
        assert word in browser.get(f"{prefix}/operator/claims/{claim.pk}/").content.decode()
        assert "演示手电筒" in browser.get(f"{prefix}/operator/claims/?q=手电").content.decode()
    assert firm.browser().get("/operator/claims/").status_code == 302
