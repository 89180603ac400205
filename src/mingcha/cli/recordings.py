"""The commands that record what an app does on a device."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mingcha.cli.options import FILE, guarded
from mingcha.edges import Progress, read, write

if TYPE_CHECKING:
    from mingcha.collect.runtime.ground import Seal


DIRECTORY = click.Path(file_okay=False)


@click.group()
def record() -> None:
    """Record an app on a device: which sensitive interfaces it calls, what it shows."""


@record.command("runtime")
@click.option("--package", required=True, metavar="NAME", help="The app's package, such as com.example.app.")
@click.option("-o", "--output", required=True, type=FILE, help="A new file for the log (JSON lines).")
@click.option("--device", metavar="ID", help="Frida's device: an id, local, or tcp:HOST:PORT. Default: the one at USB.")
@click.option("--pid", type=int, help="Attach to this one process.")
@click.option("--attach", is_flag=True, help="Attach to the running app instead of starting it.")
@click.option("--seconds", type=click.FloatRange(1), help="End after so long. Default: at Ctrl-C.")
@click.option("--profile", type=FILE, help="The device's own values (YAML), to be known again by name.")
@guarded
def record_runtime(
    package: str,
    output: str,
    device: str | None,
    pid: int | None,
    attach: bool,
    seconds: float | None,
    profile: str | None,
) -> None:
    """Log every call of a sensitive interface with time, outcome, thread and stack; values are never written.

    Needs `pip install 'mingcha[capture]'` and frida-server on the device (or the gadget inside the app).

    \b
    Examples:
      mingcha record runtime --package com.example.app -o run1/hook.jsonl
      mingcha record runtime --package com.example.app --attach --seconds 120 -o run1/hook.jsonl
      mingcha record runtime --package com.example.app --profile run1/profile.yaml -o run1/hook.jsonl
    """
    from mingcha.capture.runtime.recorder import record_runtime as recorded

    with Progress() as progress:
        done = recorded(
            package, Path(output), device=device, pid=pid, spawn=not attach, seconds=seconds, progress=progress,
            seal=_seal(profile) if profile else None,
        )  # fmt: skip
    told = (
        f"{done.path}: {done.calls} calls ({done.lost} lost) of {len(done.hooked)} interfaces in"
        f" {', '.join(done.processes) or 'no process'}; ended: {done.ended}\n"
    )
    write(told.encode(), None)


def _seal(profile: str) -> Seal:
    """Hashes under a key that nobody keeps, and tags for the values of a profile. Raises RecordError."""
    import secrets  # it loads much that no other command needs

    from mingcha.catalogue.load import load
    from mingcha.collect.runtime.ground import sealing
    from mingcha.collect.traffic.profile import read_profile

    known = read_profile(read(profile), load().information)
    return sealing(secrets.token_bytes(32), {value.value: value.tag for value in known.values})


@record.command("screens")
@click.option("--package", required=True, metavar="NAME", help="The app's package, such as com.example.app.")
@click.option("-o", "--output", required=True, type=DIRECTORY, metavar="DIR", help="The folder of the run.")
@click.option("--device", metavar="SERIAL", help="The phone, where `adb devices` shows several.")
@click.option(
    "--mode",
    type=click.Choice(["person", "agree", "refuse", "deny", "find", "everywhere"]),
    default="person",
    show_default=True,
    help="Follow a person's touches, or walk alone: agree, refuse, deny permissions, find policy and settings, enter all pages.",
)
@click.option("--clear", is_flag=True, help="Delete the app's data first, for a first start (asks before).")
@click.option("--yes", is_flag=True, help="Do not ask before deleting the app's data.")
@click.option("--no-start", is_flag=True, help="Leave starting the app to `mingcha record runtime`.")
@click.option(
    "--seconds", type=click.FloatRange(1), help="End after so long. Default: at Ctrl-C, or when the walk ends."
)
@guarded
def record_screens(**options: Any) -> None:
    """Record what an app shows and every touch, on a phone that adb reaches, as a run folder to inspect.

    \b
    Examples:
      mingcha record screens --package com.example.app -o run1
      mingcha record screens --package com.example.app -o run1 --mode agree --clear
      mingcha inspect app.apk --policy policy.html --run run1 -o report.html
    """
    from mingcha.capture.screens.recording import record_screens as recorded

    package = options["package"]
    if options["clear"] and not options["yes"]:
        click.confirm(f"This deletes all data of {package} on the phone. Go on?", abort=True, err=True)
    done = recorded(
        package, Path(options["output"]), device=options["device"], mode=options["mode"], clear=options["clear"],
        start=not options["no_start"], seconds=options["seconds"],
        progress=lambda line: click.echo(line, err=True),  # each line is for the tester, who waits for it
    )  # fmt: skip
    touches = "every touch" if done.complete else "some touches may be missing"
    found = f"; found: {', '.join(done.found)}" if done.found else ""
    left = f"; not entered: {', '.join(done.left)}" if done.left else ""
    write(f"{done.path}: {done.steps} screens, {touches}{found}; ended: {done.ended}{left}\n".encode(), None)
