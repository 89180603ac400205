"""A large program for measurements: an APK with renamed copies of its own code, until it has so many MB of DEX.

    python -m tests.build.enlarge IN.apk OUT.apk --mb 100

The copies are further ``classesN.dex``; in copy n every class of the app lies in the package ``copyN``. Calls within a
copy stay within it. The manifest is not changed, so the copies' components are not declared.
"""

from __future__ import annotations

import argparse
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tests.build.renamer import defined, dexes, renamed


def copies(images: list[bytes], size: int) -> Iterator[bytes]:
    """DEX files of renamed copies, whole programs one after the other, until all together have ``size`` bytes."""
    classes = defined(images)
    number, total = 0, sum(map(len, images))
    while images and total < size:
        number += 1
        plan = {name: f"Lcopy{number}/{name[1:]}" for name in classes}
        for data in images:
            made = renamed(data, plan)
            total += len(made)
            yield made
            if total >= size:
                return


def enlarged(apk: bytes, megabytes: float) -> bytes:
    """The APK with at least ``megabytes`` (of a million bytes) of DEX."""
    images = [data for _, data in dexes(apk)]
    out = io.BytesIO(apk)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number, data in enumerate(copies(images, int(megabytes * 1_000_000)), len(images) + 1):
            archive.writestr(zipfile.ZipInfo(f"classes{number}.dex", (1981, 1, 1, 1, 1, 2)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("source", type=Path)
    options.add_argument("target", type=Path)
    options.add_argument("--mb", type=float, default=100)
    asked = options.parse_args()
    made = enlarged(asked.source.read_bytes(), asked.mb)
    asked.target.write_bytes(made)
    sizes = [len(data) for _, data in dexes(made)]
    print(f"{asked.target}: {len(sizes)} DEX files, {sum(sizes) / 1e6:.1f} MB of DEX")


if __name__ == "__main__":
    main()
