#!/usr/bin/env bash
# Unpacks OpenSSL 3.5 from Debian 13 beside the system, for the interoperability tests. Nothing is installed.
# Usage: tests/tools/openssl35.sh [folder]    (default artifacts/tools/openssl35)
# The folder then holds root/ (the unpacked packages) and run, which starts openssl with its own loader.
# Exit code 0: it is there and works. Otherwise the reason is on the last line of standard error.
set -euo pipefail

suite=trixie
packages=(openssl libssl3t64 openssl-provider-legacy libc6 libzstd1 zlib1g libbrotli1)
repository=$(cd "$(dirname "$0")/../.." && pwd)
target=${1:-$repository/artifacts/tools/openssl35}

fail() { echo "openssl35: $*" >&2; exit 1; }

if [ -x "$target/run" ] && "$target/run" version 2>/dev/null | grep -q '^OpenSSL 3\.[5-9]'; then
    "$target/run" version
    exit 0
fi
command -v apt-get >/dev/null && command -v dpkg >/dev/null || fail "needs apt-get and dpkg (Debian or a relative of it)"
[ "$(dpkg --print-architecture)" = amd64 ] || fail "only amd64 is known to work"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -r "$keyring" ] || fail "needs the package debian-archive-keyring"

# The mirror is the one that this system itself uses for Debian.
mirror=$( { grep -rhoE '^(URIs:[[:space:]]*|deb[[:space:]]+(\[[^]]*\][[:space:]]+)?)(https?://[^[:space:]]+/debian)/?([[:space:]]|$)' \
    /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null || true; } \
    | grep -oE 'https?://[^[:space:]]+' | head -n 1)
mirror=${mirror:-http://deb.debian.org/debian}
mirror=${mirror%/}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/state/lists/partial" "$work/cache/archives/partial" "$work/etc/parts" "$work/deb"
echo "deb [arch=amd64 signed-by=$keyring] $mirror $suite main" > "$work/etc/sources.list"
touch "$work/status"
# The system's own apt.conf stays in force (proxies), its sources and its state do not.
apt=(apt-get -qq -o "Dir::Etc::SourceList=$work/etc/sources.list" -o "Dir::Etc::SourceParts=$work/etc/parts"
    -o "Dir::State=$work/state" -o "Dir::State::status=$work/status" -o "Dir::Cache=$work/cache"
    -o APT::Architecture=amd64 -o APT::Get::List-Cleanup=0 -o Acquire::Languages=none
    -o Acquire::Retries=2 -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20 -o APT::Sandbox::User= -o Debug::NoLocking=1)
"${apt[@]}" update >&2 || fail "could not read the package list of $suite"
(cd "$work/deb" && "${apt[@]}" download "${packages[@]}" >&2) || fail "could not download ${packages[*]} of $suite"

rm -rf "$target"
mkdir -p "$target/root"
for package in "$work"/deb/*.deb; do
    dpkg -x "$package" "$target/root"
done
loader=$(find "$target/root" -name 'ld-linux-x86-64.so.2' -type f | head -n 1)
[ -n "$loader" ] || fail "the packages hold no loader"
cat > "$target/run" <<'RUN'
#!/bin/sh
root=$(cd "$(dirname "$0")" && pwd)/root
lib=$root/usr/lib/x86_64-linux-gnu
loader=$lib/ld-linux-x86-64.so.2
OPENSSL_MODULES=$lib/ossl-modules OPENSSL_CONF=/dev/null \
    exec "$loader" --library-path "$lib" "$root/usr/bin/openssl" "$@"
RUN
chmod +x "$target/run"
"$target/run" version | grep '^OpenSSL 3\.[5-9]' || fail "the unpacked program does not run"
