"""The command line: what it prints, writes and returns."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from mingcha.cli import main

DEMO = Path(__file__).parent.parent.parent / "demo"
APK, POLICY = str(DEMO / "flashlight.apk"), str(DEMO / "policy.html")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("r") / "report.json"
    assert run("inspect", APK, "--policy", POLICY, "--type", "38", "--form", "json", "-o", path).exit_code == 1
    return path


def test_default_is_a_readable_summary() -> None:
    """Without options the terminal gets a short text that names the app and what is suspected; exit code 1."""
    done = run("inspect", APK, "--policy", POLICY, "--type", "实用工具类")
    assert done.exit_code == 1
    assert "极亮手电筒" in done.stdout
    assert "疑似违反" in done.stdout
    assert len(done.stdout.split("\n")) < 120


def test_the_json_has_the_promised_shape(report: Path) -> None:
    """format, tool, case, verdicts with clause, outcome and trace, facts with kind and place, covered, gaps."""
    read = json.loads(report.read_text("utf-8"))
    assert {"format", "tool", "case", "verdicts", "facts", "covered", "gaps"} <= set(read)
    assert len(read["verdicts"]) == 31
    assert {v["outcome"] for v in read["verdicts"]} <= {"breached", "met", "not determined", "not applicable"}
    assert all({"clause", "outcome", "trace"} <= set(v) for v in read["verdicts"])
    assert all({"sha256", "path", "at", "quote"} <= set(f["place"]) and f["kind"] for f in read["facts"])
    assert all({"collector", "reason", "hides"} <= set(g) for g in read["gaps"])


def test_stages(tmp_path: Path, report: Path) -> None:
    """collect, judge and report in turn give what inspect gives."""
    facts, judged = tmp_path / "facts.json", tmp_path / "judged.json"
    assert run("collect", APK, "--policy", POLICY, "--type", "38", "-o", facts).exit_code == 0
    assert run("judge", facts, "-o", judged).exit_code == 1
    assert judged.read_bytes() == report.read_bytes()
    assert run("report", judged, "--for", "public").stdout_bytes.decode().count("\n") > 5


def test_questions_come_back_as_answers(tmp_path: Path, report: Path) -> None:
    """The sheet is YAML; filled in and given back, it decides what was open."""
    sheet = tmp_path / "answers.yaml"
    assert run("questions", report, "-o", sheet).exit_code == 0
    read = yaml.safe_load(sheet.read_text("utf-8"))
    row = next(r for r in read["answers"] if r["question"] == "taps_to_policy")
    row["answer"] = 6
    sheet.write_text(yaml.safe_dump(read, allow_unicode=True), "utf-8")
    done = run("inspect", APK, "--policy", POLICY, "--answers", sheet, "--form", "json")
    outcomes = {v["clause"]: v["outcome"] for v in json.loads(done.stdout)["verdicts"]}
    assert outcomes["idm-2019/1.3"] == "breached"


def test_exit_codes(tmp_path: Path) -> None:
    """0 nothing breached, 2 wrong use, 3 nothing could be read, 4 left open with --complete."""
    fixed = DEMO / "flashlight-fixed.apk"
    assert run("inspect", fixed).exit_code == 0
    assert run("inspect", fixed, "--complete").exit_code == 4
    assert run("inspect", tmp_path / "none.apk").exit_code == 2
    assert run("inspect").exit_code == 2
    broken = tmp_path / "broken.apk"
    broken.write_bytes(b"PK\x03\x04" + b"\0" * 40)
    assert run("inspect", broken).exit_code == 3


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("inspect", APK, "--type", "40"), "1 to 39"), (("inspect", APK, "--on", "yesterday"), "2024-05-31"),
        (("judge", APK), "Mingcha file"), (("report", POLICY), "Mingcha file"), (("judge", "none.json"), "none.json"),
        (("catalogue", "show", "idm-2019/9.9"), "idm-2019/9.9"), (("inspect", APK, "-o", "/nowhere/x"), "/nowhere/x"),
    ],
)  # fmt: skip
def test_errors_are_one_line_that_helps(arguments: tuple[str, ...], word: str) -> None:
    """Wrong use ends with exit code 2 and one line, never a traceback."""
    done = run(*arguments)
    assert done.exit_code == 2
    assert word in done.output
    assert "Traceback" not in done.output
    assert len(done.output.strip().split("\n")) <= 4


def test_baseline(tmp_path: Path, report: Path) -> None:
    """A baseline with reasons makes the run pass; without a reason it is refused; past its day it does not count."""
    accepted = tmp_path / "accepted.yaml"
    assert run("baseline", report, "--until", "2026-12-31", "-o", accepted).exit_code == 0
    inspect = ("inspect", APK, "--policy", POLICY, "--type", "38", "--baseline", accepted)
    assert run(*inspect, "--on", "2026-06-01").exit_code == 2
    accepted.write_text(accepted.read_text("utf-8").replace("reason: ''", "reason: 计划下一版修复"), "utf-8")
    assert run(*inspect, "--on", "2026-06-01").exit_code == 0
    assert run(*inspect, "--on", "2027-06-01").exit_code == 1


@pytest.mark.parametrize("form", ["text", "html", "json", "sarif", "csv", "pdf"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_form_and_language(tmp_path: Path, report: Path, form: str, lang: str) -> None:
    """A report can be shown in every form and language for every reader."""
    for reader in ("operator", "regulator", "public"):
        page = tmp_path / f"{reader}.{form}"
        assert run("report", report, "--for", reader, "--form", form, "--lang", lang, "-o", page).exit_code == 0
        assert page.stat().st_size > 500


def test_compare(tmp_path: Path, report: Path) -> None:
    """Comparing the demo with its twin tells which verdicts changed and which permissions went."""
    fixed = tmp_path / "fixed.json"
    run("inspect", DEMO / "flashlight-fixed.apk", "--policy", DEMO / "policy-fixed.html", "--form", "json", "-o", fixed)
    text = run("compare", report, fixed).stdout
    assert "4.6" in text
    assert "READ_CONTACTS" in text
    read = json.loads(run("compare", report, fixed, "--form", "json").stdout)
    assert any(f.get("permission") == "android.permission.READ_CONTACTS" for f in read["gone"])


def test_catalogue() -> None:
    """Clauses, SDKs and types are listed; one is shown with its text and label; the check passes."""
    assert run("catalogue", "list").stdout.count("idm-2019/") == 31
    assert "umeng-analytics" in run("catalogue", "list", "sdks").stdout
    assert "实用工具类" in run("catalogue", "list", "types").stdout
    shown = run("catalogue", "show", "idm-2019/3.1").stdout
    assert "征得用户同意前" in shown
    assert "[V]" in shown
    assert run("catalogue", "check").exit_code == 0


def test_help_has_examples() -> None:
    """Every command that takes files shows an example."""
    for command in ("inspect", "collect", "judge", "report", "questions", "compare", "baseline"):
        assert "Example" in run(command, "--help").output


def test_policy_fetch_refuses_this_machine(tmp_path: Path) -> None:
    """The command tells in one line why an address is not asked, exits 2 and writes nothing."""
    done = CliRunner().invoke(main, ["policy", "fetch", "http://127.0.0.1/", "-o", str(tmp_path / "new")])
    assert done.exit_code == 2
    assert "not a public address" in done.output
    assert list((tmp_path / "new").iterdir()) == []


def test_policy_draft_writes_the_lists_in_the_form_of_the_name(tmp_path: Path) -> None:
    """Markdown by default, CSV with a byte order mark for spreadsheets; a report does as well as an app."""
    report = tmp_path / "r.json"
    CliRunner().invoke(main, ["inspect", str(DEMO / "flashlight.apk"), "--flows", "none", "-o", str(report)])
    done = CliRunner().invoke(main, ["policy", "draft", str(report), "-o", str(tmp_path / "x.md")])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "x.md").read_text("utf-8").startswith("# ")
    assert CliRunner().invoke(main, ["policy", "draft", str(report), "-o", str(tmp_path / "x.csv")]).exit_code == 0
    assert (tmp_path / "x.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_the_name_of_the_output_tells_the_form(tmp_path: Path) -> None:
    """``-o page.html`` is a page without saying ``--form html``; ``--form`` outweighs the name."""
    policy = str(DEMO / "policy.html")
    CliRunner().invoke(main, ["inspect", policy, "-o", str(tmp_path / "page.html")])
    assert (tmp_path / "page.html").read_bytes().lower().startswith(b"<!doctype html>")
    CliRunner().invoke(main, ["inspect", policy, "--form", "json", "-o", str(tmp_path / "other.html")])
    assert (tmp_path / "other.html").read_bytes().startswith(b"{")


def test_rules_choose_the_sets_to_judge_by(tmp_path: Path) -> None:
    """Commas and repetition both name sets; an unknown one is refused with the names there are."""
    policy = str(DEMO / "policy.html")
    CliRunner().invoke(main, ["inspect", policy, "--rules", "idm-2019,pipl-2021", "-o", str(tmp_path / "r.json")])
    judged = json.loads((tmp_path / "r.json").read_text("utf-8"))["regulations"]
    assert judged == ["idm-2019", "pipl-2021"]
    done = CliRunner().invoke(main, ["inspect", policy, "--rules", "no-such"])
    assert done.exit_code == 2
    assert "tc260-sa-2020" in done.output


def test_the_package_runs_as_a_module() -> None:
    """``python -m mingcha`` is the same command."""
    done = subprocess.run([sys.executable, "-m", "mingcha", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("mingcha, version")
