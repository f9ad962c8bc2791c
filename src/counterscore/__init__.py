"""counterscore: an open laboratory for social-scoring regimes.

A rule book goes in, a made-up city lives under it, evidence comes out. The names below are all there is at the top;
they are imported when first used, so that ``import counterscore`` costs nothing. A run leads on from there:
``run.headlines()``, ``run.chart("doors")``, ``run.life(pick="median", of="listed")``, ``run.frame()``, ``run.report("a.html")``.

>>> import counterscore as cs
>>> regime = cs.load_regime("suining-2010", with_=["expiry-24mo"])
>>> city = cs.synthesize("demo", residents=300, seed=1)
>>> out = getfixture("tmp_path") / "run"
>>> run = cs.simulate(regime, city, months="1y", replays=2, base=cs.load_regime("none"), out=out)
>>> run.worlds
('suining-2010+expiry-24mo', 'none')
>>> run.compare("misconduct").unit
'acts of 1,000 adults a year'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from counterscore.catalog import load_regime, read_regime, synthesize
    from counterscore.laws import findings
    from counterscore.measures import measure
    from counterscore.paired import compare
    from counterscore.reliving import relive
    from counterscore.results import Run
    from counterscore.simulation import simulate

__all__ = ["Run", "compare", "findings", "load_regime", "measure", "read_regime", "relive", "simulate", "synthesize"]

_HOMES = {
    "Run": "counterscore.results",
    "compare": "counterscore.paired",
    "findings": "counterscore.laws",
    "load_regime": "counterscore.catalog",
    "measure": "counterscore.measures",
    "read_regime": "counterscore.catalog",
    "relive": "counterscore.reliving",
    "simulate": "counterscore.simulation",
    "synthesize": "counterscore.catalog",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from counterscore.provenance import own_version

        return own_version()
    if name not in _HOMES:
        raise AttributeError(f"module 'counterscore' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
