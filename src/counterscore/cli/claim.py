"""``claim``: write a claim down before the run, test it over the assumptions, read answers again."""

from __future__ import annotations

import datetime
import os
import re
import shlex
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from counterscore.cli import settings
from counterscore.cli.app import command
from counterscore.cli.claim_card import print_answers, print_claim
from counterscore.cli.places import Threads
from counterscore.cli.screen import Json, NoColor, Quiet, Screen, plural, seconds_in_words
from counterscore.errors import StoppedError, UsageError
from counterscore.files import begins_like, cell, refuse_to_replace, write_for_hand, write_whole

if TYPE_CHECKING:
    from counterscore.claims import Claim, Found, Point

_KEPT, _NOTHING_KEPT = 6, 130


@command("claim")
def claim(
    action: Annotated[str, typer.Argument(metavar="ACTION", help="check, show or new.")] = "",
    what: Annotated[
        str, typer.Argument(metavar="CLAIM", help="A claim: id or file; for show also answers; for new, its words.")
    ] = "",
    every: Annotated[bool, typer.Option("--all", help="Every claim of the library.")] = False,
    points: Annotated[
        int, typer.Option("--points", metavar="N", min=1, max=4096, help="Settings of the assumptions.")
    ] = settings.CLAIM_POINTS,
    replays: Annotated[
        int, typer.Option("--replicates", metavar="N", min=2, max=999, help="Replicates of each setting.")
    ] = settings.CLAIM_REPLAYS,
    seed: Annotated[
        int, typer.Option("--seed", metavar="N", min=0, help="Random seed, of the replicates and of the sample.")
    ] = settings.SEED,
    threads: Threads = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Answers with all settings as .json; settings of one as .csv."),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the answers in --out.")] = False,
    measure: Annotated[str, typer.Option("--measure", metavar="ID", help="New: what is measured.")] = "",
    world: Annotated[str, typer.Option("--world", metavar="REGIME+REFORM", help="New: where.")] = "",
    against: Annotated[str, typer.Option("--against", metavar="REGIME", help="New: compared with.")] = "",
    above: Annotated[float | None, typer.Option("--above", metavar="X", help="New: supported above X.")] = None,
    below: Annotated[float | None, typer.Option("--below", metavar="X", help="New: supported below X.")] = None,
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    r"""Test what somebody says a regime does, over the whole assumption space.

      counterscore claim check green-channel
      counterscore claim check --all --out answers.json
      counterscore claim check --all --out answers.json --resume
      counterscore claim show answers.json
      counterscore claim show green-channel
      counterscore claim new "Expiry shortens listing" --measure months_to_exit \
        --world beijing-points+expiry-24mo --against beijing-points --below 0

    The answer is one of five: holds in this model, does not hold in this model,
    depends on ..., too noisy to tell, cannot be tested here. A claim that does
    not hold is a result: exit code 0.
    """
    screen = Screen(json, quiet, no_color)
    if action == "new":
        return _new(what, _Asked(measure, world, against, above, below), out, screen)
    if not action:
        raise UsageError(
            "say what to do with a claim",
            suggestion="Write claim check, claim show or claim new.  All claims: counterscore list claims",
        )
    if action not in {"check", "show"}:
        raise UsageError(
            f'"{action}" is nothing that claim does',
            suggestion="Write claim check, claim show or claim new.  All claims: counterscore list claims",
        )
    from counterscore.claims import claim_ids, document, load_claim, read_answers

    if not what and not every:
        raise UsageError("which claim?", suggestion="All: counterscore list claims, or counterscore claim check --all")
    if action == "show" and what.endswith(".json"):
        answers = read_answers(Path(what))
        if json:
            return screen.data(document(answers.found, command=answers.command))
        return print_answers(answers.found, screen, cards=True)
    chosen = [load_claim(name) for name in (claim_ids() if every else (what,))]
    if action == "show":
        if json:
            return screen.data({"claims": [one.model_dump(mode="json", by_alias=True) for one in chosen]})
        for one in chosen:
            print_claim(one, screen)
        return None
    _check_out(out, resume, len(chosen))
    return _Checking(screen, points, replays, seed, threads, out, resume).go(chosen)


