"""The committed demo APKs hold what demo/truth.yaml says, as aapt and dexdump (not our readers) see it."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from mingcha.catalogue.load import load

DEMO = Path(__file__).resolve().parents[3] / "demo"
TRUTH: dict[str, Any] = yaml.safe_load((DEMO / "truth.yaml").read_text(encoding="utf-8"))
BOTH = [pytest.param(TRUTH["app"], id="app"), pytest.param(TRUTH["twin"], id="twin")]
COUNTS = (4, 4, 9, 6, 3, 5)
ITEMS = {f"idm-2019/{c}.{n}" for c, count in enumerate(COUNTS, start=1) for n in range(1, count + 1)}

WATCHED = re.compile(
    r"Landroid/telephony/.*"
    r"|Landroid/provider/Settings\$\w+;->get\w+\(.*"
    r"|Landroid/content/ContentResolver;->query\(.*"
    r"|Landroid/content/pm/PackageManager;->.*"
    r"|Landroid/location/Location\w*;->(get|request)\w+\(.*"
    r"|Landroid/content/ClipboardManager;->.*"
    r"|Landroid/hardware/.*;->open\w*\(.*"
    r"|Landroid/os/Build;->.*"
    r"|Landroid/accounts/.*"
    r"|Landroid/media/.*"
    r"|Landroid/net/wifi/.*"
)
"""Members of the framework that can hand out personal information, far more than the demo should use."""


HEADER = re.compile(r"[0-9a-f]+:\s+\|\[[0-9a-f]+\] (\S+)\.([^.:]+):(\S+)$")
STEP = re.compile(r"([0-9a-f]+): .*\|[0-9a-f]+: (?:invoke|sget)\S* .*?, (\S+;)\.(\S+?):(\S+) //")


def _tool(*command: str) -> str:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    return subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8").stdout


def _sites(dump: str) -> Iterator[tuple[str, str, int]]:
    """(caller, callee, offset in the file) of every call and static field read in ``dexdump -d``."""
    caller = ""
    for line in dump.splitlines():
        if start := HEADER.match(line):
            caller = f"L{start[1].replace('.', '/')};->{start[2]}{start[3]}"
        elif step := STEP.match(line):
            joint = "" if step[4].startswith("(") else ":"
            yield caller, f"{step[2]}->{step[3]}{joint}{step[4]}", int(step[1], 16)


def _dumped(app: dict[str, Any], folder: Path) -> list[tuple[str, str, int]]:
    """`_sites` of one of the two apps."""
    with zipfile.ZipFile(DEMO / app["file"]) as archive:
        archive.extract("classes.dex", folder)
    return list(_sites(_tool("dexdump", "-d", str(folder / "classes.dex"))))


def test_each_item_is_planted_once() -> None:
    """The two lists name items of the Method, none of them twice, and the first has about ten."""
    named = [row["clause"] for key in ("breached", "not_determined_with_hint") for row in TRUTH[key]]
    assert set(named) <= ITEMS
    assert len(set(named)) == len(named)
    assert 10 <= len(TRUTH["breached"]) <= 12
    assert TRUTH["twin"]["breached"] == []


def test_every_planted_item_is_marked_in_the_sources() -> None:
    """Whatever is planted in code or screens bears the mark PLANTED with its number, nothing else does."""
    sources = [p for p in (DEMO / "flashlight").rglob("*") if p.suffix in {".java", ".xml"}]
    lines = [line for p in sources for line in p.read_text(encoding="utf-8").splitlines()]
    marks = [line for line in lines if "PLANTED" in line]
    marked = {f"idm-2019/{n}" for line in marks for n in re.findall(r"\b([1-6]\.\d)\b", line)}
    in_the_policy_alone = {"idm-2019/6.3", "idm-2019/6.5"}
    by_the_sdks = {"idm-2019/2.1"}
    named = {row["clause"] for key in ("breached", "not_determined_with_hint") for row in TRUTH[key]}
    assert marked == named - in_the_policy_alone - by_the_sdks


@pytest.mark.parametrize("app", BOTH)
def test_aapt_sees_the_declared_app(app: dict[str, Any]) -> None:
    """Package, versions, SDK levels and both labels are those of the truth."""
    badging = _tool("aapt", "dump", "badging", str(DEMO / app["file"]))
    version = f"versionCode='{app['version_code']}' versionName='{app['version_name']}'"
    assert badging.startswith(f"package: name='{app['package']}' {version}")
    assert f"\nsdkVersion:'{app['min_sdk']}'\ntargetSdkVersion:'{app['target_sdk']}'\n" in badging
    assert f"\napplication-label:'{app['label']}'\napplication-label-en:'{app['label_en']}'\n" in badging


@pytest.mark.parametrize(("app", "expected"), [(TRUTH["app"], TRUTH), (TRUTH["twin"], TRUTH["twin"])])
def test_aapt_sees_the_permissions(app: dict[str, Any], expected: dict[str, Any]) -> None:
    """The permissions asked for are exactly the listed ones, in their order."""
    listing = _tool("aapt", "dump", "permissions", str(DEMO / app["file"]))
    wanted = [row["permission"] for row in expected["facts_expected"]["permissions"]]
    assert re.findall(r"^uses-permission: name='([^']+)'", listing, re.MULTILINE) == wanted


@pytest.mark.parametrize(("app", "expected"), [(TRUTH["app"], TRUTH), (TRUTH["twin"], TRUTH["twin"])])
def test_dexdump_sees_the_calls(app: dict[str, Any], expected: dict[str, Any], tmp_path: Path) -> None:
    """Calls of members that can hand out information are exactly the listed ones, at the listed bytes."""
    found = _dumped(app, tmp_path)
    facts = expected["facts_expected"]
    rows = facts["calls"] + facts.get("noisy", [])
    wanted = [(row["caller"], row["callee"], row["at"]) for row in rows]
    assert len(found) > 50
    assert sorted(site for site in found if WATCHED.fullmatch(site[1])) == sorted(wanted)


def test_dexdump_sees_both_ends_of_the_flows(tmp_path: Path) -> None:
    """The calls that obtain a value and those by which it leaves stand at the listed bytes, in the listed method."""
    found = _dumped(TRUTH["app"], tmp_path)
    obtained = {(callee, at) for _, callee, at in found}
    for row in TRUTH["facts_expected"]["flows"] + TRUTH["facts_expected"]["noisy_flows"]:
        assert (row["caller"], row["sink"], row["at"]) in found
        assert row["from"]
        assert {(start["call"], start["at"]) for start in row["from"]} <= obtained


def test_ways_are_calls_that_dexdump_sees(tmp_path: Path) -> None:
    """Every method of a listed way is in the code; what is planted as unreached nobody calls."""
    found = _dumped(TRUTH["app"], tmp_path)
    callers, callees = {caller for caller, _, _ in found}, {callee for _, callee, _ in found}
    rows = TRUTH["facts_expected"]["calls"]
    assert {method for row in rows for method in row["through"]} <= callers
    assert {row["reach"] for row in rows} == {"startup", "user-act", "consent-gated", "unreached"}
    assert not {row["caller"] for row in rows if row["reach"] == "unreached"} & callees


def test_android_enters_where_planted() -> None:
    """The manifest has the provider, and the layout names the method that the light's button calls."""
    apk = str(DEMO / TRUTH["app"]["file"])
    manifest = _tool("aapt", "dump", "xmltree", apk, "AndroidManifest.xml")
    assert re.search(r'E: provider .*\n +A: android:name\(\w+\)="\.StartProvider"', manifest)
    layout = _tool("aapt", "dump", "xmltree", apk, "res/layout/main.xml")
    assert re.findall(r'android:onClick\(\w+\)="(\w+)"', layout) == ["toggleLight"]


