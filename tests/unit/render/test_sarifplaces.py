"""Names of files from outside become references that a viewer can open safely."""

from __future__ import annotations

import pytest

from mingcha.render.sarifplaces import uri


@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("base.apk!/classes.dex", "base.apk%21/classes.dex"),
        ("/etc/passwd", "etc/passwd"),
        ("../../x", "_../_../x"),
        ("javascript:alert(1)", "javascript%3Aalert%281%29"),
        ("C:\\app.apk", "C%3A/app.apk"),
        ("应用.apk", "%E5%BA%94%E7%94%A8.apk"),
        ("", "_"),
    ],
)
def test_names_become_relative_references(name: str, reference: str) -> None:
    """No name can carry a scheme, an absolute path or a step upwards into a viewer."""
    assert uri(name) == reference
