"""Outside judges of what counterscore hands over: bundle, audit export, reports, the package itself.

    python verification/judges.py --tools PYTHON     # a Python that has what auditors.py needs
    python verification/judges.py --tools PYTHON --vnu vnu.jar --chromium /usr/bin/chromium --wheels python3.12 python3.13

Makes a small run, exports it, and asks: the tools of ``auditors.py``; the HTML checker (``--vnu``, needs Java); axe in a
browser (``--chromium``, needs axe-playwright-python); ``pip check``; and with ``--wheels`` a wheel in a clean environment
of each Python named. Ends with 1 where a judge found a fault. What each said last is in README.md.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from counterscore.bundle import audit, pack
from counterscore.catalog import load_regime, synthesize
from counterscore.report import TEMPLATES, write
from counterscore.results import Run
from counterscore.simulation import simulate

HERE = Path(__file__).resolve().parent
_TINY = ("suining-2010", "--city", "demo", "--residents", "500", "--months", "6", "--replicates", "2")


def made(folder: Path) -> Run:
    """A run in which much happens: points, lists, doors, a reform."""
    return simulate(
        load_regime("beijing-points"),
        synthesize("beijing", residents=1500, seed=1),
        months=24,
        replays=10,
        seed=1,
        also=[load_regime("beijing-points", with_=["expiry-24mo"])],
        base=load_regime("none"),
        out=folder / "a run",
        command="counterscore run beijing-points --residents 1500 --months 24 --replicates 10 --also expiry-24mo",
    )


def said(name: str, good: bool, text: str) -> bool:
    """Print one judge's line and return whether it is content."""
    print(f"{'ok   ' if good else 'FAULT'}  {name}: {text}", flush=True)
    return good


def ran(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """A command with its output as text."""
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)


def check_html(jar: Path, pages: list[Path]) -> bool:
    """The HTML checker on every template."""
    found = ran("java", "-jar", jar, "--errors-only", *pages)
    lines = found.stderr.splitlines()
    return said("HTML checker", not lines, f"{len(pages)} pages, {len(lines)} errors{': ' + lines[0] if lines else ''}")


def check_axe(chromium: Path, pages: list[Path]) -> bool:
    """Axe on every template, wide, on a telephone and on a dark ground; nothing may scroll sideways."""
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    faults: list[str] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        for page in pages:
            for width, scheme in ((1280, "light"), (390, "light"), (320, "light"), (1280, "dark")):
                tab = browser.new_page(viewport={"width": width, "height": 844}, color_scheme=scheme)
                tab.goto(page.as_uri())
                where = f"{page.stem} at {width} px, {scheme}"
                faults += [f"{where}: {one['id']}" for one in Axe().run(tab).response["violations"]]
                if tab.evaluate("document.documentElement.scrollWidth") > width:
                    faults.append(f"{where}: scrolls sideways")
                tab.close()
    return said("axe", not faults, f"{len(pages)} pages in 4 views, {len(faults)} faults {faults[:3] or ''}")


def check_pages(chromium: Path, pages: list[Path], folder: Path) -> bool:
    """How many A4 pages each template prints to."""
    counted = {}
    for page in pages:
        out = folder / f"{page.stem}.pdf"
        ran(chromium, "--headless", "--no-sandbox", "--no-pdf-header-footer", f"--print-to-pdf={out}", page.as_uri())
        counted[page.stem] = out.read_bytes().count(b"/Type /Page\n")
    good = 12 <= counted["assessment"] <= 20 and counted["brief"] <= 4
    return said("print", good, ", ".join(f"{name} {count}" for name, count in counted.items()))


def check_wheels(folder: Path, pythons: list[Path]) -> bool:
    """A wheel in a clean environment of every Python named: installed, checked, run; the digests are the same."""
    built = ran(sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", folder, HERE.parent)
    wheels = list(folder.glob("*.whl"))
    if not wheels:
        return said("wheel", False, built.stderr[-300:])
    good, digests = True, set()
    for number, python in enumerate(pythons):
        place = folder / f"environment-{number}"
        ran(python, "-m", "venv", place)
        own = place / "bin" / "python"
        named = f"wheel on {ran(own, '--version').stdout.strip() or python}"
        put_in = ran(own, "-m", "pip", "install", "--quiet", wheels[0])
        if put_in.returncode:
            good &= said(named, False, put_in.stderr.strip()[-300:])
            continue
        checked = ran(own, "-m", "pip", "check")
        out = folder / f"run-{number}"
        lived = ran(own, "-W", "error", "-m", "counterscore", "run", *_TINY, "--out", out)
        digest = ran(own, "-m", "counterscore", "digest", out).stdout.split()
        digests.add(next((word for word in digest if len(word) == 64), "none"))
        fine = checked.returncode == lived.returncode == 0
        good &= said(named, fine, "installed, checked, run" if fine else (checked.stdout + lived.stderr)[-300:])
    return good & said("digests of these runs", len(digests) == 1, f"{len(digests)}: {' '.join(digests)[:90]}")


def main() -> int:
    """Ask all judges that can be had."""
    parser = argparse.ArgumentParser(description="Outside judges of what counterscore hands over.")
    parser.add_argument("--tools", type=Path, help="a Python with the tools that auditors.py names")
    parser.add_argument("--vnu", type=Path, help="the HTML checker, vnu.jar")
    parser.add_argument("--chromium", type=Path, help="a browser for axe and print")
    parser.add_argument("--wheels", type=Path, nargs="+", default=[], help="build a wheel and try it on these Pythons")
    asked = parser.parse_args()
    good = True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run = made(folder)
        if asked.tools:
            pack(run, folder / "evidence.zip", licence="CC0-1.0")
            with zipfile.ZipFile(folder / "evidence.zip") as file:
                file.extractall(folder / "bundle")
            audit(run, folder / "audit")
            found = ran(asked.tools, HERE / "auditors.py", folder / "bundle", folder / "audit")
            print(found.stdout, end="")
            good &= found.returncode == 0
        if asked.vnu or asked.chromium:
            pages = [write([run], template, folder / f"{template}.html") for template in TEMPLATES]
            if asked.vnu:
                good &= check_html(asked.vnu, pages)
            if asked.chromium:
                good &= check_axe(asked.chromium, pages)
                good &= check_pages(asked.chromium, pages, folder)
        checked = ran(sys.executable, "-m", "pip", "check")
        good &= said("pip check", checked.returncode == 0, checked.stdout.strip()[:200])
        if asked.wheels:
            good &= check_wheels(folder, asked.wheels)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
