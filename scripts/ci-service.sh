#!/usr/bin/env bash
# The only script that knows which CI service it runs on: GitHub Actions, or any other one, where lines of output and files
# have to do.
#
# usage: ci-service.sh error|notice TITLE TEXT    shows a line at the top of the job
#        ci-service.sh summary FILE               adds Markdown to the page of the job, if there is one
#        ci-service.sh output NAME VALUE          a result for later steps; elsewhere a line of test-results/outputs.env
#        ci-service.sh env NAME VALUE             a variable for the steps that follow
#        ci-service.sh earlier WORKFLOW ARTIFACT COUNT FOLDER
#                                                 puts the statements of so many earlier runs into a folder, the latest first
set -uo pipefail

escaped() {
  local text=${1//'%'/'%25'}
  text=${text//$'\r'/'%0D'}
  text=${text//$'\n'/'%0A'}
  # A title ends at these.
  [[ ${2:-} == title ]] && text=${text//':'/'%3A'} && text=${text//','/'%2C'}
  printf %s "$text"
}

github() {
  case $1 in
    error | notice) echo "::$1 title=$(escaped "$2" title)::$(escaped "$3")" ;;
    summary) cat "$2" >>"$GITHUB_STEP_SUMMARY" ;;
    output) echo "$2=$3" >>"$GITHUB_OUTPUT" ;;
    env) echo "$2=$3" >>"$GITHUB_ENV" ;;
    earlier) github_earlier "$2" "$3" "$4" "$5" ;;
  esac
}

# Runs may have kept none: one that was cancelled early, or whose artifacts are too old.
github_earlier() {
  local workflow=$1 artifact=$2 count=$3 folder=$4 run runs found=0 download
  download=$(mktemp -d)
  runs=$(gh run list --workflow "$workflow" --branch "$GITHUB_REF_NAME" --status completed --limit $((2 * count)) --json databaseId --jq '.[].databaseId') || runs=
  for run in $runs; do
    ((found < count)) || break
    if gh run download "$run" --name "$artifact" --dir "$download/$run" && [[ -s $download/$run/test-results/conformance.json ]]; then
      mv "$download/$run/test-results/conformance.json" "$folder/$run.json"
      found=$((found + 1))
    fi
    rm -rf "${download:?}/$run"
  done
  rmdir "$download"
}

other() {
  case $1 in
    error) echo "error: $2: $3" >&2 ;;
    notice) echo "$2: $3" ;;
    output)
      mkdir -p test-results
      echo "CONTRACT_$(tr '[:lower:]' '[:upper:]' <<<"$2")=$3" >>test-results/outputs.env
      ;;
    # The reports are artifacts; a later step reads them; earlier statements come from a folder that the service keeps.
    summary | env | earlier) ;;
  esac
}

if [[ ${GITHUB_ACTIONS:-} == true ]]; then github "$@"; else other "$@"; fi
