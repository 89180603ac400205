"""When code runs: every moment of the start, what a person's act starts, what an agreement opens, and what nobody reaches.

The code is ``tests/data/reach/*.dex``, made from the Java sources beside them; each test says which of its classes are
components, and asks when the method of ``t.Secret`` with the test's name runs.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from mingcha.catalogue.framework import load_framework
from mingcha.formats.dex import Dex
from mingcha.model.android import Callback
from mingcha.program.code import Image, Program
from mingcha.program.reach import Found, Reach
from mingcha.program.surroundings import Component, ComponentKind, Filter, Surroundings, View

FILES = [Path(__file__).parents[2] / "data" / "reach" / f"{name}.dex" for name in ("reach", "settled")]
ACTS = (
    Callback(cls="android.view.View$OnClickListener", methods=("onClick",), user=True),
    Callback(cls="android.content.DialogInterface$OnClickListener", user=True),
    Callback(cls="android.widget.TextView", methods=("setCustomSelectionActionModeCallback",), never=True),
)
LAUNCHED = Filter(actions=("android.intent.action.MAIN",), categories=("android.intent.category.LAUNCHER",))


def component(name: str, kind: ComponentKind = "activity", **given: object) -> Component:
    return Component(kind, f"Lt/{name};".encode(), **({"exported": False} | given))


def launcher(name: str) -> Component:
    return component(name, exported=True, launcher=True, filters=(LAUNCHED,))


@cache
def program() -> Program:
    return Program([Image(n, Dex(file.read_bytes())) for n, file in enumerate(FILES)], load_framework())


class Asked:
    """The reach of one app; called with the name of a method of ``t.Secret``."""

    def __init__(self, around: Surroundings, *, opaque: bool = False) -> None:
        self._reach = Reach(program(), around, ACTS, opaque=opaque)

    def __call__(self, name: str) -> Found:
        number = program().find(b"Lt/Secret;", f"{name}()V".encode())
        assert number is not None
        return self._reach.at(number, int(program().images[0].dex.methods.first[number]), "nothing")

    def of(self, method: int) -> str:
        return self._reach.at(method, int(program().images[0].dex.methods.first[method]), "nothing").reach

    def word(self, name: str) -> str:
        return self(name).reach


@cache
def started() -> Asked:
    """An app with an Application, two providers, a launcher, a receiver for the boot, and an activity open to others."""
    return Asked(
        Surroundings(
            package="t",
            application=b"Lt/Start$App;",
            components=(
                launcher("Start$Main"),
                component("Start$First", "provider"),
                component("Start$Second", "provider", order=100),
                component(
                    "Start$Boot", "receiver", filters=(Filter(actions=("android.intent.action.BOOT_COMPLETED",)),)
                ),
                component("Start$Open", exported=True),
                component("Start$Worker", "service"),
                component("Start$Mentioned"),
            ),
        )
    )


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("attached", 0), ("secondProvider", 1), ("firstProvider", 2), ("application", 3), ("initialised", 3), ("thread", 4),
        ("handler", 4), ("timer", 4), ("service", 4), ("boot", 5),
    ],
)  # fmt: skip
def test_moments_of_the_start(name: str, order: int) -> None:
    """Providers go by their order and before the Application; threads, handlers, timers, services and initialisers belong to who starts them."""
    found = started()(name)
    assert (found.reach, found.order) == ("startup", order)


@pytest.mark.parametrize("name", ["opened", "mentioned", "queried"])
def test_what_cannot_be_ordered(name: str) -> None:
    """What others may start, a class that is only mentioned, and what a provider is asked for, run at an unknown time."""
    assert started().word(name) == "unknown"


def test_callbacks_of_what_is_only_mentioned() -> None:
    """The callbacks themselves are as unknown as what they call."""
    number = program().find(b"Lt/Start$Mentioned;", b"onCreate(Landroid/os/Bundle;)V")
    assert number is not None
    assert started().of(number) == "unknown"


def test_an_action_that_several_listen_to() -> None:
    """Code that names an action of the app's own may start each of those who listen to it; it once ended the inspection of four apps."""
    hears = (Filter(actions=("kept",)),)
    around = (
        launcher("Flags$Main"),
        component("Start$Mentioned", filters=hears),
        component("Start$Other", filters=hears),
    )
    asked = Asked(Surroundings(package="t", components=(*around, component("Start$Boot", "receiver", filters=hears))))
    assert [asked.word(name) for name in ("mentioned", "boot")] == ["unknown", "unknown"]


