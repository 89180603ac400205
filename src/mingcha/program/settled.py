"""What values can be whenever an app runs, as far as its code, its manifest and its resources settle it.

An expression (see ``symbols``) becomes the set of all values it can have, or None where that is not known. A parameter is
what the calls of code that runs hand over, a static field what the file and such code put there, a call what the methods
it enters return for these arguments, or what Android answers (see ``answers``), whose version is not below the app's
``minSdkVersion``.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from typing import Any, NamedTuple

from mingcha.program.answers import Answers
from mingcha.program.consent import Edge
from mingcha.program.control import decides, leading, reachable
from mingcha.program.fields import writes
from mingcha.program.graph import EXACT, STATIC_CALL, Graph
from mingcha.program.needs import Needs
from mingcha.program.outcomes import Known, joined, outcomes, unchosen
from mingcha.program.relevance import CALLS
from mingcha.program.surroundings import Surroundings
from mingcha.program.symbols import Expression, Reading, Symbols
from mingcha.program.telling import Telling

_VERSION = b"Landroid/os/Build$VERSION;->SDK_INT:I"
_REQUIRES = b"require(ILjava/lang/String;Ljava/lang/String;)V"
_PLAIN = frozenset(b"ZBSCIL[")
"""First letters of types whose values are followed: no wide ones, no fractions."""
_MOST_CALLS, _MOST_WRITES = 8, 12
"""Places that hand over a parameter or write a field."""
_LONGEST = 400
"""Instructions of a method whose result is worked out."""
_DEEPEST = 6
_LEVELS = _PASSES = 4


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
        self._answers = Answers(graph, around)
        self._telling = Telling(graph, self._answers.permissions, (_VERSION,), alive)
        levels = list(self._stops())
        self._stopping = frozenset().union(*levels[:-1])
        self._near = self._stopping.union(*levels)
        """Methods that may stop, and those that call one."""
        self._needs = Needs(graph, symbols, self._answers, self._near)

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
        outside = not graph.defined(cls)
        if outside and signature not in self._answers.signatures:
            return frozenset({("given", ref)})
        targets = {one for kind in CALLS for one in self._entered.get(ref << 4 | kind, ()) if one >= 0}
        targets = {one for one in targets if graph.method_signature[one] == signature}
        if outside:
            return frozenset({("given", ref)}) if targets else self._answered(ref, arguments, frame)
        may = bool(targets) and graph.resolve(cls, signature) >= 0 and all(map(self._telling.may_return, targets))
        if not may or not all(map(self._tells, targets)):
            return None
        needed = frozenset().union(*map(self._needs.of, targets))
        given = tuple(self.value(one, frame) if place in needed else None for place, one in enumerate(arguments))
        return joined(self._result(one, given) for one in sorted(targets))

    def _answered(self, ref: int, arguments: tuple[Expression, ...], frame: Frame) -> Known:
        """What Android answers."""
        first = 0 if self._answers.receiver_counts(ref) else 1
        given = [self.value(one, frame) for one in arguments[first:]]
        return self._answers.of(ref, (*[None][:first], *given))

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
        stops = method in self._near
        body = self._symbols.body(method) if stops or self._telling.chooses(method, unit) else None
        if body is None:
            return True
        before = leading(body, unit)
        if not stops and not any(decides(body, one, before) for one in before):
            return reachable(body, unit)
        reading = self.reading(Frame(method), before)
        return reading is None or unit in reading.blocks

    def _closed(self, reading: Reading, frame: Frame, before: set[int] | None) -> Iterable[Edge]:
        """Edges that are never taken."""
        for block, (_, opcode, left, right) in reading.branches.items():
            after = reading.body.blocks[block].after
            if len(after) == 2 and decides(reading.body, block, before) and self._asks(left, right, frame):
                known = self.value(left, frame)
                ways = outcomes(opcode, known, None if known is None else self.value(right, frame))
                yield from (Edge(block, after[not way]) for way in (True, False) if way not in ways)
        for block, (_, value) in reading.switches.items():
            if decides(reading.body, block, before):
                code, after = reading.body.blocks[block].code, reading.body.blocks[block].after
                yield from (Edge(block, one) for one in unchosen(code[-1], after, self.value(value, frame)))

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
                if self._answers.lacks(self.value(arguments[0], frame), self.value(arguments[3], frame)):
                    yield unit
                continue
            targets = [one for kind in (EXACT, STATIC_CALL) for one in self._entered.get(ref << 4 | kind, ())]
            if targets and self._stopping.issuperset(targets):
                given = tuple(self.value(one, frame) for one in arguments)
                if all(self._result(one, given) == frozenset() for one in targets):
                    yield unit
