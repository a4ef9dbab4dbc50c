#!/usr/bin/env bash
# Checks the Promela models in docs/specs/consensus with Spin: what must hold is searched to the end, and each mutation
# of a rule must be caught. One line for each: result, name, states, depth, errors, seconds, megabytes.
# Usage: tests/tools/spin-models.sh [NAME...]    (no name: all, two at a time)
#        tests/tools/spin-models.sh --list       names, one a line
#        tests/tools/spin-models.sh --trace NAME shows the run that a mutation leads to, step by step
# Exit code 0: everything is as it must be. 1: something is not. 2: Spin or gcc is missing, or a name is unknown.
set -uo pipefail
repository=$(cd "$(dirname "$0")/../.." && pwd)
models=$repository/docs/specs/consensus
work=${SIGMA_SPIN_WORK:-$(mktemp -d)}
[ -n "${SIGMA_SPIN_WORK:-}" ] || trap 'rm -rf "$work"' EXIT

# name | model | holds or caught | macros | how pan is compiled | how pan is run
# Searches that must end keep every state (COLLAPSE packs it, exactly); those that must find go breadth first, so that
# what they find is as short as can be. No state is ever dropped by hashing.
table() {
  cat <<'ROWS'
safety-2-views-fsync|safety|holds|-DVIEWS=2 -DFINE -DINVARIANTS|-DSAFETY -DCOLLAPSE|-m1000000 -w23
safety-3-views|safety|holds|-DVIEWS=3 -DINVARIANTS|-DSAFETY -DCOLLAPSE|-m1000000 -w22
safety-runs|safety|holds|-DVIEWS=4 -DINVARIANTS|-DSAFETY -DCOLLAPSE|-m1000000 -w22
run-without-proof|safety|caught|-DVIEWS=4 -DRUN_UNPROVEN|-DSAFETY -DBFS|-w20
run-of-one-voter|safety|caught|-DVIEWS=4 -DRUN_OF_ONE|-DSAFETY -DBFS|-w20
finalize-after-nullify|safety|caught|-DFINALIZE_AFTER_NULLIFY|-DSAFETY -DBFS|-w20
nullify-after-finalize|safety|caught|-DNULLIFY_AFTER_FINALIZE|-DSAFETY -DBFS|-w20
nullify-record-lost|safety|caught|-DNULLIFY_LOST|-DSAFETY -DBFS|-w20
notarize-record-lost|safety|caught|-DNOTARIZE_LOST|-DSAFETY -DBFS|-w20
finalize-record-lost|safety|caught|-DFINALIZE_LOST|-DSAFETY -DBFS|-w20
skipped-views-unchecked|safety|caught|-DSKIP_UNCHECKED|-DSAFETY -DBFS|-w20
parent-unchecked|safety|caught|-DPARENT_UNCHECKED|-DSAFETY -DBFS|-w20
sent-before-fsync|safety|caught|-DFINE -DSEND_BEFORE_SYNC|-DSAFETY -DBFS|-w20
two-byzantine|safety|caught|-DTWO_BYZANTINE|-DSAFETY -DBFS|-w20
leaving|liveness|holds||-DSAFETY -DCOLLAPSE|-m1000000 -w23
leaving-without-forwarding|liveness|caught|-DNO_FORWARDING|-DSAFETY -DBFS|-w20
leaving-without-repeated-votes|liveness|caught|-DNO_VOTE_RETRY|-DSAFETY -DBFS|-w20
leaving-with-lost-view-entry|liveness|caught|-DENTRY_LOST|-DSAFETY -DBFS|-w20
leaving-with-finalize-before-entry|liveness|caught|-DFINALIZE_BEFORE_ENTRY|-DSAFETY -DBFS|-w20
calm|liveness|holds|-DCALM|-DSAFETY -DCOLLAPSE|-m1000000 -w22
calm-without-forwarding|liveness|caught|-DCALM -DNO_FORWARDING|-DSAFETY -DBFS|-w20
calm-without-pulled-notarizations|liveness|caught|-DCALM -DNO_PULL_NOTARIZATION|-DSAFETY -DBFS|-w21
calm-without-pulled-nullifications|liveness|caught|-DCALM -DNO_PULL_NULLIFICATION|-DSAFETY -DBFS|-w21
calm-without-pulled-blocks|liveness|caught|-DCALM -DNO_PULL_BODY|-DSAFETY -DBFS|-w21
calm-with-late-durable-blocks|liveness|caught|-DCALM -DBODY_DURABLE_LATE|-DSAFETY -DBFS|-w21
idle|liveness|holds|-DCALM -DIDLE|-DSAFETY -DCOLLAPSE|-m1000000 -w22
idle-without-repeated-commands|liveness|caught|-DCALM -DIDLE -DNO_COMMAND_RETRY|-DSAFETY -DBFS|-w20
idle-without-answers|liveness|caught|-DCALM -DIDLE -DNO_ANSWERS|-DSAFETY -DBFS|-w20
idle-when-only-notarized|liveness|caught|-DCALM -DIDLE -DWAITS_UNTIL_NOTARIZED|-DSAFETY -DBFS|-w20
pacemaker|pacemaker|holds|-DNEEDED=8|-DNP|-l -m10000
pacemaker-reset-when-notarized|pacemaker|caught|-DNEEDED=2 -DRESET_WHEN_NOTARIZED|-DNP|-l -m10000
epochs|epochs|holds||-DSAFETY -DCOLLAPSE|-m1000000 -w22
epochs-started-when-notarized|epochs|caught|-DSTARTS_WHEN_NOTARIZED|-DSAFETY -DCOLLAPSE|-m1000000 -w22
epochs-closing-blocks-counted|epochs|caught|-DCLOSING_COUNTS|-DSAFETY -DBFS|-w20
epochs-left-early|epochs|caught|-DEARLY_LEAVE|-DSAFETY -DBFS|-w20
ROWS
}

