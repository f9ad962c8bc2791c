"""How many adults lose work because of closed doors?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, share


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return share(life, mask, life.outcome("door_job_losses") > 0, 10_000)


MEASURE = Measure(
    id="door_job_losses",
    subject="residents",
    topic="doors",
    question="How many adults lose work because of closed doors?",
    unit="of 10,000 adults",
    definition="adults who lost work at least once through closed flights or fast trains, or because a rule refused a hospital bed, or their own "
    "business a loan, a licence, a permit or a place on a market",
    limits="the rates are assumptions (circumstances.mobility_job_loss, aftermath.*)",
    reads=("door_job_losses",),
    compute=_compute,
    echo_of="circumstances.mobility_job_loss, aftermath.hospital_job, aftermath.business_closes",
)
