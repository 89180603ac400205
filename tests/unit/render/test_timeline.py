"""The layout of a timeline: everything inside, no label over another, and nothing drawn past the choice it came before."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from mingcha.render.timeline import LEAST, STEM, Item, Row, Story, panel, wide
from mingcha.render.timelineview import Bar, Panel

T0 = datetime(2026, 1, 5, 10, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    """A moment of the run."""
    return T0 + timedelta(seconds=seconds)


def item(start: float, end: float | None = None, label: str = "", **more: object) -> Item:
    """Something from one second to another."""
    return Item(str(more.pop("key", "")), at(start), at(start if end is None else end), label, "told", **more)  # type: ignore[arg-type]


def row(*items: Item, kind: str = "read") -> Row:
    """A lane."""
    return Row(kind, "app", "IMEI", "", False, items)  # type: ignore[arg-type]


def drawn(last: float, **parts: object) -> Panel:
    """A panel of a run that lasts so many seconds."""
    return panel(Story(T0, at(last), **parts), T0, at(last), "x", "")  # type: ignore[arg-type]


def test_bars_stand_where_their_times_are() -> None:
    """A bar reaches from its first to its last moment, as shares of the axis."""
    made = drawn(100, rows=(row(item(25, 75)),))
    assert [(bar.x, bar.width) for bar in made.lanes[0].bars] == [(0.25, 0.5)]


def test_one_read_can_be_seen_and_stays_before_the_choice() -> None:
    """A single read has a least width, and grows to the left where a choice came after it, to the right where not."""
    made = drawn(10_000, rules=(item(20, key="agree"),), rows=(row(item(19), item(21)),))
    before, after = made.lanes[0].bars
    line = made.rules[0].x
    assert before.width == after.width == LEAST["read"]
    assert before.x + before.width <= line + 1e-9 <= after.x + 1e-9


def test_the_last_read_is_inside() -> None:
    """A read at the very end is drawn inside of the axis."""
    (bar,) = drawn(100, rows=(row(item(100)),)).lanes[0].bars
    assert bar.x + bar.width <= 1


def test_values_and_attempts_have_tracks_of_their_own() -> None:
    """Where values came back is the upper track, everything else the lower."""
    bars = drawn(100, rows=(row(item(10, 50), item(10, 50, look="hollow"), item(60, look="dashed")),)).lanes[0].bars
    assert [bar.track for bar in bars] == [0, 1, 1]


def test_labels_give_way_to_shorter_ones() -> None:
    """Without room to the right a label goes to the left, then a short one stands in, then none."""
    long = "a label of some length"
    narrow = item(88, 99, long, short="×9")
    assert _labels(drawn(100, rows=(row(narrow),))) == [(long, "end")]
    crowded = row(item(0, 80, "x" * 200), narrow)
    assert _labels(drawn(100, rows=(crowded,)))[1] == ("×9", "end")
    assert _labels(drawn(100, rows=(row(item(0, 87), item(88, 100, long, short="×9")),)))[1] == ("", "start")


def _labels(made: Panel) -> list[tuple[str, str]]:
    return [(bar.label, bar.anchor) for bar in made.lanes[0].bars]


def test_lanes_follow_one_another() -> None:
    """Heads, band, screens, acts, lanes and axis stand below each other; parts that are not there take no room."""
    full = drawn(
        100, rules=(item(20, label="agreed"),), stretches=(item(0, 100),), screens=(item(5, label="main"),),
        acts=(item(6, label="tap"),), rows=(row(item(7)), row(item(8))),
    )  # fmt: skip
    tops = [0, full.band, full.screens_top, full.acts_top, *(lane.top for lane in full.lanes), full.height]
    assert all(above < below for above, below in pairwise(tops))
    assert full.lanes[0].top + full.lanes[0].height == full.lanes[1].top
    empty = drawn(100, stretches=(item(0, 100),))
    assert empty.screens_top == empty.acts_top
    assert empty.height < full.height


def test_a_part_shows_what_lies_in_it() -> None:
    """A panel of the first part leaves out lanes and marks that come later, and cuts what reaches beyond."""
    story = Story(T0, at(100), screens=(item(5), item(50)), rows=(row(item(2, 60)), row(item(70))))
    made = panel(story, T0, at(10), "x", "")
    assert len(made.screens) == len(made.lanes) == 1
    assert (made.lanes[0].bars[0].x, made.lanes[0].bars[0].width) == (0.2, 0.8)


def test_choices_close_together_are_told_in_rows() -> None:
    """Labels of lines that stand side by side do not cover each other."""
    made = drawn(100, rules=(item(20, label="refused 10:00:20"), item(22, label="agreed 10:00:22")))
    assert [rule.row for rule in made.rules] == [0, 1]


TIMES = st.lists(st.tuples(st.floats(0, 100), st.floats(0, 30), st.integers(0, 25), st.integers(0, 3)), max_size=30)


@settings(max_examples=60, deadline=None)
@given(TIMES, st.floats(1, 99))
def test_no_label_covers_another(times: list[tuple[float, float, int, int]], choice: float) -> None:
    """Whatever happens when, everything lies inside, and of each row no two labels touch."""
    items = tuple(item(start, min(100, start + long), "宽" * n, weight=w) for start, long, n, w in times)
    made = drawn(100, rules=(item(choice, label="agreed"),), screens=items, acts=items, rows=(row(*items),))
    rooms: dict[object, list[tuple[float, float]]] = defaultdict(list)
    for name, ticks in (("screens", made.screens), ("acts", made.acts)):
        for tick in ticks:
            assert 0 <= tick.x <= tick.x + tick.width <= 1 + 1e-6
            if tick.label:
                rooms[name, tick.row].append(_room(tick.x - STEM, tick.x + STEM, tick.label, tick.anchor))
    for bar in (bar for lane in made.lanes for bar in lane.bars):
        assert bar.x >= -LEAST["read"]
        if bar.label:
            rooms["bars", bar.track].append(_bar_room(bar))
    for taken in rooms.values():
        assert all(first[1] <= second[0] + 1e-6 for first, second in pairwise(sorted(taken)))
        assert all(start >= -0.01 and end <= 1.01 for start, end in taken)


def _bar_room(bar: Bar) -> tuple[float, float]:
    return _room(bar.x, bar.x + bar.width, bar.label, bar.anchor)


def _room(start: float, end: float, label: str, anchor: str) -> tuple[float, float]:
    return (end, end + wide(label)) if anchor == "start" else (start - wide(label), start)
