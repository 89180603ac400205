"""The table of hooks is the interfaces catalogue, with what cannot or need not be hooked left out."""

from __future__ import annotations

import re

from mingcha.capture.runtime.hooks import hooks
from mingcha.catalogue.load import load
from tests.build.tinyapp import catalogue

TABLE = hooks(load())
BY_NAME = {hook.name: hook for hook in TABLE}


def test_every_row_is_hooked_or_left_out_for_a_reason() -> None:
    """A row without a hook is a field, noisy, silent by itself, or named in hooks.yaml; its method then has no hook either."""
    reasons = ("File.new/", "ConscryptFileDescriptorSocket.SSLOutputStream.write", "NativeCrypto.SSL_write")
    for row in load().interfaces.values():
        left_out = row.field or row.noisy or (row.unresolved == "skip" and not row.when) or row.id.startswith(reasons)
        hook = BY_NAME.get(f"{row.cls}.{row.member}")
        if left_out:
            assert hook is None or len(hook.rows) < len([1 for other in load().interfaces.values() if (other.cls, other.member) == (row.cls, row.member)])  # fmt: skip
        else:
            assert hook is not None, row.id
            assert (row.information or row.event) in hook.gives
    assert len(TABLE) > 350


def test_overloads_and_tests() -> None:
    """One row for any overload means all of them; the tests of an argument come along; an abstract class is hooked where it works."""
    assert BY_NAME["android.telephony.TelephonyManager.getDeviceId"].signatures is None
    secure = BY_NAME["android.provider.Settings$Secure.getString"]
    assert secure.signatures == ("(Landroid/content/ContentResolver;Ljava/lang/String;)Ljava/lang/String;",)
    assert {test.equal for row in secure.rows for test in row} >= {("android_id",), ("bluetooth_address",)}
    assert {test.at for row in secure.rows for test in row} == {1}
    packages = BY_NAME["android.content.pm.PackageManager.getInstalledPackages"]
    assert packages.on == ("android.app.ApplicationPackageManager",)
    assert [hook.id for hook in TABLE] == list(range(len(TABLE)))


def test_patterns_mean_the_same_in_javascript() -> None:
    """No pattern uses what Python's expressions have and JavaScript's do not: flags inside, named groups, possessive forms."""
    patterns = [pattern for hook in TABLE for row in hook.rows for test in row for pattern in test.match]
    assert len(patterns) > 10
    for pattern in patterns:
        re.compile(pattern)
        assert not re.search(r"\(\?[a-zA-Z#(>P]|\\[AZ]|[*+?}]\+|\(\?<[=!]", pattern), pattern


def test_other_catalogues() -> None:
    """The table comes from the catalogue that is given: an empty one gives no hook."""
    assert hooks(catalogue()) == ()
