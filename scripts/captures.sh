#!/bin/sh
# A proxy and clients for the tests of real captures, in a virtual environment of their own: scripts/captures.sh PYTHON FOLDER.
# Tries once; where they cannot be had, one line says so and those tests are skipped.
set -u
python=$1 folder=$2 wanted=tests/captures/rig/requirements.txt
cmp -s "$wanted" "$folder/made-of" && exit 0
pip="$folder/bin/python -m pip install -q --disable-pip-version-check --retries 1 --timeout 20"
if sh scripts/venv.sh "$python" "$folder" >/dev/null 2>&1 && $pip -r "$wanted" >/dev/null 2>&1; then
    cp "$wanted" "$folder/made-of"
else
    echo "NOT INSTALLED: mitmproxy, httpx, playwright — tests of real captures are skipped (again: make captures)" >&2
fi
exit 0
