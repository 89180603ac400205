"""Rows of the model of Android: what the framework calls when, what library calls do to values, where values leave.

A *slot* names a value of a call: ``this`` (the receiver), ``0``, ``1`` … (declared parameters), ``result``. Behind it
may stand what is kept inside the object: ``this.url`` (under a fixed name), ``this[0]`` (under the key or at the index
that parameter 0 gives), ``this[+]`` (behind the last element), ``this[]`` (anything inside).
``store:NAME/0`` is a store of the whole app (preferences, a file) told apart by a name: parameter 0, or ``store:NAME/this.table``. The table that links class and member:
``class`` may be an external supertype; ``member`` a name, or a prefix with ``*``; the longest match wins.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from mingcha.model.words import Channel


class Callback(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Methods of ``cls`` that the framework calls. ``user`` true: only after a person's act (a tap, text, a gesture).

    ``never`` true: methods that apps call and the framework does not.
    """

    cls: str
    methods: tuple[str, ...] = ()
    user: bool = False
    never: bool = False


class Registration(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A call after which the framework calls ``runs`` on the object in slot ``on``, in this order.

    An entry of ``runs`` is a method name with the slots it is given: ``doInBackground(0)``, ``onPostExecute(doInBackground)``
    (the result of an earlier run), ``handleMessage(0)``; no brackets: arguments from Android, not known. ``result`` names the
    run whose result the call gives back (or keeps in its own result, as a Future does).
    """

    cls: str
    member: str
    on: str
    runs: tuple[str, ...]
    result: str | None = None
    user: bool = False


class Summary(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a library call does to values: moves ``slot -> slot``, ``via`` what is done to them (``md5``, ``base64``)."""

    cls: str
    member: str
    moves: tuple[str, ...] = ()


class Sink(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A call by which the values in ``takes`` leave; ``host`` is the slot that may hold the address.

    Of channel ``stream`` is what leads to where the stream in slot ``stream`` does.
    """

    cls: str
    member: str
    takes: tuple[str, ...]
    channel: Channel | Literal["stream"]
    host: str | None = None
    stream: str = "this"
    descriptor: str | None = None
