#!/usr/bin/env bash
# One run in a pipeline, on any CI service: requires a target, installs, runs, and hands on summary, results and exit code
# (0 conforms, 1 deviates or drifts, 2 untestable or not set up right).
#
# Settings are those of .env.example. Besides:
#   EXPLORE=true      explores ("npm run explore") in place of the contract tests
#   CONTRACT_HISTORY  a folder that the service keeps from run to run: the run is compared with the statements in it, and
#                     adds its own; 14 are kept
set -uo pipefail
workspace=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
service=scripts/ci-service.sh
# Reports of an earlier step must not be taken for those of this run.
rm -rf test-results playwright-report

if [[ ! ${BASE_URL:-} =~ [^[:space:]] ]]; then
  "$service" error 'No target' 'BASE_URL is empty: set it, or the variable that it comes from (a pipeline never judges the stand-in)'
  exit 2
fi

# A variable that a workflow names and that nobody has set arrives as an empty text, which the suite would call an error.
left_out=
while IFS= read -r name; do
  if [[ -z ${!name-unset} ]]; then
    unset "$name"
    left_out+=" $name"
  fi
done < <(sed -n 's/^#\([A-Z_]*\)=.*/\1/p' .env.example)
if [[ $left_out ]]; then "$service" notice 'Not set' "${left_out# }"; fi

# Paths are relative to the caller's folder, which may not be the suite's.
for name in KNOWN_DEVIATIONS PREVIOUS CONTRACT_HISTORY; do
  if [[ ${!name:-/} != /* ]]; then export "$name=$workspace/${!name}"; fi
done
history=${CONTRACT_HISTORY:-}
if [[ $history ]]; then
  mkdir -p "$history" || exit 2
  export PREVIOUS=$history
fi

npm ci || exit 2

# A cancelled job signals this process only. The run has to get the signal, to deny its sessions, and npm would not hand it
# on: so this runs the command of the npm script.
script=contract
results=test-results
if [[ ${EXPLORE:-} == true ]]; then
  script=explore
  results=test-results/explore
fi
command=$(node -p 'require("./package.json").scripts[process.argv[1]] ?? ""' "$script")
if [[ ! $command ]]; then
  "$service" error 'No such script' "package.json has no script \"$script\""
  exit 2
fi
export PATH=$PWD/node_modules/.bin:$PATH
run=
cancelled=
trap 'cancelled=1; if [[ $run ]]; then kill -TERM "$run"; fi' INT TERM
bash -c "exec $command" &
run=$!
# The signal may have come before the run had a number.
if [[ $cancelled ]]; then
  cancelled=
  kill -TERM "$run"
fi
wait "$run"
status=$?
# A signal ends the wait, not the run.
while [[ $cancelled ]]; do
  cancelled=
  wait "$run"
  status=$?
done

if [[ -f $results/summary.md ]]; then "$service" summary "$results/summary.md"; fi
if [[ -f $results/conformance.json ]]; then
  while IFS='=' read -r name value; do
    "$service" output "$name" "$value"
  done < <(tsx scripts/outputs.ts "$results/conformance.json")
  if [[ $history ]]; then
    cp "$results/conformance.json" "$history/$(date -u +%Y%m%dT%H%M%SZ).json"
    kept=("$history"/*.json)
    for ((i = 0; i < ${#kept[@]} - 14; i++)); do rm "${kept[i]}"; done
  fi
fi
exit "$status"
