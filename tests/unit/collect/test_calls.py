"""Every call of a sensitive interface becomes a fact: by whom, where, whose, and with which constant."""

from __future__ import annotations

import pytest

from mingcha.collect.calls import collect
from mingcha.errors import LimitError
from mingcha.model.fact import SensitiveCall
from mingcha.model.factbase import Covered, Gap
from mingcha.model.sdk import Interface, Predicate, Signature
from tests.build import dexcode as d
from tests.build.dexmaker import PUBLIC, STATIC, Class, Code, Method
from tests.build.tinyapp import app, catalogue, element, manifest, opened, sdk

PHONE = "android.telephony.TelephonyManager"
DEVICE_ID = "Landroid/telephony/TelephonyManager;->getDeviceId()Ljava/lang/String;"
DEVICE_ID_SLOT = "Landroid/telephony/TelephonyManager;->getDeviceId(I)Ljava/lang/String;"
QUERY = "Landroid/content/ContentResolver;->query(Landroid/net/Uri;)Landroid/database/Cursor;"
PARSE = "Landroid/net/Uri;->parse(Ljava/lang/String;)Landroid/net/Uri;"
SETTING = "Landroid/provider/Settings$Secure;->getString(Landroid/content/ContentResolver;Ljava/lang/String;)Ljava/lang/String;"
SERIAL = "Landroid/os/Build;->SERIAL:Ljava/lang/String;"
CONTACTS = "Landroid/provider/ContactsContract$Contacts;->CONTENT_URI:Landroid/net/Uri;"

ROWS = [
    Interface(id="phone.id", cls=PHONE, member="getDeviceId", information="dev.imei", descriptor="()Ljava/lang/String;", permission=("p",)),
    Interface(
        id="query/sms", cls="android.content.ContentResolver", member="query", information="sms",
        when=(Predicate(argument=0, prefix=("content://sms", "content://mms")),),
    ),
    Interface(
        id="query/contacts", cls="android.content.ContentResolver", member="query", information="contacts.book",
        when=(Predicate(argument=0, equals=("field:Landroid/provider/ContactsContract$Contacts;->CONTENT_URI",)),),
    ),
    Interface(
        id="settings/android_id", cls="android.provider.Settings$Secure", member="getString", information="dev.android_id",
        when=(Predicate(argument=1, equals=("android_id",)),), unresolved="skip",
    ),
    Interface(id="serial", cls="android.os.Build", member="SERIAL", information="dev.serial", field=True),
    Interface(id="event", cls=PHONE, member="listen", event="listening"),
    Interface(id="noise", cls="android.util.Log", member="d", information="dev.log", noisy=True),
    Interface(id="common", cls=PHONE, member="getPhoneType", information="dev.type", unresolved="skip"),
    Interface(
        id="pattern", cls="a.b.C", member="read", information="x", when=(Predicate(argument=0, pattern="^id[0-9]+$"),),
    ),
]  # fmt: skip
TABLES = catalogue(interfaces=ROWS, sdks=[sdk("push", Signature(form="package", value="cn.push.sdk"))])


def findings(*methods: Method, cls: str = "Lcom/example/app/Main;", **limits: int) -> list[object]:
    return list(collect(opened(app([Class(cls, methods)]), **limits), TABLES))


def calls(*ops: d.Op, cls: str = "Lcom/example/app/Main;") -> list[SensitiveCall]:
    """Facts over a static method ``run`` with these instructions."""
    code = Code(6, [*ops, d.return_void()])
    return [f for f in findings(Method("run()V", code, PUBLIC | STATIC), cls=cls) if isinstance(f, SensitiveCall)]


def test_a_call_and_all_that_is_told_of_it() -> None:
    """Interface, information, caller, callee, owner, permission, and the byte in the DEX file where the call stands."""
    data = app(
        [
            Class(
                "Lcom/example/app/Main;",
                [Method("run()V", Code(1, [d.nop(), d.invoke_virtual(DEVICE_ID, 0), d.return_void()]))],
            )
        ]
    )
    package = opened(data)
    (fact,) = [f for f in collect(package, TABLES) if isinstance(f, SensitiveCall)]
    assert (fact.interface, fact.information, fact.argument, fact.reach) == ("phone.id", "dev.imei", None, "unreached")
    assert (fact.caller, fact.callee) == ("Lcom/example/app/Main;->run()V", DEVICE_ID)
    assert (fact.owner, fact.permission, fact.place.path) == ("app", ("p",), "classes.dex")
    assert fact.place.quote == DEVICE_ID
    dex = package.code[0].dex
    assert fact.place.at is not None
    assert dex.data[fact.place.at : fact.place.at + 2] == b"\x6e\x10"
    assert fact.place.at == 2 * int(dex.methods.first[0]) + 2


