"""What the numbers of a survey mean: what counts as one app, what was read and what was not, and what the public may be told."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
import pytest

pytest.importorskip("duckdb")

from mingcha.errors import UsageError
from mingcha.model.artefact import App, Artefact, Case, Place
from mingcha.model.fact import Fact, PermissionDeclared, PolicyParagraph, SdkPresent, SensitiveCall
from mingcha.model.factbase import FactBase
from mingcha.model.report import FORMAT, Report, Tool
from mingcha.model.verdict import Trace, Verdict
from mingcha.survey import asking, index, running
from mingcha.survey.comparing import compared
from mingcha.survey.dataset import Dataset
from mingcha.survey.examine import examine
from mingcha.survey.keeping import record_of
from mingcha.survey.leads import leads
from mingcha.survey.rows import Item, Plan, Record, Told
from mingcha.survey.site import gathering
from mingcha.survey.sources import items
from tests.build import surveys, tinyapp
from tests.build.surveys import POLICY

DEMO = Path(POLICY).parent
PLAN = surveys.plan(2 << 30, 300)
CLAUSE = "idm-2019/3.9"
LOST = "<html><head><title>404</title></head><body><h1>页面不存在</h1><p>您访问的页面不存在或者已经被删除，请返回首页。</p></body></html>"
_AT = Place(sha256="0" * 64, path="classes.dex")


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """An app as if it had been examined."""

    name: str
    package: str = "cn.example.app"
    version: int = 1
    signer: str | None = "signer"
    developer: str | None = None
    category: str | None = None
    facts: tuple[Fact, ...] = ()
    verdicts: tuple[tuple[str, str], ...] = ()

    @property
    def item(self) -> Item:
        """What the source says of it."""
        return Item(name=self.name, app=self.name, developer=self.developer, category=self.category)

    @property
    def key(self) -> str:
        """The key of its examination: the name does not belong to it."""
        return hashlib.sha256(repr(msgspec.structs.replace(self, name="", category=None)).encode()).hexdigest()

    def record(self) -> Record:
        """Its rows, with code that was read."""
        app = App(package=self.package, version_name=str(self.version), version_code=self.version)
        report = Report(
            format=FORMAT,
            tool=Tool(name="mingcha", version="0", catalogue="c"),
            case=Case(artefacts=(_file(self.key),), app=msgspec.structs.replace(app, signer_sha256=self.signer)),
            facts=FactBase.of(self.facts).facts,
            gaps=(),
            regulations=("idm-2019",),
            verdicts=tuple(_verdict(clause, outcome) for clause, outcome in self.verdicts),
        )
        row = record_of(self.key, report, None)
        return msgspec.structs.replace(row, app=msgspec.structs.replace(row.app, dex_bytes=500))


def _file(key: str) -> Artefact:
    return Artefact(sha256=key, kind="apk", name="app.apk", size=1)


def _verdict(clause: str, outcome: str) -> Verdict:
    trace = Trace(word="seen", answer="yes", kind="SensitiveCall") if outcome == "breached" else None
    return Verdict(clause=clause, outcome=outcome, trace=trace)


def _survey(url: Path, *runs: Sequence[Made]) -> str:
    """A dataset of these apps, run by run."""
    for run in runs:
        by_name = {one.name: one for one in run}

        def engine(every: Iterable[Item], _: Plan, url: str, by_name: dict[str, Made] = by_name) -> Iterator[Told]:
            for item in every:
                made = by_name[item.name]
                Dataset(url).spool(made.record())
                yield Told(item=item, key=made.key, outcome="done")

        running.run([one.item for one in run], PLAN, str(url), engine)
    return str(url)


def _here(every: Iterable[Item], plan: Plan, url: str) -> Iterator[Told]:
    for item in every:
        yield examine(item, plan, url)


def _examined(url: Path, listed: Iterable[Item]) -> running.Account:
    """The account of a run that really examines."""
    return running.run(listed, PLAN, str(url), _here)


def _indexed(url: str, question: str) -> list[tuple]:
    with index.opened(url) as made:
        return made.execute(question).fetchall()


def _rows(url: str, question: str, **parameters: str) -> list[tuple]:
    return asking.ask(url, question, parameters).rows


def _permission(*names: str) -> tuple[Fact, ...]:
    return tuple(
        PermissionDeclared(place=_AT, permission=f"android.permission.{name}", dangerous=True, sensitive=True)
        for name in names
    )


def _call(information: str, reach: str = "startup") -> Fact:
    return SensitiveCall(
        place=_AT, interface="x", information=information, owner="app", caller="La;->a()V", callee="Lb;->b()V", reach=reach
    )  # fmt: skip


_BUGLY = SdkPresent(place=_AT, sdk="bugly", score=6, signals=("package x",))


def _key_numbers(url: str) -> dict[str, int | float | None]:
    with index.opened(url) as made:
        return gathering.key_numbers(made)


# --- what counts as one app ------------------------------------------------------------------------------------------------


def test_versions_and_copies_of_an_app_count_once(tmp_path: Path) -> None:
    """Two versions in one run, a file under two names, and an older run's version are one app; of another signer it is another."""
    first = [Made(name="old.apk"), Made(name="copy of old.apk"), Made(name="new.apk", version=2)]
    later = [Made(name="newest.apk", version=3), Made(name="repacked.apk", version=9, signer="somebody else")]
    url = _survey(tmp_path / "ds", first, later)
    assert sorted(_indexed(url, "SELECT version_code, signer FROM app")) == [(3, "signer"), (9, "somebody else")]
    assert _key_numbers(url)["n_apps"] == 2


