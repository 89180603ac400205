"""The picture draws the weightiest lines, lets every party have its turn and keeps its labels in their columns."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mingcha.render.flow import COLUMNS, columns, flow, short
from mingcha.render.picture import PER_PARTY, ROWS_DRAWN, ROWS_WITH_ENDS, picture, takings
from mingcha.render.pictureview import Picture
from mingcha.render.reading import Reading
from tests.unit.render import sample


def drawn(*facts: object) -> tuple[Reading, Picture | None]:
    reading = Reading(sample.report(tuple(facts)), sample.catalogue(), "public", "zh")  # type: ignore[arg-type]
    return reading, picture(reading)


def taken(number: int, party: str | None, grade: str, information: str | None = None) -> object:
    return sample.fact("InformationTaken", number, information=information or f"t{number}", grade=grade, party=party)


def test_nothing_taken_draws_nothing() -> None:
    """Without any evidence of taking there is no picture."""
    assert drawn()[1] is None


def test_grades_stay_apart() -> None:
    """Two grades for one information and party are one line of the stronger grade, and the table keeps both."""
    reading, made = drawn(taken(1, "app", "declared", "dev.imei"), taken(2, "app", "transmitted", "dev.imei"))
    assert made is not None
    assert [edge.grade for edge in made.parties[0].edges] == ["transmitted"]
    assert [row.grades for row in takings(reading)] == [("transmitted", "declared")]


def test_strong_and_sensitive_come_first() -> None:
    """What was seen leaving stands above what is possible, and of equals the sensitive type stands first."""
    _, made = drawn(
        taken(1, "app", "potential", "dev.imei"),
        taken(2, "app", "potential", "loc.precise"),
        taken(3, "app", "transmitted", "dev.oaid"),
    )
    assert made is not None
    assert [edge.information for edge in made.parties[0].edges] == ["OAID", "精确位置", "IMEI"]


def test_at_most_twelve_rows_and_a_count_of_the_rest() -> None:
    """A long list is cut after the weightiest rows, other parties are not crowded out, and the rest is counted."""
    facts = [taken(n, "app", "potential") for n in range(30)] + [taken(90, "pangle", "potential")]
    _, made = drawn(*facts)
    assert made is not None
    assert {party.name: len(party.edges) for party in made.parties} == {"应用自身": 11, "穿山甲": 1}
    assert made.more == "另有19行未画出，见下方表格。"


@given(st.lists(st.sampled_from(["app", "a", "b", "c", "d", "e", "f", None]), min_size=1, max_size=60))
def test_any_mixture_of_parties_fits(parties: list[str | None]) -> None:
    """However many parties take however much, no more than twelve rows are drawn and none is counted twice."""
    reading, made = drawn(*(taken(n, party, "potential") for n, party in enumerate(parties)))
    assert made is not None
    shown = sum(len(party.edges) for party in made.parties)
    assert 1 <= shown <= ROWS_DRAWN
    assert (made.more == "") is (shown == len(takings(reading)))


def test_no_party_crowds_out_the_others() -> None:
    """Where two parties take much, each has half of the rows; the app stands first."""
    facts = [taken(n, party, "potential") for party in ("pangle", "app") for n in range(20)]
    _, made = drawn(*facts)
    assert made is not None
    assert [(party.name, len(party.edges)) for party in made.parties] == [("应用自身", 6), ("穿山甲", 6)]


def test_blocks_follow_one_another() -> None:
    """Parties stand below each other without touching, each in the middle of its lines."""
    laid = flow(drawn(taken(1, "app", "potential"), taken(2, "app", "potential"), taken(3, "pangle", "observed"))[1])
    assert laid is not None
    above, below = laid.blocks
    assert above.top + above.height < below.top
    assert above.middle == (above.lines[0].y + above.lines[1].y) // 2
    assert below.top + below.height <= laid.height


def test_a_row_for_each_receiver() -> None:
    """What goes to two receivers is two rows, rows of one receiver stand together, and what goes nowhere comes last."""
    _, made = drawn(*sample.WAYS, sample.leak(60, "contacts.book", "app", "sdk", receiver="pangle"))
    assert made is not None
    rows = {party.name: [(edge.information, edge.end) for edge in party.edges] for party in made.parties}
    assert rows["应用自身"] == [
        ("通讯录", "穿山甲"), ("IMEI", "穿山甲"), ("通讯录", "match.example.org"), ("OAID", "文件"),
    ]  # fmt: skip
    assert rows["友盟+移动统计 U-App"] == [("IMEI", "地址未知的服务器"), ("IMEI", "系统日志")]


def test_receivers_are_only_possible() -> None:
    """A picture with receivers says that nobody saw anything sent; one without has no third column."""
    _, made = drawn(*sample.WAYS)
    assert made is not None
    assert made.ends.startswith("右边是代码可能把它送到的去处，没有看到实际发送")
    assert {edge.grade for party in made.parties for edge in party.edges} == {"potential"}
    _, plain = drawn(taken(1, "app", "potential", "dev.imei"))
    assert plain is not None
    assert plain.ends == ""


def test_receivers_stand_beside_their_rows() -> None:
    """A receiver's block covers exactly the rows that end there, in a picture that holds everything drawn."""
    laid = flow(drawn(*sample.WAYS)[1])
    assert laid is not None
    assert laid.wide
    for block in laid.blocks:
        for line in block.lines:
            inside = [end for end in block.ends if end.top < line.y < end.top + end.height]
            assert len(inside) == (1 if line.edge.end else 0)
        assert all(block.top <= end.top and end.top + end.height <= block.top + block.height for end in block.ends)
        assert block.top + block.height <= laid.height


