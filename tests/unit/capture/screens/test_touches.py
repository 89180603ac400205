"""Touches out of getevent's lines: where, how long, and when one was missed."""

from __future__ import annotations

import pytest

from mingcha.capture.screens.touches import Decoder, Event, Panel, panels_of

LISTED = """add device 1: /dev/input/event4
  name:     "a pad that is not looked through"
  events:
    ABS (0003): ABS_MT_POSITION_X     : value 0, min 0, max 99, fuzz 0, flat 0, resolution 0
                ABS_MT_POSITION_Y     : value 0, min 0, max 99, fuzz 0, flat 0, resolution 0
  input props:
    INPUT_PROP_POINTER
add device 2: /dev/input/event2
  name:     "fts"
  events:
    KEY (0001): BTN_TOUCH
    ABS (0003): ABS_MT_POSITION_X     : value 0, min 0, max 1079, fuzz 0, flat 0, resolution 0
                ABS_MT_POSITION_Y     : value 0, min 10, max 2409, fuzz 0, flat 0, resolution 0
  input props:
    INPUT_PROP_DIRECT
add device 3: /dev/input/event0
  name:     "gpio-keys"
  events:
    KEY (0001): KEY_VOLUMEDOWN        KEY_POWER
"""


def decoded(*lines: str) -> list[Event]:
    """The touches of lines such as "X 10"; each line's number is its time."""
    decoder = Decoder()
    names = {"X": "ABS_MT_POSITION_X", "Y": "ABS_MT_POSITION_Y", "id": "ABS_MT_TRACKING_ID", "slot": "ABS_MT_SLOT"}
    found = []
    for number, line in enumerate(lines):
        name, _, value = line.partition(" ")
        text = value if not value.isdigit() else f"{int(value):08x}"
        event = decoder.line(float(number), names.get(name, name), text, float(number))
        found += [event] if event else []
    return found


def test_the_touch_screen_is_told_from_a_pad() -> None:
    """Only the panel that is looked through counts, with both ends of its axes."""
    assert panels_of(LISTED) == {"/dev/input/event2": Panel("/dev/input/event2", (0, 10), (1079, 2409))}


def test_a_touch_lasts_from_first_down_to_last_up() -> None:
    """A finger that moves gives one touch with its start and end, timed at its end."""
    events = decoded("id 7", "X 10", "Y 20", "SYN_REPORT 0", "X 90", "SYN_REPORT 0", "id ffffffff", "SYN_REPORT 0")
    assert events == [Event("touch", 7.0, 3.0, 7.0, (10, 20), (90, 20))]


def test_an_axis_that_did_not_change_is_remembered() -> None:
    """The kernel leaves out what is as before; the second touch still has both coordinates."""
    events = decoded(
        "id 7",
        "X 10",
        "Y 20",
        "SYN_REPORT 0",
        "id ffffffff",
        "SYN_REPORT 0",
        "id 8",
        "Y 30",
        "SYN_REPORT 0",
        "id ffffffff",
        "SYN_REPORT 0",
    )
    assert [(event.start, event.end) for event in events] == [((10, 20), (10, 20)), ((10, 30), (10, 30))]


def test_a_coordinate_never_told_is_not_guessed() -> None:
    """A first touch whose axis is left out has no place."""
    assert decoded("id 7", "Y 20", "SYN_REPORT 0", "id ffffffff", "SYN_REPORT 0")[0].start is None


def test_two_fingers_are_one_touch() -> None:
    """It ends when the last finger leaves, and lies where the first one was."""
    events = decoded(
        "id 7", "X 10", "Y 20", "SYN_REPORT 0", "slot 1", "id 8", "X 70", "Y 80", "SYN_REPORT 0",
        "slot 0", "id ffffffff", "SYN_REPORT 0", "slot 1", "id ffffffff", "SYN_REPORT 0",
    )  # fmt: skip
    assert [(event.stamp, event.start) for event in events] == [(14.0, (10, 20))]


def test_a_panel_of_the_older_kind_is_read() -> None:
    """BTN_TOUCH alone begins and ends a touch."""
    events = decoded("BTN_TOUCH DOWN", "X 10", "Y 20", "SYN_REPORT 0", "BTN_TOUCH UP", "SYN_REPORT 0")
    assert [event.start for event in events] == [(10, 20)]


def test_dropped_events_are_noticed() -> None:
    """The kernel says that it lost some."""
    decoder = Decoder()
    decoder.line(1.0, "SYN_DROPPED", "00000000", 1.0)
    assert decoder.dropped


@pytest.mark.parametrize(("turned", "corner", "place"), [
    (0, (0, 0), (270, 300)), (1, (0, 1079), (300, 809)), (2, (1079, 1999), (809, 1699)), (3, (1999, 0), (1699, 270)),
])  # fmt: skip
def test_a_point_follows_the_screen_as_it_turns(turned: int, corner: tuple[int, int], place: tuple[int, int]) -> None:
    """The upright screen's top left corner, and a point a quarter right and three twentieths down, by hand for each rotation."""
    panel = Panel("p", (0, 0), (4319, 3999))
    assert panel.on_screen((0, 0), (1080, 2000), turned) == corner
    assert panel.on_screen((1080, 600), (1080, 2000), turned) == place
