"""Asking for an inspection: by name, by file, in parts; place in the queue; cancelling."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import pytest

from tests.service.public.conftest import DEMO, Site, work

pytestmark = pytest.mark.usefixtures("easy")
APK = (DEMO / "flashlight.apk").read_bytes()


def package(data: bytes = APK) -> io.BytesIO:
    """A file as a browser sends it."""
    made = io.BytesIO(data)
    made.name = "../手电筒\u202e.apk"
    return made


def ask(site: Site, path: str = "/inspect/", **fields: Any) -> Any:
    """Send the form."""
    return site.browser.post(path, {**fields, **work("inspect")})


def test_by_name_is_counted(site: Site) -> None:
    """Without a package the wish is noted and counted; the app is on record from then on, and no second record is made."""
    from mingcha.service.models import Subject

    first, second = ask(site, name="示例地图"), ask(site, name="示例地图")
    assert "已有 1 人次申请" in first.content.decode()
    assert "已有 2 人次申请" in second.content.decode()
    assert Subject.objects.filter(name="示例地图").count() == 1
    assert "示例地图" in site.text("/?q=地图")


def test_by_file_is_queued_and_can_be_cancelled_by_its_link_alone(site: Site) -> None:
    """An upload becomes a version and one job; the link shows the place in the queue and cancels, nobody else does."""
    from mingcha.service.actions.acting import VISITOR, Refused, perform
    from mingcha.service.models import Evidence, Job, Task

    answer = ask(site, name="示例手电", package="cn.mingcha.demo.flashlight", sample=package())
    assert answer.status_code == 302
    other = ask(site, name="别的应用", package="cn.example.other", sample=package(APK + b"\0"))
    assert "排在第 1 位" in site.text(answer.url)
    assert "排在第 2 位" in site.text(other.url)
    assert "place 2 in the queue" in site.text("/en" + other.url)
    task = Task.objects.order_by("pk")[0]
    assert Evidence.objects.filter(kind="sample")[0].name == "手电筒.apk"
    with pytest.raises(Refused):
        perform("task", "cancel", VISITOR, task)
    with pytest.raises(Refused):
        perform("task", "cancel", VISITOR, task, {"key": other.url.split("/")[-2]})
    assert site.browser.post(answer.url).status_code == 302
    assert "检测已取消" in site.text(answer.url)
    task.refresh_from_db()
    assert (task.state, Job.objects.get(key=f"task-{task.pk}").state) == ("cancelled", "cancelled")
    assert "排在第 1 位" in site.text(other.url)
    assert site.browser.post(answer.url).status_code == 409


def test_the_same_file_is_inspected_once(site: Site) -> None:
    """Two who hand in the same package share one inspection."""
    from mingcha.service.models import Task, Version

    for _ in range(2):
        assert ask(site, name="示例手电", package="cn.mingcha.demo.flashlight", sample=package()).status_code == 302
    assert (Task.objects.count(), Version.objects.count()) == (1, 1)


def part(site: Site, key: str, at: int, data: bytes) -> Any:
    """One part of an upload, as the page's script sends it."""
    headers = {"Upload-Offset": str(at), "Upload-Sha256": hashlib.sha256(data).hexdigest()}
    return site.browser.put(f"/upload/{key}/put", data, content_type="application/octet-stream", headers=headers)


def uploaded(site: Site, data: bytes = APK) -> str:
    """The key of a finished upload, one part of which came twice."""
    begun = site.browser.post("/upload/begin", {"name": "a.apk", "size": len(data), **work("inspect")})
    assert begun.status_code == 201
    key, half = str(begun.json()["id"]), len(data) // 2
    for at, piece in ((0, data[:half]), (0, data[:half]), (half, data[half:])):
        assert part(site, key, at, piece).status_code == 200
    assert site.browser.post(f"/upload/{key}/finish").json()["received"] == len(data)
    return key


def test_in_parts(site: Site) -> None:
    """A package that came in parts, one of them twice, is inspected like one that came at once; it cost the work of the form, and serves once."""
    from mingcha.service.models import Evidence

    assert site.browser.post("/upload/begin", {"name": "a.apk", "size": len(APK)}).status_code == 429
    key = uploaded(site)
    assert part(site, key, 1, b"x").status_code == 409
    sent = {"name": "示例手电", "sample_upload": key}
    assert site.browser.post("/inspect/", sent).status_code == 302
    assert Evidence.objects.get(kind="sample").sha256 == hashlib.sha256(APK).hexdigest()
    assert site.browser.get(f"/upload/{key}/status").status_code == 404
    assert site.browser.post("/inspect/", sent).status_code == 422


def test_a_refused_form_keeps_what_was_uploaded(site: Site) -> None:
    """Where the name means two apps the form comes back with the upload, which then serves without more work."""
    from mingcha.service.models import Evidence, Subject

    for package_name in ("cn.example.one", "cn.example.two"):
        site.subject("同名", package_name)
    sent = {"name": "同名", "sample_upload": uploaded(site)}
    refused = site.browser.post("/inspect/", sent)
    assert refused.status_code == 422
    assert f'name="sample_upload" value="{sent["sample_upload"]}"' in refused.content.decode()
    assert site.browser.post("/inspect/", {**sent, "package": "cn.example.two"}).status_code == 302
    assert Evidence.objects.get(kind="sample").name == "a.apk"
    assert Subject.objects.get(package="cn.example.two").versions.count() == 1


def test_a_visitor_uploads_half_a_gigabyte_at_most(site: Site) -> None:
    """In parts 413 from the first byte beyond, and the page says the limit."""
    limit = 512 << 20
    for size, status in ((limit + 1, 413), (limit, 201)):
        assert site.browser.post("/upload/begin", {"name": "a", "size": size, **work("inspect")}).status_code == status
    assert "最大 512 MB" in site.text("/inspect/")


@pytest.mark.parametrize(
    "fields",
    [{}, {"name": ""}, {"name": "x", "sample_upload": "../../etc/passwd"}, {"name": "x", "sample_upload": "A" * 22}],
)
def test_what_cannot_be_taken_is_said(site: Site, fields: dict[str, str]) -> None:
    """A form without a name, or with an upload that is none, comes back with what is wrong."""
    answer = ask(site, **fields)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_without_work_nothing_is_taken(site: Site) -> None:
    """A form without its work makes no record."""
    from mingcha.service.models import Subject

    before = Subject.objects.count()
    assert site.browser.post("/inspect/", {"name": "洪水"}).status_code == 422
    assert Subject.objects.count() == before


def test_two_apps_of_one_name_need_a_package(site: Site) -> None:
    """A name that means two apps is not guessed."""
    site.subject("同名", "cn.example.one")
    site.subject("同名", "cn.example.two")
    assert "请填写包名" in ask(site, name="同名").content.decode()
    assert ask(site, name="同名", package="cn.example.two").status_code == 200


def test_links_cannot_be_made_up(site: Site) -> None:
    """A progress page opens by its own link alone; an inspection in a case by none."""
    from mingcha.service.tickets import ticket

    subject = site.subject()
    task = site.task(subject, case=site.case(subject, "findings-review"))
    for key in ("x", ticket("follow", 1), ticket("task", task.pk)):
        assert site.browser.get(f"/inspect/{key}/").status_code == 404
