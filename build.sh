#!/usr/bin/env bash
# One entry for everything: ./build.sh help
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$root" || exit 1
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
logs="$root/artifacts/logs"
publish_dir="$root/artifacts/publish"

help() {
  cat <<'TEXT'
usage: ./build.sh VERB [ARGS]

  setup      install what is missing (apt; needs root or sudo only when something is)
  build      setup, then build everything in Release
  test       build, run every test, end with one line "N passed, N failed"; with --full the long ones too
  tidy       check formatting, style and the rules of docs/STYLE.md
  demo       setup, publish, then show the main job with real processes on this machine
  run ARGS   run sigma from the sources, for example: ./build.sh run cluster status
  bench ARGS run the benchmarks (no arguments: all; --list: their names)
  sim ARGS   simulate control-log clusters on one thread: a SEED repeats one run; without one seeds run for a minute
             (--minutes N for longer, --first SEED, --shorten; sim --help for all)
  publish    make artifacts/publish/sigma
  help       this text
TEXT
}

say() { printf '%s\n' "$*"; }
die() { printf 'build.sh: %s\n' "$*" >&2; exit 1; }

# What runs in this moment; and the mark in the environment of all that tests start, by which even those are found
# that have left their parent and its process group, as nodes do.
child=""
mark="$$-$(date +%s)"

# Processes that carry the mark. Those that may not be looked at, or end meanwhile, are not ours or not there.
marked() { { grep -lszxF "BUILD_RUN_MARK=$mark" /proc/[0-9]*/environ || true; } 2>/dev/null | cut -d/ -f3; }

# Ends what carries the mark, by force what has not ended after ten seconds.
sweep() {
  local tries=0 left signal=TERM
  while left=$(marked) && [ -n "$left" ] && [ $tries -lt 150 ]; do
    [ $((tries += 1)) -gt 100 ] && signal=KILL
    # shellcheck disable=SC2086
    { [ $tries -eq 1 ] || [ $signal = KILL ]; } && kill -$signal $left 2>/dev/null
    sleep 0.1
  done
}

# Told to stop: what was started is told so too, and this ends after it.
interrupted() {
  trap '' HUP INT TERM
  say "build.sh: stopped; ending what it started" >&3
  [ -n "$child" ] && kill -TERM "$child" 2>/dev/null && wait "$child" 2>/dev/null
  sweep
  exit "$1"
}
exec 3>&2 # also while a command's output goes to a log
trap 'interrupted 129' HUP
trap 'interrupted 130' INT
trap 'interrupted 143' TERM

# Runs a command and waits so that a signal is taken at once, not after it.
attended() {
  "$@" 3>&- &
  child=$!
  wait "$child"
  local status=$?
  child=""
  return $status
}

# Runs tests so; nothing that they started stays. They get a process group of their own, as without one the shell would
# have them ignore SIGINT, which some of them send.
marked_run() {
  # Who is started in the background ignores SIGINT, and so would all that tests start and interrupt.
  local signals=""
  env --default-signal=INT true 2>/dev/null && signals=--default-signal=INT
  set -m
  # shellcheck disable=SC2086
  env $signals BUILD_RUN_MARK="$mark" "$@" </dev/null 3>&- &
  child=$!
  set +m
  wait "$child"
  local status=$?
  child=""
  sweep
  return $status
}

# Runs a command with its output in a log; shows the end of the log only when it fails.
quiet() {
  local name=$1
  shift
  mkdir -p "$logs"
  if ! attended "$@" >"$logs/$name.log" 2>&1; then
    tail -n 60 "$logs/$name.log" >&2
    say "$name failed: $*" >&2
    say "The whole log: artifacts/logs/$name.log" >&2
    return 1
  fi
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    env DEBIAN_FRONTEND=noninteractive "$@"
  elif command -v sudo >/dev/null; then
    sudo env DEBIAN_FRONTEND=noninteractive "$@"
  else
    say "Installing needs root or sudo; install by hand: $*" >&2
    return 1
  fi
}

missing_packages() {
  # Not grep -q: it would end the pipe before ldconfig has written all, which counts as a failure.
  ldconfig -p 2>/dev/null | grep 'libsodium\.so\.23' >/dev/null || echo libsodium23
  [ -e /etc/ssl/certs/ca-certificates.crt ] || echo ca-certificates
}