def test_nobody_calls_it() -> None:
    """A method that nobody calls is unreached, unless code may be there that is not seen."""
    assert started().word("nobody") == "unreached"
    assert Asked(Surroundings(package="t"), opaque=True).word("nobody") == "unknown"


def test_without_a_manifest_nothing_is_unreached() -> None:
    """Where the manifest was not read, nobody knows where Android enters."""
    assert Asked(Surroundings()).word("application") == "unknown"


def test_the_path_is_shown_method_by_method() -> None:
    """A path goes from the method that Android enters to the place asked for, each step at its instruction."""
    steps = started()("thread").steps
    assert [(step.does, step.method) for step in steps] == [
        ("enters", "Lt/Start$Main;->onCreate(Landroid/os/Bundle;)V"),
        ("starts", "Lt/Start$Main;->onCreate(Landroid/os/Bundle;)V"),
        ("calls", "Lt/Start$Main$1;->run()V"),
        ("reads", "Lt/Secret;->thread()V"),
    ]
    dex = program().images[0].dex
    assert dex.data[steps[1].at] == 0x22  # new-instance
    assert dex.data[steps[2].at] == 0x71  # invoke-static
    assert steps[2].quote == "Lt/Secret;->thread()V"


# --- agreeing ------------------------------------------------------------------------------------------------------

AGREE, OTHER, YES, NO = 0x7F010001, 0x7F010002, 0x7F020001, 0x7F020002
NAMES = {AGREE: "id/btn_agree", OTHER: "id/btn_other", YES: "string/yes", NO: "string/no"}
TEXTS = {YES: "同意", NO: "不同意"}


@cache
def agreeing() -> Asked:
    """An app whose launcher sets listeners on a button that says agree, on another one, and in a dialog."""
    views = (
        View(AGREE, "btn_agree", "Button", 1, on_click="agreeHere"),
        View(OTHER, "btn_other", "Button", 1, on_click="tapHere"),
    )
    main = launcher("Agree$Main")
    return Asked(Surroundings(package="t", components=(main,), views=views, names=NAMES, texts=TEXTS))


@pytest.mark.parametrize(
    "name",
    [
        "agreedById", "agreedByText", "agreedInDialog", "agreedByLabel", "agreedInSwitch", "agreedInField", "agreedInLayout",
    ],
)  # fmt: skip
def test_behind_an_agree_control(name: str) -> None:
    """A button counts by its id, its text, a text of a dialog, a case of a shared listener, a field, or its layout."""
    assert agreeing().word(name) == "consent-gated"


@pytest.mark.parametrize("name", ["tapped", "refusedInDialog", "tappedInSwitch", "shared", "inherited", "layoutTapped"])
def test_a_tap_is_no_agreement(name: str) -> None:
    """Other buttons, the one that refuses, and a listener that is set elsewhere as well, are acts and no more."""
    assert agreeing().word(name) == "user-act"


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({AGREE: "id/btn_disagree"}, "agreedById"),
        ({AGREE: "id/agreement"}, "agreedById"),
        ({AGREE: "id/cb_agree"}, "agreedById"),
    ],
)
def test_other_ids_are_no_agreement(changed: dict[int, str], name: str) -> None:
    """A button that refuses, a link to an agreement and a box to tick are no agree controls."""
    main = launcher("Agree$Main")
    asked = Asked(Surroundings(package="t", components=(main,), names=NAMES | changed, texts=TEXTS))
    assert asked.word(name) == "user-act"


def test_an_app_that_agrees_by_itself() -> None:
    """Where code taps an agree control, no agree control is believed."""
    main = launcher("Agree$Auto")
    asked = Asked(Surroundings(package="t", components=(main,), names=NAMES | {0x7F010009: "id/agree"}, texts=TEXTS))
    assert asked.word("automatic") == "user-act"
    plain = Asked(
        Surroundings(package="t", components=(launcher("Agree$Main"),), names=NAMES | {0x7F010009: "id/agree"})
    )
    assert plain.word("agreedById") == "user-act"


# --- stored flags --------------------------------------------------------------------------------------------------


@cache
def flagged(*more: Component) -> Asked:
    """An app whose launcher asks for flags, and writes some of them behind the agree button."""
    return Asked(Surroundings(package="t", components=(launcher("Flags$Main"), *more), names=NAMES))


