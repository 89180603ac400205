"""What an installation may be told, and what must not get past a name, a number or a path."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from mingcha.errors import UsageError
from mingcha.service.configuration import MODES, configuration


def test_only_a_test_may_move_the_clock() -> None:
    """The setting that moves the legal clock is refused in every mode but `test`, also in the one that is meant when none is named."""
    moved = {"MINGCHA_TEST_CLOCK": "/tmp/clock"}
    for mode in set(MODES) - {"test"}:
        with pytest.raises(UsageError):
            configuration({"MINGCHA_MODE": mode, **moved})
    with pytest.raises(UsageError):
        configuration(moved)
    assert configuration({"MINGCHA_MODE": "test", **moved}).clock is not None


PATHS = (
    "/static/../settings.py", "/static/%2e%2e/settings.py", "/static/..%2f..%2fkeys/vault", "/static//etc/passwd", "/static/%00mark.svg",
    "/verify/..%2f..%2fkeys%2fvault/", "/verify/x/../../../keys/vault", "/app/..%2f1/", "/app/1/report/1.../../x", "/inspect/upload/..%2f..%2fkeys/",
    "/uploads/..%2fkeys/status", "/inspect/..%2f..%2fdb.sqlite3/", "/mine/..%2fpackage.zip", "/desk/evidence/..%2f1/", "/desk/documents/..%2f1.pdf",
)  # fmt: skip


def test_no_path_leads_out_of_the_store(office: Any) -> None:
    """T1: no address with dots, encoded slashes or zeros gives a file: none answers 200, none holds a key or a source line of ours."""
    from django.conf import settings
    from django.test import Client

    secret = settings.CONFIGURATION.secret("vault")
    client = Client(SERVER_NAME="127.0.0.1")
    for path in PATHS:
        answer = client.generic("GET", path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code in (301, 302, 400, 403, 404, 405), path
        assert secret.encode() not in body
        assert b"SECRET_KEY" not in body


def test_a_file_is_named_by_its_hash_alone(office: Any) -> None:
    """T1: whatever a sender calls a file, the store names it itself, a digest that is none is refused, and nothing lies outside."""
    from django.conf import settings

    from mingcha.service import clock
    from mingcha.service.actions import files
    from mingcha.service.actions.acting import Doing
    from mingcha.service.intake.refusals import IntakeError
    from mingcha.service.shelf import shelf

    before = {one for one in settings.DATA.rglob("*") if "evidence" not in one.parts}
    for name in (
        "../../escaped",
        "/etc/escaped",
        "..\\escaped",
        "C:\\escaped",
        "a\0b",
        "\N{RIGHT-TO-LEFT OVERRIDE}gpj.exe",
    ):
        row = files.keep(
            Doing(office.doer("handler"), clock.now(), "receive"),
            io.BytesIO(name.encode()),
            name.replace("\0", ""),
            "other",
        )
        assert shelf().path(row.sha256).is_relative_to(settings.DATA / "evidence")
    assert {one for one in settings.DATA.rglob("*") if "evidence" not in one.parts} == before
    for digest in ("../../keys/vault", "a" * 63, "A" * 64, "..", "", "a" * 64 + "/"):
        with pytest.raises(IntakeError):
            shelf().open(digest)


def test_a_package_holds_plain_names_only(office: Any) -> None:
    """T1: evidence handed in under a path is exported under a plain name inside the package's own folder."""
    from mingcha.service import packages
    from mingcha.service.clock import now
    from mingcha.service.models import Evidence
    from tests.service.drills import world

    (case,) = world.cases(office.made, 1, "findings-review", now(), [office.made.accounts["handler"]])
    version = office.version("handler", "flashlight.apk", "policy.html", "answers.yaml")
    Evidence.objects.filter(pk=version.sample_id).update(name="../../../etc/cron.d/evil\\x:y")
    case.tasks.create(subject=office.subject, version=version, purpose="first", planned=now())
    names = zipfile.ZipFile(io.BytesIO(packages.of_case(case))).namelist()
    assert any("evil" in name for name in names)
    assert len({name.partition("/")[0] for name in names}) == 1
    for name in names:
        assert not name.startswith("/")
        assert "\\" not in name
        assert ".." not in name.split("/")
