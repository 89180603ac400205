"""A throw-away PostgreSQL for tests: its own cluster on a loopback port, gone afterwards; tests without it are skipped aloud."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from glob import glob
from pathlib import Path

OWNER = "postgres"


def binaries() -> Path | None:
    """The newest installed server's programs."""
    found = sorted(glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda path: int(path.split("/")[4]))
    on_path = shutil.which("initdb")
    return Path(found[-1]).parent if found else Path(on_path).parent if on_path else None


def why_not() -> str:
    """Why there can be no cluster here, or nothing."""
    if binaries() is None:
        return "PostgreSQL IS NOT INSTALLED: this test was NOT RUN (apt-get install postgresql)"
    if os.getuid() == 0 and not _account():
        return "running as root and there is no account 'postgres': this test was NOT RUN"
    return ""


def _account() -> bool:
    return any(line.startswith(f"{OWNER}:") for line in Path("/etc/passwd").read_text().splitlines())


def free_port() -> int:
    """A loopback port that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Cluster:
    """A running server; the server refuses root, so it runs as `postgres` when we are root."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        found = binaries()
        assert found is not None
        self.programs = found

    def run(self, program: str, *arguments: str) -> None:
        """One of its programs, to its end. Output goes to a file: a server that lives on must not hold a pipe of ours."""
        with open(self.folder / "log", "ab") as log:
            who = {"user": OWNER, "group": OWNER, "extra_groups": []} if os.getuid() == 0 else {}
            subprocess.run(
                [self.programs / program, *arguments],
                check=True,
                cwd=self.folder,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                **who,
            )

    def begin(self) -> None:
        """Make the cluster and start it."""
        self.run("initdb", "-D", "data", "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        self.start()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = f"-c listen_addresses=127.0.0.1 -c port={self.port} -c unix_socket_directories={self.folder}"
        self.run("pg_ctl", "-D", "data", "-w", "-o", options, "-l", "server.log", "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop it; ``immediate`` is a crash."""
        self.run("pg_ctl", "-D", "data", "-w", "-m", mode, "stop")

    def database(self, name: str) -> str:
        """The URL of a new empty database."""
        self.run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", OWNER, name)
        return f"postgresql://{OWNER}@127.0.0.1:{self.port}/{name}"


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A cluster for the length of the block; ask `why_not` first."""
    folder = Path(tempfile.mkdtemp(prefix="mingcha-pg-"))
    if os.getuid() == 0:
        shutil.chown(folder, OWNER, OWNER)
    made = Cluster(folder)
    try:
        made.begin()
        yield made
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            made.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Run one by hand: `python -m tests.service.postgres`, ended by Ctrl-C."""
    with cluster() as made:
        print(made.database("mingcha"), flush=True)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            print("stopped")


if __name__ == "__main__":
    main()
