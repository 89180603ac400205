#!/bin/sh
# Debian programs that some tests compare with or run: root installs what is missing, others are told that those tests skip.
set -eu
missing=
for tool in "$@"; do
    case $tool in
        postgresql) ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing $tool" ;; # not on the PATH of Debian
        *) command -v "$tool" >/dev/null || missing="$missing $tool" ;;
    esac
done
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    # shellcheck disable=SC2086
    if apt-get update -qq >/dev/null 2>&1 && apt-get install -y -qq $missing >/dev/null 2>&1; then
        exit 0
    fi
fi
echo "NOT INSTALLED:$missing — tests that compare with them are skipped (as root: apt-get install$missing)" >&2
