#!/usr/bin/env bash
# Makes reach.dex, and settled.dex (the classes Settled…, which load code by a name in a field), again from the sources beside this script; nobody needs it to run the tests.
# Needs openjdk-17-jdk-headless, and the two jars that demo/build.sh fetches (MINGCHA_DEMO_TOOLS names their folder).
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
TOOLS=${MINGCHA_DEMO_TOOLS:-${TMPDIR:-/tmp}/mingcha-demo-tools}
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
mkdir -p "$WORK/reach" "$WORK/settled/t"
javac --release 8 -g:none -nowarn -Xlint:-options -XDsuppressNotes -encoding UTF-8 \
    -classpath "$TOOLS/android-all-6.0.1_r3-robolectric-r1.jar" -d "$WORK/reach" "$HERE"/t/*.java
mv "$WORK"/reach/t/Settled*.class "$WORK/settled/t/"
for name in reach settled; do
    java -cp "$TOOLS/dalvik-dx-9.0.0_r3.jar" com.android.dx.command.Main \
        --dex --no-locals --positions=none --output="$HERE/$name.dex" "$WORK/$name"
done