class _Checking:
    """Checking one claim after another, keeping what is found as it comes."""

    def __init__(
        self,
        screen: Screen,
        points: int,
        replays: int,
        seed: int,
        threads: int | None,
        out: Path | None,
        resume: bool,
    ) -> None:
        from counterscore.claims import Answers, read_answers

        self.screen, self.points, self.replays, self.seed = screen, points, replays, seed
        self.threads, self.out = threads, out
        self.command = shlex.join(["counterscore", *sys.argv[1:]])
        self.old = read_answers(out) if resume and out is not None else Answers((), (), "", "")
        self.found: list[Found] = []

    def go(self, claims: Sequence[Claim]) -> None:
        """Check ``claims``, write and print their answers. Leaves with code 6 or 130 where it is stopped."""
        from counterscore.claims import document

        cost = self._cost(claims)
        began, settled = time.monotonic(), 0.0
        stopped = False
        for number, one in enumerate(claims, 1):
            stopped = self._check(one)
            settled += cost[one.id]
            self._keep()
            if stopped:
                break
            left = (time.monotonic() - began) * (sum(cost.values()) - settled) / settled if settled else 0.0
            if len(claims) > 1:
                about = f"   about {seconds_in_words(left)} left" if left >= 1 else ""
                self.screen.note(f"{number:3d}/{len(claims)}   {one.id:<36} {self.found[-1].answer}{about}")
        if self.screen.json:
            self.screen.data(_told(document(self.found, command=self.command)))
        else:
            print_answers(self.found, self.screen, cards=len(claims) == 1)
        if stopped:
            self._say_stopped()
        elif self.out is not None:
            self.screen.note(f"Saved  {self.out}")

    def _cost(self, claims: Sequence[Claim]) -> dict[str, float]:
        """Estimated seconds by claim, said before a long check."""
        from counterscore.claims import seconds_of

        cost = {
            one.id: seconds_of(one, points=self.points, replays=self.replays, threads=self.threads) for one in claims
        }
        tested = sum(one.testable for one in claims)
        if sum(cost.values()) > settings.LONG_RUN_SECONDS:
            self.screen.note(
                f"{plural(tested, 'claim')}, {self.points} settings of the assumptions each, {self.replays} replicates a "
                f"setting: about {seconds_in_words(sum(cost.values()))}. Ctrl-C stops"
                + (f" and keeps what is done in {self.out}." if self.out else "; with --out FILE.json it is kept.")
            )
        return cost

    def _check(self, one: Claim) -> bool:
        """Check one claim; True where it was stopped. What was found before is not lived again."""
        from counterscore.claims import check_claim, sum_up

        old = self.old.of(one, points=self.points, replays=self.replays, seed=self.seed)
        points: list[Point] = [*([old.as_they_are] if old and old.as_they_are else []), *(old.points if old else ())]
        began, known = time.monotonic(), len(points)

        def told(point: Point) -> None:
            points.append(point)
            done, total = len(points), self.points + 1
            if done < total and done % max(1, total // 10) == 0:
                left = (time.monotonic() - began) / (done - known) * (total - done)
                self.screen.note(f"          {done:3d}/{total} settings   about {seconds_in_words(left)} left")

        stopped = False
        try:
            check_claim(
                one,
                points=self.points,
                replays=self.replays,
                seed=self.seed,
                threads=self.threads,
                known=tuple(points),
                told=told,
            )
        except (KeyboardInterrupt, StoppedError):
            stopped = True
        if points or not stopped:
            self.found.append(sum_up(one, points, planned=self.points, replays=self.replays, seed=self.seed))
        return stopped

    def _keep(self) -> None:
        """Write what there is: whole answers after each claim, those of an earlier check included."""
        from counterscore.claims import write_answers

        if self.out is None or not self.found:
            return
        if self.out.suffix == ".csv":
            _save_settings(self.found[0], self.out)
        else:
            done = {one.claim.id for one in self.found}
            others = [one for one in self.old.found if one.claim.id not in done]
            write_answers(self.out, [*self.found, *others], command=self.command)

    def _say_stopped(self) -> None:
        if self.out is None or not self.found:
            self.screen.warn("Stopped; nothing is kept on disk.")
            raise typer.Exit(_NOTHING_KEPT)
        self.screen.warn(f"Stopped; what was done is kept in {self.out}.")
        if self.out.suffix == ".json":
            self.screen.next(f"{self.command.removesuffix(' --resume')} --resume")
        raise typer.Exit(_KEPT)


def _told(whole: dict[str, Any]) -> dict[str, Any]:
    """A document of answers; of one claim with its answer in front."""
    if len(whole["claims"]) != 1:
        return whole
    (one,) = whole["claims"]
    return {key: one[key] for key in ("answer", "error_rate", "settings")} | whole


def _check_out(out: Path | None, resume: bool, claims: int) -> None:
    """Refuse an --out that cannot hold what is asked for, before anything is run."""
    if resume and (out is None or out.suffix != ".json"):
        raise UsageError("--resume goes on with answers in a file", suggestion="Name it: --out answers.json --resume")
    if out is None:
        return
    if out.suffix not in {".json", ".csv"}:
        raise UsageError(f"--out must end in .json or .csv, found {out}", suggestion="Write --out answers.json")
    if out.suffix == ".csv" and claims > 1:
        raise UsageError(
            "settings of several claims vary different assumptions and do not fit one table",
            suggestion="Write --out answers.json, or check one claim.",
        )
    if out.suffix == ".json" and os.path.lexists(out) and (not resume or out.is_symlink()):
        raise UsageError(f"{out} exists already", suggestion="Go on with it: --resume. Or choose another --out.")
    if out.suffix == ".csv":  # told now rather than after the check
        refuse_to_replace(out, lambda found: _SETTINGS_HEAD.encode() in found.split(b"\n", 1)[0])


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a new claim is to say, as far as it was said."""

    measure: str
    world: str
    against: str
    above: float | None
    below: float | None


def _new(text: str, asked: _Asked, out: Path | None, screen: Screen) -> None:
    from counterscore.claims.template import GAP, new_claim, suggested

    if not text:
        raise UsageError("what is claimed?", suggestion='Write: counterscore claim new "Expiry shortens listing"')
    name = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:40].strip("-") or "claim"
    file = out or Path("claims") / f"{name}.yaml"
    written, gaps = new_claim(
        name,
        text,
        written=datetime.date.today().isoformat(),
        measure=asked.measure,
        world=asked.world,
        against=asked.against,
        above=asked.above,
        below=asked.below,
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    write_for_hand(file, written)
    screen.line(f"Wrote  {file}")
    screen.paragraph(f'To be filled in ("{GAP}"), before it can be tested: {", ".join(gaps)}.')
    if not asked.measure:
        found = suggested(text)
        if found:
            screen.paragraph(f"Measures that share a word with it: {', '.join(found[:8])}.")
    screen.next(f"counterscore claim check {shlex.quote(str(file))}")


#: The columns of a table of settings that follow those of the assumptions.
_SETTINGS_HEAD = "estimate,low,high,n_replays,range_kind,holds"


def _save_settings(found: Found, file: Path) -> None:
    import csv
    import io

    from counterscore.claims.check import RANGE_KIND

    points = [*([found.as_they_are] if found.as_they_are else []), *found.points]
    paths = sorted({path for point in points for path in point.values})
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow([*paths, *_SETTINGS_HEAD.split(",")])
    for point in points:
        held = {True: "yes", False: "no", None: "unclear"}[point.holds]
        settings_ = [point.values[path] for path in paths]
        row = [*settings_, point.estimate, point.low, point.high, len(point.told), RANGE_KIND, held]
        writer.writerow(map(cell, row))
    refuse_to_replace(file, begins_like(table.getvalue()))
    write_whole(file, table.getvalue())
