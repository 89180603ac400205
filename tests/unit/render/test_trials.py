"""The tables that say what to look for: on a device, in traffic, and in plain words."""

from __future__ import annotations

from typing import Any

from mingcha.model.clause import Reader
from mingcha.render.reading import Reading
from mingcha.render.trials import destinations, hosts, plain_destinations, watched
from tests.unit.render import sample


def reading(*facts: Any, reader: Reader = "regulator") -> Reading:
    return Reading(sample.report(facts or sample.WAYS), sample.catalogue(), reader, "zh")


INTERFACE = "android.telephony.TelephonyManager.getDeviceId"


def test_interfaces_to_watch_at_the_start() -> None:
    """Each line names information, owner, the interface as a hook needs it, the moment and the number of places."""
    assert list(watched(reading())) == [
        ("OAID", "应用自身", INTERFACE, "com.example.flash.Early.onCreate", "1"),
        ("IMEI", "友盟+移动统计 U-App", INTERFACE, "com.example.flash.App.onCreate", "1"),
    ]


def test_hosts_to_look_for_and_the_shape_of_what_goes_there() -> None:
    """A known host comes first, with what is done to the value; code with unknown addresses is to be watched as a whole."""
    assert list(hosts(reading())) == [
        ("match.example.org", "应用自身", "通讯录（MD5）"),
        ("（地址不是常量，看该代码的全部连接）", "友盟+移动统计 U-App", "IMEI"),
    ]


def test_untouched_values_need_no_shape() -> None:
    """Of a value that goes as it is on one path and hashed on another, the hash alone is told."""
    flows = [
        sample.leak(9, "dev.imei", "app", "network"),
        sample.leak(19, "dev.imei", "app", "network", transforms=["md5"]),
    ]
    assert [row[2] for row in hosts(reading(*flows))] == ["IMEI（MD5）"]


def test_every_route_is_in_the_table_with_its_number() -> None:
    """The table has the numbers of the picture, third parties marked as possible, and how many paths there are."""
    rows = list(destinations(reading()))
    assert [row[0] for row in rows] == ["1", "2", "3", "4", "5"]
    assert rows[0] == ("1", "IMEI", "友盟+移动统计 U-App", "地址未知的服务器（可能交给第三方）", "原样", "", "2")


def test_plain_words_put_together_what_goes_to_one_place() -> None:
    """For everybody there is one line for each receiver and owner, without numbers, paths or changes."""
    facts = (*sample.WAYS, sample.leak(50, "dev.oaid", "umeng-analytics", "network"))
    rows = list(plain_destinations(reading(*facts, reader="public")))
    assert rows[0] == ("地址未知的服务器", "友盟+移动统计 U-App", "IMEI、OAID")
    assert len(rows) == 5
