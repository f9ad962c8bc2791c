#!/bin/sh
# Dask: a call that may go to other workers waits for ever once the last worker was gone for a moment.
#
# Versions:  distributed 2026.8.0 (its dependencies as pip resolves them on the day)
# Input:     a scheduler whose only worker has left; a call submitted with workers=[that worker] and
#            allow_other_workers=True; then another worker joins.
# Seen:      the call stays in state "no-worker" although its restrictions are loose and a worker is idle. The same call
#            submitted while the other worker is there runs at once, so loose restrictions are heeded where a worker is
#            chosen, and not where a new worker takes up calls that nobody could run.
# Expected:  that it runs: "allow_other_workers: Indicates whether or not the computations may be performed on workers that
#            are not in the workers set(s)". A cluster whose workers are all restarted at once hangs otherwise.
#
# Ends with 0 while this is so, with 1 once it is not, with 2 where the package could not be had.
set -u
PYTHON=${PYTHON:-python3}
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
"$PYTHON" -m venv "$folder/env" || exit 2
"$folder/env/bin/python" -m pip install --quiet --disable-pip-version-check 'distributed==2026.8.0' >"$folder/log" 2>&1 || {
  cat "$folder/log" >&2
  exit 2
}
"$folder/env/bin/python" - 2>/dev/null <<'PY'
import asyncio
import sys

import distributed
from distributed import Client, Scheduler, Worker


async def ends(future, seconds=10):
    try:
        return await asyncio.wait_for(future.result(), seconds)
    except asyncio.TimeoutError:
        return "waits"


async def main():
    async with Scheduler(host="127.0.0.1", port=0, dashboard_address=":0") as scheduler:
        gone = await Worker(scheduler.address, nthreads=1)
        async with Client(scheduler.address, asynchronous=True) as client:
            await gone.close()
            meant = {"workers": [gone.address], "allow_other_workers": True, "pure": False}
            before = client.submit(lambda: "ran", **meant)
            while before.key not in scheduler.tasks:
                await asyncio.sleep(0.1)
            async with Worker(scheduler.address, nthreads=1):
                found = await ends(before)
                state, loose = scheduler.tasks[before.key].state, scheduler.tasks[before.key].loose_restrictions
                print(f"distributed {distributed.__version__}")
                print(f"asked while nobody was there: {found} (state {state}, loose restrictions: {loose})")
                after = await ends(client.submit(lambda: "ran", **meant))
                print(f"the same, asked while another is there: {after}")
    return found == "waits" and state == "no-worker" and loose and after == "ran"


sys.exit(0 if asyncio.run(main()) else 1)
PY
