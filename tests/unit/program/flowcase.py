"""The small programs of ``tests/data/flows``: as apps, and with what is expected of each of their methods.

Beside ``Case.dex`` stands ``Case.yaml``: ``components`` (kind, class, ``launcher``, ``exported``, ``action=``, ``authorities=``;
by default the class ``Case`` is the launcher), ``layout`` (views, numbered from 0x7f010000 in order), and ``methods``: what
leaves in each method, as "information channel" with the changes on the way, ``host=``, ``into=`` and ``implicit`` behind.
``implicit`` says the same with implicit flows followed as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec

from mingcha.catalogue.load import load
from mingcha.collect import flows as collector
from mingcha.collect.package import Package
from mingcha.collect.surroundings import surroundings_of
from mingcha.collect.whole import program_of
from mingcha.model.artefact import Artefact
from mingcha.model.fact import InformationFlow
from mingcha.program import flows as engine
from mingcha.program.flows import App, flows
from tests.build.apkparts import Attr, Part, Ref, Tree, Variant, arsc, axml, zipped
from tests.build.apkparts import Package as Resources

FOLDER = Path(__file__).parents[2] / "data" / "flows"
NAMES = sorted(path.stem for path in FOLDER.glob("*.dex"))
_IDS = {
    "name": 0x01010003, "exported": 0x01010010, "authorities": 0x01010018, "id": 0x010100D0, "inputType": 0x01010220,
    "onClick": 0x0101026F,
}  # fmt: skip
_FIRST = 0x7F010000


tables = cache(load)


@cache
def told(name: str) -> Mapping[str, Any]:
    """What the YAML says of a case."""
    return msgspec.yaml.decode((FOLDER / f"{name}.yaml").read_bytes())  # type: ignore[no-any-return]


def apk(name: str) -> bytes:
    """The case as an app of package ``t``."""
    views = told(name).get("layout", ())
    members = {"AndroidManifest.xml": _manifest(name), "classes.dex": (FOLDER / f"{name}.dex").read_bytes()}
    if views:
        ids = Variant({view.get("id"): False for view in views})
        members["resources.arsc"] = arsc(Resources({"id": [ids], "layout": [Variant({"main": "res/main.xml"})]}))
        members["res/main.xml"] = axml(("LinearLayout", [], [_view(n, view) for n, view in enumerate(views)]))
    return zipped(Part(path, data) for path, data in members.items())


def _tag(kind: str, *children: Tree, **attributes: str | int | bool | Ref) -> Tree:
    return kind, [Attr(name, value, _IDS[name]) for name, value in attributes.items()], children


def _view(number: int, said: Mapping[str, Any]) -> Tree:
    given = {key: value for key, value in said.items() if key != "id"}
    return _tag("Button" if "onClick" in said else "EditText", id=Ref(_FIRST + number), **given)


def _manifest(name: str) -> bytes:
    rows = [_component(*row.split()) for row in told(name).get("components", [f"activity {name} launcher"])]
    package = [Attr("package", "t", None, namespace=None)]
    return axml(("manifest", package, [_tag("application", *rows)]))


def _component(kind: str, cls: str, *said: str) -> Tree:
    given: dict[str, str | bool] = {"name": f"t.{cls}", "exported": "exported" in said or "launcher" in said}
    given |= dict(word.split("=") for word in said if word.startswith("authorities"))
    actions = [word.partition("=")[2] for word in said if word.startswith("action=")]
    filters = [
        _tag("intent-filter", _tag("action", name=action), _tag("category", name=_DEFAULT)) for action in actions
    ]
    if "launcher" in said:
        filters.append(_tag("intent-filter", _tag("action", name=_MAIN), _tag("category", name=_LAUNCHER)))
    return _tag(kind, *filters, **given)


_MAIN, _LAUNCHER = "android.intent.action.MAIN", "android.intent.category.LAUNCHER"
_DEFAULT = "android.intent.category.DEFAULT"

Found = Mapping[str, list[str]]
"""Method → what leaves there, as the YAML says it."""


def opened(data: bytes, *, implicit: bool = False) -> Package:
    """The app, as collectors get it."""
    return Package(
        Artefact(sha256="0" * 64, kind="apk", name="case.apk", size=len(data)),
        data,
        follow="implicit" if implicit else "values",
    )


def collected(data: bytes, *, implicit: bool = False) -> list[InformationFlow]:
    """The facts that the collector finds."""
    found = collector.collect(opened(data, implicit=implicit), tables())
    return [item for item in found if isinstance(item, InformationFlow)]


def everything(data: bytes, *, implicit: bool = False) -> list[InformationFlow]:
    """The facts where all code is read, whether or not it leads to personal information."""
    package = opened(data)
    owned = collector.Owned(tables(), (package,))
    app = App(program_of(package), surroundings_of(package))
    found = flows([app], collector.model_of(tables()), owner=owned, asked=collector.asked, implicit=implicit)
    return list(collector.Facts((package,), owned).of(found))


@cache
def found(name: str, way: str) -> Found:
    """What is found in a case: ``collected`` as in an inspection, ``everything`` read, ``outward`` as if the case were large, ``implicit``."""
    data = apk(name)
    if way == "outward":
        with patch.object(engine, "WHOLE", -1):
            return in_words(collected(data))
    facts = everything(data) if way == "everything" else collected(data, implicit=way == "implicit")
    return in_words(facts)


def in_words(facts: Iterable[InformationFlow]) -> Found:
    """Flows by the method in which they leave."""
    result: dict[str, set[str]] = defaultdict(set)
    for fact in facts:
        cls, _, member = fact.steps[-1].method.partition("->")
        result[f"{cls.removeprefix('Lt/')[:-1]}.{member.partition('(')[0]}"].add(" ".join(_words(fact)))
    return {method: sorted(words) for method, words in result.items()}


def _words(fact: InformationFlow) -> Iterator[str]:
    yield from (fact.information or "?", fact.channel, *fact.transforms)
    if fact.host is not None:
        yield f"host={fact.host}"
    if fact.receiver is not None and fact.channel == "sdk":
        yield f"into={fact.receiver}"
    if fact.implicit:
        yield "implicit"


def expected(name: str, way: str) -> Found:
    """What should be found in each method of a case."""
    rows = told(name).get("implicit" if way == "implicit" else "methods", told(name)["methods"])
    return {method: sorted(words) for method, words in rows.items()}
