"""Whose code a class is: the app's, an SDK's the catalogue knows, or not known. Never a guess shown as fact."""

from __future__ import annotations

from functools import cache

from mingcha.catalogue.load import Catalogue
from mingcha.collect.likeness import renamed_owners
from mingcha.collect.package import Package, dotted
from mingcha.collect.sdks import inside

APP = "app"


class Owners:
    """Looks names up by the longest known prefix that ends at a dot (or is the whole name).

    A prefix that is not verified counts only for an SDK that other signs show to be inside. Classes that no known name
    holds may be an SDK's under other names, where that is sure.
    """

    def __init__(self, tables: Catalogue, package: Package) -> None:
        present = {fact.sdk for fact in inside(package, tables) if not fact.possible}
        self._prefixes: dict[str, str | None] = dict.fromkeys(tables.libraries)
        for sdk in tables.sdks.values():
            for signature in sdk.signatures:
                counts = signature.verified or sdk.id in present
                if counts and not signature.pattern and signature.form in ("package", "class"):
                    self._prefixes.setdefault(signature.value, sdk.id)
        if package.package_name:
            self._prefixes.setdefault(package.package_name, APP)
        self._renamed = renamed_owners(package, tables)
        self.of = cache(self._of)

    def _of(self, name: str) -> str | None:
        """Owner of a dotted class name, or None."""
        prefix = name
        while prefix:
            if prefix in self._prefixes:
                return self._prefixes[prefix]
            prefix = prefix.rpartition(".")[0]
        return self._renamed[name][0] if name in self._renamed else None

    def of_descriptor(self, descriptor: str) -> str | None:
        """Owner of a class given as ``Lcom/example/Thing;``."""
        return self.of(dotted(descriptor))
