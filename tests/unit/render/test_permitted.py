"""What needs a permission that the app does not declare is neither urged nor asked to be written; what only is declared says so."""

from __future__ import annotations

from typing import Any

import pytest

from mingcha.model.fact import Fact
from mingcha.model.factbase import Covered
from mingcha.model.verdict import Trace, Verdict
from mingcha.render.build import view
from mingcha.render.lacking import lacking
from mingcha.render.leads import leads
from mingcha.render.permitted import unpermitted
from mingcha.render.reading import Reading
from mingcha.render.said import match_rows, said
from mingcha.render.startup import startup, startup_more
from tests.unit.render import sample

PHONE_STATE, CONTACTS = "android.permission.READ_PHONE_STATE", "android.permission.READ_CONTACTS"
WHOLE = Covered(kind="PermissionDeclared", collector="manifest")
DOCUMENT = sample.said("PolicyDocument", 1, "政策", title="政策", language="zh-Hans", characters=9)


def call(at: int = 100, **fields: Any) -> Fact:
    """A call at the start that needs the permission to read the phone's state."""
    known = {
        "interface": "TelephonyManager.getDeviceId",
        "information": "dev.imei",
        "owner": "app",
        "permission": [PHONE_STATE],
    }
    return sample.fact(
        "SensitiveCall", at, caller="La;->b()V", callee=sample.PHONE, reach="startup", **{**known, **fields}
    )


def declared(permission: str, *information: str) -> Fact:
    return sample.fact(
        "PermissionDeclared", 3, "AndroidManifest.xml", permission=permission, dangerous=True, information=information
    )


def reading(*facts: Fact, covered: tuple[Covered, ...] = (WHOLE,)) -> Reading:
    return Reading(sample.report((DOCUMENT, *facts), (), covered, ()), sample.catalogue(), "operator", "zh")


def test_a_call_without_its_permission_is_known() -> None:
    """Only where none of its permissions is declared, the manifest was read whole, and the system asks for it at the call."""
    first = call()
    assert unpermitted(reading(first), first)
    assert not unpermitted(reading(first, covered=()), first)
    assert not unpermitted(reading(first, declared(PHONE_STATE)), first)
    free = call(information="media.storage", permission=["android.permission.READ_EXTERNAL_STORAGE"])
    assert not unpermitted(reading(free), free)
    either = call(permission=[PHONE_STATE, CONTACTS])
    assert not unpermitted(reading(either, declared(CONTACTS)), either)


def test_what_another_call_must_give_goes_with_it() -> None:
    """Latitude can be read of no location where no permission for one is declared; a joined fact is what it was joined from."""
    latitude = call(interface="Location.getLatitude", information="loc.precise", permission=[])
    assert unpermitted(reading(latitude), latitude)
    assert not unpermitted(reading(latitude, declared("android.permission.ACCESS_COARSE_LOCATION")), latitude)
    first, other = call(), call(200, permission=[])
    both = sample.fact("InformationTaken", 100, information="dev.imei", grade="potential", sources=[first.id, other.id])
    assert not unpermitted(reading(first, other, both), both)


def test_nothing_is_urged_that_no_permission_opens() -> None:
    """Such a call is not among what to change first, but counted; its row stands last, says why, and asks for no sentence."""
    book = call(200, interface="Contacts.open", information="contacts.book", permission=[CONTACTS])
    told = reading(call(), book, declared(CONTACTS, "contacts.book"))
    shown = [start.information for moment in startup(told) for starter in moment.starters for start in starter.starts]
    assert shown == ["通讯录"]
    assert any("另有1处调用需要应用没有申请的权限" in line for line in startup_more(told))
    last = list(match_rows(told))[-1][0]
    assert last[0] == "IMEI"
    assert "没有申请所需的权限" in last[2]
    assert "不要为此改写政策" in last[4]
    assert not any("IMEI" in lack.missing for lack in lacking(told)[0])


def test_such_a_call_is_no_lead_and_no_row_for_everybody() -> None:
    """It points at no clause, is in no picture, and is not told to the public as something the app can take."""
    blocked = sample.report((DOCUMENT, call()), (), (WHOLE,), ())
    open_ = sample.report((DOCUMENT, call(), declared(PHONE_STATE)), (), (WHOLE,), ())
    for report, seen in ((blocked, False), (open_, True)):
        leads = [lead for row in view(report, sample.catalogue(), "operator", "zh").rows for lead in row.leads]
        assert any("IMEI" in lead.sentence for lead in leads) is seen
        public = view(report, sample.catalogue(), "public", "zh")
        assert ("take" in public.tables) is seen
        assert (public.picture is not None) is seen


@pytest.mark.parametrize("with_code", [True, False])
def test_a_permission_without_code_says_so(with_code: bool) -> None:
    """A gap that rests on a declared permission alone does not claim that code takes the information."""
    code = [call(information="contacts.book", permission=[CONTACTS])] if with_code else []
    told = reading(declared(CONTACTS, "contacts.book"), *code)
    note = next(lack.note for lack in lacking(told)[0] if "通讯录" in lack.missing)
    assert ("没有看到读取它的代码" in note) is not with_code
    assert ("代码能够取得" in note) is with_code
    assert said(told)[0].doubt == ("" if with_code else "asked")


def test_what_a_verdict_carries_is_no_lead_where_its_permission_is_missing() -> None:
    """A call in a verdict's own evidence points at nothing if the app declares no permission for it; with the permission it does."""

    def shown(*facts: Fact) -> int:
        report = sample.report((DOCUMENT, *facts), (), (WHOLE,), ())
        reading = Reading(report, sample.catalogue(), "operator", "zh")
        ids = tuple(fact.id for fact in reading.all("SensitiveCall"))
        trace = Trace(word="any", answer="unknown")
        return len(leads(reading, Verdict(clause="x/1", outcome="not determined", evidence=ids, trace=trace)))

    assert shown(call()) == 0
    assert shown(call(), declared(PHONE_STATE, "dev.imei")) == 1
