"""What lies around the code is read once, from manifest, layouts and resources, and what is broken is left out."""

from __future__ import annotations

from mingcha.collect.surroundings import surroundings, surroundings_of
from mingcha.program.surroundings import Component, Filter, Surroundings
from tests.build.apkparts import Attr, Package, Ref, Tree, Variant, arsc, axml
from tests.build.tinyapp import app, opened

IDS = {
    "name": 0x01010003, "enabled": 0x0101000E, "exported": 0x01010010, "process": 0x01010011, "authorities": 0x01010018,
    "initOrder": 0x0101001A, "value": 0x01010024, "mimeType": 0x01010026, "scheme": 0x01010027, "host": 0x01010028,
    "id": 0x010100D0, "text": 0x0101014F, "hint": 0x01010150, "title": 0x010101E1, "targetActivity": 0x01010202,
    "inputType": 0x01010220, "onClick": 0x0101026F, "appComponentFactory": 0x0101057A,
}  # fmt: skip

ID, STRING, LAYOUT, FLAG = 0x7F010000, 0x7F020000, 0x7F030000, 0x7F040000
TABLE = arsc(
    Package(
        {
            "id": [Variant({"agree": False, "phone": False})],
            "string": [
                Variant({"agree": "同意并继续", "hint": "手机号码"}),
                Variant({"agree": "Agree"}, language="en"),
            ],
            "layout": [Variant({"main": "res/aa.xml", "broken": "res/ab.xml", "twice": "res/aa.xml"})],
            "bool": [Variant({"off": False})],
        }
    )
)


def tag(kind: str, /, *children: Tree, **attributes: str | int | bool | Ref) -> Tree:
    return (
        kind,
        [
            Attr(key, value, IDS.get(key), **({"namespace": None} if key == "class" else {}))
            for key, value in attributes.items()
        ],
        children,
    )


def manifest(*inside: Tree, **attributes: str | int | bool | Ref) -> bytes:
    root = (
        "manifest",
        [Attr("package", "com.example.app", None, namespace=None)],
        [tag("application", *inside, **attributes)],
    )
    return axml(root)


def read(*inside: Tree, members: dict[str, bytes] | None = None, **attributes: str | int | bool | Ref) -> Surroundings:
    return surroundings(opened(app(members=members, xml=manifest(*inside, **attributes))))


MAIN = tag(
    "intent-filter",
    tag("action", name="android.intent.action.MAIN"),
    tag("category", name="android.intent.category.LAUNCHER"),
)


def test_application_and_factory() -> None:
    """The application class and the component factory come as descriptors, in the app's package where they start with a dot."""
    found = read(name=".App", appComponentFactory="a.b.Factory")
    assert (found.package, found.application, found.factory) == (
        "com.example.app",
        b"Lcom/example/app/App;",
        b"La/b/Factory;",
    )


def test_activities_and_aliases() -> None:
    """A launcher is told by its filter; an alias stands under the class it points to; a filter makes it exported."""
    found = read(tag("activity", name=".Main"), tag("activity-alias", MAIN, name=".Icon", targetActivity=".Main"))
    plain, alias = found.components
    assert plain == Component("activity", b"Lcom/example/app/Main;", exported=False)
    assert (alias.cls, alias.launcher, alias.exported) == (plain.cls, True, True)


def test_providers_receivers_and_services() -> None:
    """Order and authorities of providers, the process, and whether a component is switched off, also by a resource."""
    found = read(
        tag("provider", name="a.P", authorities="one;two", initOrder=7, process=":p"),
        tag("receiver", tag("intent-filter", tag("action", name="android.intent.action.BOOT_COMPLETED")), name="a.R"),
        tag("service", name="a.S", enabled=Ref(FLAG), exported=True),
        members={"resources.arsc": TABLE},
    )
    provider, receiver, service = found.components
    assert (provider.order, provider.authorities, provider.process) == (7, ("one", "two"), ":p")
    assert receiver.filters == (Filter(actions=("android.intent.action.BOOT_COMPLETED",)),)
    assert (service.kind, service.enabled, service.exported) == ("service", False, True)


