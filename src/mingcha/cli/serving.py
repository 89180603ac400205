"""`mingcha serve` and `mingcha service`: the web application on one machine, and its verbs by hand."""

from __future__ import annotations

import importlib.util
import json
import os
from pathlib import Path
from typing import Any

import click

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


@click.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="address to listen on; 127.0.0.1 is this machine alone"
)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="port to listen on")
@click.option(
    "--data", type=click.Path(path_type=Path), help="folder of database, evidence and keys  [default: ./mingcha-data]"
)
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="processes that answer pages")
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
@click.option("--data", type=click.Path(path_type=Path), help="folder of the service's data")
def act(process: str, verb: str, number: int | None, who: str, values: tuple[str, ...], data: Path | None) -> None:
    """Do one verb as one account, as its page would.

    \b
    mingcha service act complaint accept 12 --as officer
    mingcha service act case draft-order 3 --as handler --set measures=请整改 --set days=5

    Whoever can read the data folder holds the keys of the service; no second factor is asked for here, and the chain names the account.
    """
    _settings(data, None)
    import django

    django.setup()
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


@service.command("check")
@click.option("--data", type=click.Path(path_type=Path), help="folder of the service's data")
def check(data: Path | None) -> None:
    """Check chain, states and evidence of an installation; exit 1 where something does not fit."""
    _settings(data, None)
    import django

    django.setup()
    from mingcha.service.commands import problems

    found = list(problems())
    for one in found:
        click.echo(one)
    click.echo("genuine" if not found else f"{len(found)} problems", err=True)
    raise SystemExit(1 if found else 0)
