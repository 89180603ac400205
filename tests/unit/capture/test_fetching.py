"""A policy and its lists, fetched from servers on this machine into a folder."""

from __future__ import annotations

import dataclasses
import gzip
import hashlib
import io
import json
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from mingcha.capture.fetching import NO_TEXT, fetch_policy
from mingcha.capture.records import Fetched, write_whole
from mingcha.errors import LimitError, MingchaError, UsageError
from tests.unit.capture.conftest import Web, moved, page

START = "http://policy.test/privacy"
TEXT = "我们非常重视您的个人信息和隐私保护，本政策说明我们如何收集、使用、存储和共享您的个人信息。" * 4


def html(body: str, text: str = TEXT) -> bytes:
    return page(f"<!doctype html><html><body><h1>隐私政策</h1><p>{text}</p>{body}</body></html>")


def fetch(web: Web, manners: Any, folder: Path, url: str = START, **options: Any) -> list[Fetched]:
    return fetch_policy(url, folder / "out", resolve=web.resolve, manners=manners, **options)


def record(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "out" / "fetched.json").read_text("utf-8"))
    return found


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "out").iterdir())


def whole_site(web: Web) -> None:
    web["policy.test/privacy"] = html(
        "<a href='/sdk'>《第三方SDK目录》</a> <a href='list.html'>个人信息收集清单</a> <a href='/terms'>用户协议</a>"
        "<a href='http://lists.test/children'>儿童个人信息保护规则</a> <a href='#part'>第三方共享清单</a>"
    )
    web["policy.test/sdk"] = html(
        "<a href='http://vendor.test/p'>某SDK目录</a><a href='/perm'>权限列表</a>", TEXT + "甲"
    )
    web["policy.test/list.html"] = html("", TEXT + "乙")
    web["lists.test/children"] = page(("儿童规则。" * 60).encode("gb18030"), "text/plain; charset=gbk")
    web["policy.test/perm"] = html("", TEXT + "丁")
    web["policy.test/terms"] = html("")
    web["vendor.test/p"] = html("")


def test_a_policy_and_its_lists(web: Web, manners: Any, tmp_path: Path) -> None:
    """The policy, its lists and rules are kept byte for byte; agreements and other firms' pages are not asked."""
    whole_site(web)
    fetch(web, manners, tmp_path)
    assert files(tmp_path) == [
        "children.txt", "collection_list.html", "fetched.json", "main.html", "permission_list.html", "sdk_list.html"
    ]  # fmt: skip
    for name, address in {"main.html": "policy.test/privacy", "children.txt": "lists.test/children"}.items():
        answer = web.answers[address]
        assert isinstance(answer, bytes)
        assert (tmp_path / "out" / name).read_bytes() == answer.partition(b"\r\n\r\n")[2]
    assert not {"policy.test/terms", "vendor.test/p"} & set(web.asked)
    assert web.asked.count("policy.test/privacy") == 1


def test_the_record_says_where_from(web: Web, manners: Any, tmp_path: Path) -> None:
    """For each document: addresses, redirects, time, status, type, hash, role, and which link on which page led to it."""
    web["www.test/p"] = html("目录请<a href='/sdk'>点击这里</a>，第三方共享清单请<a href='/sdk'>点击这里</a>")
    web["www.test/sdk"] = html("", TEXT + "甲")
    web["policy.test/privacy"] = moved("http://www.test/p")
    fetch(web, manners, tmp_path)
    told = record(tmp_path)
    body = (tmp_path / "out" / "main.html").read_bytes()
    assert told["format"] == 1
    assert told["tool"]["name"] == "mingcha"
    assert (told["url"], told["robots"]) == (START, "respected")
    main, sdk = told["documents"]
    assert main == {
        "role": "main", "url": START, "final_url": "http://www.test/p", "redirects": [{"url": START, "status": 302}],
        "at": "2026-05-01T08:30:00Z", "status": 200, "content_type": "text/html; charset=utf-8", "content_encoding": None,
        "by": "http", "file": "main.html", "size": len(body), "sha256": hashlib.sha256(body).hexdigest(),
        "characters": main["characters"], "led": None, "note": None, "problem": None,
    }  # fmt: skip
    assert main["characters"] > len(TEXT)
    assert sdk["led"] == {"page": "main.html", "text": "点击这里", "before": "，第三方共享清单请"}