def test_the_twin_posts_and_hashes_nothing(tmp_path: Path) -> None:
    """No network, hash, log or setter of an identifier is called in the twin; its SDK starts in two places, both listed."""
    found = _dumped(TRUTH["twin"], tmp_path)
    assert not [
        site for site in found if re.match(r"L(java/net|java/security|javax|android/util/Log|org/json)\b", site[1])
    ]
    assert not [site for site in found if "setUserId" in site[1]]
    prefix = "Lcn/mingcha/demo/flashlight/"
    starts = {caller for caller, callee, _ in found if callee.startswith(f"{prefix}CrashReports;->start")}
    agreed = f"{prefix}MainActivity$5;->onClick(Landroid/content/DialogInterface;I)V"
    assert starts == {f"{prefix}FlashlightApplication;->onCreate()V", agreed}


def test_the_twin_box_is_empty_and_the_other_ticked() -> None:
    """As first shown, the agree box of the app is ticked and that of its twin is not."""
    ticked = {}
    for app in (TRUTH["app"], TRUTH["twin"]):
        tree = _tool("aapt", "dump", "xmltree", str(DEMO / app["file"]), "res/layout/dialog_consent.xml")
        ticked[app["file"]] = re.findall(r"android:checked\(\w+\)=\(type 0x12\)(\w+)", tree)
    assert ticked == {"flashlight.apk": ["0xffffffff"], "flashlight-fixed.apk": ["0x0"]}


