#!/usr/bin/env bash
# Runs a command so that it finds OpenSSL 3.5 and the C library it needs where the system's own would be: in a mount
# namespace of its own, with the packages that openssl35.sh unpacked laid over the root. Nothing outside changes.
# Usage: tests/tools/with-openssl35.sh COMMAND [ARGS]
# Exit code 125 when this cannot be done here (no root, no overlay); else the command's.
set -uo pipefail
repository=$(cd "$(dirname "$0")/../.." && pwd)
unpacked=${SIGMA_OPENSSL35:-$repository/artifacts/tools/openssl35}/root
[ -d "$unpacked" ] || { echo "with-openssl35: run tests/tools/openssl35.sh first" >&2; exit 125; }
[ "$(id -u)" = 0 ] || { echo "with-openssl35: needs root to lay one folder over another" >&2; exit 125; }
room=$(mktemp -d)
trap 'rmdir "$room/upper" "$room/root" "$room" 2>/dev/null' EXIT
mkdir "$room/upper" "$room/root"
export SIGMA_UNPACKED=$unpacked SIGMA_ROOM=$room SIGMA_FOLDER=$PWD
unshare --mount -- bash -c '
  root=$SIGMA_ROOM/root
  # Overlays take no folder that lies within another of them, hence the copy.
  mount -t tmpfs none "$SIGMA_ROOM/upper" && cp -a "$SIGMA_UNPACKED/usr" "$SIGMA_ROOM/upper/" \
    && mount -t overlay none -o "lowerdir=$SIGMA_ROOM/upper:/" "$root" \
    && for folder in proc sys dev tmp; do mount --rbind "/$folder" "$root/$folder" || exit 125; done \
    && mkdir -p "$root$SIGMA_FOLDER" 2>/dev/null; mount --bind "$SIGMA_FOLDER" "$root$SIGMA_FOLDER" || exit 125
  exec chroot "$root" bash -c "cd \"\$SIGMA_FOLDER\" && exec \"\$@\"" bash "$@"
' bash "$@"
