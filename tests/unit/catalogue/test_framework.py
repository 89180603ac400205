"""Android's own classes: what stands above them, what an app may override, and what the table does not know."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import msgspec
import pytest
import yaml

from mingcha.catalogue.framework import OBJECT, Framework, load_framework
from mingcha.catalogue.load import HOME, yaml_loader
from mingcha.model.android import Callback, Registration

A, F, J, U, V, W = (
    b"Landroid/app/",
    b"Landroid/content/",
    b"Ljava/lang/",
    b"Ljava/util/",
    b"Landroid/view/",
    b"Landroid/widget/",
)


@pytest.fixture(scope="module")
def android() -> Framework:
    """The shipped table."""
    return load_framework()


@pytest.mark.parametrize(
    "chain",
    [
        [
            A + b"ListActivity;",
            A + b"Activity;",
            V + b"ContextThemeWrapper;",
            F + b"ContextWrapper;",
            F + b"Context;",
            OBJECT,
        ],
        [A + b"IntentService;", A + b"Service;", F + b"ContextWrapper;"],
        [W + b"Button;", W + b"TextView;", V + b"View;", OBJECT],
        [U + b"HashMap;", U + b"AbstractMap;", OBJECT],
        [b"Ljava/io/FileOutputStream;", b"Ljava/io/OutputStream;", OBJECT],
        [b"Ljavax/net/ssl/HttpsURLConnection;", b"Ljava/net/HttpURLConnection;", b"Ljava/net/URLConnection;"],
        [b"Lorg/apache/http/impl/client/DefaultHttpClient;", b"Lorg/apache/http/impl/client/AbstractHttpClient;"],
        [b"Ldalvik/system/DexClassLoader;", b"Ldalvik/system/BaseDexClassLoader;", J + b"ClassLoader;"],
    ],
)
def test_superclasses_go_up_to_the_top(android: Framework, chain: list[bytes]) -> None:
    """The first supertype of each class is the next; every class is all that stand above it and none of them is it."""
    for below, above in pairwise(chain):
        assert android.supers(below)[0] == above
        assert not android.is_a(above, below)
    assert all(android.is_a(chain[0], above) for above in chain)


@pytest.mark.parametrize(
    ("child", "parent"),
    [
        (U + b"HashMap;", U + b"Map;"),
        (U + b"LinkedHashMap;", U + b"Map;"),
        (U + b"ArrayList;", J + b"Iterable;"),
        (U + b"concurrent/ScheduledThreadPoolExecutor;", U + b"concurrent/Executor;"),
        (J + b"Thread;", J + b"Runnable;"),
        (U + b"TimerTask;", J + b"Runnable;"),
        (J + b"StringBuilder;", J + b"CharSequence;"),
        (A + b"Activity;", V + b"KeyEvent$Callback;"),
        (A + b"Activity;", F + b"ComponentCallbacks;"),
        (A + b"AlertDialog;", F + b"DialogInterface;"),
        (b"Landroid/os/Bundle;", b"Landroid/os/Parcelable;"),
        (b"Landroid/location/LocationListener;", OBJECT),
    ],
)
def test_interfaces_are_inherited(android: Framework, child: bytes, parent: bytes) -> None:
    """An interface of a class above, or above an interface, is a type of the class below."""
    assert android.is_a(child, parent)


@pytest.mark.parametrize(
    ("child", "parent", "answer"),
    [
        (b"Lcom/example/Mine;", OBJECT, True),
        (b"Lcom/example/Mine;", b"Lcom/example/Mine;", True),
        (b"Lcom/example/Mine;", J + b"Runnable;", False),
        (b"[I", OBJECT, True),
        (b"[I", b"Ljava/io/Serializable;", True),
        (b"[I", b"[Ljava/lang/Object;", False),
        (b"[[I", b"[Ljava/lang/Object;", True),
        (b"[Landroid/app/Activity;", b"[Landroid/content/Context;", True),
        (b"[Landroid/content/Context;", b"[Landroid/app/Activity;", False),
        (b"I", b"I", True),
        (b"I", OBJECT, False),
        (W + b"Button;", W + b"EditText;", False),
    ],
)
def test_unknown_classes_arrays_and_numbers(android: Framework, child: bytes, parent: bytes, answer: bool) -> None:
    """Every reference is an Object, an array's type follows that of its elements, a number is only itself."""
    assert android.is_a(child, parent) is answer