def test_two_apps_of_one_listed_name_are_both_examined(tmp_path: Path) -> None:
    """They are told apart by their paths; listed twice alike it is one; with other things beside it, that is refused."""
    one, other = surveys.apps(tmp_path, ("one", "other"))
    (tmp_path / "list.csv").write_text(f"name,app\n手电筒,{one.app}\n手电筒,{other.app}\n手电筒,{one.app}\n", "utf-8")
    listed = items([str(tmp_path / "list.csv")])
    assert [item.name for item in listed] == [f"手电筒 ({one.app})", f"手电筒 ({other.app})"]
    assert _examined(tmp_path / "ds", listed).outcomes["done"] == 2
    assert _key_numbers(str(tmp_path / "ds"))["n_apps"] == 2
    (tmp_path / "twice.csv").write_text(f"name,app,type\n手电筒,{one.app},1\n手电筒,{one.app},2\n", "utf-8")
    with pytest.raises(UsageError, match="手电筒: the same app is listed twice"):
        items([str(tmp_path / "twice.csv")])


def test_what_was_refused_stays_failed(tmp_path: Path) -> None:
    """On the second run it is not "known" but failed again, and after a run without it the front page still counts it."""
    (tmp_path / "broken.apk").write_bytes(b"nothing to read here")
    broken = Item(name="broken", app=str(tmp_path / "broken.apk"))
    url = tmp_path / "ds"
    _examined(url, [broken])
    again = _examined(url, [broken])
    assert again.outcomes == {"done": 0, "known": 0, "failed": 1}
    assert again.problems == ["broken: refused before, not tried again"]
    _examined(url, surveys.apps(tmp_path, ("good",)))
    assert _key_numbers(str(url))["n_failed"] == 1


def test_leads_are_of_the_newest_reading(tmp_path: Path) -> None:
    """A mended version takes a lead away, in its place or under another file's name; a suspected one under two names is one."""
    suspected, found = ((CLAUSE, "breached"),), ((CLAUSE, "met"),)
    first = [
        Made(name="in place", package="a", verdicts=suspected),
        Made(name="b-1.apk", package="b", verdicts=suspected),
        Made(name="c-1.apk", package="c", verdicts=found),
    ]
    later = [
        Made(name="in place", package="a", version=2, verdicts=found),
        Made(name="b-2.apk", package="b", version=2, verdicts=found),
        Made(name="c-2.apk", package="c", version=2, verdicts=suspected),
        Made(name="copy of c-2.apk", package="c", version=2, verdicts=suspected),
    ]
    url = _survey(tmp_path / "ds", first, later)
    listed, count = leads(url, CLAUSE, 9, 1)
    assert ([(one.name, one.version) for one in listed], count) == ([("c-2.apk", "2")], 1)
    assert [row[0] for row in _rows(url, "leads", clause=CLAUSE)] == ["c"]


def test_an_app_that_could_not_be_read_is_told_as_not_read(tmp_path: Path) -> None:
    """Where one dataset has an app and the newest of the other could not read its file, the difference says so."""
    (app,) = surveys.apps(tmp_path, ("app",))
    _examined(tmp_path / "before", [app])
    _examined(tmp_path / "after", [app])
    Path(app.app).write_bytes(b"nothing to read here")
    _examined(tmp_path / "after", [app])
    found = compared(str(tmp_path / "before"), str(tmp_path / "after"))
    assert [(one.package, one.before, one.after) for one in found if one.what == "app"] == [
        ("app", None, "not read"),
        ("com.example.a0", "there", None),
    ]


