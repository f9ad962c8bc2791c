"""What this machine has: threads, memory and disk."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def threads() -> int:
    """Processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def memory_available_mib() -> float | None:
    """Memory a new program could take without others being moved to disk; None where nobody says.

    Inside a container its limit counts, not the machine's memory.
    """
    found = [mib for mib in (_meminfo(), _container_room()) if mib is not None]
    return min(found) if found else None


def disk_free_mib(folder: Path) -> float | None:
    """Free disk where ``folder`` is or would be."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        return shutil.disk_usage(folder).free / 2**20
    except OSError:
        return None


def _meminfo() -> float | None:
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**20
    except (AttributeError, ValueError, OSError):
        return None


def _container_room() -> float | None:
    folder = Path("/sys/fs/cgroup")
    try:
        limit = (folder / "memory.max").read_text(encoding="ascii").strip()
        used = (folder / "memory.current").read_text(encoding="ascii").strip()
    except OSError:
        return None
    return None if limit == "max" else (int(limit) - int(used)) / 2**20


def version() -> str:
    """The version of the installed package; "source" where it runs from a folder."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("counterscore")
    except PackageNotFoundError:
        return "source"
