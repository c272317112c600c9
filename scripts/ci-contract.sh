#!/usr/bin/env bash
# One contract run in a pipeline: wants a target, installs, runs, and adds the summary to the job's.
set -uo pipefail
workspace=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
# What an earlier step left here is not to be taken for this run's.
rm -rf test-results playwright-report

if [[ ! ${BASE_URL:-} =~ [^[:space:]] ]]; then
  echo '::error title=No target::BASE_URL is empty: give "base-url", or set the variable that it comes from (a pipeline never judges the stand-in)'
  exit 2
fi

# What a workflow names and nobody gave arrives as an empty text; the suite would call that an error.
left_out=
while IFS= read -r name; do
  if [[ -z ${!name-unset} ]]; then
    unset "$name"
    left_out+=" $name"
  fi
done < <(sed -n 's/^#\([A-Z_]*\)=.*/\1/p' .env.example)
if [[ $left_out ]]; then echo "::notice title=Not given::${left_out# }"; fi

# Files are the caller's, whose folder is not the suite's.
for name in KNOWN_DEVIATIONS PREVIOUS; do
  if [[ ${!name-/} != /* ]]; then export "$name=$workspace/${!name}"; fi
done

npm ci || exit

# A cancelled job signals this process only; the run has to hear of it, to deny its sessions. Through npm, which ends at
# once, it would not: this is the command of "npm run contract".
run=
cancelled=
trap 'cancelled=1; if [[ $run ]]; then kill -TERM "$run"; fi' INT TERM
node_modules/.bin/playwright test --project=contract &
run=$!
# It may have been cancelled before it had a number to be told by.
if [[ $cancelled ]]; then
  cancelled=
  kill -TERM "$run"
fi
wait "$run"
status=$?
# A signal ends the wait, and not the run.
while [[ $cancelled ]]; do
  cancelled=
  wait "$run"
  status=$?
done

if [[ -f test-results/summary.md ]]; then cat test-results/summary.md >>"${GITHUB_STEP_SUMMARY:-/dev/null}"; fi
exit "$status"
