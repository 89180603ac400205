"""A path tells every step with method, deed and place; of a long one both ends."""

from __future__ import annotations

import typing

import pytest

from mingcha.model.artefact import Artefact, Place
from mingcha.model.clause import Language, Reader
from mingcha.model.words import Step, StepKind
from mingcha.render.paths import HEAD, TAIL, path
from mingcha.render.reading import Reading
from tests.unit.render import sample


def reading(reader: Reader = "operator", lang: Language = "zh", full: bool = False) -> Reading:
    return Reading(sample.report(), sample.catalogue(), reader, lang, full)


def made(count: int, does: StepKind = "passes") -> list[Step]:
    place = Place(sha256=sample.APK, path="classes.dex", at=16, quote="La/B;->c")
    return [Step(method=f"La/M{n};->run()V", does=does, place=place) for n in range(count)]


def test_a_step_says_method_deed_and_place() -> None:
    """The operator reads names as in source code, the regulator as in the DEX file; both get the byte."""
    (stop,) = path(reading(), made(1)).stops
    assert (stop.method, stop.does, stop.place) == ("a.M0.run", "传给 a.B.c", "classes.dex，字节偏移 16（0x10）")
    (stop,) = path(reading("regulator"), made(1)).stops
    assert (stop.method, stop.does) == ("La/M0;->run()V", "传给 La/B;->c")


@pytest.mark.parametrize("does", typing.get_args(StepKind))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_deed_has_its_own_words(does: StepKind, lang: Language) -> None:
    """Each kind of step is told in words of its own, and all but the entry name what is dealt with."""
    said = path(reading(lang=lang), made(1, does)).head[0].does
    assert ("a.B.c" in said) is (does != "enters")
    others = {
        path(reading(lang=lang), made(1, kind)).head[0].does for kind in typing.get_args(StepKind) if kind != does
    }
    assert said not in others


def test_the_middle_of_a_long_path_is_left_out_and_counted() -> None:
    """Steps keep their numbers around what is left out; programs get everything."""
    way = path(reading(), made(50))
    assert [stop.method for stop in way.tail] == [f"a.M{n}.run" for n in range(50 - TAIL, 50)]
    assert (len(way.head), way.resume) == (HEAD, 50 - TAIL + 1)
    assert way.left_out == f"……此处省略{50 - HEAD - TAIL}步，见JSON形式的报告"
    assert len(path(reading(full=True), made(50)).stops) == 50


def test_no_single_step_is_left_out() -> None:
    """Leaving out one step would take as much room as telling it."""
    assert path(reading(), made(HEAD + TAIL + 1)).left_out == ""


def test_two_packages_are_told_apart() -> None:
    """Where two packages were handed in, a step names the one it is in."""
    case = sample.CASE
    other = Artefact(sha256="9" * 64, kind="apk", name="other.apk", size=1)
    two = sample.report(case=type(case)(artefacts=(*case.artefacts, other)))
    stop = path(Reading(two, sample.catalogue(), "operator", "zh"), made(1)).head[0]
    assert stop.place == "flash.apk › classes.dex，字节偏移 16（0x10）"