def test_the_same_answers_give_the_same_bytes(web: Web, manners: Any, tmp_path: Path) -> None:
    """Fetched twice at the same time of day, everything is the same."""
    whole_site(web)
    for name in ("a", "b"):
        fetch_policy(START, tmp_path / name, resolve=web.resolve, manners=manners)
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / name).iterdir()} for name in ("a", "b"))
    assert one == two


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[::ffff:10.0.0.1]/", "http://[::1]/",
        "http://10.1.2.3/", "http://inner.test/", "http://policy.test:22/", "file:///etc/passwd", "http://me:pw@policy.test/b",
        "http://2130706433/", "//192.168.0.1/",
    ],
)  # fmt: skip
def test_redirects_and_links_meet_the_guard(web: Web, manners: Any, tmp_path: Path, target: str) -> None:
    """Neither a redirect nor a link leads to an address that is not public, and no such address is connected to."""
    web.names = {"inner.test": ["8.8.8.8", "10.0.0.1"], "2130706433": ["127.0.0.1"]}
    web["policy.test/privacy"] = moved(target)
    with pytest.raises(UsageError, match=r"not a public address|redirects to an address that is not asked"):
        fetch(web, manners, tmp_path)
    assert files(tmp_path) == []
    web["policy.test/privacy"] = html(f"<a href='{target}'>第三方SDK目录</a>")
    done = fetch(web, manners, tmp_path)
    assert [one.file for one in done if one.file] == ["main.html"]
    assert all("not a public address" in (one.problem or "") for one in done[1:])


def test_a_name_is_looked_up_once_for_a_request(web: Web, manners: Any, tmp_path: Path) -> None:
    """Each connection goes to what one look-up gave: a name that changes its answer in between gains nothing."""
    web["policy.test/privacy"] = html("")
    fetch(web, manners, tmp_path)
    assert web.asked == ["policy.test/robots.txt", "policy.test/privacy"]
    assert web.looked_up == ["policy.test", "policy.test"]


def test_redirects_end(web: Web, manners: Any, tmp_path: Path) -> None:
    """Redirects in a circle and without end are told."""
    web["policy.test/privacy"] = moved("/b")
    web["policy.test/b"] = moved("/privacy")
    with pytest.raises(UsageError, match="in a circle"):
        fetch(web, manners, tmp_path)
    for number in range(20):
        web[f"policy.test/{number}"] = moved(f"/{number + 1}")
    with pytest.raises(LimitError, match="more than 5 redirects"):
        fetch(web, manners, tmp_path, "http://policy.test/0")


@pytest.mark.parametrize(("status", "advice"), [("500 Oops", "check the address"), ("404 No", "check the address"), ("403 No", "try --browser"), ("412 No", "try --browser"), ("204 No Content", "check the address")])  # fmt: skip
def test_a_policy_that_does_not_come(web: Web, manners: Any, tmp_path: Path, status: str, advice: str) -> None:
    """Without the policy nothing is kept, and the sentence says what to do."""
    web["policy.test/privacy"] = page("x", status=status)
    with pytest.raises(UsageError, match=advice):
        fetch(web, manners, tmp_path)
    assert files(tmp_path) == []


def test_a_list_that_does_not_come(web: Web, manners: Any, tmp_path: Path) -> None:
    """A list that fails is told in the record, and the others are kept."""
    web["policy.test/privacy"] = html("<a href='/sdk'>SDK目录</a><a href='/list'>个人信息收集清单</a>")
    web["policy.test/sdk"] = page("x", status="500 Oops")
    web["policy.test/list"] = html("", TEXT + "乙")
    fetch(web, manners, tmp_path)
    sdk, collection = record(tmp_path)["documents"][1:]
    assert "answered 500" in sdk["problem"]
    assert (sdk["file"], sdk["sha256"]) == (None, None)
    assert collection["file"] == "collection_list.html"


def test_a_bomb_behind_a_link(web: Web, manners: Any, tmp_path: Path) -> None:
    """A list that swells beyond the limit is told and not kept."""
    web["policy.test/privacy"] = html("<a href='/sdk'>SDK目录</a>")
    bomb = gzip.compress(b"\0" * 30_000_000, mtime=0)
    web["policy.test/sdk"] = page(bomb, "text/html", "200 OK", "Content-Encoding: gzip")
    fetch(web, manners, tmp_path)
    assert "an answer of more than" in record(tmp_path)["documents"][1]["problem"]
    assert files(tmp_path) == ["fetched.json", "main.html"]


def test_no_more_documents_than_allowed(web: Web, manners: Any, tmp_path: Path) -> None:
    """At most so many documents are asked for; the others are named as not fetched."""
    links = "".join(f"<a href='/{n}'>SDK目录</a>" for n in range(6))
    web["policy.test/privacy"] = html(links)
    for number in range(6):
        web[f"policy.test/{number}"] = html("", TEXT + str(number))
    done = fetch(web, manners, tmp_path, limit=3)
    assert [one.file for one in done] == ["main.html", "sdk_list.html", "sdk_list-2.html", None, None, None, None]
    assert len([path for path in web.asked if "robots" not in path]) == 3
    with pytest.raises(UsageError, match="at least one"):
        fetch(web, manners, tmp_path, limit=0)