row() { table | awk -F'|' -v name="$1" '$1 == name'; }

# Generates, compiles and runs one model in a folder of its own; leaves the output there.
search() {
  local name=$1 model=$2 macros=$3 compile=$4 run=$5 level=1
  [[ $compile == *BFS* ]] && level=0 # compiling would last longer than searching
  mkdir -p "$work/$name" && cd "$work/$name" || return 1
  cp "$models/$model.pml" . || return 1
  # shellcheck disable=SC2086
  spin $macros -a "$model.pml" >spin.log 2>&1 || { cat spin.log; return 1; }
  # shellcheck disable=SC2086
  gcc "-O$level" -w -DMEMLIM=1800 -DNOCLAIM $compile -o pan pan.c >gcc.log 2>&1 || { cat gcc.log; return 1; }
  # shellcheck disable=SC2086
  ./pan $run >pan.log 2>&1
}

# The first number after or before some words of the report.
after() { sed -nE "s/.*$1 *([0-9][0-9.e+]*).*/\\1/p" pan.log | head -n 1; }
before() { sed -nE "s/^ *([0-9][0-9.e+]*)[[:space:]]+$1.*/\\1/p" pan.log | head -n 1; }

# Whether the search found what it had to: a whole search without error, or the one error that was to be found.
judge() {
  local expected=$1 errors=$2
  if grep -qE 'max search depth too small|out of memory|reached -DMEMLIM|hash-table full' pan.log; then
    echo INCOMPLETE
  elif [ "$expected" = holds ]; then
    if [ "$errors" != 0 ]; then echo VIOLATED
    elif grep -q 'Search not completed' pan.log; then echo INCOMPLETE
    else echo holds; fi
  elif [ "$errors" = 0 ]; then echo MISSED
  elif grep -qE 'assertion violated|non-progress cycle' pan.log; then echo caught
  else echo OTHER; fi
}

check() {
  local name model expected macros compile run errors result
  IFS='|' read -r name model expected macros compile run <<<"$(row "$1")"
  if ! search "$name" "$model" "$macros" "$compile" "$run" >"$work/$name.failed" 2>&1; then
    # Spin's own exit code is not 0 when it found something, which is judged below.
    [ -s "$work/$name/pan.log" ] || { echo "FAILED     $name: $(tail -n 3 "$work/$name.failed" | tr '\n' ' ')"; return 1; }
  fi
  cd "$work/$name" || return 1
  errors=$(after errors:)
  result=$(judge "$expected" "${errors:-none}")
  printf '%-10s %-36s %10s states %5s deep %s errors %6s s %6s MB\n' "$result" "$name" \
    "$(before 'states, stored')" "$(after 'depth reached')" "${errors:-?}" \
    "$(after 'elapsed time')" "$(before 'total actual memory usage' | cut -d. -f1)"
  [ "$result" = "$expected" ]
}

trace() {
  local name model expected macros compile run
  IFS='|' read -r name model expected macros compile run <<<"$(row "$1")"
  search "$name" "$model" "$macros" "$compile" "$run"
  cd "$work/$name" || return 1
  # Only what changes in each step; the rest of the state stays as it was.
  # shellcheck disable=SC2086
  spin $macros -t -p -g -w "$model.pml" | awk '
    /^[ \t]+[a-z_]+(\[[0-9]\])?(\.[a-z_]+(\[[0-9]\])?)? = / { if ($1 !~ /^(i|j|swap)$/ && state[$1] != $3) { line = line " " $1 "=" $3 } state[$1] = $3 }
    /^ *[0-9]+:[ \t]+proc/ { if (line != "") { printf "%3d:%s\n", step, line; step++ } line = "" }
    END { if (line != "") printf "%3d:%s\n", step, line }'
}

for program in spin gcc awk; do
  command -v $program >/dev/null || { echo "spin-models: $program is missing" >&2; exit 2; }
done
case "${1:-}" in
  --list) table | cut -d'|' -f1; exit 0 ;;
  --trace) [ -n "$(row "${2:-}")" ] || { echo "spin-models: which model? See --list" >&2; exit 2; }; trace "$2"; exit ;;
  --check) check "$2"; exit ;;
esac
for name in "$@"; do
  [ -n "$(row "$name")" ] || { echo "spin-models: there is no model '$name'; see --list" >&2; exit 2; }
done
export SIGMA_SPIN_WORK=$work
{ if [ $# -gt 0 ]; then printf '%s\n' "$@"; else table | cut -d'|' -f1; fi; } | xargs -P 2 -n 1 "$0" --check
[ $? -eq 0 ]
