"""What values can be whenever an app runs, as far as its code, its manifest and its resources settle it.

An expression (see ``symbols``) becomes the set of all values it can have, or None where that is not known. A parameter is
what the calls of code that runs hand over, a static field what the file and such code put there, a call what the methods
it enters return for these arguments. Of Android itself: its version is not below the app's ``minSdkVersion``, a permission
that the manifest does not declare is not granted, and an XML element that is kept in one type of resource is in no resource
of an app without that type.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from typing import Any, NamedTuple

from mingcha.program import decode as d
from mingcha.program.consent import Edge
from mingcha.program.decode import Body
from mingcha.program.fields import writes
from mingcha.program.given import GRANTED_WITH, HELD_BY
from mingcha.program.graph import EXACT, STATIC_CALL, Graph
from mingcha.program.outcomes import Atom, Known, joined, outcomes
from mingcha.program.relevance import CALLS
from mingcha.program.surroundings import Surroundings
from mingcha.program.symbols import Expression, Reading, Symbols
from mingcha.program.telling import Telling

_VERSION = b"Landroid/os/Build$VERSION;->SDK_INT:I"
_CONTEXT = b"Landroid/content/Context;"
_PARSER = b"Landroid/content/res/XmlResourceParser;"
_SELF = b"checkSelfPermission(Ljava/lang/String;)I"
_OF_PROCESS = b"checkPermission(Ljava/lang/String;II)I"
_OWN_PROCESS = b"myPid()I"
_EQUALS = b"equals(Ljava/lang/Object;)Z"
_REQUIRES = b"require(ILjava/lang/String;Ljava/lang/String;)V"
_DENIED = frozenset({-1})
_PLAIN = frozenset(b"ZBSCIL[")
"""First letters of types whose values are followed: no wide ones, no fractions."""
_MOST_CALLS = 8
_MOST_WRITES = 12
"""Places that hand over a parameter or write a field."""
_LONGEST = 400
"""Instructions of a method whose result is worked out."""
_DEEPEST = 6
_LEVELS = 4
_PASSES = 4


class Frame(NamedTuple):
    """A method, and what it was given (by register); None: what any call that runs gives it."""

    method: int
    given: tuple[Known, ...] | None = None


class Settled:
    """Values of one program. ``entering`` and ``alive`` tell by which items methods are entered, and whether one runs."""

    def __init__(
        self,
        graph: Graph,
        symbols: Symbols,
        around: Surroundings,
        entering: Mapping[int, list[int]],
        entered: Mapping[int, list[int]],
        alive: Container[int],
    ) -> None:
        self._graph = graph
        self._symbols = symbols
        self._around = around
        self._entering = entering
        self._entered = entered
        self._alive = alive
        self._known: dict[Any, Known] = {}
        self._open: set[Any] = set()
        found = [*map(graph.index.find_signature, (_SELF, _OF_PROCESS, _EQUALS))]
        self._answers = frozenset(one for one in found if one is not None)
        asked = [one for one in found[:2] if one is not None]
        self._telling = Telling(graph, asked, (_VERSION,), alive)
        levels = list(self._stops())
        self._stopping = frozenset().union(*levels[:-1])
        self._near = self._stopping.union(*levels)
        """Methods that may stop, and those that call one."""

    # --- values ------------------------------------------------------------------------------------------------------

    def value(self, expression: Expression, frame: Frame) -> Known:
        """All values an expression can have."""
        if not isinstance(expression, tuple):
            return None
        kind = expression[0]
        if kind in ("int", "text"):
            return frozenset({expression[1]})
        if kind in ("class", "new"):
            return frozenset({("made", expression[1])})
        if kind == "arg":
            return self._argument(expression[1], frame)
        if kind == "get":
            return self._field(expression[1]) if expression[2] is None else None
        if kind == "call":
            return self._called(expression[1], expression[2], frame)
        if kind == "not":
            inner = self.value(expression[1], frame)
            return frozenset(1 - one for one in inner) if inner is not None and inner <= {0, 1} else None
        return joined(self.value(one, frame) for one in expression[1])

    def _once(self, key: Any, find: Callable[[], Known]) -> Known:
        """What ``find`` gives, found once; None inside itself, and too deep inside others."""
        if key not in self._known:
            if key in self._open or len(self._open) >= _DEEPEST:
                return None
            self._open.add(key)
            self._known[key] = find()
            self._open.discard(key)
        return self._known[key]

    def _argument(self, place: int, frame: Frame) -> Known:
        if frame.given is not None:
            return frame.given[place] if place < len(frame.given) else None
        return self._once(("arg", frame.method, place), lambda: self._handed(frame.method, place))

    def _handed(self, method: int, place: int) -> Known:
        """What all calls that run hand over; nobody knows what Android does."""
        graph = self._graph
        items = self._entering.get(method, [])
        if not items or any(item & 15 not in CALLS or not self._names(item, method) for item in items):
            return None
        refs = {item >> 4 for item in items}
        callers = [caller for caller in graph.using(items) if caller in self._alive]
        found: list[Known] = []
        for caller in callers if len(callers) <= _MOST_CALLS else ():
            reading = self._symbols.of(caller)
            if reading is None:
                return None
            given = [arguments[place : place + 1] for _, _, ref, arguments in reading.calls if ref in refs]
            if not all(one and isinstance(one[0], tuple) for one in given):
                return None
            found += [self.value(one[0], Frame(caller)) for one in given]
            if None in found:
                return None
        return joined(found) if found else None

    def _names(self, item: int, method: int) -> bool:
        """Whether an item is a call of the method itself, not one that leads to it by its name."""
        return item >= 0 and self._graph.index.ref_signature[item >> 4] == self._graph.method_signature[method]

    def _field(self, field: bytes) -> Known:
        if field == _VERSION:
            return frozenset({("least", self._around.min_sdk)})
        return self._once(field, lambda: self._kept(field))

    def _kept(self, field: bytes) -> Known:
        """What a static field of the app holds at first, and what code that runs puts there."""
        cls, _, member = field.partition(b"->")
        name, _, kind = member.partition(b":")
        program = self._graph.program
        home = program.classes.get(cls)
        if home is None or kind[0] not in _PLAIN or self._graph.number(cls) is None:
            return None
        dex = program.images[home[0]].dex
        held = {dex.member_bytes(n, field=True): value for n, value in dex.static_values(home[1]).items()}
        first = held.get(name)
        places = writes(program, cls, name)
        if first is None or len(places) > _MOST_WRITES:
            return None
        own = program.members(cls).get(b"<clinit>()V")
        written = [(method, *self._written(method, unit)) for method, unit in places if method in self._alive]
        found = [value for _, value, _ in written]
        if not any(method == own and always for method, _, always in written):  # else nobody sees what was there before
            found.append(frozenset({first.encode() if isinstance(first, str) else first}))
        return joined(found)

    def _written(self, method: int, unit: int) -> tuple[Known, bool]:
        """What an instruction writes, and whether its method writes it whenever it runs."""
        reading = self._symbols.of(method)
        value = next((one for at, _, one in reading.writes if at == unit), None) if reading else None
        return self.value(value, Frame(method)), reading is not None and reading.blocks.get(unit) == 0

    # --- calls -------------------------------------------------------------------------------------------------------

    def _called(self, ref: int, arguments: tuple[Expression, ...], frame: Frame) -> Known:
        """What a call gives: what the methods return that it enters, or what is known of Android."""
        graph = self._graph
        cls, signature = graph.index.ref_class[ref], graph.index.ref_signature[ref]
        if not graph.defined(cls) and signature not in self._answers:
            return frozenset({("given", ref)})
        targets = {one for kind in CALLS for one in self._entered.get(ref << 4 | kind, ()) if one >= 0}
        targets = {one for one in targets if graph.method_signature[one] == signature}
        if not graph.defined(cls):
            given = tuple(self.value(one, frame) for one in arguments)
            return frozenset({("given", ref)}) if targets else self._outside(ref, given)
        if not targets or graph.resolve(cls, signature) < 0 or not all(map(self._tells, targets)):
            return None
        given = tuple(self.value(one, frame) for one in arguments)
        return joined(self._result(one, given) for one in sorted(targets))

    def _tells(self, method: int) -> bool:
        """Whether it may be known what a method returns."""
        body = self._symbols.body(method) if self._telling.may_return(method) else None
        reading = self._symbols.of(method) if body is not None and body.size <= _LONGEST else None
        return reading is not None and all(map(self._promises, reading.returns))

    def _promises(self, expression: Expression) -> bool:
        """Whether it is worth the while to find out what an expression can be: what objects keep and others give is not known."""
        if not isinstance(expression, tuple):
            return False
        kind = expression[0]
        if kind == "get":
            return expression[2] is None and (expression[1] == _VERSION or self._is_own_field(expression[1]))
        if kind == "call":
            return self._telling.may_give(expression[1])
        if kind == "not":
            return self._promises(expression[1])
        return kind != "any" or any(map(self._promises, expression[1]))  # the others may stand in what never runs

    def _is_own_field(self, field: bytes) -> bool:
        return self._graph.number(field[: field.index(b"->")]) is not None

    def _result(self, method: int, given: tuple[Known, ...]) -> Known:
        return self._once((method, given), lambda: self._returned(Frame(method, given)))

    def _returned(self, frame: Frame) -> Known:
        """What a method returns; nothing at all if it never does."""
        reading = self.reading(frame)
        return joined(self.value(one, frame) for one in reading.returns) if reading else None

    def _outside(self, ref: int, given: tuple[Known, ...]) -> Known:
        index = self._graph.index
        signature = index.signature(index.ref_signature[ref])
        if signature in (_SELF, _OF_PROCESS) and self._is_context(index.ref_class[ref]) and len(given) > 1:
            own = signature == _SELF or self._is_own(given[2:3])
            if own and given[1] is not None and all(map(self._never_granted, given[1])):
                return _DENIED
        if signature == _EQUALS and len(given) == 2 and _are_texts(given[0]) and _are_texts(given[1]):
            return frozenset(int(one == other) for one in given[0] or () for other in given[1] or ())
        return frozenset({("given", ref)})

    def _is_context(self, cls: int) -> bool:
        return any(self._graph.descriptor(one) == _CONTEXT for one in self._graph.ancestors(cls))

    def _is_own(self, process: tuple[Known, ...]) -> bool:
        """Whether a number is that of the app's own process."""
        index = self._graph.index
        return bool(process and process[0]) and all(
            isinstance(one, tuple)
            and one[0] == "given"
            and index.signature(index.ref_signature[one[1]]) == _OWN_PROCESS
            for one in process[0] or ()
        )

    def _never_granted(self, permission: Atom) -> bool:
        declared = self._around.permissions
        return declared is not None and permission in GRANTED_WITH and GRANTED_WITH[permission].isdisjoint(declared)

    # --- branches ----------------------------------------------------------------------------------------------------

    def reading(self, frame: Frame, before: set[int] | None = None) -> Reading | None:
        """The reading of what can run in a method; of the branches inside ``before`` alone, those that lead out of it."""
        reading = self._symbols.of(frame.method)
        cut: frozenset[Edge] = frozenset()
        ends: frozenset[int] = frozenset()
        for _ in range(_PASSES):
            if reading is None:
                break
            closed = cut.union(self._closed(reading, frame, before))
            ended = ends.union(self._ends(reading, frame, before))
            if (closed, ended) == (cut, ends):
                break
            cut, ends = closed, ended
            reading = self._symbols.without(frame.method, cut, ends)
        return reading

    def runs(self, method: int, unit: int) -> bool:
        """Whether an instruction of a method can run, as far as conditions decide."""
        asked = method in self._near or self._telling.chooses(method, unit)
        body = self._symbols.body(method) if asked else None
        if body is None:
            return True
        reading = self.reading(Frame(method), _before(body, unit))
        return reading is None or unit in reading.blocks

    def _closed(self, reading: Reading, frame: Frame, before: set[int] | None) -> Iterable[Edge]:
        """Edges that are never taken."""
        for block, (_, opcode, left, right) in reading.branches.items():
            after = reading.body.blocks[block].after
            if len(after) == 2 and _decides(reading.body, block, before) and self._asks(left, right, frame):
                ways = outcomes(opcode, self.value(left, frame), self.value(right, frame))
                yield from (Edge(block, after[not way]) for way in (True, False) if way not in ways)
        for block, (_, value) in reading.switches.items():
            if _decides(reading.body, block, before):
                yield from _unchosen(reading, block, self.value(value, frame))

    def _asks(self, left: Expression, right: Expression, frame: Frame) -> bool:
        """Whether a comparison may be decided; what all callers together hand over is seldom one value, and costs much."""
        if frame.given is None and any(isinstance(one, tuple) and one[0] == "arg" for one in (left, right)):
            return False
        return self._promises(left) and self._promises(right)

    # --- calls that never come back ------------------------------------------------------------------------------------

    def _stops(self) -> Iterable[list[int]]:
        """Methods that ask an XML file for an element, those that call them, and so on: some may never come back."""
        graph = self._graph
        signature = graph.index.find_signature(_REQUIRES)
        if signature is None or not self._around.lacking:
            return
        items = {ref << 4 | kind for ref in graph.index.refs_of_signature(signature) for kind in CALLS}
        for _ in range(_LEVELS):
            users = [one for one in graph.using(items) if one in self._alive]
            yield users
            items = {item for one in users for item in self._entering.get(one, ()) if item & 15 in (EXACT, STATIC_CALL)}

    def _ends(self, reading: Reading, frame: Frame, before: set[int] | None) -> Iterable[int]:
        """Calls that never come back."""
        index = self._graph.index
        for unit, _, ref, arguments in reading.calls if frame.method in self._near else ():
            if before is not None and reading.blocks[unit] not in before:
                continue
            if index.signature(index.ref_signature[ref]) == _REQUIRES and len(arguments) == 4:
                if self._lacks(self.value(arguments[0], frame), self.value(arguments[3], frame)):
                    yield unit
                continue
            targets = [one for kind in (EXACT, STATIC_CALL) for one in self._entered.get(ref << 4 | kind, ())]
            if targets and self._stopping.issuperset(targets):
                given = tuple(self.value(one, frame) for one in arguments)
                if all(self._result(one, given) == frozenset() for one in targets):
                    yield unit

    def _lacks(self, parser: Known, element: Known) -> bool:
        """Whether what a parser of resources reads cannot hold an element."""
        index, kind = self._graph.index, self._graph.index.type.of.get(_PARSER)
        if kind is None or self._graph.below(kind):  # of the app's own parsers nobody knows what they read
            return False
        return (
            bool(parser and element)
            and all(HELD_BY.get(one) in self._around.lacking for one in element or ())
            and all(
                isinstance(one, tuple)
                and one[0] == "given"
                and index.proto_types(index.ref_signature[one[1]])[0] == kind
                for one in parser or ()
            )
        )


