"""Small programs whose reading could cost more than their size: long lines of classes, many branches, calls that fan out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.build import dexcode as d
from tests.build.apkparts import Part, zipped
from tests.build.dexcode import Op, Try
from tests.build.dexmaker import PUBLIC, STATIC, Class, Code, Method, dex
from tests.build.tinyapp import element, manifest

_ID = "Landroid/telephony/TelephonyManager;->getDeviceId()Ljava/lang/String;"
_LOG = "Landroid/util/Log;->i(Ljava/lang/String;Ljava/lang/String;)I"
_BOX = Class("Lc/Box;", [], ["f:I"])


def _app(ops: Sequence[Op], *classes: Class, tries: Sequence[Try] = ()) -> bytes:
    """An app whose launcher reads the IMEI into register 1, runs ``ops``, and logs register 1."""
    started = element(
        "intent-filter",
        element("action", name="android.intent.action.MAIN"),
        element("category", name="android.intent.category.LAUNCHER"),
    )
    xml = manifest(application=[element("activity", started, name=".Main", exported=True)])
    code = Code(16, [*_asked(), *ops, d.invoke_static(_LOG, 1, 1), d.return_void(), *_caught(tries)], tries)
    main = Class(
        "Lcom/example/app/Main;",
        [Method("onCreate(Landroid/os/Bundle;)V", code, PUBLIC)],
        superclass="Landroid/app/Activity;",
    )
    return zipped([Part("AndroidManifest.xml", xml), Part("classes.dex", dex([main, *classes]))])


def _asked() -> list[Op]:
    return [d.invoke_virtual(_ID, 0), d.move_result_object(1)]


def _caught(tries: Sequence[Try]) -> list[Op]:
    return [d.label("caught"), d.move_exception(2), d.return_void()] if tries else []


def _branches(count: int) -> list[Op]:
    return [op for n in range(count) for op in (d.if_eqz(1, f"l{n}"), d.nop(), d.label(f"l{n}"))]


def many_branches() -> bytes:
    """4,000 conditions one behind the other."""
    return _app(_branches(4_000))


def many_objects() -> bytes:
    """4,000 objects, then 4,000 conditions."""
    return _app([d.new_instance(2, "Lc/Box;")] * 4_000 + _branches(4_000), _BOX)


def many_tries() -> bytes:
    """A try range around every other instruction."""
    ops, tries = [], []
    for n in range(4_900):
        ops += [d.label(f"a{n}"), d.const4(2, 1), d.nop(), d.label(f"b{n}"), d.nop()]
        tries.append(Try(f"a{n}", f"b{n}", (("Ljava/lang/Exception;", "caught"),)))
    return _app(ops, tries=tries)


def long_line() -> bytes:
    """3,000 classes, each below the next."""
    line = [Class(f"Lc/C{n};", [], superclass=f"Lc/C{n + 1};") for n in range(2_999)]
    return _app([d.new_instance(2, "Lc/C0;")], *line, Class("Lc/C2999;"))


def fan(depth: int = 26, width: int = 4) -> bytes:
    """Methods that each call the next one several times, down to the one that asks."""
    shape = "(Ljava/lang/Object;)Ljava/lang/String;"
    called = [
        [d.new_instance(1, "Lc/Box;"), d.invoke_static(f"Lc/F;->m{n + 1}{shape}", 1), d.move_result_object(1)] * width
        for n in range(depth - 1)
    ]
    bodies = [*called, [d.invoke_virtual(_ID, 1), d.move_result_object(1)]]
    methods = [
        Method(f"m{n}{shape}", Code(2, [*ops, d.return_object(1)]), PUBLIC | STATIC) for n, ops in enumerate(bodies)
    ]
    return _app([d.invoke_static(f"Lc/F;->m0{shape}", 1), d.move_result_object(1)], Class("Lc/F;", methods), _BOX)


def wide_fan() -> bytes:
    """The same, less deep and much wider."""
    return fan(8, 400)


def initialisers() -> bytes:
    """Static initialisers that each touch the next class."""
    classes = [
        Class(f"Lc/I{n};", [Method("<clinit>()V", Code(1, [d.sget_object(0, f"Lc/I{n + 1};->f:Ljava/lang/Object;"), d.return_void()]), STATIC)], ["f:Ljava/lang/Object;"])
        for n in range(2_000)
    ]  # fmt: skip
    last = Class("Lc/I2000;", [], ["f:Ljava/lang/Object;"])
    return _app([d.sget_object(2, "Lc/I0;->f:Ljava/lang/Object;")], *classes, last)


PROGRAMS: dict[str, Callable[[], bytes]] = {
    made.__name__: made
    for made in (
        many_branches, many_objects, many_tries, long_line, fan, wide_fan, initialisers,
    )
}  # fmt: skip
