"""Fetch real apps for the benchmarks: `python tests/bench/corpus.py DIR [FETCHED]`.

The apps of APPS come from npm and PyPI packages of fixed versions; those of FETCHED_SHA256 are in neither and
are copied from the folder FETCHED by whoever has them. An app is kept only if its SHA-256 is the one written
here, so that two machines measure the same bytes. What cannot be had is a line on the screen, never an error.
"""

from __future__ import annotations

import hashlib
import itertools
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import NamedTuple


class App(NamedTuple):
    slug: str
    package: str  # as its client takes it: NAME@VERSION for npm, NAME==VERSION for PyPI
    path: str  # inside the package, below its one top folder
    sha256: str


APPS = (  # those of one package stand together
    App("apidemos", "android-apidemos@5.0.0", "apks/ApiDemos-debug.apk",
        "5e59f42af4e89200fe33eb82a7c2a2a9224947a8aeb9af6e21b77d40827f7cbc"),
    App("appium-settings", "io.appium.settings@8.0.10", "apks/settings_apk-debug.apk",
        "4c5d60ab5ae56502857dc625e1dde2996fa6d9e64c479bbce59214774e2129dd"),
    App("uiautomator2-server", "appium-uiautomator2-server@10.6.6",
        "apks/appium-uiautomator2-server-v10.6.6.apk",
        "8ff760a2a86b487f53090fbdcd5b0360e67d02bb811887d527a9557b0d59c80d"),
    App("uiautomator2-server-test", "appium-uiautomator2-server@10.6.6",
        "apks/appium-uiautomator2-server-debug-androidTest.apk",
        "e6f729287d72351388fd66597c35b69988b9091a7011954bf92a55d416cb1e1c"),
    App("stfservice", "@devicefarmer/stf@3.7.9", "vendor/STFService/STFService.apk",
        "222b04c54112cfd3e13c30ad4f0d61c05d95f0299984b7bf9d7a2b5e76097f3b"),
    App("mirrormirror", "fdroidserver==2.4.5", "tests/org.bitbucket.tickytacky.mirrormirror_1.apk",
        "288087aeb35f295559c3bce52ef4974bdf72ad33c15be68fbc71a4237674564a"),
    App("yosemite", "airtest==1.4.3", "airtest/core/android/static/apks/Yosemite.apk",
        "f888b95773d505c1640493d0482ec3d9e5a87b8c3796ba63a2a65b7a87f108e1"),
    App("poco-service", "pocoui==1.0.94", "poco/drivers/android/lib/pocoservice-debug.apk",
        "ed96af302a803ed8f7696fa5c1267c7b1c7a3a5d4b1ddd457eeb76e0d19b70d9"),
)  # fmt: skip

FETCHED_SHA256 = {
    "androidproject": "72193f49065757f5d037a7615ed73dcb65cc8f64f2e73431eb14d9e62f7ec4a8",
    "baidumaps": "e777d44cf478c3bb3b22477c015192f60555d734c3ae225439a72096662ca348",
    "blooddonation": "9a47ffb811e4764caf798df726e1a60e366b66f757ef6c117c54a5c51fe150a2",
    "bugly-hotfix": "f6604d59f75a9b699bef694f841f577218cfd35a25a7f48bec7300a5fec1abd0",
    "bugly-tinker-1.9.14": "f761c413a449ff185a2010b3a426750a94b8d8a812f3691a3301655fbb07241f",
    "bugly-upgrade": "c124bfbb367ad8da4408eb6e350d72b6404b0c806ad90a7993ff787565c82317",
    "directleak1": "287121c0d6ed2a1ada9aa9feebdcece992aa9fc75fd423b72e6c89530aba5a30",
    "framework-res": "053917e41b0a0c10f1f60d8c2f404419f3a33ac9d781580931e294c437fb1a19",
    "gdtuniondemo": "a517401997bcfa1d7f96f4413761be2e34473863713109856589f2c49d80085d",
    "instapaper": "ad170669c783c3f15a8062b1cea2a2716c01b2205dfbc5e02fe91cd87c78edf4",
    "jmlink-demo": "750c8841eb2f5173a9bcffb1fe575e531a3577f73f301b38a8412fff4ee34829",
    "mobilesafe": "6e1dbe0f22dd55fac68ca7861359cd799cc67a8725e68bedf335bb1fd878776f",
    "oaid-demo": "b05c09ef1f704546009e7c34fba42fade850ceea978c2015ecebd885f370d21c",
    "pushdemo": "076606b85110c7843ca1a75e4586af8a4acbdffeba20a96b4c7d168afd50dd7c",
    "superads": "0527f928a37fc9488c8ae87ba15c4ef5df2ad641358b6040e4dabf46ad634979",
    "taobaoke": "da6cacc0cbaffb158e84e018f4d76e1fc05d03975f0b80e8d9790554041419f7",
    "xgdemo": "1af971b5c6d6b39b964c2dc6420ecc79132453357f9e5d45623c056e21b8ecf1",
}
PIP = "-m pip download --quiet --no-deps --no-binary :all:"
NPM = "npm pack --loglevel=error --ignore-scripts"


