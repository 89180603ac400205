"""What the app itself shows about privacy is found in resources, in links in code, and as files in assets."""

from __future__ import annotations

import pytest

from mingcha.collect.texts import collect
from mingcha.errors import LimitError
from mingcha.model.fact import TextShown
from mingcha.model.sdk import Marks
from tests.build.apkparts import Package as Resources
from tests.build.apkparts import Variant, arsc
from tests.build.dexmaker import container
from tests.build.tinyapp import app, catalogue, opened

TABLES = catalogue(
    marks=Marks(
        texts={
            "policy_link": ("https?://[^ ]*(?:privacy|yinsi)[^ ]*",),
            "consent": ("同意.{0,9}隐私", "agree to .{0,9}privacy"),
            "complaint": ("投诉",),
        }
    )
)


def shown(data: bytes, **limits: int) -> list[TextShown]:
    return [fact for fact in collect(opened(data, **limits), TABLES) if isinstance(fact, TextShown)]


def test_texts_of_resources_in_the_languages_we_read() -> None:
    """Strings in no language, in Chinese and in English are matched, each for the first rule; other languages are left."""
    strings = {
        "string": [
            Variant(
                {"a": "I AGREE TO the Privacy policy", "b": "nothing", "c": "see https://x.example/privacy and 投诉"}
            ),
            Variant({"a": "登录即同意《隐私政策》", "b": "意见和投诉"}, language="zh-CN"),
            Variant({"a": "同意 隐私 kommt nicht vor"}, language="de"),
        ]
    }
    found = shown(app(members={"resources.arsc": arsc(Resources(strings))}))
    assert {(f.about, f.language, f.resource, f.text) for f in found} == {
        ("consent", None, "a", "I AGREE TO the Privacy policy"),
        ("policy_link", None, "c", "see https://x.example/privacy and 投诉"),
        ("consent", "zh-CN", "a", "登录即同意《隐私政策》"),
        ("complaint", "zh-CN", "b", "意见和投诉"),
    }
    assert {f.place.path for f in found} == {"resources.arsc"}


def test_links_in_code() -> None:
    """A link that speaks of privacy, whole, at the byte where it stands; other links are none."""
    data = app(strings=["go to https://x.example/yinsi.html now", "https://x.example/help", "privacy"])
    (fact,) = shown(data)
    assert (fact.about, fact.text) == ("policy_link", "https://x.example/yinsi.html")
    dex = opened(data).base.archive.read("classes.dex")
    assert fact.place.at is not None
    assert dex[fact.place.at :].startswith(b"https://x.example/yinsi.html now")


def test_link_of_a_container_once() -> None:
    """A link that several images of a container could reach is one fact."""
    from tests.build import dexcode as d
    from tests.build.dexmaker import Class, Code, Method

    def image(name: str) -> list[Class]:
        return [
            Class(
                name,
                [Method("m()V", Code(1, [d.const_string(0, f"https://{name[1]}.example/privacy"), d.return_void()]))],
            )
        ]

    data = app(members={"classes.dex": container(image("La/A;"), image("Lb/B;"))})
    assert sorted(f.text for f in shown(data)) == ["https://a.example/privacy", "https://b.example/privacy"]


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("assets/privacy.html", 1),
        ("assets/www/YinSi_cn.txt", 1),
        ("assets/隐私政策.md", 1),
        ("assets/policy.js", 0),
        ("res/raw/privacy.html", 0),
    ],
)
def test_policy_files_in_assets(name: str, count: int) -> None:
    """A page or text in assets that is named like a policy is one."""
    found = shown(app(members={name: b"x"}))
    assert [(f.about, f.text, f.place.path) for f in found] == [("policy", name, name)] * count


def test_more_texts_than_any_app_has() -> None:
    """Too many links are a LimitError, not millions of facts."""
    with pytest.raises(LimitError, match="texts"):
        shown(app(strings=[f"https://x.example/privacy{n}" for n in range(30)]), findings=20)