# --- what was read and what was not ----------------------------------------------------------------------------------------


def test_permissions_to_write_send_or_dial_are_never_unused(tmp_path: Path) -> None:
    """No call that reads could show their use; one to read, of which no call is found, is told."""
    silent = _permission(
        "WRITE_CONTACTS", "WRITE_CALENDAR", "WRITE_CALL_LOG", "WRITE_EXTERNAL_STORAGE", "SEND_SMS", "CALL_PHONE"
    )
    url = _survey(tmp_path / "ds", [Made(name="a", facts=(*silent, *_permission("READ_CONTACTS")))])
    assert [row[:4] for row in _rows(url, "over-declared-permissions")] == [
        ("android.permission.READ_CONTACTS", 1, 0, 1)
    ]
    assert _indexed(url, "SELECT count(*) FROM app_permission") == [(7,)]


def test_a_call_uses_every_permission_it_asks_for(tmp_path: Path) -> None:
    """What a location call obtains is had with the coarse permission too, and the names of networks with the fine one."""
    url = _survey(
        tmp_path / "ds",
        [
            Made(name="a", package="a", facts=(_call("loc.precise"), *_permission("ACCESS_COARSE_LOCATION"))),
            Made(name="b", package="b", facts=(_call("dev.ssid"), *_permission("ACCESS_FINE_LOCATION"))),
        ],
    )
    assert _indexed(url, "SELECT package, used FROM app_permission JOIN app USING (app) ORDER BY ALL") == [
        ("a", True),
        ("b", True),
    ]


def test_a_manifest_that_was_not_read_is_not_none_unused(tmp_path: Path) -> None:
    """Of an app whose code was read and whose manifest could not be, nothing is said of its permissions."""
    (app,) = surveys.apps(tmp_path, ("app",))
    whole = _survey_of_one(tmp_path / "whole", app)
    Path(app.app).write_bytes(tinyapp.app([], xml=b"\0\0garbage", strings=("x",)))
    torn = _survey_of_one(tmp_path / "torn", app)
    assert [row[1:5] for url in (whole, torn) for row in _rows(url, "over-declared-by-type")] == [
        (1, 1, 0, 0),
        (1, 0, 0, 1),
    ]
    assert _indexed(torn, "SELECT code_read, manifest_read FROM app") == [(True, False)]


def _survey_of_one(url: Path, app: Item) -> str:
    assert _examined(url, [app]).outcomes["done"] == 1
    return str(url)


def test_code_that_nothing_leads_to_obtains_nothing(tmp_path: Path) -> None:
    """A call in it is no obtaining; one of which it is not known when it runs, is."""
    url = _survey(
        tmp_path / "ds",
        [Made(name="a", facts=(_call("dev.imei", "unreached"), _call("dev.mac", "unknown")))],
    )
    assert [row[:2] for row in _rows(url, "information-types")] == [("dev.mac", 1)]


def test_a_page_that_is_no_policy_names_nothing_and_copies_nobody(tmp_path: Path) -> None:
    """Which SDKs it names is not determined, and two developers who hand it in did not copy; a policy is judged and is copied."""
    (tmp_path / "404.html").write_text(LOST, "utf-8")
    told = {}
    for name, policy in (("lost", str(tmp_path / "404.html")), ("real", POLICY)):
        tiny = surveys.apps(tmp_path, ("one", "other"), (policy,))
        flashlight = Item(name="flashlight", app=str(DEMO / "flashlight.apk"), policy=(policy,))
        listed = [
            msgspec.structs.replace(one, developer=who) for one, who in zip((*tiny, flashlight), "甲乙丙", strict=True)
        ]
        _examined(tmp_path / name, listed)
        url = str(tmp_path / name)
        told[name] = (
            [row[2:5] for row in _rows(url, "sdks-not-named")],
            [row[2:5] for row in _rows(url, "fewer-sdks-named")],
            [row[1:] for row in _rows(url, "copied-policies")],
        )
    assert told["lost"] == ([(0, 0, 1), (0, 0, 1)], [(0, 0, 1)], [])
    assert told["real"] == ([(0, 1, 0), (0, 1, 0)], [(0, 1, 0)], [(3, 3)])


