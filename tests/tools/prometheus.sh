#!/usr/bin/env bash
# Unpacks Debian's Prometheus with its promtool beside the system, for the tests. Nothing is installed, so there is no
# service, no user and no port of it.
# Usage: tests/tools/prometheus.sh [folder]    (default artifacts/tools/prometheus)
# Exit code 0: usr/bin/prometheus and usr/bin/promtool are there and work. Otherwise standard error says why.
set -euo pipefail

repository=$(cd "$(dirname "$0")/../.." && pwd)
target=${1:-$repository/artifacts/tools/prometheus}

fail() { echo "prometheus: $*" >&2; exit 1; }
works() {
    "$target/usr/bin/prometheus" --version >/dev/null 2>&1 && "$target/usr/bin/promtool" --version >/dev/null 2>&1
}

works && exit 0
command -v apt-get >/dev/null && command -v dpkg >/dev/null || fail "needs apt-get and dpkg, as Debian has"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/deb"
options=(-qq -o APT::Sandbox::User= -o Debug::NoLocking=1
    -o Acquire::Retries=2 -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20)
# The system's lists of packages serve when it has any; else lists of our own from the same sources.
if ! (cd "$work/deb" && apt-get "${options[@]}" download prometheus >&2); then
    options+=(-o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work/cache" -o Acquire::Languages=none)
    apt-get "${options[@]}" update >&2 || fail "could not read the lists of packages"
    (cd "$work/deb" && apt-get "${options[@]}" download prometheus >&2) || fail "could not download the package"
fi

rm -rf "$target"
mkdir -p "$target"
dpkg -x "$work"/deb/prometheus_*.deb "$target"
works || fail "the unpacked program does not run"
