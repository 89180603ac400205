"""Every reader, language and form can be asked of any report, and the answer depends on the report alone."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import get_args

import msgspec
import pytest

from mingcha.model.artefact import Case
from mingcha.model.clause import Language, Reader
from mingcha.model.factbase import Gap
from mingcha.model.report import decode_report, encode
from mingcha.model.verdict import Verdict
from mingcha.render import Form, render
from tests.unit.render import sample

READERS: tuple[Reader, ...] = get_args(Reader)
FORMS: tuple[Form, ...] = get_args(Form)
LANGUAGES: tuple[Language, ...] = get_args(Language)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_same_report_gives_the_same_bytes(reader: Reader, form: Form, lang: Language) -> None:
    """A report read back from its own JSON renders to exactly the same bytes."""
    report = sample.report(sample.FACTS + sample.SENT + sample.WAYS)
    again = decode_report(encode(report))
    first = render(report, sample.catalogue(), reader, form, lang)
    assert first == render(again, sample.catalogue(), reader, form, lang)
    assert len(first) > 500


def test_another_process_gives_the_same_bytes() -> None:
    """Neither the seed of string hashes nor the process changes a byte, in HTML and in PDF."""
    code = (
        "import hashlib; from tests.unit.render import sample; from mingcha.render import render\n"
        "r, c = sample.report(sample.FACTS + sample.SENT + sample.WAYS), sample.catalogue()\n"
        "for form in ('html', 'pdf', 'sarif'):\n"
        "    print(hashlib.sha256(render(r, c, 'regulator', form, 'zh')).hexdigest())\n"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
    assert len(outputs.pop().split()) == 3


def test_json_is_the_report_itself() -> None:
    """The JSON form is the report as the store writes it, for every reader."""
    report = sample.report()
    assert {render(report, sample.catalogue(), reader, "json") for reader in READERS} == {encode(report)}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("form", FORMS)
def test_an_empty_report_renders(reader: Reader, form: Form) -> None:
    """A case without artefacts, facts and answers has a page that says that nothing came out as found or in order."""
    report = sample.report(facts=(), gaps=(), answers=(), case=Case())
    assert render(report, sample.catalogue(), reader, form)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("form", FORMS)
def test_names_the_catalogue_lacks_do_not_stop_a_page(reader: Reader, form: Form) -> None:
    """Unknown clauses, regulations, SDKs, information, permissions, artefacts and gap codes are shown by their ids."""
    facts = (
        *sample.FACTS,
        sample.fact("SdkPresent", sdk="no-such-sdk", score=2, signals=["x"], sha256="f" * 64),
        sample.call(4, "no.such.type", "not smali", "neither", "no-such-sdk", "startup"),
        sample.fact("PermissionDeclared", permission="com.example.OWN", information=["no.such.type"]),
    )
    gaps = (Gap(collector="x", reason="defect", hides=("NoSuchKind",), code="no.such.code", values={"a": "b"}),)
    report = sample.report(facts, gaps)
    stranger = Verdict(clause="other-2030/9.9", outcome="breached", trace=None)
    report = msgspec.structs.replace(
        report, verdicts=(*report.verdicts, stranger), regulations=("idm-2019", "other-2030")
    )
    assert render(report, sample.catalogue(), reader, form)
