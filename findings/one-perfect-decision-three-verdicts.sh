#!/bin/sh
# fairlearn, aif360, aequitas: the same perfect decision is worst, best, and passed where it cannot be judged.
#
# Versions:  fairlearn 0.15.0, aif360 0.6.1, aequitas 1.1.0 (their dependencies as pip resolves them on the day)
# Input:     eight people in two groups of four; two of the first group did it, nobody of the second. The decision is
#            right about all eight. The true-positive rate of the second group is undefined (0 of 0).
# Seen:      fairlearn   equalized_odds_difference is 1.0, the worst there is, and the ratio 0.0: 0 of 0 is taken for 0.
#            aif360      true_positive_rate is nan, equal_opportunity_difference is nan, and equalized_odds_difference is
#                        0.0, the best there is: it is max(false-positive gap, nan), and nan never wins.
#            aequitas    the rates and all parities of the second group are NaN, and the overall word on
#                        'Supervised Fairness' is True.
# Expected:  undefined, from all three.
#
# Ends with 0 while this is so, with 1 once it is not, with 2 where the packages could not be had.
set -u
PYTHON=${PYTHON:-python3}
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
"$PYTHON" -m venv "$folder/env" || exit 2
"$folder/env/bin/python" -m pip install --quiet --disable-pip-version-check \
  'fairlearn==0.15.0' 'aif360==0.6.1' 'aequitas==1.1.0' >"$folder/log" 2>&1 || {
  cat "$folder/log" >&2
  exit 2
}
"$folder/env/bin/python" - 2>/dev/null <<'PY'
import math
import sys
import warnings
from importlib.metadata import version

warnings.simplefilter("ignore")
import pandas as pd

did = [1, 0, 1, 0, 0, 0, 0, 0]
decided = list(did)
group = list("aaaabbbb")
same = True

from fairlearn.metrics import equalized_odds_difference, equalized_odds_ratio

gap = equalized_odds_difference(did, decided, sensitive_features=group)
ratio = equalized_odds_ratio(did, decided, sensitive_features=group)
print(f"fairlearn {version('fairlearn')}: equalized_odds_difference {gap}, equalized_odds_ratio {ratio}")
same &= gap == 1 and ratio == 0

from aif360.datasets import BinaryLabelDataset
from aif360.metrics import ClassificationMetric

frame = pd.DataFrame({"did": did, "group": [1 if one == "a" else 0 for one in group]})
data = BinaryLabelDataset(df=frame, label_names=["did"], protected_attribute_names=["group"])
metric = ClassificationMetric(data, data.copy(), [{"group": 0}], [{"group": 1}])
rate, opportunity = metric.true_positive_rate(privileged=False), metric.equal_opportunity_difference()
gap = metric.equalized_odds_difference()
print(
    f"aif360 {version('aif360')}: true_positive_rate {rate}, equal_opportunity_difference {opportunity}, "
    f"equalized_odds_difference {gap}"
)
same &= math.isnan(rate) and math.isnan(opportunity) and gap == 0

from aequitas.bias import Bias
from aequitas.fairness import Fairness
from aequitas.group import Group

frame = pd.DataFrame({"score": decided, "label_value": did, "group": group})
counted, _ = Group().get_crosstabs(frame, attr_cols=["group"])
beside = Bias().get_disparity_predefined_groups(
    counted, original_df=frame, ref_groups_dict={"group": "a"}, mask_significance=False
)
judged = Fairness().get_group_value_fairness(beside)
other = judged[judged["attribute_value"] == "b"].iloc[0]
overall = Fairness().get_overall_fairness(judged)["Supervised Fairness"]
print(
    f"aequitas {version('aequitas')}: true-positive rate of b {other['tpr']}, its TPR Parity {other['TPR Parity']}, "
    f"overall 'Supervised Fairness' {overall}"
)
same &= math.isnan(other["tpr"]) and pd.isna(other["TPR Parity"]) and bool(overall)
print("as described" if same else "CHANGED: not as described")
sys.exit(0 if same else 1)
PY