@pytest.mark.parametrize(
    ("cls", "method"),
    [
        (V + b"View$OnClickListener;", b"onClick(Landroid/view/View;)V"),
        (A + b"Activity;", b"onCreate(Landroid/os/Bundle;)V"),
        (A + b"ListActivity;", b"onCreate(Landroid/os/Bundle;)V"),
        (A + b"Activity;", b"attachBaseContext(Landroid/content/Context;)V"),
        (A + b"Application;", b"onCreate()V"),
        (F + b"ContentProvider;", b"onCreate()Z"),
        (F + b"BroadcastReceiver;", b"onReceive(Landroid/content/Context;Landroid/content/Intent;)V"),
        (A + b"IntentService;", b"onStartCommand(Landroid/content/Intent;II)I"),
        (b"Landroid/os/AsyncTask;", b"doInBackground([Ljava/lang/Object;)Ljava/lang/Object;"),
        (b"Landroid/os/Handler;", b"handleMessage(Landroid/os/Message;)V"),
        (J + b"Thread;", b"run()V"),
        (U + b"concurrent/Callable;", b"call()Ljava/lang/Object;"),
        (U + b"Comparator;", b"compare(Ljava/lang/Object;Ljava/lang/Object;)I"),
        (U + b"HashMap;", b"toString()Ljava/lang/String;"),
        (b"Landroid/webkit/WebViewClient;", b"onPageFinished(Landroid/webkit/WebView;Ljava/lang/String;)V"),
        (b"Landroid/app/backup/BackupAgent;", b"onDestroy()V"),
        (
            b"Lorg/apache/http/client/ResponseHandler;",
            b"handleResponse(Lorg/apache/http/HttpResponse;)Ljava/lang/Object;",
        ),
    ],
)
def test_what_an_app_may_override(android: Framework, cls: bytes, method: bytes) -> None:
    """Methods of interfaces, protected ones and inherited ones can be overridden."""
    assert method in android.overridable(cls)


@pytest.mark.parametrize(
    ("cls", "method"),
    [
        (J + b"Thread;", b"getName()Ljava/lang/String;"),
        (J + b"Thread;", b"currentThread()Ljava/lang/Thread;"),
        (J + b"Object;", b"getClass()Ljava/lang/Class;"),
        (F + b"Context;", b"getString(I)Ljava/lang/String;"),
        (A + b"Activity;", b"requestPermissions([Ljava/lang/String;I)V"),
        (b"Landroid/os/AsyncTask;", b"execute([Ljava/lang/Object;)Landroid/os/AsyncTask;"),
    ],
)
def test_what_nobody_overrides(android: Framework, cls: bytes, method: bytes) -> None:
    """A final or static method is declared where it is, and cannot be overridden."""
    assert android.declares(cls, method)
    assert method not in android.overridable(cls)


def test_hidden_and_private_methods_are_left_out(android: Framework) -> None:
    """A method that the SDK hides and a constructor are not part of the table."""
    for method in (b"performResume(ZLjava/lang/String;)V", b"<init>()V"):
        assert not android.declares(A + b"Activity;", method)
    assert not android.known(A + b"ActivityThread;")


def test_declared_is_not_inherited(android: Framework) -> None:
    """A class declares what it has itself; what stands above it alone is only overridable."""
    method = b"onCreate(Landroid/os/Bundle;)V"
    assert android.declares(A + b"Activity;", method)
    assert not android.declares(A + b"ListActivity;", method)
    assert method in android.overridable(A + b"ListActivity;")


def test_flags(android: Framework) -> None:
    """String is final, Runnable an interface, Activity neither; an unknown class is none of both and not known."""
    assert android.is_final(J + b"String;")
    assert android.overridable(J + b"String;") == frozenset()
    assert android.is_interface(J + b"Runnable;")
    for cls in (A + b"Activity;", b"Lcom/example/Mine;"):
        assert not android.is_final(cls)
        assert not android.is_interface(cls)
    assert android.known(A + b"Activity;")
    assert not any(map(android.known, (b"Lcom/example/Mine;", b"[Landroid/app/Activity;", b"I", b"", b"@")))


def test_an_interface_stands_below_interfaces_alone(android: Framework) -> None:
    """The supertypes of an interface are those it extends; Object is above it all the same."""
    assert android.supers(U + b"List;") == (U + b"Collection;",)
    assert android.supers(J + b"Runnable;") == ()
    assert android.supers(OBJECT) == ()
    assert android.is_a(J + b"Runnable;", OBJECT)