def test_the_whole_ends_by_a_deadline(web: Web, manners: Any, tmp_path: Path) -> None:
    """When the time for all is used up, what is left is told as not fetched."""
    web["policy.test/privacy"] = html("<a href='/sdk'>SDK目录</a>")
    web["policy.test/sdk"] = html("")
    pauses = iter([0.0, 1.1])  # before the policy, before its list
    slow = dataclasses.replace(manners, total=1.0, sleep=lambda _: time.sleep(next(pauses)))
    done = fetch(web, slow, tmp_path)
    assert "is used up" in (done[1].problem or "")


def test_requests_have_pauses(web: Web, manners: Any, tmp_path: Path) -> None:
    """There is a pause between any two requests, as long as robots.txt asks for."""
    pauses: list[float] = []
    whole_site(web)
    web["policy.test/robots.txt"] = page("User-agent: *\nCrawl-delay: 7\n", "text/plain")
    fetch(web, dataclasses.replace(manners, delay=3, sleep=pauses.append), tmp_path)
    assert len(pauses) == len(web.asked) - 1
    assert [round(pause) for pause in pauses] == [7, 7, 7, 3, 3, 7]


def test_robots_are_respected(web: Web, manners: Any, tmp_path: Path) -> None:
    """What robots.txt forbids is not asked, and the sentence names the way for an operator."""
    web["policy.test/privacy"] = html("<a href='/no/sdk'>SDK目录</a>")
    web["policy.test/no/sdk"] = html("")
    web["policy.test/robots.txt"] = page("User-agent: *\nDisallow: /no/\n", "text/plain")
    done = fetch(web, manners, tmp_path)
    assert "--ignore-robots" in (done[1].problem or "")
    assert "policy.test/no/sdk" not in web.asked
    with pytest.raises(UsageError, match=r"robots\.txt of policy\.test asks not to fetch this"):
        fetch(web, manners, tmp_path / "b", "http://policy.test/no/sdk")
    assert fetch(web, manners, tmp_path / "c", "http://policy.test/no/sdk", ignore_robots=True)[0].file == "main.html"
    assert record(tmp_path / "c")["robots"] == "ignored"


def test_robots_of_a_redirect(web: Web, manners: Any, tmp_path: Path) -> None:
    """A redirect to another site is asked by that site's robots.txt."""
    web["policy.test/privacy"] = moved("http://closed.test/p")
    web["closed.test/p"] = html("")
    web["closed.test/robots.txt"] = page("User-agent: Mingcha\nDisallow: /\n", "text/plain")
    with pytest.raises(UsageError, match=r"robots\.txt of closed\.test"):
        fetch(web, manners, tmp_path)


@pytest.mark.parametrize("status", ["500 Oops", "429 Slow"])
def test_robots_that_cannot_be_had(web: Web, manners: Any, tmp_path: Path, status: str) -> None:
    """If robots.txt is there and does not come, nothing is asked."""
    web["policy.test/privacy"] = html("")
    web["policy.test/robots.txt"] = page("x", status=status)
    with pytest.raises(UsageError, match=r"not known what policy\.test asks of robots"):
        fetch(web, manners, tmp_path)
    assert "policy.test/privacy" not in web.asked


def test_a_shell_of_scripts(web: Web, manners: Any, tmp_path: Path) -> None:
    """A page that scripts would fill is kept and told to hold no text."""
    web["policy.test/privacy"] = page(
        "<!doctype html><html><body><div id=app></div><script src=a.js></script></body></html>"
    )
    assert [one.note for one in fetch(web, manners, tmp_path)] == [NO_TEXT]


@pytest.mark.parametrize(
    "shell", ["<iframe src='/inner'></iframe>", "<meta http-equiv=refresh content='0;url=/inner'>"]
)
def test_a_shell_around_another_page(web: Web, manners: Any, tmp_path: Path, shell: str) -> None:
    """A page that only frames another or leads on to it is followed, and the other has its role."""
    web["policy.test/privacy"] = page(f"<!doctype html><html><head>{shell}</head><body></body></html>")
    web["policy.test/inner"] = html("<a href='/sdk'>SDK目录</a>")
    web["policy.test/sdk"] = html("", TEXT + "甲")
    done = fetch(web, manners, tmp_path)
    assert [(one.role, one.file) for one in done] == [
        ("main", "main.html"), ("main", "main-2.html"), ("sdk_list", "sdk_list.html")
    ]  # fmt: skip
    assert "fetched too" in (done[0].note or "")