def test_what_a_filter_asks_for() -> None:
    """Schemes, hosts and types of all data elements of a filter stand together."""
    data = [tag("data", scheme="http", host="a.example"), tag("data", scheme="https"), tag("data", mimeType="image/*")]
    (component,) = read(tag("activity", tag("intent-filter", *data), name=".V")).components
    assert component.filters == (Filter(schemes=("http", "https"), hosts=("a.example",), types=("image/*",)),)


def test_startup_initializers() -> None:
    """AndroidX's start-up provider names its initializers by meta-data; other meta-data are none."""
    provider = tag(
        "provider",
        tag("meta-data", name="com.example.First", value="androidx.startup"),
        tag("meta-data", name="com.example.Other", value="else"),
        name="androidx.startup.InitializationProvider",
    )
    assert read(provider).initializers == (b"Lcom/example/First;",)


LAYOUT_XML = axml(
    tag(
        "LinearLayout",
        tag("Button", id=Ref(ID), text=Ref(STRING), onClick="agreed"),
        tag("EditText", id=Ref(ID + 1), hint=Ref(STRING + 1), inputType=3),
        tag("EditText", inputType=0x81),
        tag("fragment", **{"class": "a.b.Part"}),
        tag("com.example.Custom"),
        tag("TextView", text="nothing to tap"),
    )
)


def test_views_of_layouts() -> None:
    """Ids, texts behind resources, handlers, input types, password fields and classes; each file once, whatever its path."""
    found = read(members={"resources.arsc": TABLE, "res/aa.xml": LAYOUT_XML, "res/ab.xml": b"broken"})
    button, phone, secret, part, custom = found.views
    assert (button.id, button.name, button.cls, button.text, button.on_click) == (
        ID,
        "agree",
        "Button",
        "同意并继续",
        "agreed",
    )
    assert (button.layout, phone.name, phone.hint, phone.input_type, phone.password) == (
        LAYOUT,
        "phone",
        "手机号码",
        3,
        False,
    )
    assert (secret.id, secret.password) == (0, True)
    assert (part.cls, custom.cls) == ("a.b.Part", "com.example.Custom")


def test_included_layouts() -> None:
    """What a layout includes is shown by it as well; layouts that include each other end."""
    outer = axml(("LinearLayout", [], [("include", [Attr("layout", Ref(LAYOUT + 1), None, namespace=None)], [])]))
    inner = axml(
        (
            "LinearLayout",
            [],
            [("include", [Attr("layout", Ref(LAYOUT), None, namespace=None)], []), tag("Button", id=Ref(ID))],
        )
    )
    found = read(members={"resources.arsc": TABLE, "res/aa.xml": outer, "res/ab.xml": inner})
    assert [(view.layout, view.name) for view in found.views] == [(LAYOUT, "agree"), (LAYOUT + 1, "agree")]


def test_names_and_texts_of_resources() -> None:
    """Numbers in code lead to names of ids and layouts, and to texts in the default language."""
    found = read(members={"resources.arsc": TABLE})
    assert found.names == {
        ID: "id/agree", ID + 1: "id/phone", STRING: "string/agree", STRING + 1: "string/hint",
        LAYOUT: "layout/main", LAYOUT + 1: "layout/broken", LAYOUT + 2: "layout/twice",
    }  # fmt: skip
    assert found.texts == {STRING: "同意并继续", STRING + 1: "手机号码"}


def test_broken_tables_leave_nothing() -> None:
    """A manifest or resource table that cannot be read leaves its part empty."""
    assert surroundings(opened(app(xml=b"no xml"))) == Surroundings()
    assert read(members={"resources.arsc": b"no table"}).names == {}


def test_read_once() -> None:
    """All collectors get the same reading."""
    package = opened(app(xml=manifest()))
    assert surroundings_of(package) is surroundings_of(package)
