"""A run on this machine: worlds and replicates side by side where the city is small, subdistricts where it is large."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from counterscore.engine.plan import Plans
from counterscore.engine.world import WorldResult, live_world
from counterscore.simulation.course import Course
from counterscore.specification import RunSpec


def live_here(spec: RunSpec, plans: dict[str, Plans], course: Course, threads: int, aside: Path | None) -> None:
    """Live the units that ``course`` waits for on ``threads`` threads; subdistricts stay in ``aside`` where it is given."""
    side_by_side = len(spec.city.subdistricts) == 1
    pool = ThreadPoolExecutor(max_workers=threads)

    def live_one(world: str, replay: int, inner: ThreadPoolExecutor | None = None) -> WorldResult:
        return live_world(
            plans[world],
            spec.city,
            months=spec.months,
            seed=spec.seed,
            replay=replay,
            pool=inner,
            folder=aside if inner else None,
            after_year=course.year_is_over if inner else None,
        )

    try:
        if side_by_side:
            waiting = [(unit, pool.submit(live_one, *unit)) for unit in course.todo]
            for (world, replay), future in waiting:
                course.finish(world, replay, future.result())
        else:
            for world, replay in course.todo:
                course.finish(world, replay, live_one(world, replay, pool))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
