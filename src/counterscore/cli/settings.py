"""The numbers a command uses when none is given, all in one place."""

from __future__ import annotations

import os
from dataclasses import dataclass

RUNS = os.environ.get("COUNTERSCORE_RUNS", "runs")  #: the folder in which runs are kept
PORT = 8765  #: where ``counterscore app`` listens
START = "2018-01"  #: the first month of a run
FIRST_YEAR = 1900  #: a run starts no earlier
CITY = "beijing"
MONTHS = 36
MOST_MONTHS = 1200
REPLAYS = 20
SEED = 1
BASE = "none"
CLAIM_POINTS = 32  #: settings of the assumptions that a claim is tested in
CLAIM_REPLAYS = 6  #: replicates of each of them

FEW_REPLAYS = 10  #: below this a run has averages but no ranges
LONG_RUN_SECONDS = 20.0  #: an estimate is printed before a run that takes longer …
LARGE_RUN_MIB = 2048.0  #: … or needs more memory


@dataclass(frozen=True, slots=True)
class Preset:
    """Settings of a run that needs no argument."""

    regime: str
    base: str
    city: str
    residents: int | None
    months: int
    replays: int


#: ``counterscore run`` alone: must answer within 30 s on two cores, compilation apart.
QUICK = Preset("beijing-points", BASE, CITY, 20_000, MONTHS, REPLAYS)
#: ``counterscore demo``: must answer within 20 s on four cores, compilation included.
DEMO = Preset("beijing-points", BASE, "demo", None, 24, 10)
#: ``counterscore spread`` alone: two minutes on two cores at most.
SPREAD = Preset("beijing-points", BASE, CITY, None, 72, 10)
SPREAD_RESIDENTS = 10_000  #: of each city, or all of a smaller one
SPREAD_CITIES = ("beijing", "county:2", "china-2020", "demo")
#: Residents where a command names a regime but no number: the same city as ``counterscore run`` alone.
RESIDENTS = 20_000
#: Adults of a group that ``--enough-for`` makes sure of: twice as many as a group is withheld below, since some die.
ENOUGH_OF_A_GROUP = 60
