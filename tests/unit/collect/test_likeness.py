"""An SDK under other names is told by the strings it loads, as sure as there are many, and only where it is sure owns classes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import msgspec
import pytest

from mingcha.catalogue.load import Catalogue, load
from mingcha.collect.likeness import SURE, confidence, matches, renamed_owners
from mingcha.collect.owners import Owners
from mingcha.collect.package import Package
from mingcha.collect.sdks import inside
from mingcha.model.sdk import Likeness, Sdk, Signature
from tests.build import dexcode as op
from tests.build.dexmaker import Class, Code, Method
from tests.build.renamer import flattened, renamed_app
from tests.build.tinyapp import app, catalogue, element, manifest, opened, sdk

MARKS = [f"alpha_key_{n}" for n in range(100)]
OTHER = [f"beta.action.{n}" for n in range(100)]
SDKS = [
    sdk("alpha", Signature(form="package", value="com.alpha.sdk"), Signature(form="meta-data", value="ALPHA_KEY")),
    sdk("beta", Signature(form="package", value="org.beta.push")),
]


def tables(sdks: Sequence[Sdk] = SDKS, libraries: Sequence[str] = ("androidx",)) -> Catalogue:
    """Two SDKs with a hundred marks each."""
    rows = {"alpha": MARKS, "beta": OTHER}
    learnt = {name: Likeness(id=name, learnt=("1.0",), strings=tuple(marks)) for name, marks in rows.items()}
    return msgspec.structs.replace(catalogue(sdks=sdks, libraries=libraries), likeness=learnt)


def cls(name: str, marks: Iterable[str] = (), uses: Iterable[str] = ()) -> Class:
    """A class that loads these strings and calls ``go`` of these classes."""
    calls = [op.invoke_static(f"L{other.replace('.', '/')};->go()V") for other in uses]
    code = Code(1, [*(op.const_string(0, mark) for mark in marks), *calls, op.return_void()])
    return Class(f"L{name.replace('.', '/')};", [Method("go()V", code)])


def spread(package: str, marks: Sequence[str], each: int = 2) -> list[Class]:
    """Classes of a package, each loading so many of the marks."""
    return [cls(f"{package}.C{n}", marks[n : n + each]) for n in range(0, len(marks), each)]


def owned(classes: Sequence[Class], **more: object) -> dict[str, str]:
    found = renamed_owners(opened(app(classes)), tables(**more))  # type: ignore[arg-type]
    return {name: owner for name, (owner, _) in found.items()}


# --- how sure -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "learnt", "at_least", "at_most"),
    [
        (0, 100, 0, 0),
        (1, 100, 0, 0.1),
        (3, 100, 0, 0.2),
        (1, 1, 0, 0.2),
        (30, 100, 0.9, 1),
        (400, 400, 0.98, 1),
        (8, 400, 0, 0.3),
    ],
)
def test_confidence(found: int, learnt: int, at_least: float, at_most: float) -> None:
    """A few marks are never sure, a good part of many is, and a small part of very many is not."""
    assert at_least <= confidence(found, learnt) <= at_most


def test_confidence_grows_with_marks() -> None:
    """One mark more never makes it less sure."""
    values = [confidence(n, 160) for n in range(161)]
    assert values == sorted(values)
    assert values[0] == 0 < SURE < values[-1] < 1


# --- the SDK ------------------------------------------------------------------------------------------------------------


def fact_of(package: Package, name: str = "alpha") -> object:
    return next((fact for fact in inside(package, tables()) if fact.sdk == name), None)


def test_renamed_sdk_is_present() -> None:
    """An SDK under other names is present with its confidence; the place is one of its strings in the DEX."""
    data = app(spread("a.b", MARKS[:60]))
    package = opened(data)
    (fact,) = inside(package, tables())
    assert (fact.sdk, fact.possible, fact.confidence) == ("alpha", False, confidence(60, 100))
    assert fact.signals == (f"likeness {fact.confidence:g} (60 of 100 strings, 30 classes)",)
    assert fact.place.path == "classes.dex"
    assert fact.place.quote in MARKS
    image = package.code[0].dex
    assert image.data[fact.place.at :].startswith(fact.place.quote.encode())


def test_few_marks_are_possible_or_nothing() -> None:
    """Below the threshold an SDK is only possible and owns no class; with a mark or two nothing is said."""
    (fact,) = inside(opened(app(spread("a.b", MARKS[:8]))), tables())
    assert fact.possible
    assert fact.confidence is not None
    assert fact.confidence < SURE
    assert owned(spread("a.b", MARKS[:8])) == {}
    assert inside(opened(app(spread("a.b", MARKS[:2]))), tables()) == []


def test_name_goes_before_likeness() -> None:
    """An SDK that its names show has no confidence; marks that its own classes load are no likeness."""
    (fact,) = inside(opened(app(spread("com.alpha.sdk", MARKS[:60]))), tables())
    assert (fact.possible, fact.confidence) == (False, None)
    assert not any(signal.startswith("likeness") for signal in fact.signals)


def test_both_signs() -> None:
    """Where a class's name and renamed classes show the SDK, both are named and no confidence is needed."""
    sdks = [sdk("alpha", Signature(form="class", value="com.alpha.sdk.Main")), SDKS[1]]
    package = opened(app([cls("com.alpha.sdk.Main"), *spread("a.b", MARKS[:60])]))
    (fact,) = inside(package, tables(sdks))
    assert [signal.split()[0] for signal in fact.signals] == ["class", "likeness"]
    assert (fact.score, fact.possible, fact.confidence) == (6, False, None)


