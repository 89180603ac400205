"""What an installation is told from outside: its mode, where its data lies, which database. Environment in, one frozen value out.

`mingcha serve` sets these for a demonstration; an office sets them in its unit file (docs/operate.md).
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from mingcha.errors import UsageError

MODES = ("demo", "production", "test")
SITE = ("organiser", "contact", "phone", "address", "code", "icp", "police", "errors", "url")
"""主办单位, 联系邮箱, 电话, 地址, 网站标识码, ICP 备案号, 公安备案号, 网站找错, 网址: environment MINGCHA_SITE_ORGANISER …, none of them invented."""
_SECRET_BYTES = 48


@dataclass(frozen=True)
class Configuration:
    """One installation. ``url`` is its public address, printed in documents. ``clock`` is a file with a shift of the legal clock in seconds, allowed in mode `test` alone."""

    mode: str
    data: Path
    database: str
    hosts: tuple[str, ...]
    tls: bool
    authority: str
    clock: Path | None
    mail: str
    url: str
    site: Mapping[str, str]
    """What the page "about" says of whoever runs this: `SITE` names the settings; what is empty is not shown."""

    @property
    def demo(self) -> bool:
        """Whether no host authority is configured: then nothing has legal effect, and every page and document says so."""
        return not self.authority

    def secret(self, name: str) -> str:
        """A secret of this installation, made once, readable by its owner alone."""
        path = self.data / "keys" / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            made = path.with_name(f"{name}.{os.getpid()}")
            made.touch(mode=0o600)
            made.write_text(secrets.token_urlsafe(_SECRET_BYTES))
            try:
                os.link(made, path)
            except FileExistsError:
                pass  # another process was first; its secret is the one
            finally:
                made.unlink()
        return path.read_text().strip()


def configuration(environment: Mapping[str, str]) -> Configuration:
    """The configuration of this process. Raises UsageError for a mode that is none and for a moved clock outside tests."""
    mode = environment.get("MINGCHA_MODE", "demo")
    if mode not in MODES:
        raise UsageError(f"MINGCHA_MODE is {mode!r}; it is one of {', '.join(MODES)}")
    clock = environment.get("MINGCHA_TEST_CLOCK")
    if clock and mode != "test":
        raise UsageError(f"MINGCHA_TEST_CLOCK moves the legal clock and is refused in mode {mode}")
    data = Path(environment.get("MINGCHA_DATA", "mingcha-data")).absolute()
    return Configuration(
        mode=mode,
        data=data,
        database=environment.get("MINGCHA_DATABASE_URL", f"sqlite:///{data / 'mingcha.sqlite3'}"),
        hosts=tuple(environment.get("MINGCHA_HOSTS", "127.0.0.1 localhost [::1]").split()),
        tls=environment.get("MINGCHA_TLS", "yes" if mode == "production" else "no") == "yes",
        authority=environment.get("MINGCHA_AUTHORITY", ""),
        clock=Path(clock) if clock else None,
        mail=environment.get("MINGCHA_MAIL_URL", ""),
        url=environment.get("MINGCHA_URL", "http://127.0.0.1:8000").rstrip("/"),
        site={name: environment[key] for name in SITE if environment.get(key := f"MINGCHA_SITE_{name.upper()}")},
    )


def database(url: str) -> dict[str, object]:
    """Django's settings of one database from its URL (`sqlite:///path`, `postgresql://user:password@host:port/name`)."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:] if parts.path.startswith("//") else parts.path),
            "CONN_MAX_AGE": 60,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;",
            },
        }
    if parts.scheme not in ("postgresql", "postgres"):
        raise UsageError(f"MINGCHA_DATABASE_URL begins with {parts.scheme!r}; use sqlite:/// or postgresql://")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
    }
