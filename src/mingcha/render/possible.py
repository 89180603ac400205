"""What the code makes possible, in a few lines of a terminal: the start first, then third parties or hosts to look for."""

from __future__ import annotations

from collections.abc import Iterator

from mingcha.render.lines import wrapped
from mingcha.render.view import View
from mingcha.render.wording import words

STARTS_TOLD = 6
ROUTES_TOLD = 4


def possible(view: View) -> Iterator[str]:
    """For the operator what to change first, for the regulator what to test on a device."""
    regulator = view.reader == "regulator"
    starts = list(dict.fromkeys(_starts(view)))
    routes = _hosts(view) if regulator else list(dict.fromkeys(_third(view)))
    if regulator:
        yield from _block(view, "d_title", [*starts[:STARTS_TOLD], *routes], len(starts) - STARTS_TOLD)
    else:
        yield from _block(view, "s_title", starts[:STARTS_TOLD], len(starts) - STARTS_TOLD)
        yield from _block(view, "f_third", routes[:ROUTES_TOLD], len(routes) - ROUTES_TOLD)


def _block(view: View, heading: str, lines: list[str], left: int) -> Iterator[str]:
    if not lines:
        return
    yield view.labels[heading]
    for line in lines:
        yield from wrapped(f"- {line}", 2, 4)
    if left > 0:
        yield f"  {words(view.lang).say('remaining', count=left)}"
    yield ""


def _starts(view: View) -> Iterator[str]:
    """One line for each moment and owner, with all that may be obtained."""
    for moment in view.startup:
        for starter in moment.starters:
            taken = view.labels["list_join"].join(start.information for start in starter.starts)
            yield words(view.lang).say("text_start", entry=moment.entry, owner=starter.owner, information=taken)


def _third(view: View) -> Iterator[str]:
    """One line for each third party and owner, with all that may reach it."""
    together: dict[tuple[str, str], list[str]] = {}
    for route in view.routes:
        if route.third:
            together.setdefault((route.owner, route.end), []).append(route.information)
    for (owner, end), information in together.items():
        taken = view.labels["list_join"].join(dict.fromkeys(information))
        yield words(view.lang).say("text_route", owner=owner, end=end, information=taken)


def _hosts(view: View) -> list[str]:
    table = view.tables.get("hosts")
    hosts = [row[0] for row in table.rows if row[0] != view.labels["host_unknown"]] if table else []
    if not hosts:
        return []
    return [words(view.lang).say("text_hosts", what=view.labels["list_join"].join(dict.fromkeys(hosts)))]