def test_possible_sign_keeps_its_score() -> None:
    """A sign that alone makes an SDK possible counts besides the likeness, and the confidence stands."""
    xml = manifest(application=[element("meta-data", name="OTHER")])
    sdks = [sdk("alpha", Signature(form="meta-data", value="OTHER", verified=False)), SDKS[1]]
    (fact,) = inside(opened(app(spread("a.b", MARKS[:60]), xml=xml)), tables(sdks))
    assert (fact.score, fact.possible, fact.confidence) == (4, False, confidence(60, 100))


@pytest.mark.parametrize("package", ["androidx.core", "com.example.app", "org.beta.push", "org.beta.elsewhere"])
def test_known_names_do_not_count(package: str) -> None:
    """What a library, the app, another SDK or another product of a vendor loads makes no likeness of an SDK."""
    assert fact_of(opened(app(spread(package, MARKS)))) is None


def test_strings_alone_do_not_count() -> None:
    """Strings that stand in the file and no code loads show nothing."""
    assert inside(opened(app([cls("a.b.C")], strings=MARKS)), tables()) == []


def test_over_several_images() -> None:
    """Marks spread over several DEX files count together."""
    from tests.build.dexmaker import dex

    data = app(spread("a.b", MARKS[:20]), {"classes2.dex": dex(spread("a.c", MARKS[20:40]))})
    (match,) = matches(opened(data), tables())
    assert (match.sdk, match.marks, match.confidence) == ("alpha", 40, confidence(40, 100))
    assert {name.rpartition(".")[0] for name in match.classes} == {"a.b", "a.c"}


# --- the classes --------------------------------------------------------------------------------------------------------


def test_two_marks_own_a_class() -> None:
    """A class with two marks is the SDK's; with one it is nobody's, and so is one that loads marks of two SDKs."""
    classes = [
        *(cls(f"p{n}.C", MARKS[2 * n : 2 * n + 2]) for n in range(20)),
        *(cls(f"q{n}.C", OTHER[2 * n : 2 * n + 2]) for n in range(20)),
        cls("x.One", [MARKS[50]]), cls("y.Both", [MARKS[51], MARKS[52], OTHER[51], OTHER[52]]),
    ]  # fmt: skip
    owners = owned(classes)
    assert {owner for name, owner in owners.items() if name.startswith("p")} == {"alpha"}
    assert owners["p0.C"] == "alpha"
    assert owners["q0.C"] == "beta"
    assert not {"x.One", "y.Both"} & set(owners)


REST = [cls(f"z{n}.C") for n in range(200)]


def test_neighbours_go_along() -> None:
    """Where a good part of a package loads marks, its other classes are the SDK's as well; where few do, not."""
    dense = [*spread("a.b", MARKS[:40]), *(cls(f"a.b.N{n}") for n in range(20))]
    thin = [*spread("a.c", MARKS[40:46]), *(cls(f"a.c.N{n}") for n in range(40))]
    owners = owned([*dense, *thin, *REST])
    assert owners["a.b.N0"] == "alpha"
    assert owners["a.c.C0"] == "alpha"
    assert "a.c.N0" not in owners


