"""Whose code a class is: the app's, an SDK's the catalogue knows, or not known. Never a guess shown as fact."""

from __future__ import annotations

from functools import cache

from mingcha.catalogue.load import Catalogue

APP = "app"


class Owners:
    """Looks names up by the longest known prefix that ends at a dot (or is the whole name)."""

    def __init__(self, tables: Catalogue, package: str | None) -> None:
        self._prefixes: dict[str, str | None] = dict.fromkeys(tables.libraries)
        for sdk in tables.sdks.values():
            for signature in sdk.signatures:
                if signature.verified and not signature.pattern and signature.form in ("package", "class"):
                    self._prefixes[signature.value] = sdk.id
        if package:
            self._prefixes.setdefault(package, APP)
        self.of = cache(self._of)

    def _of(self, name: str) -> str | None:
        """Owner of a dotted class name, or None."""
        while name:
            if name in self._prefixes:
                return self._prefixes[name]
            name = name.rpartition(".")[0]
        return None

    def of_descriptor(self, descriptor: str) -> str | None:
        """Owner of a class given as ``Lcom/example/Thing;``."""
        return self.of(dotted(descriptor))


def dotted(descriptor: str) -> str:
    """``Lcom/example/Thing;`` as ``com.example.Thing``."""
    return descriptor[1:-1].replace("/", ".") if descriptor.startswith("L") else descriptor
