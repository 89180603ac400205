"""Dumps of the user interface are read whatever tool wrote them, and hostile ones end in a FormatError."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingcha.errors import FormatError
from mingcha.formats.uidump import DEPTH, NODES, read_dump

HEAD = "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>"
ONE = (
    HEAD + '<hierarchy rotation="1"><node index="0" text="" resource-id="" class="android.widget.FrameLayout" '
    'package="example.app" content-desc="" checkable="false" checked="false" clickable="false" enabled="true" '
    'focusable="false" focused="false" scrollable="false" long-clickable="false" password="false" selected="false" '
    'bounds="[0,0][540,1170]"><node index="0" text="同意&amp;继续&#10;好" resource-id="example.app:id/ok" '
    'class="android.widget.CheckBox" package="example.app" content-desc="a" checkable="true" checked="true" '
    'clickable="true" enabled="true" focused="true" scrollable="false" password="false" selected="true" '
    'bounds="[-5,10][540,66]" NAF="true" /></node></hierarchy>'
)


def test_fields() -> None:
    """Every field of uiautomator's form arrives, entities resolved, bounds as numbers, the parent by its place."""
    dump = read_dump(ONE.encode())
    root, box = dump.nodes
    assert (dump.rotation, dump.partial, root.parent, root.text, root.checked) == (1, False, -1, "", False)
    assert (box.number, box.parent, box.depth, box.text) == (1, 0, 2, "同意&继续\n好")
    assert (box.resource_id, box.cls, box.package, box.description) == (
        "example.app:id/ok", "android.widget.CheckBox", "example.app", "a",
    )  # fmt: skip
    assert (box.checkable, box.checked, box.clickable, box.focused, box.selected, box.password) == (
        True, True, True, True, True, False,
    )  # fmt: skip
    assert box.bounds == (-5, 10, 540, 66)


def test_missing_fields_are_not_known() -> None:
    """What an export leaves out is null, not false."""
    node = read_dump(b'<hierarchy><node text="x"/></hierarchy>').nodes[0]
    assert (node.checked, node.clickable, node.bounds, node.package, node.displayed) == (None, None, None, "", None)


def test_appium() -> None:
    """Appium names elements after their classes; elements without bounds pass their parent on."""
    data = (
        '<hierarchy rotation="0"><android.widget.FrameLayout package="a.b" bounds="[0,0][10,10]" displayed="true"><extra>'
        '<android.widget.Button text="OK" bounds="[1,1][5,5]" clickable="true" displayed="false"/></extra>'
        "</android.widget.FrameLayout></hierarchy>"
    )
    frame, button = read_dump(data.encode()).nodes
    assert (frame.cls, button.cls, button.parent, button.displayed) == (
        "android.widget.FrameLayout", "android.widget.Button", 0, False,
    )  # fmt: skip


def test_words_around_the_file() -> None:
    """A terminal's lines before and behind the XML do not matter."""
    data = f"some warning\n{ONE}UI hierchary dumped to: /dev/tty\n".encode()
    assert len(read_dump(data).nodes) == 2
    assert not read_dump(data).partial


def test_cut_off_anywhere() -> None:
    """A dump cut anywhere is told as partial or refused, never taken for whole."""
    data = ONE.encode()
    for end in range(0, len(data) - len("</hierarchy>"), 7):
        try:
            dump = read_dump(data[:end])
        except FormatError:
            continue
        assert dump.partial


@pytest.mark.parametrize(
    "data",
    [
        b"", b"not xml", b"<a/>", b"<html><body>x</body></html>", b"{}", b"\xff\xfe<", b"<hierarchy/>",
        b'<!DOCTYPE a [<!ENTITY b "ccc">]><hierarchy><node text="&b;"/></hierarchy>',
        b"<?xml version='1.0' encoding='nonsense'?><hierarchy><node/></hierarchy>",
    ],
)  # fmt: skip
def test_what_is_no_dump(data: bytes) -> None:
    """Other files, document types and unknown encodings are refused."""
    with pytest.raises(FormatError):
        read_dump(data)


def test_entity_bomb() -> None:
    """Entities that grow a thousandfold are refused before they grow."""
    rows = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE x [<!ENTITY l0 "lol">{rows}]><hierarchy><node text="&l9;"/></hierarchy>'
    with pytest.raises(FormatError, match="document type"):
        read_dump(bomb.encode())


def test_ten_thousand_deep() -> None:
    """Endless nesting is read to a depth and the rest counted."""
    deep = "<hierarchy>" + '<node text="x">' * 10_000 + "</node>" * 10_000 + "</hierarchy>"
    dump = read_dump(deep.encode())
    assert max(node.depth for node in dump.nodes) < DEPTH
    assert dump.partial
    assert dump.left_out > 9_000


def test_too_many_nodes() -> None:
    """A dump of more nodes than any screen has is read in part, quickly."""
    start = time.perf_counter()
    dump = read_dump(b"<hierarchy>" + b"<node/>" * (NODES + 5) + b"</hierarchy>")
    assert (len(dump.nodes), dump.partial) == (NODES, True)
    assert time.perf_counter() - start < 5


def test_one_endless_attribute() -> None:
    """Twenty megabytes in one attribute cost no more than reading them once, and little of it is kept."""
    start = time.perf_counter()
    dump = read_dump(b'<hierarchy><node text="' + b"x" * (20 << 20) + b'"/></hierarchy>')
    assert len(dump.nodes[0].text) == 20_000
    assert time.perf_counter() - start < 3


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200), st.integers(0, len(ONE.encode())))
def test_any_bytes(noise: bytes, at: int) -> None:
    """Whatever stands in the middle of a dump, it is read or refused, and nothing else happens."""
    data = ONE.encode()
    try:
        dump = read_dump(data[:at] + noise + data[at:])
    except FormatError:
        return
    assert all(node.parent < node.number for node in dump.nodes)


@pytest.mark.parametrize("bounds", ["", "[1,2]", "[9,9][1,1]", "[a,b][c,d]", "[1,2][3,99999999999]"])
def test_bounds_that_are_none(bounds: str) -> None:
    """Bounds that cannot be are not known."""
    data = re.sub(r"\[-5,10\]\[540,66\]", bounds, ONE)
    assert read_dump(data.encode()).nodes[1].bounds is None
