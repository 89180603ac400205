"""Opening a case, telling kinds by content, and the sequence of stages."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

import mingcha
from mingcha.catalogue.load import load
from mingcha.errors import RecordError, UsageError
from mingcha.inspection import collect_facts, judge_facts, open_case
from mingcha.model.report import decode_facts, decode_report, encode

DEMO = Path(__file__).parent.parent.parent / "demo"
APK, POLICY = DEMO / "flashlight.apk", DEMO / "policy.html"


def zipped(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return made.getvalue()


def test_kinds_are_told_by_content(tmp_path: Path) -> None:
    """A renamed APK is an APK and a renamed policy a policy."""
    app, text = tmp_path / "policy.txt", tmp_path / "app.apk"
    app.write_bytes(APK.read_bytes())
    text.write_bytes(POLICY.read_bytes())
    assert sorted(a.kind for a in open_case([app, text]).case.artefacts) == ["apk", "policy"]


@pytest.mark.parametrize(
    ("members", "word"),
    [
        (("BundleConfig.pb", "base/manifest/AndroidManifest.xml"), "App Bundle"),
        (("Payload/X.app/Info.plist",), "iOS"),
        (("module.json", "ets/modules.abc"), "HarmonyOS"),
        (("app-service.js", "app-config.json"), "mini program"),
        (("readme.txt",), "ZIP archive without an app"),
    ],
)
def test_other_packages_are_answered_in_one_line(tmp_path: Path, members: tuple[str, ...], word: str) -> None:
    """AAB, IPA, HAP, mini programs and plain archives are recognised and refused by name."""
    path = tmp_path / "package"
    path.write_bytes(zipped(*members))
    with pytest.raises(UsageError, match=word) as caught:
        open_case([path])
    assert "\n" not in str(caught.value)


def test_missing_and_empty_files(tmp_path: Path) -> None:
    """A file that is not there is an error; an empty one is a text without anything in it."""
    with pytest.raises(UsageError, match=r"nothing\.apk"):
        open_case([tmp_path / "nothing.apk"])
    with pytest.raises(UsageError, match="nothing to inspect"):
        open_case([])


def test_a_broken_package_is_a_case_with_gaps(tmp_path: Path) -> None:
    """Half an APK is no crash and no clean result: every kind it could show is under a gap."""
    path = tmp_path / "half.apk"
    path.write_bytes(APK.read_bytes()[:20000])
    report = mingcha.inspect(open_case([path]), strict=True)
    assert {v.outcome for v in report.verdicts} == {"not determined"}
    assert any(gap.reason == "unreadable" and "SensitiveCall" in gap.hides for gap in report.gaps)


def test_a_policy_alone_is_a_case() -> None:
    """A policy without an app is judged as far as it goes: its own promises can be breached."""
    report = mingcha.inspect(open_case([POLICY]), strict=True)
    assert {v.clause for v in report.verdicts if v.outcome == "breached"} == {"idm-2019/6.3", "idm-2019/6.5"}


def test_stages_alone_give_the_same_report() -> None:
    """Facts written, read back and judged are the report that inspect gives."""
    opened = open_case([APK], policy=[POLICY], type=38)
    facts = decode_facts(encode(collect_facts(opened, load(), strict=True)))
    assert encode(judge_facts(facts, load())) == encode(mingcha.inspect(opened))


def test_a_report_reads_back_whole() -> None:
    """A report is a fixed point of writing and reading; facts are no report."""
    opened = open_case([APK], type=38)
    report = mingcha.inspect(opened)
    assert decode_report(encode(report)) == report
    with pytest.raises(RecordError, match="not judged"):
        decode_report(encode(collect_facts(opened, load())))


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"format": 99}', b'{"format": 1}', b"\x00", b"[" * 5000])
def test_other_json_is_refused(data: bytes) -> None:
    """What is no file of ours, or of a newer format, is one line."""
    with pytest.raises(RecordError) as caught:
        decode_facts(data)
    assert "\n" not in str(caught.value)


def test_the_day_of_the_conduct_chooses_the_rules() -> None:
    """Before its day a regulation does not judge."""
    opened = open_case([APK], on="2019-01-01")
    with pytest.raises(RecordError, match="2019-01-01"):
        mingcha.inspect(opened)
    assert "idm-2019" in mingcha.inspect(open_case([APK], on="2019-11-28")).regulations


def test_previous_report_shows_what_changed(tmp_path: Path) -> None:
    """Against the older version's report the twin shows permissions and SDKs gone."""
    older = tmp_path / "older.json"
    older.write_bytes(encode(mingcha.inspect(open_case([APK]))))
    report = mingcha.inspect(open_case([DEMO / "flashlight-fixed.apk"], previous=older))
    changes = {(f.what, f.value, f.change) for f in report.facts if type(f).__name__ == "VersionChange"}  # type: ignore[attr-defined]
    assert ("permission", "android.permission.READ_CONTACTS", "removed") in changes
    assert ("sdk", "umeng-analytics", "removed") in changes


def test_public_names() -> None:
    """The library's face is these two functions."""
    assert mingcha.__all__ == ["inspect", "open_case"]


def test_two_apps_are_not_one_case(tmp_path: Path) -> None:
    """Two versions, or two apps, in one case are refused: their manifests must not be put together."""
    with pytest.raises(UsageError, match="one at a time"):
        mingcha.inspect(open_case([APK, DEMO / "flashlight-fixed.apk"]))


def test_answers_about_another_version_are_refused(tmp_path: Path) -> None:
    """A sheet names the app it was written for; it says nothing of another."""
    sheet = tmp_path / "answers.yaml"
    sheet.write_text("app: {package: cn.mingcha.demo.flashlight, version_code: 20}\nanswers: []\n", "utf-8")
    mingcha.inspect(open_case([DEMO / "flashlight-fixed.apk"], answers=sheet))
    with pytest.raises(UsageError, match="written for 20"):
        mingcha.inspect(open_case([APK], answers=sheet))


def test_answers_count_however_they_are_handed_in() -> None:
    """An answers file named beside the app is read like one named by option."""
    by_option = mingcha.inspect(open_case([APK], answers=DEMO / "answers.yaml"))
    assert encode(mingcha.inspect(open_case([APK, DEMO / "answers.yaml"]))) == encode(by_option)
    assert by_option.answers