def test_when_it_runs_and_by_which_way() -> None:
    """A call that Android reaches at the start says so, with its moment and the steps to it, each at its place."""
    launched = element(
        "activity",
        element(
            "intent-filter",
            element("action", name="android.intent.action.MAIN"),
            element("category", name="android.intent.category.LAUNCHER"),
        ),
        name=".Main",
    )
    create = Method(
        "onCreate(Landroid/os/Bundle;)V",
        Code(2, [d.invoke_static("Lcom/example/app/Main;->ask()V"), d.return_void()]),
        PUBLIC,
    )
    ask = Method("ask()V", Code(1, [d.invoke_virtual(DEVICE_ID, 0), d.return_void()]))
    main = Class("Lcom/example/app/Main;", [create, ask], superclass="Landroid/app/Activity;")
    package = opened(app([main], xml=manifest(application=[launched])))
    (fact,) = [f for f in collect(package, TABLES) if isinstance(f, SensitiveCall)]
    assert (fact.reach, fact.order) == ("startup", 0)
    assert [(step.does, step.method.partition(";->")[2]) for step in fact.steps] == [
        ("enters", "onCreate(Landroid/os/Bundle;)V"), ("calls", "onCreate(Landroid/os/Bundle;)V"), ("reads", "ask()V"),
    ]  # fmt: skip
    assert [step.place.quote for step in fact.steps[1:]] == ["Lcom/example/app/Main;->ask()V", DEVICE_ID]
    assert fact.steps[-1].place.at == fact.place.at
    data = package.code[0].dex.data
    assert data[fact.steps[1].place.at or 0] == 0x71


def test_code_that_cannot_be_followed() -> None:
    """Where the code's tables are absurd, the calls are told all the same, and a gap says why their time is not known."""
    classes = [
        Class(f"Lx/C{n:04};", superclass=f"Lx/C{n - 1:04};" if n else "Landroid/app/Activity;") for n in range(600)
    ]
    call = Class("Lx/A;", [Method("m()V", Code(1, [d.invoke_virtual(DEVICE_ID, 0), d.return_void()]))])
    data = app([*classes, call], xml=manifest(application=[element("activity", name="x.C0599", exported=True)]))
    found = list(collect(opened(data), TABLES))
    assert [f.reach for f in found if isinstance(f, SensitiveCall)] == ["unknown"]
    assert [f.code for f in found if isinstance(f, Gap)] == ["calls.reach_unknown"]


def test_owner_of_the_caller() -> None:
    """A call from an SDK's class is the SDK's, from an unknown class nobody's."""
    call = d.invoke_virtual(DEVICE_ID, 0)
    assert [calls(call, cls=cls)[0].owner for cls in ("Lcn/push/sdk/A;", "Lorg/other/A;", "Lcom/example/app/A;")] == [
        "push",
        None,
        "app",
    ]


def test_only_the_shape_that_the_row_names() -> None:
    """A row with a descriptor leaves other methods of the name alone."""
    assert calls(d.invoke_virtual(DEVICE_ID_SLOT, 0, 1)) == []


def test_events_noise_and_common_calls_are_no_facts() -> None:
    """Rows that tell nothing alone are not looked for."""
    ops = [
        d.invoke_virtual("Landroid/telephony/TelephonyManager;->listen(I)V", 0, 1),
        d.invoke_static("Landroid/util/Log;->d(Ljava/lang/String;)I", 0),
        d.invoke_virtual("Landroid/telephony/TelephonyManager;->getPhoneType()I", 0),
    ]
    assert calls(*ops) == []


def test_field_read() -> None:
    """Reading a field that hands out information is a fact, writing it is not."""
    (fact,) = calls(d.sget_object(0, SERIAL), d.raw(0x0069, 0))
    assert (fact.interface, fact.information, fact.callee) == ("serial", "dev.serial", SERIAL)


