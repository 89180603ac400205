"""What must be there before the first act: the end of the empty chain, and the table of the shared cache."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.db import migrations

from mingcha.casework.chain import GENESIS


def begin(apps: Any, schema_editor: Any) -> None:
    """One row, for ever."""
    apps.get_model("service", "Head").objects.using(schema_editor.connection.alias).create(pk=1, count=0, hash=GENESIS)
    call_command("createcachetable", verbosity=0)


class Migration(migrations.Migration):
    """After the tables."""

    dependencies = (("service", "0001_initial"),)
    operations = (migrations.RunPython(begin, migrations.RunPython.noop),)
