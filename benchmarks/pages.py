"""How fast pages of the laboratory come, beside the same question on the command line: ``python benchmarks/pages.py``.

``--run DIR`` takes a finished run instead of making one of 20,000 residents and 20 replicates, ``--large DIR`` adds the
overview of a large one. Times of pages are measured at the server's door, warm, 95 of 100 asked are faster; the
command's is wall time, best of two. Ratios are page over command.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

SOURCE = Path(__file__).parents[1] / "src"
PAGES = {
    "": ("numbers", "{run}"),
    "/measures": ("numbers", "{run}", "--all"),
    "/doors": ("chart", "doors", "{run}"),
    "/errors": ("chart", "error-ledger", "{run}"),
    "/groups": ("groups", "{run}", "--by", "registration"),
    "/people/R-00042": ("life", "{run}", "--resident", "R-00042"),
    "/method": ("method", "{run}"),
}
_ASKED = 100


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--run", type=Path)
    options.add_argument("--large", type=Path)
    options.add_argument("--residents", type=int, default=20_000)
    options.add_argument("--replicates", type=int, default=20)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "runs").mkdir()
        if chosen.run:
            (folder / "runs" / "it").symlink_to(chosen.run.absolute())
        else:
            counterscore(
                folder,
                "run",
                "beijing-points",
                "--residents",
                str(chosen.residents),
                "--replicates",
                str(chosen.replicates),
                "--out",
                "runs/it",
                "--quiet",
            )
        if chosen.large:
            (folder / "runs" / "large").symlink_to(chosen.large.absolute())
        began = time.perf_counter()
        server = subprocess.Popen(
            [sys.executable, "-m", "counterscore", "app", "--no-browser", "--port", "0"],
            cwd=folder,
            env=environment(),
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert server.stderr
            found = re.search(r"http://\S+?:\d+", server.stderr.readline())
            assert found
            ask(found[0] + "/help/keyboard")
            print(f"from the command to the first page   {time.perf_counter() - began:6.2f} s")
            print(f"memory of the server, idle           {memory(server.pid):6.0f} MB")
            measure(folder, found[0], "it", PAGES)
            if chosen.large:
                measure(folder, found[0], "large", {"": PAGES[""]})
            print(f"memory of the server, after that     {memory(server.pid):6.0f} MB")
        finally:
            server.send_signal(signal.SIGINT)
            server.wait()


def measure(folder: Path, address: str, run: str, pages: dict[str, tuple[str, ...]]) -> None:
    """One line a page: cold, warm, the command, their ratio."""
    print(f"\n{'page of ' + run:28} {'cold s':>8} {'warm ms':>8} {'command s':>10} {'ratio':>8}")
    for page, words in pages.items():
        cold = worked_out(f"{address}/runs/{run}{page}")
        times = sorted(ask(f"{address}/runs/{run}{page}") for _ in range(_ASKED))
        warm = times[int(0.95 * _ASKED) - 1]
        command = min(counterscore(folder, *(word.format(run=f"runs/{run}") for word in words)) for _ in range(2))
        print(f"{page or '/':28} {cold:8.2f} {1000 * warm:8.1f} {command:10.2f} {warm / command:8.4f}")


def worked_out(address: str) -> float:
    """Seconds until the page is whole."""
    began = time.perf_counter()
    while b"data-again" in urlopen(address).read():
        time.sleep(0.1)
    return time.perf_counter() - began


def ask(address: str) -> float:
    began = time.perf_counter()
    with urlopen(address) as answer:
        answer.read()
    return time.perf_counter() - began


def counterscore(folder: Path, *words: str) -> float:
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "counterscore", *words], cwd=folder, env=environment(), check=True, capture_output=True
    )
    return time.perf_counter() - began


def memory(pid: int) -> float:
    """MB that a process holds; without it where the system does not say."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return float("nan")
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONUNBUFFERED": "1"}


if __name__ == "__main__":
    main()