def test_field_and_method_of_one_number_are_told_apart() -> None:
    """A field read whose number is that of a sensitive method is none, and the other way round."""
    ops = [d.raw(0x0060, number) for number in range(4)] + [d.invoke_virtual(DEVICE_ID, 0)]
    assert [fact.interface for fact in calls(*ops)] == ["phone.id"]
    ops = [d.raw(0x1071, number, 0) for number in range(1)] + [d.sget_object(0, SERIAL)]
    assert [fact.interface for fact in calls(*ops)] == ["serial"]


@pytest.mark.parametrize(
    ("uri", "told"),
    [
        ("content://sms/inbox", ("query/sms", "sms")),
        ("content://mms", ("query/sms", "sms")),
        ("content://call_log", None),
    ],
)
def test_argument_decides(uri: str, told: tuple[str, str] | None) -> None:
    """A constant argument that meets a row's test gives its information; one that meets none gives no fact."""
    ops = [d.const_string(1, uri), d.invoke_static(PARSE, 1), d.move_result_object(1), d.invoke_virtual(QUERY, 0, 1)]
    found = [(fact.interface, fact.information) for fact in calls(*ops)]
    assert found == ([told] if told else [])
    if told:
        assert calls(*ops)[0].argument == uri
        assert calls(*ops)[0].place.quote == f'{QUERY} "{uri}"'


def test_argument_given_as_a_field() -> None:
    """The field an argument was read from decides as well."""
    (fact,) = calls(d.sget_object(1, CONTACTS), d.invoke_virtual(QUERY, 0, 1))
    assert (fact.interface, fact.information) == ("query/contacts", "contacts.book")


@pytest.mark.parametrize(("text", "count"), [("id42", 1), ("id", 0), ("xid42", 0)])
def test_argument_by_pattern(text: str, count: int) -> None:
    """A row may ask for a pattern."""
    assert len(calls(d.const_string(0, text), d.invoke_static("La/b/C;->read(Ljava/lang/String;)V", 0))) == count


def test_unknown_argument_is_a_fact_without_information() -> None:
    """Where the argument is no constant, one fact says that the call stands there and that its information is not known."""
    (fact,) = calls(d.invoke_virtual(QUERY, 0, 1))
    assert (fact.interface, fact.information, fact.argument) == ("query", None, None)


def test_common_calls_with_unknown_argument_are_counted() -> None:
    """Calls too common to be shown one by one are counted in one gap over the kind."""
    ops = [
        d.invoke_static(SETTING, 0, 1),
        d.invoke_static(SETTING, 0, 1),
        d.const_string(1, "android_id"),
        d.return_void(),
    ]
    branch = Code(
        6,
        [
            *ops[:2],
            d.if_eqz(0, "x"),
            d.const_string(1, "b"),
            d.label("x"),
            d.invoke_static(SETTING, 0, 1),
            d.return_void(),
        ],
    )
    found = findings(Method("run()V", branch))
    (gap,) = [f for f in found if isinstance(f, Gap)]
    assert (gap.reason, gap.code, gap.values, gap.hides) == (
        "partial",
        "calls.arguments_unknown",
        {"count": "2"},
        ("SensitiveCall",),
    )
    known = findings(Method("run()V", Code(6, [ops[2], ops[0], d.return_void()])))
    assert [f.information for f in known if isinstance(f, SensitiveCall)] == ["dev.android_id"]
    assert not [f for f in known if isinstance(f, Gap)]


def test_coverage_only_where_there_is_code() -> None:
    """Code that was read is covered; an app without code covers nothing."""
    assert [f.kind for f in findings() if isinstance(f, Covered)] == ["SensitiveCall"]
    assert list(collect(opened(app()), TABLES)) == []


def test_facts_in_every_dex() -> None:
    """Calls in the second DEX and in one hidden in assets are found, each under its path."""
    from tests.build.dexmaker import dex

    other = dex([Class("Lx/Y;", [Method("m()V", Code(1, [d.invoke_virtual(DEVICE_ID, 0), d.return_void()]))])])
    package = opened(app([], {"classes2.dex": other, "assets/p": other}))
    assert [f.place.path for f in collect(package, TABLES) if isinstance(f, SensitiveCall)] == [
        "classes2.dex",
        "assets/p",
    ]


def test_limits() -> None:
    """More calls, or longer names, than any app has are a LimitError."""
    many = Method("run()V", Code(1, [*[d.invoke_virtual(DEVICE_ID, 0)] * 20, d.return_void()]))
    with pytest.raises(LimitError, match="call sites"):
        findings(many, findings=10)
    with pytest.raises(LimitError, match="names"):
        findings(many, names=1000)
