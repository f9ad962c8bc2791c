"""What outside tools say of an exported run. Runs with the tools' own Python: see ``judges.py``, which calls it.

Needs roc-validator, rocrate, cffconvert, duckdb, polars, pandas, fairlearn, aequitas, aif360 and lifelines. Each judge
prints one line, ``ok`` or ``FAULT``, its version and what it said; the end is 1 where one found a fault.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar
from urllib import request

warnings.filterwarnings("ignore")
Said = tuple[bool, str]


def _context() -> bytes:
    """The RO-Crate context as ro-crate-py ships it, which answers for the address that the validator asks."""
    import rocrate

    return (Path(rocrate.__file__).parent / "data" / "ro-crate.jsonld").read_bytes()


def roc_validator(bundle: Path) -> Said:
    """All required checks of RO-Crate 1.1, with the context answered locally."""
    from rocrate_validator import models, services

    def answered(*_: Any, **__: Any) -> Any:
        class Answer(io.BytesIO):
            headers: ClassVar[dict[str, str]] = {"Content-Type": "application/ld+json"}
            status, url = 200, "https://w3id.org/ro/crate/1.1/context"

            def info(self) -> dict[str, str]:
                return self.headers

            def geturl(self) -> str:
                return self.url

        return Answer(_context())

    import requests

    class Response(requests.Response):
        def __init__(self, address: str) -> None:
            super().__init__()
            self.status_code, self._content, self.url = 200, _context(), address
            self.headers["Content-Type"] = "application/ld+json"

    request.OpenerDirector.open = answered  # type: ignore[method-assign]
    requests.Session.request = lambda _self, _method, address, **_: Response(str(address))  # type: ignore[method-assign]
    settings = services.ValidationSettings(
        rocrate_uri=str(bundle),
        profile_identifier="ro-crate-1.1",
        requirement_severity=models.Severity.REQUIRED,
    )
    found = services.validate(settings)
    issues = [issue.message for issue in found.get_issues(models.Severity.REQUIRED)]
    return not issues, f"{len(issues)} issues{': ' + issues[0] if issues else ''}"


def ro_crate_py(bundle: Path) -> Said:
    """Read, write again and read: every file and term is still there."""
    from rocrate.rocrate import ROCrate

    before = json.loads((bundle / "ro-crate-metadata.json").read_text())
    with tempfile.TemporaryDirectory() as folder:
        ROCrate(str(bundle)).write(folder)
        after = json.loads((Path(folder) / "ro-crate-metadata.json").read_text())
    terms = [{key for one in crate["@graph"] for key in one} for crate in (before, after)]
    ids = [{one["@id"] for one in crate["@graph"]} for crate in (before, after)]
    lost = sorted((terms[0] - terms[1]) | (ids[0] - ids[1]))
    return not lost, f"{len(ids[1])} entities, lost: {', '.join(lost) or 'nothing'}"


def cffconvert(bundle: Path) -> Said:
    """CITATION.cff against its schema."""
    made = subprocess.run(
        [sys.executable, "-m", "cffconvert.cli.cli", "--validate", "-i", str(bundle / "CITATION.cff")],
        capture_output=True,
        text=True,
        check=False,
    )
    from cffconvert import Citation

    Citation((bundle / "CITATION.cff").read_text()).validate()
    return made.returncode == 0, "valid"


def duckdb(audit: Path) -> Said:
    """Every table is read, and records join their truth one to one."""
    import duckdb

    files = sorted(audit.rglob("*.parquet"))
    rows = sum(duckdb.sql(f"select count(*) from '{file}'").fetchall()[0][0] for file in files)
    joined, of = (
        duckdb.sql(f"select count(*) from '{audit}/seen/records.parquet' {more}").fetchall()[0][0]
        for more in (f"join '{audit}/hidden/records_truth.parquet' using (record_id)", "")
    )
    return joined == of, f"{len(files)} tables, {rows:,} rows, {joined:,} of {of:,} records joined"


def polars(audit: Path) -> Said:
    """No month is the number that stands for never."""
    import polars as pl

    found = [
        f"{file.stem}.{name}"
        for file in audit.rglob("*.parquet")
        for name, series in pl.read_parquet(file).to_dict().items()
        if series.dtype == pl.UInt16 and name in _MONTHS and (series == 65_535).any()
    ]
    return not found, f"months of 65535: {', '.join(found) or 'none'}"


_MONTHS = {"month", "left", "entered", "until", "since", "counts_until", "made", "first_record", "first_listed"}


def pandas(audit: Path) -> Said:
    """Lengths of stays are those of the data dictionary: empty while a stay is going on."""
    stays = _read(audit / "seen" / "listings.parquet")
    going = stays["exit"] == "still going on"
    months = stays["left"] - stays["entered"]
    good = bool(months[~going].between(0, 1200).all() and months[going].isna().all())
    return good, f"{len(stays):,} stays, {int(going.sum())} going on, longest {months.max():.0f} months"


def _read(file: Path) -> Any:
    import pandas as pd

    return pd.read_parquet(file)


def _decisions(audit: Path) -> Any:
    """One row an adult: the group, whether listed (honours left out), whether anything was truly done."""
    people = _read(audit / "seen" / "residents.parquet")
    listings, acts = _read(audit / "seen" / "listings.parquet"), _read(audit / "hidden" / "acts.parquet")
    people = people[people["adult"] == 1].reset_index(drop=True)
    people["listed"] = people["resident"].isin(listings.loc[listings["kind"] == "listing", "resident"]).astype(int)
    people["did"] = people["resident"].isin(acts.loc[acts["done"] == 1, "resident"]).astype(int)
    return people


def fairlearn(audit: Path) -> Said:
    """Shares by registration equal those counted by hand."""
    from fairlearn.metrics import MetricFrame, selection_rate

    people = _decisions(audit)
    frame = MetricFrame(
        metrics=selection_rate,
        y_true=people["did"],
        y_pred=people["listed"],
        sensitive_features=people["registration"],
    )
    by_hand = people.groupby("registration")["listed"].mean()
    return bool((abs(frame.by_group - by_hand) < 1e-12).all()), _shares(frame.by_group)


def aequitas(audit: Path) -> Said:
    """It takes the labels as they are, and counts the same."""
    from aequitas.group import Group

    people = _decisions(audit)
    frame = people[["registration"]].assign(score=people["listed"], label_value=people["did"])
    found, _ = Group().get_crosstabs(frame, attr_cols=["registration"])
    rates = found.set_index("attribute_value")["pprev"]
    by_hand = people.groupby("registration")["listed"].mean()
    return bool((abs(rates - by_hand) < 1e-9).all()), _shares(rates)


def aif360(audit: Path) -> Said:
    """The difference of shares is that counted by hand."""
    from aif360.datasets import BinaryLabelDataset
    from aif360.metrics import BinaryLabelDatasetMetric

    people = _decisions(audit)
    coded = people[["listed"]].assign(local=(people["registration"] == "local").astype(int))
    data = BinaryLabelDataset(df=coded, label_names=["listed"], protected_attribute_names=["local"])
    told = BinaryLabelDatasetMetric(data, [{"local": 0}], [{"local": 1}]).mean_difference()
    rates = people.groupby("registration")["listed"].mean()
    return abs(told - (rates["non-local"] - rates["local"])) < 1e-12, f"mean difference {told:+.5f}"


def lifelines(audit: Path) -> Said:
    """Kaplan-Meier of the stays, ties and all, equals the product by hand."""
    from lifelines import KaplanMeierFitter

    stays = _read(audit / "seen" / "listings.parquet")
    stays = stays[stays["kind"] == "listing"]
    left = stays["left"].fillna(_end(audit)).astype(int)
    ended = ~stays["exit"].isin(["still going on", "died", "moved", "replaced"])
    time = (left - stays["entered"]).clip(lower=0)
    told = KaplanMeierFitter().fit(time, ended).survival_function_["KM_estimate"]
    share, by_hand = 1.0, {}
    for month in sorted(time.unique()):
        at_risk = (time >= month).sum()
        share *= 1 - ((time == month) & ended).sum() / at_risk
        by_hand[month] = share
    off = max(abs(told[month] - value) for month, value in by_hand.items())
    return off < 1e-9, f"{len(stays):,} stays, largest difference {off:.1e}"


def _end(audit: Path) -> int:
    text = (audit / "seen" / "README.txt").read_text()
    return int(text.split("the run has ")[1].split(" ")[0])


def _shares(rates: Any) -> str:
    return ", ".join(f"{name} {share:.5f}" for name, share in rates.items())


JUDGES: dict[str, tuple[str, Callable[[Path], Said]]] = {
    "roc-validator": ("bundle", roc_validator),
    "rocrate": ("bundle", ro_crate_py),
    "cffconvert": ("bundle", cffconvert),
    "duckdb": ("audit", duckdb),
    "polars": ("audit", polars),
    "pandas": ("audit", pandas),
    "fairlearn": ("audit", fairlearn),
    "aequitas": ("audit", aequitas),
    "aif360": ("audit", aif360),
    "lifelines": ("audit", lifelines),
}


def judged(bundle: Path, audit: Path) -> Iterator[tuple[str, str, bool, str]]:
    """Each judge with its version, whether it is content, and what it said."""
    for name, (what, judge) in JUDGES.items():
        try:
            good, said = judge(bundle if what == "bundle" else audit)
        except Exception as error:  # a judge that stumbles has found something
            good, said = False, f"{type(error).__name__}: {error}"
        yield name, version(name), good, " ".join(said.split())


if __name__ == "__main__":
    whole = True
    for name, number, good, said in judged(Path(sys.argv[1]), Path(sys.argv[2])):
        whole &= good
        print(f"{'ok   ' if good else 'FAULT'}  {name} {number}: {said[:300]}", flush=True)
    sys.exit(0 if whole else 1)