def test_the_shipped_table_is_closed_and_well_formed(android: Framework) -> None:
    """Every supertype of the table is in it, nothing is above itself, and every method is a name with a descriptor."""
    form = re.compile(rb"[\w$-]+\((\[*([ZBCSIJFD]|L\w[\w/$]*/[\w$]+;))*\)(V|\[*([ZBCSIJFD]|L\w[\w/$]*/[\w$]+;))")
    for name in (b"L%b;" % name for name in android._lines):
        assert all(map(android.known, android.supers(name)))
        assert name not in android.ancestors(name)
        assert all(form.fullmatch(method) for method in android.overridable(name))


def test_short_names_are_lengthened_as_a_whole() -> None:
    """A short name stands for its class only where it is all of a type, not where a longer name ends like it."""
    table = Framework(b"# head\n@ a/List a/Made\na/I i - put(ILList;[LMade;)LList; see(Lb/LMade;LLMade;)V\n")
    assert table.overridable(b"La/I;") == {b"put(ILa/List;[La/Made;)La/List;", b"see(Lb/LMade;LLMade;)V"}


def test_a_final_method_ends_the_overriding() -> None:
    """What a class makes final, no class below it overrides, whatever stands further up."""
    table = Framework(b"a/A - - go()V run()V\na/B - a/A =go()V\na/C - a/B\n")
    assert [table.overridable(name) for name in (b"La/A;", b"La/B;", b"La/C;")] == [
        {b"go()V", b"run()V"},
        {b"run()V"},
        {b"run()V"},
    ]


# --- the model of Android names what Android has ------------------------------------------------------------------------


def rows(name: str, shape: type[Any]) -> list[Any]:
    """The rows of a table of the catalogue that speak of Android's own classes."""
    found = yaml.load((HOME / name).read_bytes(), Loader=yaml_loader())
    table = [msgspec.convert({"cls": row.pop("class"), **row}, shape) for row in found]
    return [row for row in table if re.match(r"java|android\.(?!support|arch)", row.cls)]


def descriptor(cls: str) -> bytes:
    """A class as Java writes it, as DEX files do."""
    return b"L%b;" % cls.replace(".", "/").encode()


def test_callbacks_name_methods_that_can_be_overridden(android: Framework) -> None:
    """Every callback of an Android class is a method that an app's class can override, and stands in one row."""
    seen: set[tuple[str, str]] = set()
    for row in rows("callbacks.yaml", Callback):
        names = {method.partition(b"(")[0].decode() for method in android.overridable(descriptor(row.cls))}
        assert names, row.cls
        assert names.issuperset(row.methods), (row.cls, set(row.methods) - names)
        assert seen.isdisjoint((row.cls, name) for name in row.methods), row.cls
        seen |= {(row.cls, name) for name in row.methods}


def test_what_a_setter_also_brings_about_is_no_act_of_a_person() -> None:
    """Callbacks that follow from the first layout, from a setter or from an answer already known excuse nothing."""
    user = {(row.cls, name) for row in rows("callbacks.yaml", Callback) if row.user for name in row.methods or ("*",)}
    assert ("android.view.View$OnClickListener", "onClick") in user
    for row in (
        ("android.widget.AdapterView$OnItemSelectedListener", "onItemSelected"),
        ("android.widget.CompoundButton$OnCheckedChangeListener", "onCheckedChanged"),
        ("android.text.TextWatcher", "onTextChanged"),
        ("android.app.Activity", "onUserInteraction"),
        ("android.app.Activity", "onRequestPermissionsResult"),
        ("android.app.Activity", "onActivityResult"),
    ):
        assert row not in user
        assert (row[0], "*") not in user


def test_registrations_agree_with_the_callbacks(android: Framework) -> None:
    """A registration names a class of Android, a result among its runs, and calls nothing a person's act that no callback calls one."""
    user = [row for row in rows("callbacks.yaml", Callback) if row.user]
    acts = {name for row in user for name in row.methods}
    acts |= {
        method.partition(b"(")[0].decode()
        for row in user
        if not row.methods
        for method in android.overridable(descriptor(row.cls))
    }
    for row in rows("registrations.yaml", Registration):
        runs = [run.partition("(")[0] for run in row.runs]
        assert android.known(descriptor(row.cls)), row.cls
        assert row.result is None or row.result in runs, row
        assert not row.user or acts.issuperset(runs), row
        assert re.fullmatch(r"(this|\d)(\.\w+|\[\])?", row.on), row