# What only tests use: without it they are skipped, and say so.
setup_tests() {
  command -v apt-get >/dev/null || return 0
  command -v valgrind >/dev/null || install_for_tests valgrind
  ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || install_postgresql
  { command -v spin && command -v gcc && [ -e /usr/include/stdio.h ]; } >/dev/null \
    || install_for_tests spin gcc libc6-dev
  { command -v ip && command -v nsenter && command -v fsfreeze && command -v mount && command -v mkfs.ext4; } >/dev/null \
    || install_for_tests iproute2 util-linux mount e2fsprogs
  command -v fusermount3 >/dev/null || install_for_tests fuse3
  command -v prometheus >/dev/null && command -v promtool >/dev/null || unpack_prometheus
}

# Unpacked only: Debian's package would also start a service. Tests find it in PATH or there.
unpack_prometheus() {
  [ -x artifacts/tools/prometheus/usr/bin/prometheus ] || say "Fetching: prometheus"
  quiet prometheus tests/tools/prometheus.sh || say "Prometheus is not to be had here; the tests with it are skipped."
}

install_for_tests() {
  say "Installing: $*"
  { quiet apt-update as_root apt-get update \
    && quiet "apt-install-$1" as_root apt-get install -y --no-install-recommends "$@"; } \
    || say "$* is not to be had here; the tests with it are skipped."
}

# The programs only: Debian's package would also make a cluster and start it. The tests start servers of their own.
install_postgresql() {
  local folder=/etc/postgresql-common/createcluster.d
  as_root sh -c "mkdir -p $folder && echo 'create_main_cluster = false' >$folder/sigma-tests.conf"
  install_for_tests postgresql
  as_root rm -f "$folder/sigma-tests.conf"
}

setup() {
  PATH="$PATH:/sbin:/usr/sbin"
  command -v dotnet >/dev/null || die "the .NET 10 SDK is missing: see https://dotnet.microsoft.com/download"
  dotnet --version >/dev/null || die "this SDK is too old: global.json asks for .NET 10"
  local missing
  missing=$(missing_packages)
  [ -z "$missing" ] && return 0
  command -v apt-get >/dev/null || die "no apt-get here; install by hand what serves as: $missing"
  say "Installing: ${missing//$'\n'/ }"
  quiet apt-update as_root apt-get update || exit 1
  # shellcheck disable=SC2086
  quiet apt-install as_root apt-get install -y --no-install-recommends $missing || exit 1
}

build() {
  setup
  say "Building (Release) ..."
  quiet build dotnet build SigmaComms.sln -c Release --nologo -v minimal || exit 1
  grep -E ': warning ' "$logs/build.log" && die "the build has warnings"
  return 0
}

# One attribute of the <Counters> element of a test report.
counter() { grep -o '<Counters [^>]*>' "$1" | grep -o " $2=\"[0-9]*\"" | tr -dc '0-9'; }