def test_neighbours_of_two_sdks_stay() -> None:
    """A package in which two SDKs meet is nobody's, apart from the classes that show themselves."""
    mixed = [*spread("a.b", MARKS[:40]), *spread("a.b.x", OTHER[:40]), cls("a.b.Z", OTHER[40:42]), cls("a.b.N")]
    owners = owned([*mixed, *REST])
    assert owners["a.b.C0"] == "alpha"
    assert owners["a.b.Z"] == "beta"
    assert "a.b.N" not in owners


def test_one_package_for_all_is_no_neighbourhood() -> None:
    """Where an obfuscator put the whole app into one package, nobody is owned for lying there."""
    owners = owned([*spread("a", MARKS[:60]), *(cls(f"a.N{n}") for n in range(20))])
    assert owners["a.C0"] == "alpha"
    assert not any(name.startswith("a.N") for name in owners)


def test_used_by_the_sdk_alone() -> None:
    """A class that only the SDK's classes name is the SDK's, less surely; one that others name too or is a step further off is not."""
    classes = [
        *(cls(f"p{n}.C", MARKS[2 * n : 2 * n + 2], ["i.Inner", "j.Shared"]) for n in range(40)),
        cls("i.Inner", uses=["i.Deep"]), cls("i.Deep", uses=["i.Deeper"]), cls("i.Deeper"), cls("j.Shared"), cls("k.User", uses=["j.Shared"]),
    ]  # fmt: skip
    found = renamed_owners(opened(app(classes)), tables())
    assert found["p0.C"] == ("alpha", confidence(80, 100))
    assert found["i.Inner"][0] == "alpha"
    assert found["p0.C"][1] > found["i.Inner"][1] >= SURE
    assert not {"i.Deeper", "j.Shared", "k.User"} & set(found)


def test_owners_know_renamed_classes() -> None:
    """Owners tell a renamed class's SDK by its exact name, and a class below such a name is nobody's."""
    classes = [cls(f"p{n}.C", MARKS[2 * n : 2 * n + 2]) for n in range(40)]
    owners = Owners(tables(), opened(app(classes)))
    assert owners.of("p0.C") == "alpha"
    assert owners.of("p0.C.D") is None
    assert owners.of("p0") is None


def test_same_for_any_names() -> None:
    """What is found does not depend on what the classes are called."""
    classes = [*spread("a.b", MARKS[:60]), cls("a.b.N"), *spread("a.c", OTHER[:60]), *REST]
    plan = flattened([c.descriptor for c in classes], seed=4)
    one, two = opened(app(classes)), opened(renamed_app(app(classes), plan))
    shown = [
        [(m.sdk, m.confidence, m.marks, sorted(m.classes.values())) for m in matches(p, tables())] for p in (one, two)
    ]
    assert shown[0] == shown[1] != []
    names = {old[1:-1].replace("/", "."): new[1:-1].replace("/", ".") for old, new in plan.items()}
    before, after = renamed_owners(one, tables()), renamed_owners(two, tables())
    assert {names[name]: owner for name, owner in before.items()} == after != {}


# --- the catalogue ------------------------------------------------------------------------------------------------------


def test_shipped_marks() -> None:
    """Every row is an SDK of the catalogue with marks enough to be sure, and no mark is two SDKs'."""
    shipped = load()
    marks = [mark for row in shipped.likeness.values() for mark in row.strings]
    assert set(shipped.likeness) <= set(shipped.sdks)
    assert len(shipped.likeness) > 10
    assert len(marks) == len(set(marks))
    assert all(
        confidence(len(row.strings), len(row.strings)) >= SURE and row.learnt for row in shipped.likeness.values()
    )


def test_shipped_marks_are_no_plain_words() -> None:
    """No mark is one plain word, nor one of the names by which the catalogue knows the SDK's classes."""
    shipped = load()
    for row in shipped.likeness.values():
        own = {s.value for s in shipped.sdks[row.id].signatures if s.form in ("class", "package", "component")}
        assert not own & set(row.strings)
        assert not [mark for mark in row.strings if re.fullmatch("[A-Z]?[a-z]*|[A-Z]+", mark) or len(mark) < 8]