@pytest.mark.parametrize("app", BOTH)
def test_the_policy_beside_the_app_is_the_policy_inside(app: dict[str, Any]) -> None:
    """What users read in the app is the file that is inspected."""
    with zipfile.ZipFile(DEMO / app["file"]) as archive:
        assert archive.read("assets/privacy.html") == (DEMO / app["policy"]).read_bytes()
        assert sum(member.file_size for member in archive.infolist()) < 200_000


@pytest.mark.parametrize("app", BOTH)
def test_apksigner_accepts_the_signature(app: dict[str, Any]) -> None:
    """Both are signed by the same public demo key, under the schemes v1, v2 and v3."""
    said = _tool("apksigner", "verify", "--verbose", "--print-certs", str(DEMO / app["file"]))
    assert re.findall(r"^Verified using v([123]) scheme .*: true$", said, re.MULTILINE) == ["1", "2", "3"]
    assert "CN=Mingcha demo (public key without value)" in said


@pytest.mark.parametrize("app", BOTH)
def test_each_answer_answers_a_question_once(app: dict[str, Any]) -> None:
    """Every answer names a question of its clause, about a subject where one is asked for, and none answers it twice."""
    catalogue = load()
    rows = yaml.safe_load((DEMO / app["answers"]).read_text(encoding="utf-8"))["answers"]
    keys = [(row["clause"], row["question"], row.get("about")) for row in rows]
    assert len(set(keys)) == len(keys)
    for clause, question, about in keys:
        found = catalogue.clause(clause)
        assert question in {known.id for known in found.questions}
        assert (about is not None) == (f"question='{question}', about='$" in repr(found.breached_when))


def test_answered_items_are_answered() -> None:
    """Whatever the truth says a person decides has an answer, and what files decide alone has none that accuses."""
    rows = yaml.safe_load((DEMO / "answers.yaml").read_text(encoding="utf-8"))["answers"]
    answered = {row["clause"] for row in rows}
    wanted = {row["clause"] for row in TRUTH["breached"] if row["answered"]}
    open_ones = {row["clause"] for row in TRUTH["not_determined_with_hint"]}
    assert wanted <= answered
    assert not open_ones & answered
    alone = {row["clause"] for row in TRUTH["breached"] if not row["answered"]}
    assert not [row for row in rows if row["clause"] in alone and row["answer"] is True]