def _unchosen(reading: Reading, block: int, value: Known) -> Iterable[Edge]:
    """Cases of a switch that none of these values chooses."""
    last = reading.body.blocks[block].code[-1]
    if value is not None and last[0] == d.SWITCH and all(isinstance(one, int) for one in value):
        chosen = {last[3].get(one, last[4]) for one in value}
        yield from (Edge(block, one) for one in reading.body.blocks[block].after if one not in chosen)


def _are_texts(value: Known) -> bool:
    return bool(value) and all(isinstance(one, bytes) for one in value or ())


def _before(body: Body, unit: int) -> set[int]:
    """Blocks from which the one of a unit can be reached, itself included."""
    leading: dict[int, list[int]] = {}
    found: set[int] = set()
    for number, block in enumerate(body.blocks):
        if block.code and block.code[0][1] <= unit <= block.code[-1][1]:
            found.add(number)
        for target in (*block.after, *block.caught):
            leading.setdefault(target, []).append(number)
    queue = list(found)
    while queue:
        fresh = [one for one in leading.get(queue.pop(), ()) if one not in found]
        found.update(fresh)
        queue += fresh
    return found


def _decides(body: Body, block: int, before: set[int] | None) -> bool:
    """Whether a block lies before something, and may lead away from it."""
    return before is None or (block in before and not before.issuperset(body.blocks[block].after))
