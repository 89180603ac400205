"""The HTML page runs nothing, fetches nothing, escapes everything and can be read by everybody."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import lxml.html
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.etree import _Element

import mingcha.render
from mingcha.model.artefact import Artefact
from mingcha.model.clause import Language, Reader
from mingcha.model.factbase import Gap
from mingcha.model.report import Report
from mingcha.render import render
from mingcha.render.legible import legible
from mingcha.render.passages import COLOURS
from tests.unit.render import sample

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}</style><svg onload=alert(1)>&amp;\u202e'
READERS: tuple[Reader, ...] = ("operator", "regulator", "public")
CSS = (Path(mingcha.render.__file__).parent / "templates" / "style.css").read_text("utf-8")


def tree(reader: Reader, report: Report | None = None, lang: Language = "zh") -> _Element:
    data = render(report or sample.report(sample.FACTS + sample.SENT), sample.catalogue(), reader, "html", lang)
    return lxml.html.document_fromstring(data.decode())


def hostile(text: str) -> Report:
    """A report in which everything that comes from outside is the given text."""
    facts = (
        *sample.FACTS,
        *sample.SENT,
        sample.said("PolicyDocument", 1, text, title=text, language=text, characters=1),
        sample.said("ProvisionStated", 2, text, provision="complaint_channel", way=text, form=text),
        sample.said("SdkNamed", 3, text, name=text, purpose=text),
        sample.said("InformationNamedInPolicy", 4, text, information=text, clear=True, purpose=text, condition=text),
        sample.said(
            "ProvisionStated", 5, text, provision="reply_deadline", number=40, unit="working day", scope=["complaint"]
        ),
        sample.fact("SdkPresent", sdk=text, score=3, signals=[text], version=text, path=text),
        sample.call(7, "dev.imei", text, text, text, "startup"),
        sample.early(30, "dev.imei", text, 1, text, text),
        sample.leak(50, text, text, "network", host=text, receiver=text, transforms=[text]),
        sample.fact("PermissionDeclared", permission=text, information=[text]),
        sample.paragraph(1, text, 1),
        sample.paragraph(2, text),
        sample.paragraph(3, text, cells=[text, text]),
        sample.paragraph(4, text, cells=[text, text]),
        sample.said("PolicyStatement", 2, text, does="collect", information=text, clear=True, purpose=text, named=text),
        sample.said("PolicyDenial", 4, text, information="dev.imei"),
        sample.said("RecipientNamed", 3, text, name=text),
        sample.said("ForeignNameInPolicy", 2, text, name=text, form="app"),
    )
    gaps = (Gap(collector=text, reason="partial", hides=(text,), code=text, values={text: text}),)
    answers = tuple(
        msgspec.structs.replace(sample.ANSWERS[0], who=text, role=text, date=text, proof=text, about=about)
        for about in (None, text)
    )
    app = msgspec.structs.replace(sample.CASE.app, label=text, package=text, version_name=text)
    artefacts = (Artefact(sha256=sample.APK, kind="apk", name=text, size=1), *sample.CASE.artefacts[1:])
    return sample.report(facts, gaps, (), answers, msgspec.structs.replace(sample.CASE, app=app, artefacts=artefacts))


@pytest.mark.parametrize("reader", READERS)
def test_markup_from_outside_is_text(reader: Reader) -> None:
    """Names, quotes, answers and codes full of markup add no element and no attribute; the name is printed as it is."""
    plain, attacked = (
        tree(reader, sample.report(sample.WITH_POLICY)),
        tree(reader, hostile(HOSTILE)),
    )
    known = {element.tag for element in plain.iter() if isinstance(element.tag, str)}
    for element in attacked.iter():
        if isinstance(element.tag, str):
            assert element.tag in known
            assert not [name for name in element.attrib if name.startswith("on") or name == "src"]
    assert attacked.xpath("//h1")[0].text_content() == legible(HOSTILE)


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=40))
def test_any_text_comes_out_as_itself(text: str) -> None:
    """Whatever the app calls itself, the heading says exactly that, made legible."""
    heading = tree("public", hostile(text or "x")).xpath("//h1")[0].text_content()
    assert heading == re.sub(r"\r\n?", "\n", legible(text))


@pytest.mark.parametrize("reader", READERS)
def test_page_fetches_nothing_and_runs_nothing(reader: Reader) -> None:
    """No script, no address to another place, and a policy that would stop both."""
    page = tree(reader, hostile("https://evil.example/x"))
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'; img-src data:"]
    assert page.xpath("//script | //link | //img | //iframe | //object | //form | //base") == []
    assert all(address.startswith("#") for address in page.xpath("//@href"))
    assert "url(" not in CSS
    assert "@import" not in CSS


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_page_can_be_walked_by_headings_and_landmarks(reader: Reader, lang: Language) -> None:
    """One h1, no level skipped, one main, header and footer, the language named, every anchor there once."""
    page = tree(reader, sample.report(sample.WITH_POLICY), lang)
    levels = [int(element.tag[1]) for element in page.iter("h1", "h2", "h3", "h4", "h5")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in itertools.pairwise(levels))
    assert [len(page.xpath(f"//{name}")) for name in ("main", "header", "footer", "nav")] == [1, 1, 1, 1]
    assert page.get("lang") == {"zh": "zh-Hans", "en": "en"}[lang]
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    named = [i for value in page.xpath("//@aria-labelledby") for i in value.split()]
    assert {address[1:] for address in page.xpath("//@href")} | set(named) <= set(ids)


@pytest.mark.parametrize("reader", READERS)
def test_tables_have_names_and_scoped_heads(reader: Reader) -> None:
    """Each table is named, its column and row heads say what they head, and cells carry their column for narrow pages."""
    for table in tree(reader, sample.report(sample.WITH_POLICY)).iter("table"):
        assert table.get("aria-labelledby") or table.get("aria-label")
        assert {head.get("scope") for head in table.iter("th")} == {"col", "row"}
        columns = [head.text_content() for head in table.xpath("./thead//th")]
        for row in table.xpath("./tbody/tr"):
            assert [cell.get("data-label") for cell in row.iter("td")] == columns[1:]


def test_picture_has_words_for_those_who_do_not_see_it() -> None:
    """The drawing has a title and a description, each line its grade in words, and the table beside it every row."""
    page = tree("public")
    drawing = page.xpath("//*[local-name()='svg'][@role='img']")[0]
    assert drawing.get("aria-labelledby") == "flow-title flow-desc"
    words = [text.text_content() for text in drawing.xpath(".//*[local-name()='text']")]
    assert words.count("看到发出") == 1
    assert "IMEI" in words
    assert "友盟+移动统计" in words
    rows = page.xpath("//table[@aria-label='取得什么信息，由谁取得（表格）']/tbody/tr")
    cells = [[cell.text_content() for cell in row] for row in rows]
    assert ["IMEI", "否", "友盟+移动统计 U-App", "看到发出、可能"] in cells
    assert ["精确位置", "是", "应用自身", "可能、政策写明"] in cells


WAYS = sample.report(sample.FACTS + sample.SENT + sample.WAYS)


@pytest.mark.parametrize("reader", ["operator", "regulator"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_drawn_route_leads_to_its_steps(reader: Reader, lang: Language) -> None:
    """Each line that ends at a receiver is a link, named for those who do not see it, to an open list of its steps."""
    page = tree(reader, WAYS, lang)
    links = page.xpath("//*[local-name()='svg']//*[local-name()='a']")
    assert len(links) == 5
    for link in links:
        (target,) = page.xpath(f"//*[@id='{link.get('href')[1:]}']")
        assert link.get("aria-label").replace(" ", "") in target.xpath("./summary//h4")[0].text_content().replace(
            " ", ""
        )
        assert target.get("open") is not None
        assert target.xpath(".//ol/li")
    assert page.xpath("//*[local-name()='svg'][@role='group']")


def test_steps_keep_their_numbers_where_the_middle_is_left_out() -> None:
    """The list of a long path counts on behind what was left out."""
    (way,) = [items for items in tree("operator", WAYS).xpath("//details[@id='route-1']//ol") if len(items) > 15]
    numbers = [item.get("value") for item in way.iter("li") if item.get("class") != "left"]
    assert numbers == [str(number) for number in (*range(1, 10), *range(32, 41))]


def test_everybody_sees_receivers_but_no_code() -> None:
    """The public page draws and lists where information may go, without links into code, methods or bytes."""
    page = tree("public", WAYS)
    drawn = "".join(page.xpath("//*[local-name()='svg'][@role='img']//*[local-name()='text']/text()"))
    assert "match.example.org" in drawn
    assert not page.xpath("//*[local-name()='svg']//*[local-name()='a']")
    assert page.xpath("//table[@aria-labelledby='t-goes']//td[text()='通讯录']")
    assert not {"onCreate", "classes.dex", "TelephonyManager"} & set(re.findall(r"[\w.]+", page.text_content()))


def test_operator_page_begins_with_what_may_run_before_consent() -> None:
    """The first section is the list of calls at the start, called possible, each with its steps and a way out."""
    page = tree("operator", WAYS)
    first = page.xpath("//main//section")[0]
    assert first.get("id") == "startup"
    assert len(first.xpath(".//details")) == 3
    assert {mark.text_content() for mark in first.xpath(".//*[contains(@class, 'grade')]")} == {"可能"}
    assert len(first.xpath(".//*[@class='remedy']")) == 3


def test_regulator_page_says_what_to_test() -> None:
    """The regulator gets interfaces to watch and hosts to look for instead of remedies."""
    page = tree("regulator", WAYS)
    (device,) = page.xpath("//section[@id='device']")
    assert [table.get("aria-labelledby") for table in device.iter("table")] == ["t-watch", "t-hosts"]
    assert not page.xpath("//section[@id='startup']")


def _palettes() -> list[dict[str, str]]:
    """The colours of the light, the dark and the printed page."""
    blocks = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
    found = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", block)) for block in blocks]
    return [found[0], {**found[0], **found[1]}, {**found[0], **found[2]}]


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


MOODS = ("breached", "undetermined", "met", "not_applicable")
PAIRS = [
    *((text, ground) for text in ("ink", "muted") for ground in ("paper", "sheet", "soft")),
    ("accent", "sheet"),
    *((mood, ground) for mood in MOODS for ground in ("sheet", f"{mood}-soft")),
    *(("ink", f"{mood}-soft") for mood in MOODS),
    *((grade, "sheet") for grade in ("declared", "potential", "observed", "transmitted")),
    *((f"k-{colour}", f"k-{colour}-soft") for colour in COLOURS),
    *((f"k-{colour}", "sheet") for colour in COLOURS),
    *(("ink", f"k-{colour}-soft") for colour in COLOURS),
]


@pytest.mark.parametrize("palette", _palettes(), ids=["light", "dark", "print"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_stands_out_from_its_ground(palette: dict[str, str], text: str, ground: str) -> None:
    """Every text colour has at least the contrast that WCAG 2.2 AA asks on every ground it is used on."""
    assert _contrast(palette[text], palette[ground]) >= 4.5
