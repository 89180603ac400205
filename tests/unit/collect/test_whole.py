"""The code as a whole is read once for all collectors, and hidden code makes nothing unreached."""

from __future__ import annotations

from mingcha.collect.protection import hides_calls
from mingcha.collect.whole import program_of, reach_of, steps_of
from mingcha.formats.dex import Site
from mingcha.program.reach import Found, PathStep
from tests.build import dexcode as d
from tests.build.dexmaker import Class, Code, Method
from tests.build.tinyapp import app, catalogue, opened

MAIN = Class("Lcom/example/app/Main;", [Method("run()V", Code(1, [d.nop(), d.return_void()]))])
SITE = Site(method=0, unit=0, opcode=0, target=0)
TABLES = catalogue()


def test_made_once() -> None:
    """Every collector gets the same program and the same reach."""
    package = opened(app([MAIN]))
    assert program_of(package) is program_of(package)
    assert reach_of(package, TABLES) is reach_of(package, TABLES)
    assert reach_of(package, TABLES).program is program_of(package)


def test_hidden_code_makes_nothing_unreached() -> None:
    """What nobody calls is unreached where all code is seen, and not known where native code may call it."""
    seen, hidden = opened(app([MAIN])), opened(app([MAIN], {"lib/arm64-v8a/libx.so": b"\x7fELF"}))
    assert (hides_calls(seen, TABLES), hides_calls(hidden, TABLES)) == (False, True)
    assert reach_of(seen, TABLES).at(0, SITE, "x").reach == "unreached"
    assert reach_of(hidden, TABLES).at(0, SITE, "x").reach == "unknown"


def test_steps_have_places_in_the_artefact() -> None:
    """A step leads to the member of the image and to the byte in it."""
    package = opened(app([MAIN]))
    step = PathStep(method="La/B;->c()V", does="calls", image=0, at=12, quote="q")
    (made,) = steps_of(package, Found("startup", 0, (step,)))
    assert (made.method, made.does) == ("La/B;->c()V", "calls")
    assert (made.place.path, made.place.at, made.place.quote) == ("classes.dex", 12, "q")
