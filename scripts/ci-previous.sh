#!/usr/bin/env bash
# usage: ci-previous.sh WORKFLOW ARTIFACT
# Fetches the statements of the last 14 runs of a workflow, and names their folder to the steps that follow, as PREVIOUS.
# Where there are none the API is judged all the same, without a history.
set -uo pipefail
service=$(dirname "${BASH_SOURCE[0]}")/ci-service.sh
folder=$(mktemp -d)

"$service" earlier "$1" "$2" 14 "$folder"
if compgen -G "$folder/*.json" >/dev/null; then
  "$service" env PREVIOUS "$folder"
else
  "$service" notice 'No earlier statement' "none of the last runs has kept $2: the report has no history"
fi
