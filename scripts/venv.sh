#!/bin/sh
# Make a virtual environment: scripts/venv.sh PYTHON FOLDER. Debian ships venv apart: root installs it, others are told.
set -eu
python=$1 folder=$2
if ! command -v "$python" >/dev/null; then
    echo "No $python here. Install Python 3.11 or later (Debian: apt-get install python3 python3-venv)." >&2
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Mingcha needs Python 3.11 or later; $python is $("$python" -V). Try: make PYTHON=python3.11" >&2
    exit 1
fi
if "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    exec "$python" -m venv "$folder"
fi
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "python$version-venv is missing: installing it" >&2
    apt-get update -qq && apt-get install -y -qq "python$version-venv" >/dev/null
    exec "$python" -m venv "$folder"
fi
echo "Python's venv is missing. As root, run:  apt-get install python$version-venv   and then the same make command." >&2
exit 1
