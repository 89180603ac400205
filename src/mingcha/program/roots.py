"""Where Android enters an app, in the order in which it does.

When the process starts: the component factory and the Application with ``attachBaseContext``, then every provider by
``initOrder`` (AndroidX's start-up provider makes its initializers there), then ``Application.onCreate``, then the launcher's
activity. A receiver of the boot broadcast needs no user at all. What an activity does when it is left belongs to the start
only if code of the start leaves it. A component that others may start, or that nothing in the
code names, runs at a time that cannot be told: before an agreement as well as after it. A provider of another process
belongs there too.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import NamedTuple

from mingcha.program.graph import CLASS, STRING, SUPER, VIRTUAL, Graph
from mingcha.program.surroundings import Component, Surroundings

_BOOT = frozenset({
    "android.intent.action.BOOT_COMPLETED", "android.intent.action.LOCKED_BOOT_COMPLETED",
    "android.intent.action.QUICKBOOT_POWERON", "com.htc.intent.action.QUICKBOOT_POWERON",
    "android.intent.action.MY_PACKAGE_REPLACED",
})  # fmt: skip


_SHOWN = (
    b"onCreate(Landroid/os/Bundle;)V",
    b"onStart()V",
    b"onPostCreate(Landroid/os/Bundle;)V",
    b"onResume()V",
    b"onPostResume()V",
)
"""What Android calls on an activity that it shows, in this order."""
_ACTIVITY = b"Landroid/app/Activity;"
_LEFT = (
    b"onSaveInstanceState",
    b"onStop",
    b"onDestroy",
    b"onRestart",
    b"onRestoreInstanceState",
    b"onRetainNonConfigurationInstance",
)
"""Methods of activities that Android calls when they are left, and when somebody comes back."""
_LEAVES = frozenset({
    b"finish", b"finishAffinity", b"finishAndRemoveTask", b"moveTaskToBack", b"recreate", b"startActivity", b"startActivities",
    b"startActivityForResult", b"startActivityIfNeeded",
})  # fmt: skip


class Root(NamedTuple):
    """A class that Android makes, and the methods (name and descriptor) it calls at once; ``free``: then all others too."""

    cls: int
    calls: tuple[bytes, ...] = ()
    free: bool = True


def startup(around: Surroundings, graph: Graph) -> list[list[Root]]:
    """The roots of each moment of the start, in order."""
    moments = [list(_process(around, graph))]
    moments += [list(_provider(around, graph, one)) for one in _providers(around)]
    application = _root(graph, around.application, b"onCreate()V")
    moments.append(list(application))
    moments.append(
        [root for one in around.components if one.launcher and one.enabled for root in _root(graph, one.cls, *_SHOWN)]
    )
    moments.append([root for one in around.components if _boots(one) for root in _root(graph, one.cls)])
    return [moment for moment in moments if moment]


def _root(graph: Graph, descriptor: bytes | None, *calls: bytes, free: bool = True) -> Iterator[Root]:
    cls = graph.number(descriptor) if descriptor else None
    if cls is not None:
        yield Root(cls, calls, free)


def _process(around: Surroundings, graph: Graph) -> Iterator[Root]:
    yield from _root(graph, around.factory)
    yield from _root(graph, around.application, b"attachBaseContext(Landroid/content/Context;)V", free=False)


def _providers(around: Surroundings) -> list[Component]:
    """Providers of the main process, in the order in which they are made."""
    found = [one for one in around.components if one.kind == "provider" and one.enabled and _is_main(around, one)]
    return sorted(found, key=lambda one: -one.order)


def _is_main(around: Surroundings, one: Component) -> bool:
    return one.process in ("", around.package)


def _provider(around: Surroundings, graph: Graph, one: Component) -> Iterator[Root]:
    attach = b"attachInfo(Landroid/content/Context;Landroid/content/pm/ProviderInfo;)V"
    yield from _root(graph, one.cls, attach, b"onCreate()Z", free=False)
    if one.cls == b"Landroidx/startup/InitializationProvider;":
        for cls in around.initializers:
            yield from _root(graph, cls)


def _boots(one: Component) -> bool:
    """System broadcasts reach receivers that are not exported as well."""
    return one.kind == "receiver" and one.enabled and any(not _BOOT.isdisjoint(f.actions) for f in one.filters)


def unordered(around: Surroundings, graph: Graph) -> list[Root]:
    """Components that run when others want, or by a way that the code does not show."""
    mentioned = graph.mentioned
    named = mentioned[CLASS] | {graph.class_named(graph.strings[place]) for place in mentioned[STRING]}
    return [root for one in around.components for root in _root(graph, one.cls) if _open(one) or root.cls not in named]


def _open(one: Component) -> bool:
    return one.exported is not False or bool(one.filters) or one.kind == "provider"


def actions(around: Surroundings) -> list[str]:
    """Actions of the app's own that its components listen to."""
    found = {action for one in around.components for f in one.filters for action in f.actions}
    return sorted(action for action in found if not action.startswith("android."))


def leaving(graph: Graph) -> frozenset[int]:
    """Methods of activities that run when they are left."""
    activity = graph.index.type.of.get(_ACTIVITY)
    signatures = {signature for name in _LEFT for signature in graph.index.of_name(name)}
    classes = graph.below(activity) if activity is not None else ()
    return frozenset(
        method for cls in classes for signature, method in graph.own(cls).items() if signature in signatures
    )


def leaves(graph: Graph, reached: Container[int]) -> bool:
    """Whether code that was reached leaves an activity by itself."""
    index = graph.index
    names = {signature for name in _LEAVES for signature in index.of_name(name)}
    refs = (ref for signature in names for ref in index.refs_of_signature(signature))
    return any(
        method in reached for method in graph.using(ref << 4 | kind for ref in refs for kind in (VIRTUAL, SUPER))
    )
