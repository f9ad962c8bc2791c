"""``doctor``: is everything here that a run needs?"""

from __future__ import annotations

import platform
import tempfile
import time
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from pathlib import Path

from counterscore import machine
from counterscore.cli.app import command
from counterscore.cli.screen import Json, NoColor, Quiet, Screen, mib_in_words, plural
from counterscore.cli.settings import RUNS
from counterscore.errors import CounterscoreError, RunError

_PACKAGES = ("numpy", "numba", "pyarrow", "pydantic", "ruamel.yaml", "rich", "typer")
_LEAST_MEMORY_MIB = 512.0
_LEAST_DISK_MIB = 200.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. ``advice`` is what to do where it is not well."""

    name: str
    ok: bool
    found: str
    advice: str = ""


@command("doctor")
def doctor(json: Json = False, quiet: Quiet = False, no_color: NoColor = False) -> None:
    """Check this machine: versions, cache, memory, disk, catalogue, a tiny run.

      counterscore doctor
      counterscore doctor --json

    Exit code 0 where a run would work, 4 where something is missing.
    """
    screen = Screen(json, quiet, no_color)
    findings = [_python(), _packages(), _cache(), _processors(), _memory(), _disk(), _catalogue(), _tiny_run()]
    sick = [finding for finding in findings if not finding.ok]
    if json:
        screen.data({"ok": not sick, "checks": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            screen.line(f"  {'ok ' if finding.ok else 'NO '}  {finding.name:<15} {finding.found}")
            if finding.advice:
                screen.line(f"       {'':<15} {finding.advice}")
    if sick:
        raise RunError(f"{plural(len(sick), 'check')} of {len(findings)} failed")
    screen.next("counterscore demo", "counterscore run")


def _python() -> Finding:
    return Finding("python", True, f"{platform.python_version()} on {platform.system()} {platform.machine()}")


def _packages() -> Finding:
    found, missing = [f"counterscore {machine.version()}"], []
    for name in _PACKAGES:
        try:
            found.append(f"{name} {installed(name)}")
        except PackageNotFoundError:
            missing.append(name)
    advice = f"Missing: {', '.join(missing)}.  pip install counterscore brings them." if missing else ""
    return Finding("packages", not missing, ", ".join(found), advice)


_CACHE_ADVICE = "Every start compiles anew.  Set NUMBA_CACHE_DIR to a folder that is yours and closed to others."


def _cache() -> Finding:
    """Where compiled code is kept: without it every start takes as long as the first."""
    from counterscore.engine.kernel import kernel_cache

    folder = kernel_cache()
    if folder is None:
        return Finding("compiler cache", False, "there is no room for one", _CACHE_ADVICE)
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        return Finding("compiler cache", False, f"cannot be written: {error}", _CACHE_ADVICE)
    warm = any(folder.rglob("*.nbi"))
    state = "warm" if warm else "cold: the first run compiles, once, for about half a minute"
    return Finding("compiler cache", True, f"{folder} ({state})")


def _processors() -> Finding:
    return Finding("processors", True, plural(machine.threads(), "thread"))


def _memory() -> Finding:
    free = machine.memory_available_mib()
    if free is None:
        return Finding("memory", True, "this system does not say")
    enough = free >= _LEAST_MEMORY_MIB
    return Finding(
        "memory",
        enough,
        f"{mib_in_words(free)} free",
        "" if enough else "Close other programs, or expect small cities.",
    )


def _disk() -> Finding:
    folder = Path(RUNS)
    free = machine.disk_free_mib(folder.absolute())
    if free is None:
        return Finding("disk", True, "this system does not say")
    enough = free >= _LEAST_DISK_MIB
    return Finding("disk", enough, f"{mib_in_words(free)} free for {folder}/", "" if enough else "Free some space.")


def _catalogue() -> Finding:
    from counterscore.catalog import load_regime, regime_ids

    ids, broken = regime_ids(), []
    for id_ in ids:
        try:
            load_regime(id_)
        except CounterscoreError:
            broken.append(id_)
    found = f"{plural(len(ids), 'regime')}, {len(ids) - len(broken)} valid"
    return Finding("catalogue", bool(ids) and not broken, found, f"Not valid: {', '.join(broken)}" if broken else "")


def _tiny_run() -> Finding:
    """A hundred residents for a year, twice with the same random numbers: it works and gives the same bits."""
    from counterscore.catalog import load_city_spec, load_regime, regime_ids
    from counterscore.city import synthesize
    from counterscore.simulation import simulate

    try:
        began = time.perf_counter()
        regime = load_regime(regime_ids()[0])
        city = synthesize(load_city_spec("demo"), residents=100, seed=1)
        with tempfile.TemporaryDirectory() as folder:
            runs = [
                simulate(regime, city, months=12, seed=1, threads=threads, out=Path(folder) / str(threads))
                for threads in (1, 2)
            ]
            same = runs[0].digest() == runs[1].digest()
        took = time.perf_counter() - began
    except CounterscoreError as error:
        return Finding("tiny run", False, error.message)
    found = f"100 residents, 12 months, twice: {'identical' if same else 'NOT identical'} ({took:.1f} s)"
    return Finding("tiny run", same, found, "" if same else "Please report this with counterscore doctor --json.")
