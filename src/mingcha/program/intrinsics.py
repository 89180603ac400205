"""Calls whose meaning a row of slots cannot say: constant strings, reflection, intents, views.

Each takes the machine and the call and gives the result, or None where the rows of the model shall decide.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mingcha.program import values
from mingcha.program.heap import ANY
from mingcha.program.values import NOTHING, UNKNOWN, Thing, Value, join

if TYPE_CHECKING:
    from mingcha.program.modelled import LibraryCall

Intrinsic = Callable[["LibraryCall"], Value | None]
INTRINSICS: dict[tuple[bytes, bytes], Intrinsic] = {}
_STRING, _BUILDERS = b"Ljava/lang/String;", (b"Ljava/lang/StringBuilder;", b"Ljava/lang/StringBuffer;")
_TEXT = b".text"
_LONGEST = 2048


def _of(*members: tuple[bytes, bytes]) -> Callable[[Intrinsic], Intrinsic]:
    def register(function: Intrinsic) -> Intrinsic:
        for member in members:
            INTRINSICS[member] = function
        return function

    return register


def _known(value: Value | None) -> Any:
    return None if value is None else value.constant


# --- constant strings --------------------------------------------------------------------------------------------------


@_of(*((_STRING, name) for name in (
    b"concat", b"toLowerCase", b"toUpperCase", b"trim", b"substring", b"replace", b"charAt", b"length", b"equals",
    b"toString", b"intern", b"equalsIgnoreCase", b"startsWith", b"endsWith", b"contains", b"isEmpty", b"hashCode",
)))  # fmt: skip
def _string(call: LibraryCall) -> Value | None:
    """A call on a known string with known arguments."""
    text, given = _known(call.receiver), [_known(a) for a in call.arguments]
    if not isinstance(text, str) or any(g is None for g in given) or len(text) > _LONGEST:
        return None
    work = _TEXT_WORK.get((call.ref.name, len(given)))
    try:
        result = work(text, *given) if work is not None else None
    except (IndexError, TypeError, ValueError):
        return None
    if result is None:
        return None
    taints = (call.receiver or UNKNOWN).taints.union(*(a.taints for a in call.arguments))
    return values.const(result).carrying(taints if call.ref.name not in _TELLING else ())


def _hash_code(text: str) -> int:
    """As Java counts it: a switch on strings asks for it first."""
    found = 0
    for unit in struct.iter_unpack("<H", text.encode("utf-16-le", "surrogatepass")):
        found = found * 31 + unit[0] & 0xFFFFFFFF
    return found - (found >> 31 << 32)


_TELLING = frozenset(
    {b"hashCode", b"length", b"equals", b"equalsIgnoreCase", b"startsWith", b"endsWith", b"contains", b"isEmpty"}
)
"""Calls whose result says something about a string and is not a piece of it."""
_TEXT_WORK: dict[tuple[bytes, int], Callable[..., Any]] = {
    (b"concat", 1): lambda t, a: t + a,
    (b"toLowerCase", 0): lambda t: t.lower(),
    (b"toUpperCase", 0): lambda t: t.upper(),
    (b"trim", 0): lambda t: t.strip(),
    (b"substring", 1): lambda t, a: t[a:] if 0 <= a <= len(t) else None,
    (b"substring", 2): lambda t, a, b: t[a:b] if 0 <= a <= b <= len(t) else None,
    (b"replace", 2): lambda t, a, b: t.replace(_character(a), _character(b)),
    (b"charAt", 1): lambda t, a: ord(t[a]) if a >= 0 else None,
    (b"length", 0): len,
    (b"hashCode", 0): _hash_code,
    (b"equals", 1): lambda t, a: int(t == a),
    (b"equalsIgnoreCase", 1): lambda t, a: int(isinstance(a, str) and t.casefold() == a.casefold()),
    (b"startsWith", 1): lambda t, a: int(t.startswith(a)),
    (b"endsWith", 1): lambda t, a: int(t.endswith(a)),
    (b"contains", 1): lambda t, a: int(a in t),
    (b"isEmpty", 0): lambda t: int(not t),
    (b"toString", 0): lambda t: t,
    (b"intern", 0): lambda t: t,
}


def _character(value: Any) -> str:
    return chr(value) if isinstance(value, int) else str(value)


@_of((_STRING, b"valueOf"))
def _value_of(call: LibraryCall) -> Value | None:
    """Text of a number or of a string."""
    value = _known(call.arguments[0]) if call.arguments else None
    if isinstance(value, str):
        return call.arguments[0]
    if isinstance(value, int) and call.ref.parameters[:1] in ((b"I",), (b"J",)):
        return values.const(str(value)).carrying(call.arguments[0].taints)
    return None


@_of(*((cls, b"<init>") for cls in _BUILDERS))
def _builder(call: LibraryCall) -> Value | None:
    """A string builder starts empty or with a string."""
    start = call.arguments[0] if call.arguments and call.ref.parameters[0] != b"I" else values.const("")
    _build(call, start, fresh=True)
    return UNKNOWN


@_of(*((cls, b"append") for cls in _BUILDERS))
def _append(call: LibraryCall) -> Value | None:
    """What is appended stands behind; objects are asked for their text."""
    value = call.arguments[0] if call.arguments else UNKNOWN
    if any(of.app for of in value.things):
        value = join(value, Value(None, taints=_texts(call, value).taints))
    _build(call, value, fresh=False)
    return call.receiver


def _texts(call: LibraryCall, value: Value) -> Value:
    found = NOTHING
    for of in values.by_number(value.things):
        if of.app:
            found = join(found, call.machine.callback(call, of, b"toString", []))
    return found


def _build(call: LibraryCall, value: Value, *, fresh: bool) -> None:
    text = _known(value)
    if call.ref.parameters[:1] == (b"C",) and isinstance(text, int):
        text = chr(text & 0xFFFF)
    for of in values.by_number((call.receiver or UNKNOWN).things):
        before = "" if fresh else _known(call.heap.get(of, _TEXT))
        known = (
            UNKNOWN
            if isinstance(before, tuple)
            else values.const(_grown(before, text))
            if isinstance(before, str)
            else UNKNOWN
        )
        known = values.const(before) if isinstance(before, tuple) else known
        call.heap.put(of, _TEXT, known, strong=not of.many)
        taints = _inside(call, value)
        if taints or fresh:
            call.heap.put(of, ANY, values.tainted(taints), strong=fresh and not of.many)


def _grown(before: str, text: Any) -> Any:
    """The text so far with something behind it; of what is not known behind it, how it starts."""
    if not isinstance(text, (str, int)) or len(before) > _LONGEST:
        return ("starts", before[:_LONGEST])
    return f"{before}{text}"


@_of(*((cls, b"setLength") for cls in _BUILDERS))
def _set_length(call: LibraryCall) -> Value | None:
    """A builder set to length 0 starts anew."""
    if not call.arguments or _known(call.arguments[0]) != 0:
        return None
    for of in values.by_number((call.receiver or UNKNOWN).things):
        if not of.many:
            call.heap.replace(of, {_TEXT: values.const("")})
    return UNKNOWN


def _inside(call: LibraryCall, value: Value) -> Any:
    """What a value and everything inside it carry."""
    return call.machine.inside(call, [value])


@_of(*((cls, name) for cls in _BUILDERS for name in (b"toString", b"reverse")))
def _built(call: LibraryCall) -> Value | None:
    """The text so far."""
    found = NOTHING
    for of in values.by_number((call.receiver or UNKNOWN).things):
        text = call.heap.get(of, _TEXT) or UNKNOWN
        if call.ref.name == b"reverse":
            word = _known(text)
            call.heap.put(of, _TEXT, values.const(word[::-1]) if isinstance(word, str) else UNKNOWN, strong=not of.many)
        else:
            found = join(found, text.carrying(_inside(call, call.heap.get(of, ANY) or UNKNOWN)))
    if call.ref.name == b"reverse":
        return call.receiver
    return None if found is NOTHING else found.carrying((call.receiver or UNKNOWN).taints)


@_of((_STRING, b"format"))
def _format(call: LibraryCall) -> Value | None:
    """A formatted text carries what its arguments carry, their own text included."""
    taints: set[Any] = set()
    for value in call.arguments:
        taints |= _inside(call, value)
        for inner in call.heap.reachable(value, 64, lambda of: of.app):
            taints |= _texts(call, inner).taints
    return values.tainted(frozenset(taints))


# --- reflection --------------------------------------------------------------------------------------------------------


@_of(
    (b"Ljava/lang/Class;", b"forName"),
    (b"Ljava/lang/ClassLoader;", b"loadClass"),
    (b"Ldalvik/system/PathClassLoader;", b"loadClass"),
)
def _class_for_name(call: LibraryCall) -> Value | None:
    """The class of a known name."""
    name = _known(call.arguments[0]) if call.arguments else None
    return values.const(("class", f"L{name.replace('.', '/')};".encode())) if isinstance(name, str) else None


@_of((b"Ljava/lang/Object;", b"getClass"))
def _get_class(call: LibraryCall) -> Value | None:
    """The class of a known object."""
    kinds = {of.type for of in (call.receiver or UNKNOWN).things}
    return Value(frozenset(("class", kind) for kind in kinds)) if kinds else None


@_of(*((b"Ljava/lang/Class;", name) for name in (b"getName", b"getCanonicalName", b"getSimpleName")))
def _class_name(call: LibraryCall) -> Value | None:
    """The name of a known class."""
    cls = _class_in(call.receiver)
    if cls is None:
        return None
    name = cls[1:-1].replace(b"/", b".").decode("utf-8", "replace")
    return values.const(name.rpartition(".")[2] if call.ref.name == b"getSimpleName" else name)


def _class_in(value: Value | None) -> bytes | None:
    known = _known(value)
    return known[1] if isinstance(known, tuple) and known[0] == "class" else None


@_of(*((b"Ljava/lang/Class;", name) for name in (b"getMethod", b"getDeclaredMethod")))
def _method_of(call: LibraryCall) -> Value | None:
    """The method of a known name of a known class."""
    name = _known(call.arguments[0]) if call.arguments else None
    cls = _class_in(call.receiver)
    if not isinstance(name, str):
        return None
    return values.const(("method", cls or b"Ljava/lang/Object;", name.encode()))


@_of(
    *(
        (b"Ljava/lang/Class;", name)
        for name in (b"getMethods", b"getDeclaredMethods", b"getFields", b"getDeclaredFields")
    )
)
def _members_of(call: LibraryCall) -> Value | None:
    """All methods or fields of a known class, as an array."""
    cls = _class_in(call.receiver)
    if cls is None:
        return None
    made = call.machine.made(call)
    if call.ref.name.endswith(b"Methods"):
        world = call.frame.world
        names = [("method", cls, world.program.method(n).name) for n in world.program.members(cls).values()]
        call.heap.put(made, ANY, Value(frozenset(names[: values.MOST_CONSTANTS])), strong=True)
    return values.thing(made)


@_of(*((b"Ljava/lang/Class;", name) for name in (b"getField", b"getDeclaredField")))
def _field_of(call: LibraryCall) -> Value | None:
    """The field of a known name of a known class."""
    name, cls = _known(call.arguments[0]) if call.arguments else None, _class_in(call.receiver)
    return values.const(("field of", cls or b"", name.encode())) if isinstance(name, str) else None


@_of((b"Ljava/lang/reflect/Field;", b"get"))
def _field_get(call: LibraryCall) -> Value | None:
    """What a known field holds."""
    known = _known(call.receiver)
    if not isinstance(known, tuple) or known[0] != "field of":
        return None
    things = list(call.arguments[0].things) if call.arguments else []
    found = NOTHING
    for of in [*values.by_number(things), call.frame.world.statics(known[1])]:
        value = call.heap.get(of, b"." + known[2])
        if value is not None:
            found = join(found, value)
    return None if found is NOTHING else found


@_of((b"Ljava/lang/reflect/Field;", b"set"))
def _field_set(call: LibraryCall) -> Value | None:
    """Write a known field."""
    known = _known(call.receiver)
    if not isinstance(known, tuple) or known[0] != "field of" or len(call.arguments) < 2:
        return None
    for of in [*values.by_number(call.arguments[0].things), call.frame.world.statics(known[1])]:
        call.heap.put(of, b"." + known[2], call.arguments[1], strong=False)
    return UNKNOWN


@_of((b"Ljava/lang/reflect/Array;", b"newInstance"))
def _arrays(call: LibraryCall) -> Value | None:
    """An array of arrays."""
    outer = call.machine.made(call)
    inner, _ = call.frame.world.thing(
        (call.frame.activation.context, call.site, b"inner"), b"[Ljava/lang/Object;", call.site
    )
    inner.many = True
    call.heap.put(outer, ANY, values.thing(inner), strong=False)
    return values.thing(outer)


@_of(*((b"Ljava/lang/Class;", name) for name in (b"getConstructor", b"getDeclaredConstructor", b"asSubclass")))
def _same_class(call: LibraryCall) -> Value | None:
    """A constructor stands for its class."""
    return call.receiver


@_of((b"Ljava/lang/Class;", b"newInstance"), (b"Ljava/lang/reflect/Constructor;", b"newInstance"))
def _new_instance(call: LibraryCall) -> Value | None:
    """An object of a known class, its constructor run."""
    cls, world = _class_in(call.receiver), call.frame.world
    if cls is None:
        return None
    of, _ = world.thing((call.frame.activation.context, call.site, cls), cls, call.site)
    if not world.library.foreign(cls):
        given = _spread(call, call.arguments[0]) if call.arguments else []
        _run_named(call, cls, b"<init>", values.thing(of), given)
    return values.thing(of)


def _spread(call: LibraryCall, array: Value) -> list[Value]:
    """The elements of an argument array."""
    found: dict[int, Value] = {}
    for of in values.by_number(array.things):
        for key, value in call.heap.fields(of).items():
            if type(key) is tuple and isinstance(key[0], int) and 0 <= key[0] < 16:
                found[key[0]] = join(found.get(key[0], NOTHING), value)
    return [found.get(index, UNKNOWN) for index in range(max(found, default=-1) + 1)]


def _run_named(call: LibraryCall, cls: bytes, name: bytes, receiver: Value | None, given: list[Value]) -> Value:
    world, gave = call.frame.world, NOTHING
    for parent in world.program.ancestors(cls):
        numbers = [
            n
            for s, n in (world.program.members(parent) if parent in world.program.classes else {}).items()
            if s.startswith(name + b"(") and len(world.program.method(n).parameters) == len(given)
        ]
        for number in numbers:
            own = [] if world.program.method(number).static else [receiver or UNKNOWN]
            gave = join(gave, call.machine.enter(call.frame, call.site.unit, number, [*own, *given]))
        if numbers:
            break
    return UNKNOWN if gave is NOTHING else gave


@_of((b"Ljava/lang/reflect/Method;", b"invoke"))
def _invoke(call: LibraryCall) -> Value | None:
    """Call the methods the receiver may stand for: the app's are entered, others go by their rows."""
    if len(call.arguments) < 2:
        return None
    given, gave = _spread(call, call.arguments[1]), NOTHING
    for known in sorted((call.receiver or UNKNOWN).constants or (), key=repr):
        if isinstance(known, tuple) and known[0] == "method":
            gave = join(gave, _invoked(call, known[1], known[2], call.arguments[0], given))
    return None if gave is NOTHING else gave


