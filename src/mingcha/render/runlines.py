"""The runs in lines of a terminal: what happened in each, and what differs between them."""

from __future__ import annotations

from collections.abc import Iterator

from mingcha.render.lines import wrapped
from mingcha.render.view import Table, View
from mingcha.render.wording import words

ROWS_TOLD = 12


def run_lines(view: View) -> Iterator[str]:
    """Each run as its moments in the order of time; of several runs, what the first and the last say together."""
    for line in view.timelines:
        yield from wrapped(" · ".join(filter(None, (line.title, line.about))))
        if line.moments:
            yield from wrapped(" · ".join(filter(None, (*line.moments, line.more))), 2)
        for note in line.notes:
            yield from wrapped(note, 2)
        yield ""
    for name, keys in (("runs_read", 2), ("runs_sent", 3)):
        if name in view.tables:
            yield from _compared(view, view.tables[name], keys)


def _compared(view: View, table: Table, keys: int) -> Iterator[str]:
    """Rows of a comparison, the first ``keys`` cells of which tell what is compared."""
    say, join = words(view.lang).say, view.labels["list_join"]
    yield table.caption
    for row in table.rows[:ROWS_TOLD]:
        counts = join.join(f"{run} {count}" for run, count in zip(table.columns[keys:-1], row[keys:-1], strict=True))
        what = view.labels["place_join"].join(row[:keys])
        yield from wrapped(f"- {say('cmp_line', what=what, counts=counts, change=row[-1])}", 2, 4)
    if len(table.rows) > ROWS_TOLD:
        yield f"  … +{len(table.rows) - ROWS_TOLD}"
    if table.note:
        yield from wrapped(table.note, 2)
    yield ""
