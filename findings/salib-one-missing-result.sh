#!/bin/sh
# SALib: one missing result of 512 makes Sobol' analysis say that nothing matters, for certain.
#
# Version:   SALib 1.6.0 (NumPy, SciPy and pandas as pip resolves them on the day)
# Input:     y = 4 a + b over a Sobol' sample of three inputs, 512 runs; then the same with one run's result as NaN,
#            which is how a failed run is usually written down.
# Seen:      with all results S1 and ST of a are about 0.95, with an interval of about 0.25. With one NaN, whichever run it
#            is, every index is exactly 0.0 and every interval is exactly 0.0. No error and no warning.
# Expected:  NaN, an error or a warning. Zero with no uncertainty is a statement, and a false one.
# Cause:     results are divided by their standard deviation, which makes all of them NaN; then a guard against dividing by
#            a variance of zero asks whether it is above zero, which NaN is not, and leaves the zeros it began with.
#
# Ends with 0 while this is so, with 1 once it is not, with 2 where the packages could not be had.
set -u
PYTHON=${PYTHON:-python3}
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
"$PYTHON" -m venv "$folder/env" || exit 2
"$folder/env/bin/python" -m pip install --quiet --disable-pip-version-check 'SALib==1.6.0' >"$folder/log" 2>&1 || {
  cat "$folder/log" >&2
  exit 2
}
"$folder/env/bin/python" - <<'PY'
import sys
import warnings
from importlib.metadata import version

import numpy as np
from SALib.analyze import sobol
from SALib.sample import sobol as sampling

told = []
warnings.showwarning = lambda message, *_: told.append(str(message))
problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0, 1]] * 3}
x = sampling.sample(problem, 64, seed=1)
y = 4 * x[:, 0] + x[:, 1]
print(f"SALib {version('SALib')}, NumPy {np.__version__}, {len(y)} runs, y = 4 a + b")
same = True
for missing in (None, 0, 10, 511):
    results = y.copy()
    if missing is not None:
        results[missing] = np.nan
    told.clear()
    found = sobol.analyze(problem, results, seed=1)
    row = {key: np.round(found[key], 3).tolist() for key in ("S1", "S1_conf", "ST", "ST_conf")}
    print(f"missing: {missing}   {row}   warnings: {told or 'none'}")
    if missing is None:
        same &= bool(found["ST"][0] > 0.8)
    else:
        same &= all((np.asarray(found[key]) == 0).all() for key in row) and not told
print("as described" if same else "CHANGED: not as described")
sys.exit(0 if same else 1)
PY
