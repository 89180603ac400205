#!/usr/bin/env bash
# Builds demo/flashlight.apk and demo/flashlight-fixed.apk from the sources beside this script.
#
# Nobody needs this to use the demo: both results are committed. It is here so that they can be made again, byte for byte.
#
#   demo/build.sh            build both, replace the committed files, print their digests
#   demo/build.sh --check    build both elsewhere and compare them with the committed files
#
# Needs, from Debian: openjdk-17-jdk-headless maven aapt zipalign apksigner android-framework-res python3
# Fetches, through Maven by name, into MINGCHA_DEMO_TOOLS (default: mingcha-demo-tools in the temporary directory):
#   org.robolectric:android-all               the classes of Android 6.0.1, to compile against only
#   com.jakewharton.android.repackaged:dalvik-dx   dx, which turns class files into a DEX file
# Nothing of either gets into the APKs.
#
# debug.p12 is a signing key without value: it is public, its password is "android", it signs this demo and nothing else.
set -euo pipefail

HERE=$(cd "$(dirname "$0")" && pwd)
TOOLS=${MINGCHA_DEMO_TOOLS:-${TMPDIR:-/tmp}/mingcha-demo-tools}
ANDROID=android-all-6.0.1_r3-robolectric-r1.jar
DX=dalvik-dx-9.0.0_r3.jar
RESOURCES=/usr/share/android-framework-res/framework-res.apk
SUMS="a2d84271c5f033b1d082741a02f37a2d043120c0c09e5854e97ece9c3bb11d31  $ANDROID
b29c1c21e52ed6238cd3fed39d880a17ecf2360118604548cea8821be6801e1c  $DX"

fetch() {
    mkdir -p "$TOOLS"
    [ -f "$TOOLS/$ANDROID" ] || copy_artefact org.robolectric:android-all:6.0.1_r3-robolectric-r1
    [ -f "$TOOLS/$DX" ] || copy_artefact com.jakewharton.android.repackaged:dalvik-dx:9.0.0_r3
    (cd "$TOOLS" && echo "$SUMS" | sha256sum --check --quiet)
}

copy_artefact() {
    mvn --quiet --batch-mode dependency:copy -Dartifact="$1" -DoutputDirectory="$TOOLS"
}

# build SOURCE_FOLDER POLICY RESULT [MORE_JAVA]
build() {
    local source=$HERE/$1 work=$WORK/$1
    mkdir -p "$work/gen" "$work/classes" "$work/assets"
    cp "$HERE/$2" "$work/assets/privacy.html"
    aapt package -f -m -J "$work/gen" -M "$source/AndroidManifest.xml" -S "$source/res" -A "$work/assets" \
        -I "$RESOURCES" -F "$work/resources.zip"
    local -a java
    mapfile -t java < <(find "$source" "$work/gen" ${4:+"$HERE/$4"} -name '*.java' | LC_ALL=C sort)
    javac --release 8 -g:none -Xlint:-options -nowarn -XDsuppressNotes -encoding UTF-8 \
        -classpath "$TOOLS/$ANDROID" -d "$work/classes" "${java[@]}"
    rm -f "$work"/classes/cn/mingcha/demo/flashlight/R.class "$work"/classes/cn/mingcha/demo/flashlight/R\$*.class
    java -cp "$TOOLS/$DX" com.android.dx.command.Main --dex --no-locals --positions=none \
        --output="$work/classes.dex" "$work/classes"
    pack "$work/resources.zip" "$work/classes.dex" "$work/plain.apk"
    zipalign -f 4 "$work/plain.apk" "$work/aligned.apk"
    apksigner sign --ks "$HERE/debug.p12" --ks-type pkcs12 --ks-pass pass:android --ks-key-alias demo \
        --v4-signing-enabled false --out "$3" "$work/aligned.apk"
    apksigner verify "$3"
}

# pack RESOURCES DEX RESULT: the members in one order, under one date, so that the bytes do not depend on the day.
pack() {
    python3 - "$@" <<'PYTHON'
import sys
import zipfile

resources, dex, result = sys.argv[1:]
with zipfile.ZipFile(resources) as archive:
    members = {name: archive.read(name) for name in archive.namelist()}
with open(dex, "rb") as file:
    members["classes.dex"] = file.read()
with zipfile.ZipFile(result, "w") as archive:
    for name in sorted(members):
        entry = zipfile.ZipInfo(name, date_time=(1981, 1, 1, 1, 1, 2))
        entry.compress_type = zipfile.ZIP_STORED if name == "resources.arsc" else zipfile.ZIP_DEFLATED
        archive.writestr(entry, members[name], compresslevel=9)
PYTHON
}

WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
fetch
build flashlight policy.html "$WORK/flashlight.apk"
build flashlight-fixed policy-fixed.html "$WORK/flashlight-fixed.apk" flashlight/sdk-stand-ins/com/tencent
for name in flashlight.apk flashlight-fixed.apk; do
    if [ "${1:-}" = --check ]; then
        cmp "$WORK/$name" "$HERE/$name"
    else
        cp "$WORK/$name" "$HERE/$name"
    fi
done
(cd "$HERE" && sha256sum flashlight.apk flashlight-fixed.apk)
