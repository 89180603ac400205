"""The public calculator of deadlines."""

from __future__ import annotations

import pytest

from tests.service.public.conftest import Site


def test_working_days_over_the_holidays(site: Site) -> None:
    """Five working days after 28 September 2026 end on Saturday 10 October, which is worked; the reckoning says why."""
    page = site.text("/calculator/?clock=rectification&start=2026-09-28")
    assert "2026-10-10 24:00 届满" in page
    for line in ("10月1日至7日放假", "10月10日（星期六）上班", "本文书自定"):
        assert line in page
    english = site.text("/en/calculator/?clock=rectification&start=2026-09-28")
    assert "ends on 2026-10-10 at 24:00" in english
    assert "set by this order" in english


def test_timely_is_never_a_number(site: Site) -> None:
    """Where the law says only timely, no date is made up."""
    page = site.text("/calculator/?clock=complaint-handling&start=2026-09-28")
    assert "法律只要求及时办理，没有规定天数" in page
    assert "24:00 届满" not in page


def test_length_of_an_order_and_hours(site: Site) -> None:
    """A length that an order sets is used, law's own is not changed by it, and hours run from the minute."""
    assert "2026-10-12 24:00" in site.text("/calculator/?clock=rectification&start=2026-09-28&length=6")
    assert "2026-10-15 24:00" in site.text("/calculator/?clock=complaint-acceptance&start=2026-09-30&length=2")
    assert "2026-09-30 14:30" in site.text("/calculator/?clock=statement-posting&start=2026-09-28&time=14:30")


def test_provisional_is_marked(site: Site) -> None:
    """A date beyond the published calendar is called provisional."""
    assert "暂定" in site.text("/calculator/?clock=rectification&start=2029-09-28")


@pytest.mark.parametrize(
    "query", ["clock=x&start=2026-09-28", "clock=rectification&start=zzz", "clock=rectification&start=1999-01-01", "clock=rectification&start=9999-12-31",
              "clock=rectification&start=2026-09-28&length=0", "clock=rectification&start=2026-09-28&length=²", "clock=rectification&start=2026-09-28&time=99:99",
              "clock=&start=", "clock=rectification&start=2030-12-30&length=400", "clock=operator-answer:isc&start=2010-01-01"],
)  # fmt: skip
def test_what_is_filled_in_wrongly_is_named(site: Site, query: str) -> None:
    """A field that will not do leads to itself, in both languages; nothing breaks."""
    for prefix in ("", "/en"):
        page = site.text(f"{prefix}/calculator/?{query}")
        assert 'class="errors"' in page
        assert 'href="#f-' in page