@pytest.mark.parametrize("name", ["direct", "wrapped", "boxed", "turned", "afterReturn", "counted"])
def test_behind_a_flag_that_the_agreement_writes(name: str) -> None:
    """A branch on a stored flag counts: directly, through methods around the store, boxed, turned round, before a return, a number."""
    assert flagged().word(name) == "consent-gated"


def test_the_flag_stands_in_the_path() -> None:
    """What runs behind a gate shows the branch it stands behind, with the flag's key."""
    steps = flagged()("afterReturn").steps
    assert [(step.does, step.quote) for step in steps[-3:-1]] == [
        ("reads", 'if "agreed"'),
        ("calls", "Lt/Secret;->afterReturn()V"),
    ]
    assert program().images[0].dex.data[steps[-3].at] in (0x38, 0x39)  # if-eqz, if-nez


@pytest.mark.parametrize("name", ["elsewhere", "mixed", "early", "asked", "constant"])
def test_behind_a_flag_that_others_write(name: str) -> None:
    """A flag that is written without an agreement, too, the way that is taken before anybody wrote, and having been asked, are no gates."""
    assert flagged().word(name) == "startup"


def test_behind_a_flag_that_nobody_writes() -> None:
    """A flag without a writer is no gate: who knows who writes it."""
    assert flagged().word("unnamed") == "startup"


# --- names ---------------------------------------------------------------------------------------------------------


@cache
def named() -> Asked:
    """An app that uses reflection, a web page, a layout with a view of its own, and a class that a library makes."""
    views = (View(0, "", "t.Names$Custom", 0x7F030001),)
    return Asked(
        Surroundings(
            package="t", components=(launcher("Names$Main"), component("Names$Dialogs", exported=True)), views=views
        )
    )


@pytest.mark.parametrize("name", ["constructed", "reflected", "page", "custom", "worked", "overridden"])
def test_what_runs_by_name(name: str) -> None:
    """Reflection with constant names, what a page may call, views of a layout, and a class given to a library, run."""
    assert named().word(name) == "startup"


def test_only_classes_that_are_made_answer_a_call() -> None:
    """A virtual call does not enter a class of which reached code makes no object."""
    assert named().word("notMade") == "unreached"


def test_passing_an_act_on_is_no_start() -> None:
    """Code that calls a listener's callback of a person's act passes the act on."""
    assert named().word("passedOn") == "user-act"


# --- what is settled -------------------------------------------------------------------------------------------------


@cache
def settled(**given: object) -> Asked:
    """An app for Android 4 and later that may record sound, and has no fonts; ``given`` changes what is known of it."""
    around: dict[str, object] = {
        "min_sdk": 14,
        "permissions": frozenset({"android.permission.RECORD_AUDIO"}),
        "lacking": frozenset({"font"}),
    }
    main = launcher("Settled$Main")
    return Asked(
        Surroundings(package="t", application=b"Lt/Settled$App;", components=(main,), **(around | given))  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    "name",
    ["tooOld", "debugged", "otherKind", "permitted", "fontRead", "neverCalled", "neverMade"],
)
def test_branches_that_are_never_taken(name: str) -> None:
    """Below minSdkVersion, behind a flag or kind nobody sets, a permission not declared, an absent font, no call, no object."""
    assert settled().word(name) == "unreached"


@pytest.mark.parametrize(
    "name",
    ["oldEnough", "wasChanged", "thisKind", "mayBeGranted", "menuRead", "alwaysMade", "namedInField"],
)
def test_branches_that_may_be_taken(name: str) -> None:
    """Versions from minSdkVersion on, flags that code sets, declared permissions, other XML, made objects, names in fields."""
    assert settled().word(name) == "startup"


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"min_sdk": 13}, "tooOld"),
        ({"permissions": frozenset({"android.permission.CAMERA"})}, "permitted"),
        ({"permissions": None}, "permitted"),
        ({"lacking": frozenset()}, "fontRead"),
    ],
)
def test_what_is_not_known_of_the_app_settles_nothing(given: dict[str, object], name: str) -> None:
    """A lower version, the permission itself, a shared user and a font bring the branch back."""
    assert settled(**given).word(name) == "startup"


def test_what_is_ruled_out_is_unknown_where_code_is_not_seen() -> None:
    """Code that is not seen may do what the code that is seen never does."""
    main = launcher("Settled$Main")
    assert Asked(Surroundings(package="t", components=(main,)), opaque=True).word("debugged") == "unknown"


def test_leaving_an_activity_is_no_start() -> None:
    """What runs when an activity is left runs at an unknown time, unless code of the start leaves it."""
    assert settled().word("left") == "unknown"