def test_one_developer_does_not_copy_himself(tmp_path: Path) -> None:
    """A developer whom the list names for one app and leaves blank for another of the same signature is one developer."""
    policy = (PolicyParagraph(place=Place(sha256="1" * 64, at=1, unit="paragraph"), text="同一篇政策"),)
    own = [
        Made(name="a", package="a", developer="甲公司", facts=policy),
        Made(name="b", package="b", developer=None, facts=policy),
    ]
    assert _rows(_survey(tmp_path / "own", own), "copied-policies") == []
    other = Made(name="c", package="c", developer="乙公司", signer="other", facts=policy)
    assert [row[1:] for row in _rows(_survey(tmp_path / "both", [*own, other]), "copied-policies")] == [(3, 2)]


def test_sdks_are_compared_among_apps_judged_by_the_clause(tmp_path: Path) -> None:
    """Two of five apps with the SDK and one of two without were judged by it: shares are of these, none negative."""
    judged = [
        Made(name="a", package="a", facts=(_BUGLY,), verdicts=((CLAUSE, "breached"),)),
        Made(name="b", package="b", facts=(_BUGLY,), verdicts=((CLAUSE, "not determined"),)),
        Made(name="c", package="c", verdicts=((CLAUSE, "breached"),)),
    ]
    others = [Made(name=name, package=name, facts=(_BUGLY,) * (name != "g")) for name in "defg"]
    url = _survey(tmp_path / "ds", judged, others)
    assert _rows(url, "sdk-breach", least="1") == [("bugly", 2, 1, 0, 1, 0.5, 1.0, 1.0, 1.0)]


def test_a_clause_that_was_not_judged_has_no_numbers(tmp_path: Path) -> None:
    """Nothing stands in its columns: not nought apps, of which none would be suspected."""
    url = _survey(tmp_path / "ds", [Made(name="a", verdicts=((CLAUSE, "met"),))])
    assert [row[7:] for row in _rows(url, "before-consent")] == [(None, None, None, None)]


def test_unread_code_leaves_open_which_sdks_an_app_has(tmp_path: Path) -> None:
    """What could not be read at all may have the SDK: it stands under "not determined"."""
    (tmp_path / "broken.apk").write_bytes(b"nothing to read here")
    url = _survey(tmp_path / "ds", [Made(name="a", facts=(_BUGLY,))])
    _examined(tmp_path / "ds", [Item(name="broken", app=str(tmp_path / "broken.apk"))])
    assert _rows(url, "sdk-reach") == [("bugly", 1, 0.5, 0, 0, 1)]


# --- what the public may be told -------------------------------------------------------------------------------------------


def test_what_is_left_out_never_tells_of_few() -> None:
    """In every table of up to four rows: none of few is kept, what is left out is none or many, and nothing without need."""
    for counts in itertools.chain.from_iterable(itertools.product(range(8), repeat=rows) for rows in range(5)):
        rows = [(f"row {place}", apps) for place, apps in enumerate(counts)]
        kept = gathering.many(rows, 1, 5)
        left = sum(counts) - sum(apps for _, apps in kept)
        assert kept == [row for row in rows if row in kept]
        assert all(apps >= 5 for _, apps in kept)
        assert left == 0 or left >= 5 or not kept
        assert len(kept) == len(rows) or min(counts) < 5
        assert sum(apps >= 5 for apps in counts) - len(kept) <= 1


def test_a_category_of_one_is_not_had_by_subtraction(tmp_path: Path) -> None:
    """Six apps of one category and one of another: of seven apps the public sees neither row, the regulator both."""
    apps = [
        Made(name=name, package=name, category="游戏" if name == "g" else "工具", verdicts=((CLAUSE, "met"),))
        for name in "abcdefg"
    ]
    with index.opened(_survey(tmp_path / "ds", apps)) as made:
        assert gathering.by_category(made, CLAUSE, 5) == ([], 2)
        assert [row[:2] for row in gathering.by_category(made, CLAUSE, 0)[0]] == [("工具", 6), ("游戏", 1)]


def test_a_possible_use_leaves_a_permission_undetermined(tmp_path: Path) -> None:
    """A query for what nobody knows, or a call that nothing was seen to lead to, may use it: neither "used" nor "none found"."""
    query = SensitiveCall(
        place=_AT, interface="ContentResolver.query", information=None, owner="app", caller="La;->a()V", callee="Lb;->b()V"
    )  # fmt: skip
    dead = _call("dev.imei", "unreached")
    url = _survey(
        tmp_path / "ds", [Made(name="a", facts=(query, dead, *_permission("READ_CONTACTS", "READ_PHONE_STATE")))]
    )
    assert {row[1:5] for row in _rows(url, "over-declared-permissions")} == {(1, 0, 0, 1)}
    assert [row[1:5] for row in _rows(url, "over-declared-by-type")] == [(1, 0, 0, 1)]
