#!/bin/sh
# Debian tools that some tests compare with: root installs what is missing, others are told that those tests skip.
set -eu
missing=
for tool in "$@"; do
    command -v "$tool" >/dev/null || missing="$missing $tool"
done
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    # shellcheck disable=SC2086
    if apt-get update -qq >/dev/null 2>&1 && apt-get install -y -qq $missing >/dev/null 2>&1; then
        exit 0
    fi
fi
echo "NOT INSTALLED:$missing — tests that compare with them are skipped (as root: apt-get install$missing)" >&2
