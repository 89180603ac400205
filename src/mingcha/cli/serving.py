"""`mingcha serve` and `mingcha service`: the web application on one machine, and its verbs by hand."""

from __future__ import annotations

import importlib.util
import json
import os
from pathlib import Path
from typing import Any

import click

from mingcha.cli.options import guarded
from mingcha.errors import UsageError

_MISSING = "the service is not installed: run `pip install 'mingcha[service]'`"


def _settings(data: Path | None, mode: str | None) -> None:
    """Tell the service where its data lies, before Django reads its settings. Raises UsageError."""
    if importlib.util.find_spec("django") is None or importlib.util.find_spec("allauth") is None:
        raise UsageError(_MISSING)
    if data is not None:
        os.environ["MINGCHA_DATA"] = str(data.absolute())
    if mode is not None:
        os.environ["MINGCHA_MODE"] = mode
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingcha.service.settings")


def _started(data: Path | None) -> None:
    """Django, ready for rows."""
    _settings(data, None)
    import django

    django.setup()


_DATA = click.option("--data", type=click.Path(path_type=Path), help="folder of the service's data")


@click.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="address to listen on; 127.0.0.1 is this machine alone"
)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="port to listen on")
@click.option(
    "--data", type=click.Path(path_type=Path), help="folder of database, evidence and keys  [default: ./mingcha-data]"
)
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="processes that answer pages")
@guarded
def serve(host: str, port: int, data: Path | None, workers: int) -> None:
    """Run the service: look-up, complaints, cases, for the public, operators and regulators.

    \b
    mingcha serve                        a demonstration at http://127.0.0.1:8000/, with an account of each role
    mingcha serve --port 9000 --data /srv/mingcha

    Without MINGCHA_MODE=production everything is a demonstration without legal effect; docs/operate.md tells how to run it for an office.
    """
    _settings(data, None)
    from mingcha.service import serving

    click.echo("setting up …", err=True)
    passwords = serving.prepare()
    for name, password in passwords.items():
        click.echo(f"  {name:<12} {password}")
    if passwords:
        click.echo("  these passwords are shown this once (每个口令只显示这一次)\n")
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"Mingcha serves at http://{shown}:{port}/  (data: {serving.data_folder()}; Ctrl-C ends)")
    raise SystemExit(serving.serve(host, port, workers))


@click.group()
def service() -> None:
    """Work of the service by hand: the same verbs as its pages and its API."""


@service.command("act")
@click.argument("process")
@click.argument("verb")
@click.argument("number", required=False, type=int)
@click.option("--as", "who", required=True, help="user name of the account that acts")
@click.option(
    "--set", "values", multiple=True, metavar="NAME=VALUE", help="a field of the verb; JSON values are read as such"
)
@_DATA
@guarded
def act(process: str, verb: str, number: int | None, who: str, values: tuple[str, ...], data: Path | None) -> None:
    """Do one verb as one account, as its page would.

    \b
    mingcha service act complaint accept 12 --as officer
    mingcha service act case draft-order 3 --as handler --set measures=请整改 --set days=5

    Whoever can read the data folder holds the keys of the service; no second factor is asked for here, and the chain names the account.
    """
    _started(data)
    from mingcha.service.commands import done

    click.echo(done(process, verb, number, who, dict(_pair(value) for value in values)))


def _pair(text: str) -> tuple[str, Any]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise UsageError(f"{text!r}: write NAME=VALUE")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


@service.command("migrate")
@_DATA
@guarded
def migrate(data: Path | None) -> None:
    """Make or upgrade the tables, as `mingcha serve` does at its start."""
    _started(data)
    from mingcha.service.serving import tables

    tables()


@service.command("first-admin")
@click.argument("name")
@_DATA
@guarded
def first_admin(name: str, data: Path | None) -> None:
    """Open the first administrator's account and print its password, this once.

    \b
    mingcha service first-admin lin --data /srv/mingcha

    He signs in, sets up a passkey or a code generator (he can do nothing without), opens other accounts and gives them roles.
    """
    _started(data)
    from mingcha.service.commands import first_administrator

    click.echo(f"{name}  {first_administrator(name)}")
    click.echo("this password is shown this once (口令只显示这一次)", err=True)


@service.command("authority")
@click.argument("code")
@click.argument("name")
@click.option("--english", default="", help="its name in English")
@click.option(
    "--receives",
    default="general",
    show_default=True,
    help="whose rules of complaints hold: samr, cac, miit, isc, general",
)
@_DATA
@guarded
def authority(code: str, name: str, english: str, receives: str, data: Path | None) -> None:
    """Put a supervising body on record, or correct its names.

    \b
    mingcha service authority example-office 某某监管部门 --english "Example office" --receives cac
    """
    _started(data)
    from mingcha.service.commands import authority as recorded

    click.echo(recorded(code, name, english, receives))


@service.command("store")
@click.argument("name")
@_DATA
@guarded
def store(name: str, data: Path | None) -> None:
    """Put a store that distributes apps on record, so that its liaison can be given a role."""
    _started(data)
    from mingcha.service.commands import store as recorded

    click.echo(recorded(name))


@service.command("rotate-key")
@_DATA
@guarded
def rotate_key(data: Path | None) -> None:
    """Sign with a new key from now on; the old one vouches for it and is destroyed. Nothing needs to be stopped.

    What the old key signed still verifies: the public list (keys/public.json) keeps every key, and the chain of events tells of the change.
    """
    _started(data)
    from mingcha.service.commands import new_key

    made = new_key()
    click.echo(f"{made.id}  {made.public}  from {made.from_}")


@service.command("leads")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "who", required=True, help="user name of the account that registers them")
@click.option("--authority", required=True, type=int, help="number of the supervising body they are for")
@_DATA
@guarded
def leads(file: Path, who: str, authority: int, data: Path | None) -> None:
    """Register the leads of a survey: suspected by machine, told to nobody until a person has looked.

    \b
    mingcha survey leads store --clause idm-2019/3.1 --sample 50 --seed 7 -o leads.jsonl
    mingcha service leads leads.jsonl --as handler --authority 1
    """
    _started(data)
    from mingcha.service.commands import account_named
    from mingcha.service.surveyed import take

    for line in take(file.read_bytes(), account_named(who), authority):
        click.echo(line)


@service.command("check")
@_DATA
@guarded
def check(data: Path | None) -> None:
    """Check chain, states and evidence of an installation; exit 1 where something does not fit."""
    _started(data)
    from mingcha.service.commands import problems

    found = list(problems())
    for one in found:
        click.echo(one)
    click.echo("genuine" if not found else f"{len(found)} problems", err=True)
    raise SystemExit(1 if found else 0)