def fetch_command(package: str) -> list[str]:
    """The client's command that puts the package's archive into the working folder, and nothing else."""
    return [sys.executable, *PIP.split(), package] if "==" in package else [*NPM.split(), package]


def unpack(package: str, paths: set[str], folder: Path) -> dict[str, bytes]:
    """Download the package into `folder` and return the members asked for, by their path in the package."""
    command = fetch_command(package)
    subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=600)
    (archive,) = [*folder.glob("*.tgz"), *folder.glob("*.tar.gz")]
    found = {}
    with tarfile.open(archive) as tar:
        for member in tar:
            path = member.name.partition("/")[2]
            if path in paths and (stream := tar.extractfile(member)):
                found[path] = stream.read()
    return found


def download(package: str, paths: set[str]) -> tuple[dict[str, bytes], str]:
    """The members of one package, or none and the reason in one line."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            return unpack(package, paths, Path(folder)), "not in the package"
    except subprocess.CalledProcessError as error:
        told = [line for line in error.stderr.splitlines() if "error" in line.lower()]
        return {}, f"the registry gave nothing: {told[0] if told else 'it does not say why'}"
    except (OSError, subprocess.TimeoutExpired, tarfile.TarError, ValueError) as error:
        return {}, " ".join(str(error).split())


def keep(target: Path, content: bytes | None, sha256: str, source: str, absence: str) -> bool:
    """Write the app if it is the right one, and say in one line what was got or why not."""
    if content is None or hashlib.sha256(content).hexdigest() != sha256:
        print(f"SKIPPED {target.stem} ({source}): {absence if content is None else 'another SHA-256'}")
        return False
    target.write_bytes(content)
    print(f"got     {target.stem} ({source}): {len(content):,} bytes")
    return True


def present(target: Path, sha256: str) -> bool:
    return target.is_file() and hashlib.sha256(target.read_bytes()).hexdigest() == sha256


def from_registries(folder: Path) -> int:
    """Get every app of APPS that is not there yet; the number of those there at the end."""
    count = 0
    for package, group in itertools.groupby(APPS, key=lambda app: app.package):
        apps = list(group)
        missing = [app for app in apps if not present(folder / f"{app.slug}.apk", app.sha256)]
        count += len(apps) - len(missing)
        found, absence = download(package, {app.path for app in missing}) if missing else ({}, "")
        for app in missing:
            count += keep(folder / f"{app.slug}.apk", found.get(app.path), app.sha256, package, absence)
    return count


def from_folder(folder: Path, fetched: Path) -> int:
    """Copy the apps of FETCHED_SHA256 out of `fetched`; the number of those copied."""
    count = 0
    for slug, sha256 in FETCHED_SHA256.items():
        source = fetched / f"{slug}.apk"
        content = source.read_bytes() if source.is_file() else None
        count += keep(folder / source.name, content, sha256, str(fetched), "no such file")
    return count


def main(folder: Path, fetched: Path | None = None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    count = from_registries(folder)
    added = from_folder(folder, fetched) if fetched else 0
    print(f"{count} of {len(APPS)} apps from registries, {added} of {len(FETCHED_SHA256)} from a folder")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: python tests/bench/corpus.py DIR [FETCHED]")
    main(*map(Path, sys.argv[1:]))
