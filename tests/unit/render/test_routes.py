"""Flows are put together by information, owner and receiver, third parties first, and told step by step."""

from __future__ import annotations

from typing import Any

from mingcha.model.clause import Language, Reader
from mingcha.render.reading import Reading
from mingcha.render.routes import PATHS_SHOWN, ROUTES_SHOWN, bundles, changes_of, end_of, routes
from tests.unit.render import sample


def reading(*facts: Any, reader: Reader = "operator", lang: Language = "zh", full: bool = False) -> Reading:
    return Reading(sample.report(facts), sample.catalogue(), reader, lang, full)


def test_third_parties_first_then_what_leaves_then_the_rest() -> None:
    """What an SDK sends or is handed stands first, then a host that may be anybody's, then logs and files."""
    made = routes(reading(*sample.WAYS))
    assert [(route.information, route.owner, route.end, route.third) for route in made] == [
        ("IMEI", "友盟+移动统计 U-App", "地址未知的服务器", True),
        ("IMEI", "应用自身", "穿山甲", True),
        ("通讯录", "应用自身", "match.example.org", False),
        ("IMEI", "友盟+移动统计 U-App", "系统日志", False),
        ("OAID", "应用自身", "文件", False),
    ]
    assert [route.number for route in made] == [1, 2, 3, 4, 5]


def test_flows_of_one_triple_are_one_route() -> None:
    """Two flows of one information, owner and receiver are one route with both paths, the shorter first."""
    (route,) = (route for route in routes(reading(*sample.WAYS)) if route.end == "地址未知的服务器")
    assert [len(way.stops) for way in route.paths] == [4, 18]
    assert route.more == ""
    assert route.more_than_first == "另有1条同样去向的路径，见JSON形式的报告。"


def test_a_host_of_an_sdk_is_named_with_it() -> None:
    """A host that is an SDK's is named with it and counts as a third party."""
    (bundle,) = bundles(
        reading(sample.leak(9, "dev.imei", "app", "network", host="toblog.example.cn", receiver="pangle"))
    )
    assert bundle.third
    assert end_of(reading(), bundle) == "toblog.example.cn（穿山甲）"


def test_a_web_page_and_a_server_of_the_app_are_named() -> None:
    """A page is told from a server; the app's own server is said to be the app's."""
    page = sample.leak(9, "dev.imei", "app", "web page", host="m.example.com")
    own = sample.leak(19, "dev.imei", "app", "network", host="api.example.com", receiver="app")
    told = reading(page, own)
    assert [end_of(told, bundle) for bundle in bundles(told)] == ["api.example.com（应用自身）", "网页 m.example.com"]
    assert not any(bundle.third for bundle in bundles(told))


def test_changes_are_named_each_once_the_usual_first() -> None:
    """What is done on the way is told for each different way, untouched values as such."""
    flows = [
        sample.leak(at, "dev.imei", "app", "network", transforms=transforms)
        for at, transforms in ((9, []), (19, ["md5"]), (29, ["aes", "base64"]), (39, ["md5"]))
    ]
    told = reading(*flows)
    assert changes_of(told, bundles(told)[0]) == "MD5；原样；AES → Base64"


def test_when_is_when_the_reading_call_can_run() -> None:
    """A route says when the call that reads the value can run, where that call is known."""
    when = {route.end: route.when for route in routes(reading(*sample.WAYS))}
    assert when["文件"] == "启动时可能运行"
    assert when["match.example.org"] == ""


def test_a_crowd_is_cut_and_the_rest_is_stated() -> None:
    """Of many flows the shortest few are told, of many routes the weightiest and those that the picture draws."""
    crowd = [sample.leak(100 + n, "dev.imei", "pangle", "network", 3 + n) for n in range(20)]
    (route,) = routes(reading(*crowd))
    assert len(route.paths) == PATHS_SHOWN
    assert route.more == f"另有{20 - PATHS_SHOWN}条同样去向的路径，见JSON形式的报告。"
    many = [sample.leak(100 + n, "dev.imei", "app", "network", host=f"h{n}.example.com") for n in range(70)]
    made = routes(reading(*many), frozenset({66}))
    assert [route.number for route in made] == [*range(1, ROUTES_SHOWN + 1), 66]
    assert [route.drawn for route in made] == [False] * ROUTES_SHOWN + [True]


def test_information_nobody_knows_still_has_a_route() -> None:
    """A flow of information that is not identified is listed by that name, not dropped."""
    (route,) = routes(reading(sample.leak(9, None, None, "sms")))
    assert (route.information, route.owner, route.end) == ("未能确定的信息", "未能确定的一方", "短信")
