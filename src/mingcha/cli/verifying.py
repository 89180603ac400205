"""The command that checks an evidence package without network or database."""

from __future__ import annotations

import sys

import click

from mingcha.cli.options import BREACHED, FILE, LANGUAGES, LEFT_OPEN, NOTHING_READ, guarded
from mingcha.edges import read, write
from mingcha.errors import FormatError

EXITS = {"genuine": 0, "altered": BREACHED, "incomplete": LEFT_OPEN}


@click.command()
@click.argument("package", type=FILE)
@click.option(
    "--key", "keys", multiple=True, type=FILE,
    help="A key you trust: the published list (keys.json), or 64 hex digits in a file; may be repeated.",
)  # fmt: skip
@click.option(
    "--checkpoint", "checkpoints", multiple=True, type=FILE,
    help="A checkpoint you hold from elsewhere: what the package stands on must agree with it; may be repeated.",
)  # fmt: skip
@click.option("--lang", type=LANGUAGES, default="zh", show_default=True, help="Language of the result.")
@click.option("--json", "as_json", is_flag=True, help="The result as JSON, in both languages.")
@guarded
def verify(package: str, keys: tuple[str, ...], checkpoints: tuple[str, ...], lang: str, as_json: bool) -> None:
    """Check an evidence package: genuine, altered and where, or incomplete and what is missing.

    Nothing in a package vouches for itself: get the keys from the site or a printed notice, not with the package.
    Needs `pip install 'mingcha[service]'`.

    \b
    Examples:
      mingcha verify case.zip --key keys.json
      mingcha verify case.zip --key keys.json --checkpoint checkpoint.json --lang en

    Exit codes: 0 genuine, 1 altered, 2 wrong use, 3 no package that can be read, 4 incomplete, or signed by no key you trust.
    """
    import msgspec

    from mingcha.casework.checkpoints import read_checkpoint
    from mingcha.casework.findings import sentences
    from mingcha.casework.keys import read_keys
    from mingcha.casework.verifying import verify as verified

    anchors = [key for path in keys for key in read_keys(read(path))]
    known = [read_checkpoint(read(path)) for path in checkpoints]
    data = read(package)
    try:
        found = verified(data, anchors, known)
    except FormatError as error:
        click.echo(f"{package}: {error}", err=True)
        sys.exit(NOTHING_READ)
    told = msgspec.json.format(msgspec.json.encode(found)) if as_json else "\n".join(sentences(found, lang)).encode()
    write(told + b"\n", None)
    sys.exit(EXITS[found.verdict])