def _invoked(call: LibraryCall, cls: bytes, name: bytes, on: Value, given: list[Value]) -> Value:
    from mingcha.program.modelled import LibraryCall as Library
    from mingcha.program.world import Call

    library = call.frame.world.library
    kinds = sorted({of.type for of in on.things if of.app}) or [cls]
    if not library.foreign(kinds[0]):
        return _run_named(call, kinds[0], name, on, given)
    text = b"Ljava/lang/Object;"
    ref = Call(cls, name, (text,) * len(given), text, name + b"()" + text, tuple(range(len(given))))
    return call.machine.library_call(Library(call.frame, ref, cls, call.site, on, given))


# --- intents and views -----------------------------------------------------------------------------------------------


@_of((b"Landroid/content/Intent;", b"<init>"))
def _intent(call: LibraryCall) -> Value | None:
    """The constructors of an intent, told by their parameter types."""
    for kind, value in zip(call.ref.parameters, call.arguments, strict=False):
        key = {b"Ljava/lang/Class;": b".class", b"Ljava/lang/String;": b".action", b"Landroid/net/Uri;": b".data"}.get(
            kind
        )
        for of in (call.receiver or UNKNOWN).things:
            if key is not None:
                call.heap.put(of, key, value, strong=not of.many)
            elif kind == b"Landroid/content/Intent;":
                for other in value.things:
                    for name, inner in call.heap.fields(other).items():
                        call.heap.put(of, name, inner, strong=False)
    return UNKNOWN


@_of((b"", b"findViewById"))
def _view(call: LibraryCall) -> Value | None:
    """The view of a known id: one object for the whole app."""
    number = _known(call.arguments[0]) if call.arguments else None
    if not isinstance(number, int):
        return None
    world = call.frame.world
    rows = world.views.get(number, ())
    kind = f"L{rows[0].cls.replace('.', '/')};".encode() if rows and "." in rows[0].cls else b"Landroid/view/View;"
    of: Thing = world.thing(("view", number), kind, call.site)[0]
    if call.heap.get(of, b".view") is None:
        call.heap.put(of, b".view", values.number(number), strong=True)
    return values.thing(of)


@_of((b"Landroid/os/Process;", b"myPid"))
def _my_process(_: LibraryCall) -> Value | None:
    """The number of the app's own process."""
    return values.const(values.MY_PROCESS)