# Lines "  name: reason" for each test that did not run.
skipped_tests() {
  awk 'BEGIN { RS = "<" }
    /^UnitTestResult / { name = ""; if (/outcome="NotExecuted"/) { match($0, /testName="[^"]*"/); name = substr($0, RSTART + 10, RLENGTH - 11) } }
    /^(Message|StdOut)>/ && name != "" { sub(/^[^>]*>/, ""); gsub(/[ \r\n]+/, " "); if ($0 != " " && $0 != "") { print "  " name ": " $0; name = "" } }' "$1"
}

# Lines "  name" for each test that failed.
failed_tests() { grep -o '<UnitTestResult [^>]*outcome="Failed"[^>]*>' "$1" | grep -o 'testName="[^"]*"' | sed 's/testName="/  /; s/"$//' | plain; }

# XML's entities as the characters they stand for.
plain() { sed 's/&quot;/"/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g'; }

# Runs the tests of one project and adds to the sums. After its label: NAME=VALUE settings and a command to run it by.
test_project() {
  local name=$1 label=$2
  shift 2
  local trx="$results/$label.trx" started=$SECONDS status p f s
  marked_run "$@" dotnet test "artifacts/bin/$name/release/$name.dll" --nologo --results-directory "$results" \
    ${filter:+--filter "$filter"} --logger "trx;LogFileName=$label.trx" --blame-hang --blame-hang-timeout "$hang" --blame-hang-dump-type none \
    >"$logs/$label.log" 2>&1
  status=$?
  if [ ! -s "$trx" ] || ! grep -q '<Counters ' "$trx"; then
    tail -n 40 "$logs/$label.log"
    say "$label: no results (exit code $status)"
    failed=$((failed + 1))
    broken+="  $label: did not finish"$'\n'
    return
  fi
  p=$(counter "$trx" passed)
  f=$(counter "$trx" failed)
  s=$(( $(counter "$trx" total) - p - f ))
  [ "$f" -eq 0 ] && [ "$status" -ne 0 ] && f=1 && broken+="  $label: exit code $status"$'\n'
  [ "$f" -gt 0 ] && { grep -vE '^(  Passed |\[xUnit)' "$logs/$label.log" | tail -n 150; broken+=$(failed_tests "$trx")$'\n'; }
  [ "$s" -gt 0 ] && reasons+=$(skipped_tests "$trx" | plain)$'\n'
  say "$label: $p passed, $f failed, $s skipped ($((SECONDS - started)) s)"
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
}

test_all() {
  local hang=8m
  case "${1:-}" in
    '') ;;
    --full)
      export SIGMA_LONG_TESTS=1
      hang=60m
      ;;
    *) die "test takes --full or nothing" ;;
  esac
  build
  setup_tests
  if [ -x tests/tools/openssl35.sh ] && ! quiet openssl35 tests/tools/openssl35.sh; then
    say "OpenSSL 3.5 is not to be had here; the tests against it are skipped."
  fi
  local results="$root/artifacts/test-results" passed=0 failed=0 skipped=0 broken="" reasons="" project crypto filter=""
  rm -rf "$results"
  mkdir -p "$results"
  for project in tests/*.Tests/ tests/SigmaComms.Simulation/; do
    test_project "$(basename "$project")" "$(basename "$project")"
  done

  # The same vectors on every path that the processor could choose.
  crypto=SigmaComms.Cryptography.Tests
  test_project $crypto $crypto-without-AVX-512 DOTNET_EnableAVX512=0
  test_project $crypto $crypto-without-AVX2 DOTNET_EnableAVX2=0
  test_project $crypto $crypto-without-vectors DOTNET_EnableHWIntrinsic=0
  if tests/tools/with-openssl35.sh true 2>/dev/null; then
    filter=FullyQualifiedName~Platform
    test_project $crypto $crypto-with-OpenSSL-3.5 tests/tools/with-openssl35.sh
  else
    say "OpenSSL 3.5 cannot be laid over the system here; the framework's ML-KEM and ML-DSA are not compared with ours."
  fi
  [ -n "$reasons" ] && printf 'Skipped, %s:\n%s' "$skipped" "$(printf '%s' "$reasons" | sort -u)"$'\n'
  [ -n "$broken" ] && printf 'Failed:\n%s' "$broken"
  say "$passed passed, $failed failed"
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}

tidy() {
  setup
  quiet format-whitespace dotnet format whitespace SigmaComms.sln --verify-no-changes || exit 1
  quiet format-style dotnet format style SigmaComms.sln --verify-no-changes || exit 1
  build
  marked_run dotnet test artifacts/bin/SigmaComms.Tidy.Tests/release/SigmaComms.Tidy.Tests.dll --nologo
}

publish() {
  setup
  local options=(-c Release --nologo -v minimal -o "$publish_dir.new")
  [ "$(uname -m)" = x86_64 ] && options+=(-p:SigmaReadyToRun=true)
  say "Publishing ..."
  rm -rf "$publish_dir.new"
  quiet publish dotnet publish src/SigmaComms.Node/SigmaComms.Node.csproj "${options[@]}" || exit 1
  rm -rf "$publish_dir"
  mv "$publish_dir.new" "$publish_dir"
}

demo() {
  publish
  exec "$publish_dir/sigma" demo "$@" 3>&-
}

run() {
  setup
  exec dotnet run --project src/SigmaComms.Node -c Release -v q -- "$@" 3>&-
}

bench() {
  publish
  export SIGMA_EXECUTABLE="$publish_dir/sigma"
  exec dotnet run --project bench/SigmaComms.Bench -c Release -v q -- "$@" 3>&-
}

sim() {
  setup
  exec dotnet run --project tests/SigmaComms.Simulation -c Release -v q -- "$@" 3>&-
}

verb=${1:-help}
[ $# -gt 0 ] && shift
case "$verb" in
  setup) setup ;;
  build) build ;;
  test) test_all "$@" ;;
  tidy) tidy ;;
  demo) demo "$@" ;;
  run) run "$@" ;;
  bench) bench "$@" ;;
  sim) sim "$@" ;;
  publish) publish && say "Now: export PATH=\"$publish_dir:\$PATH\"" ;;
  help | -h | --help) help ;;
  *)
    say "build.sh: unknown verb '$verb'" >&2
    help >&2
    exit 2
    ;;
esac
