"""A clause that says again what another says leaves the telling to that other's entry on the same page."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from mingcha.model.clause import Language, Reader
from mingcha.model.report import Report
from mingcha.model.verdict import Outcome, Trace, Verdict, Wait
from mingcha.render import html as html_module
from mingcha.render.build import view
from mingcha.render.following import apart_from, settling
from mingcha.render.reading import Reading
from mingcha.render.view import Row, View
from tests.unit.render import sample

FIRST = sample.said("ProvisionStated", 2, "三十个工作日内答复", provision="reply_deadline")
OTHER = sample.said("ProvisionStated", 3, "一年内注销", provision="account_cancellation")


def step(clause: str, answer: Any) -> Trace:
    return Trace(word="all", answer=answer, about=clause, parts=(seen(answer),))


def seen(answer: Any) -> Trace:
    return Trace(word="seen", answer=answer, kind="ProvisionStated", where={"provision": "reply_deadline"})


def verdict(clause: str, outcome: Outcome, trace: Trace, **more: Any) -> Verdict:
    return Verdict(clause=clause, outcome=outcome, trace=trace, **more)


def judged(*verdicts: Verdict) -> Report:
    return replace(sample.report((FIRST, OTHER), ()), verdicts=verdicts)


def page(*verdicts: Verdict, reader: Reader = "operator", lang: Language = "zh", full: bool = False) -> View:
    return view(judged(*verdicts), sample.catalogue(), reader, lang, full=full, marked=True)


def ids() -> tuple[str, str]:
    report = judged()
    first, other = (next(f.id for f in report.facts if f.place.at == at) for at in (2, 3))
    return first, other


def row(made: View, clause: str) -> Row:
    return next(row for row in made.rows if row.id == clause)


BASE = "idm-2019/6.5"
AGAIN = "tc260-sa-2020/6.3"


def both(own: bool = False) -> tuple[Verdict, Verdict]:
    """A breached clause, and one that follows it, with a condition of its own or without."""
    first, other = ids()
    trace = Trace(word="any", answer="yes", parts=(seen("yes"), step(BASE, "yes"))) if own else step(BASE, "yes")
    evidence = (first, other) if own else (first,)
    return (
        verdict(BASE, "breached", seen("yes"), evidence=(first,)),
        verdict(AGAIN, "breached", trace, evidence=evidence),
    )


def test_evidence_is_told_once() -> None:
    """The clause that follows links to the other and shows only evidence that the other does not."""
    made = page(*both())
    assert len(row(made, BASE).evidence) == 1
    assert row(made, AGAIN).evidence == ()
    assert [anchor for _, anchor in row(made, AGAIN).follows] == [row(made, BASE).anchor]
    assert [item.spot.quote for item in row(page(*both(own=True)), AGAIN).evidence] == ["一年内注销"]


def test_the_tree_of_the_other_is_not_shown_again() -> None:
    """Where the other clause stands in the tree there is one step that leads to its entry."""
    made = row(page(*both(own=True)), AGAIN)
    assert made.trace is not None
    assert [(part.anchor, part.parts) for part in made.trace.parts] == [("", ()), ("c-idm-2019-6-5", ())]
    assert made.trace.parts[1].text == f"同{BASE}"


def test_nothing_is_left_out_where_the_other_is_not_on_the_page() -> None:
    """A clause that is judged without the one it follows, and a form for programs, hold everything."""
    alone = row(page(both()[1]), AGAIN)
    assert (len(alone.evidence), alone.follows) == (1, ())
    assert alone.trace is not None
    assert alone.trace.parts
    assert len(row(page(*both(), full=True), AGAIN).evidence) == 1


def test_only_clauses_that_settle_it_are_named() -> None:
    """Of several clauses that are followed those that came out as this one are named, the others only in the tree."""
    trace = Trace(word="any", answer="yes", parts=(step(BASE, "yes"), step("idm-2019/6.2", "no")))
    verdicts = (both()[0], verdict("idm-2019/6.2", "met", seen("no")), verdict(AGAIN, "breached", trace))
    reading = Reading(judged(*verdicts), sample.catalogue(), "operator", "zh")
    assert settling(reading, verdicts[2]) == (BASE,)


def test_what_is_waited_for_is_told_once() -> None:
    """Waits of the other clause, whosever question they are, and its steps are left to it."""
    asked, own = Wait(question="kept", clause=BASE), Wait(kind="InformationSent")
    other = verdict(BASE, "not determined", seen("unknown"), waits=(Wait(question="kept"),))
    trace = Trace(word="any", answer="unknown", parts=(seen("unknown"), step(BASE, "unknown")))
    kept = apart_from(verdict(AGAIN, "not determined", trace, waits=(asked, own)), [other])
    assert kept.waits == (own,)
    assert kept.trace == Trace(word="any", answer="unknown", parts=(seen("unknown"),))
    assert apart_from(verdict(AGAIN, "not determined", step(BASE, "unknown")), [other]).trace is None


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("reader", ["operator", "regulator"])
def test_clauses_stand_under_their_regulations(reader: Reader, lang: Language) -> None:
    """With several rule sets each has its title as a heading and whole numbers; with one there is neither."""
    made = page(*both(), reader=reader, lang=lang)
    assert [one.id for one in made.sets] == ["idm-2019", "tc260-sa-2020"]
    assert [(one.id if one else "", [r.number for r in rows]) for one, rows in made.by_set(made.rows)] == [
        ("idm-2019", [BASE]), ("tc260-sa-2020", [AGAIN]),
    ]  # fmt: skip
    told = html_module.html(made).decode()
    assert told.count('class="set"') >= 2
    assert f'href="#{row(made, BASE).anchor}"' in told
    single = page(both()[0], reader=reader, lang=lang)
    assert (single.rows[0].number, 'class="set"' in html_module.html(single).decode()) == ("6.5", False)


def test_a_breach_told_twice_is_counted_so() -> None:
    """The head of the page says how many suspected breaches rest on others, so that nobody adds them up."""
    assert any("1项与同页其他条款" in note for note in page(*both()).notes)
    assert not any("同页其他条款" in note for note in page(both()[0]).notes)