@given(st.lists(st.tuples(st.sampled_from(["app", "pangle", None]), st.integers(0, 4)), min_size=1, max_size=60))
def test_any_crowd_of_flows_fits(flows: list[tuple[str | None, int]]) -> None:
    """However many flows there are, the rows drawn and those counted as left out are all rows."""
    facts = [
        sample.leak(100 + n, f"t{n}", owner, "network", host=f"h{host}.example.com")
        for n, (owner, host) in enumerate(flows)
    ]
    _, made = drawn(*facts)
    assert made is not None
    shown = sum(len(party.edges) for party in made.parties)
    assert shown == min(ROWS_WITH_ENDS, len(flows))
    assert (str(len(flows) - shown) in made.more) if shown < len(flows) else made.more == ""


@given(st.text(max_size=80))
def test_labels_fit_their_column(text: str) -> None:
    """A label takes at most two lines of the column's width, whatever it is."""
    made = short(text)
    assert len(made) <= 2
    assert all(columns(line) <= COLUMNS for line in made)


def test_labels_break_where_words_end() -> None:
    """Latin words stay whole, Chinese breaks anywhere, what is too long shows that it was cut."""
    assert short("list of installed apps") == ("list of", "installed apps")
    assert short("腾讯移动推送 TPNS / 信鸽") == ("腾讯移动推送", "TPNS / 信鸽")
    assert short("甲" * 30) == ("甲" * 8, "甲" * 7 + "…")


def test_a_label_leaves_no_syllable_alone() -> None:
    """A second line of one or two characters is made as long as the first; a word that can stand alone stays."""
    assert short("login.sina.com.cn") == ("login.sina", ".com.cn")
    assert short("特定应用是否安装", room=14) == ("特定应用", "是否安装")
    assert short("友盟+移动统计 U-App") == ("友盟+移动统计", "U-App")


def test_what_is_sensitive_is_not_left_out() -> None:
    """Where there is no room for all rows, a sensitive type is drawn before others that may leave the app."""
    many = [sample.leak(100 * n, f"t{n}", "app", "network", host=f"h{n}.example") for n in range(1, 40)]
    _, made = drawn(*many, taken(5, "app", "potential", "contacts.book"))
    assert made is not None
    assert "通讯录" in [edge.information for party in made.parties for edge in party.edges]
    assert {grade for grade, *_ in made.legend} == {"potential"}


def test_what_only_the_policy_says_waits() -> None:
    """Parties of whom only the policy speaks take no room from what code or a test shows."""
    named = [taken(n, f"s{n}", "declared", "dev.oaid") for n in range(20)]
    _, made = drawn(*named, *(taken(n, "app", "potential") for n in range(30, 40)))
    assert made is not None
    assert len(made.parties[0].edges) == PER_PARTY
    assert sum(len(party.edges) for party in made.parties) == ROWS_DRAWN


def test_only_a_collecting_is_told_as_declared() -> None:
    """A type that a sentence only shares, or only asks a permission for, is not told as one the policy says is taken."""

    def declared(**fields: object) -> list[str]:
        named = sample.said("InformationNamedInPolicy", 3, "一句。", information="dev.imei", clear=True)
        says = {"does": "collect", "information": "dev.imei", "clear": True, **fields}
        reading, _ = drawn(named, sample.said("PolicyStatement", 3, "一句。", **says))
        return [row.information for row in takings(reading)]

    assert declared() == ["dev.imei"]
    assert declared(does="share") == []
    assert declared(clear=False, permission="android.permission.READ_PHONE_STATE") == []


def test_code_of_unknown_owner_is_not_called_unseen() -> None:
    """Where only a permission speaks for the app, it is told whether code of nobody known reads the type."""
    asked = sample.fact(
        "PermissionDeclared", 7, permission="android.permission.READ_CONTACTS", information=["contacts.book"]
    )
    reading, _ = drawn(asked)
    assert [(row.party, row.doubt) for row in takings(reading)] == [("app", "asked")]
    reading, _ = drawn(asked, sample.call(1, "contacts.book", "La/B;->c()V", sample.PHONE, None, "startup"))
    assert ("app", "unowned") in [(row.party, row.doubt) for row in takings(reading)]