def test_frames_of_a_page_with_text_are_left(web: Web, manners: Any, tmp_path: Path) -> None:
    """A frame on a page that has its own text (a film, a counter) is not asked."""
    web["policy.test/privacy"] = html("<iframe src='http://counter.test/x'></iframe>")
    fetch(web, manners, tmp_path)
    assert "counter.test" not in web.looked_up


def test_documents_of_other_forms(web: Web, manners: Any, tmp_path: Path) -> None:
    """PDF, DOCX and Markdown are named by what they are, and what cannot be read is kept and told."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(
            "word/document.xml", "<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'/>"
        )
    web["policy.test/privacy"] = html("".join(f"<a href='/{n}'>SDK目录</a>" for n in ("a.php", "b", "c.md", "d")))
    web["policy.test/a.php"] = page(b"%PDF-1.7 broken", "text/html")
    web["policy.test/b"] = page(packed.getvalue(), "application/octet-stream")
    web["policy.test/c.md"] = page("# SDK目录\n" + TEXT, "text/plain")
    web["policy.test/d"] = page(b"\x89PNG\0\0\0", "image/png")
    done = fetch(web, manners, tmp_path)
    assert [one.file for one in done[1:]] == ["sdk_list.pdf", "sdk_list-2.docx", "sdk_list-3.md", "sdk_list-4.bin"]
    assert "Mingcha cannot read it" in (done[1].note or "")
    assert "Mingcha cannot read it" in (done[4].note or "")


def test_the_same_bytes_twice(web: Web, manners: Any, tmp_path: Path) -> None:
    """A second address of the same bytes points to the file that is there."""
    web["policy.test/privacy"] = html("<a href='/a'>SDK目录</a><a href='/b'>第三方共享清单</a>")
    web["policy.test/a"] = web["policy.test/b"] = html("", TEXT + "甲")
    done = fetch(web, manners, tmp_path)
    assert [one.file for one in done] == ["main.html", "sdk_list.html", "sdk_list.html"]


def test_a_broken_download_leaves_no_file(web: Web, manners: Any, tmp_path: Path) -> None:
    """A download that breaks off leaves nothing that looks like a document."""
    web["policy.test/privacy"] = html("")[:-40]
    with pytest.raises(UsageError, match="broken"):
        fetch(web, manners, tmp_path)
    assert files(tmp_path) == []


def test_an_interrupted_write_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A write that is interrupted leaves neither half a file nor a temporary one."""

    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("mingcha.capture.records.os.fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "main.html", b"x")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_evidence_is_not_written_over(web: Web, manners: Any, tmp_path: Path) -> None:
    """A folder that holds anything is refused before anything is asked."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "main.html").write_text("older")
    with pytest.raises(UsageError, match="not empty"):
        fetch(web, manners, tmp_path)
    assert web.asked == []


def test_names_of_files_are_ours(web: Web, manners: Any, tmp_path: Path) -> None:
    """No address or header of a site names a file."""
    web["policy.test/..%2F..%2Fx"] = page(
        TEXT, "text/html", "200 OK", 'Content-Disposition: attachment; filename="../../y"'
    )
    assert fetch(web, manners, tmp_path, "http://policy.test/..%2F..%2Fx")[0].file == "main.txt"
    assert files(tmp_path) == ["fetched.json", "main.txt"]


def test_progress_names_each_document(web: Web, manners: Any, tmp_path: Path) -> None:
    """Whoever waits is told what is being fetched."""
    told: list[str] = []
    whole_site(web)
    fetch(web, manners, tmp_path, progress=told.append)
    assert told[1] == f"fetching {START}"
    assert len(told) == len(web.asked)


def test_a_browser_is_asked_for_by_name(
    web: Web, manners: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the package, --browser says in one line how to get it, before anything is asked or written."""
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    with pytest.raises(UsageError, match=r"mingcha\[capture\]") as told:
        fetch(web, manners, tmp_path, browser=True)
    assert "\n" not in str(told.value)
    assert web.asked == []
    assert not (tmp_path / "out").exists()


def test_plain_fetching_imports_no_browser() -> None:
    """Nothing of the browser is imported unless it is asked for."""
    code = "import sys, mingcha.capture.fetching; print([m for m in sys.modules if 'playwright' in m or m.endswith('capture.browser')])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


def test_without_a_resolver_of_its_own_nothing_local_is_asked(web: Web, manners: Any, tmp_path: Path) -> None:
    """The guard that is used by default refuses this machine."""
    for url in ("http://127.0.0.1/", "http://localhost/", "http://[::1]/"):
        with pytest.raises(
            MingchaError, match=r"not a public address|no address is known"
        ):  # a bare tree knows no localhost
            fetch_policy(url, tmp_path / "out", manners=manners)
