#!/usr/bin/env bash
# usage: ci-previous.sh WORKFLOW ARTIFACT
# Names the statement that the latest earlier run of a workflow has kept to the steps that follow, as PREVIOUS. Where none
# can be had the API is judged all the same; the summary then says nothing of what changed.
set -uo pipefail
workflow=$1
artifact=$2

runs=$(gh run list --workflow "$workflow" --branch "$GITHUB_REF_NAME" --status completed --limit 5 --json databaseId --jq '.[].databaseId') || runs=
for run in $runs; do
  folder=$RUNNER_TEMP/previous-$run
  statement=$folder/test-results/conformance.json
  # A run that was cancelled early has kept none.
  if gh run download "$run" --name "$artifact" --dir "$folder" && [[ -s $statement ]]; then
    echo "PREVIOUS=$statement" >>"$GITHUB_ENV"
    exit 0
  fi
done
echo "::notice title=No earlier statement::none of the last runs has kept $artifact; what is new, gone or still there is not told"
