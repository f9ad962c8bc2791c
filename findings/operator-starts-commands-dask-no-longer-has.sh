#!/bin/sh
# dask-kubernetes: the cluster it specifies by default starts commands that the Dask beside it does not install.
#
# Versions:  dask-kubernetes 2026.3.0 with distributed 2026.8.0 (their other dependencies as pip resolves them on the day)
# Input:     make_cluster_spec(name="x"), nothing else said: the pods' first words.
# Seen:      the worker's are "dask-worker", the scheduler's "dask-scheduler". Installing the two packages puts neither into
#            the environment: distributed offers "dask worker" and "dask scheduler" only, as subcommands of "dask".
# Expected:  commands that are there: pip resolves the two versions together without a word, so an image built from them
#            has pods that cannot start. Whoever writes worker_command and the scheduler's args out is not concerned.
#
# Ends with 0 while this is so, with 1 once it is not, with 2 where the packages could not be had.
set -u
PYTHON=${PYTHON:-python3}
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
"$PYTHON" -m venv "$folder/env" || exit 2
"$folder/env/bin/python" -m pip install --quiet --disable-pip-version-check \
  'dask-kubernetes==2026.3.0' 'distributed==2026.8.0' >"$folder/log" 2>&1 || {
  cat "$folder/log" >&2
  exit 2
}
"$folder/env/bin/python" - <<'PY'
import sys
from importlib.metadata import entry_points, version
from pathlib import Path

from dask_kubernetes.operator import make_cluster_spec

spec = make_cluster_spec(name="x")["spec"]
first = {part: spec[part]["spec"]["containers"][0]["args"][0] for part in ("worker", "scheduler")}
there = {path.name for path in Path(sys.executable).parent.iterdir()}
under_dask = {one.name for one in entry_points(group="dask_cli")}
print("dask-kubernetes", version("dask-kubernetes"), "with distributed", version("distributed"))
for part, command in first.items():
    print(f"{part}: starts {command!r}; installed: {command in there}; 'dask {part}' is: {part in under_dask}")
seen = all(command not in there for command in first.values()) and {"worker", "scheduler"} <= under_dask
sys.exit(0 if seen else 1)
PY
