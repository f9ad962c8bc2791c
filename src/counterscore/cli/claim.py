"""``claim``: write a claim down before the run, and test it over the assumptions."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from counterscore.cli.app import command
from counterscore.cli.screen import Json, NoColor, Quiet, Screen
from counterscore.errors import UsageError

if TYPE_CHECKING:
    from counterscore.claims import Claim, Found

_MOVERS = 6
_NEW = """\
format: 1
kind: claim
id: {id}
text: {text}
speaker: who says it
side: critics            # supporters, critics, plan or reporting
source: {{title: where it was said, kind: news}}
written: "{today}"
reading: >-
  How the words became the measure below. Write it before you run it.
measure: listed_ever     # counterscore list measures
what: difference         # or value
world: {{regime: beijing-points}}
against: {{regime: none}}
setting: {{city: beijing, residents: 5000, months: 36}}
supported_if: {{above: 0}}
vary: ["errors.*", "response.*"]
cannot_show: what the model cannot say about it
"""


@command("claim")
def claim(
    action: Annotated[str, typer.Argument(metavar="ACTION", help="check, show or new.")],
    what: Annotated[str, typer.Argument(metavar="CLAIM", help="A claim: id or file; for new, its words.")] = "",
    every: Annotated[bool, typer.Option("--all", help="Check every claim of the library.")] = False,
    points: Annotated[
        int, typer.Option("--points", metavar="N", min=0, max=4096, help="Settings of the assumptions.")
    ] = 48,
    replays: Annotated[
        int, typer.Option("--replays", metavar="N", min=2, max=999, help="Replays of each setting.")
    ] = 4,
    seed: Annotated[int, typer.Option("--seed", metavar="N", min=0, help="The luck and the sample.")] = 1,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="The new claim's file; for check, its settings as .csv."),
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Test what somebody says a regime does, over the whole assumption space.

      counterscore claim check green-channel
      counterscore claim check --all --points 24
      counterscore claim show green-channel
      counterscore claim new "Expiry shortens listing" --out claims/expiry.yaml

    The answer is one of five: holds in this model, does not hold in this model,
    depends on ..., too noisy to tell, cannot be tested here. A claim that does
    not hold is a result: exit code 0.
    """
    screen = Screen(json, quiet, no_color)
    if action == "new":
        return _new(what, out, screen)
    if action not in {"check", "show"}:
        raise UsageError(f'claim cannot "{action}"', suggestion="Write claim check, claim show or claim new.")
    from counterscore.claims import claim_ids, load_claim

    if not what and not every:
        raise UsageError("which claim?", suggestion="All: counterscore list claims, or counterscore claim check --all")
    chosen = [load_claim(name) for name in (claim_ids() if every else (what,))]
    if action == "show":
        for one in chosen:
            _show(one, screen)
        return None
    found = [_check(one, points, replays, seed, screen) for one in chosen]
    if out is not None:
        _save(found[0], out)
    if json:
        return screen.data({"claims": [_plain(one) for one in found]})
    for answer in found:
        _print(answer, screen)
    return None


def _check(one: Claim, points: int, replays: int, seed: int, screen: Screen) -> Found:
    from counterscore.claims import check_claim

    def progress(done: int, total: int) -> None:
        if total > 1 and (done == total or done % max(1, total // 10) == 0):
            screen.note(f"{one.id}   {done}/{total} settings")

    return check_claim(one, points=points, replays=replays, seed=seed, progress=progress)


def _print(found: Found, screen: Screen) -> None:
    one = found.claim
    screen.heading(f'"{one.text}"   ({one.speaker})')
    screen.paragraph(found.sentence)
    if one.testable:
        reached = f"{one.world}" + (f", compared with {one.against}" if one.against else "")
        screen.paragraph(
            f"Measure fixed before the run ({one.written}): {one.measure}, {one.what}, supported {one.supported_if}, in {reached}."
        )
        screen.paragraph(f"Reading: {' '.join(one.reading.split())}")
        screen.paragraph(f"Cannot show: {' '.join(one.cannot_show.split())}")
    if found.movers:
        screen.table(
            ("what moves it", "low third", "high third", "rank correlation", "elasticity", ""),
            [
                (
                    mover.path,
                    f"{mover.low:.4g}",
                    f"{mover.high:.4g}",
                    f"{mover.rank_correlation:+.2f}",
                    "" if mover.elasticity is None else f"{mover.elasticity:+.2f}",
                    "echo" if mover.echo else "",
                )
                for mover in found.movers[:_MOVERS]
            ],
            right=(1, 2, 3, 4),
        )
    screen.line()


def _show(one: Claim, screen: Screen) -> None:
    if screen.json:
        return screen.data(one.model_dump(mode="json", by_alias=True))
    screen.heading(f'"{one.text}"   ({one.id})')
    screen.line(f"said by     {one.speaker} ({one.side})")
    screen.line(f"source      {one.source.title} ({one.source.kind})")
    if one.testable:
        screen.line(f"measure     {one.measure}, {one.what}, supported {one.supported_if}   written {one.written}")
        screen.line(f"worlds      {one.world}" + (f" against {one.against}" if one.against else ""))
        screen.line(
            f"setting     {one.setting.residents:,} residents of {one.setting.city}, {one.setting.months} months"
        )
        screen.line(f"varied      {', '.join(one.vary) or 'nothing'}")
        screen.paragraph(f"Reading: {' '.join(one.reading.split())}")
    screen.paragraph(f"Cannot show: {' '.join(one.cannot_show.split())}")
    return screen.line()


def _new(text: str, out: Path | None, screen: Screen) -> None:
    if not text:
        raise UsageError("what is claimed?", suggestion='Write: counterscore claim new "Expiry shortens listing"')
    name = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:40].strip("-") or "claim"
    file = out or Path("claims") / f"{name}.yaml"
    if file.exists():
        raise UsageError(f"{file} exists already", suggestion="Choose another --out.")
    file.parent.mkdir(parents=True, exist_ok=True)
    quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    file.write_text(_NEW.format(id=name, text=quoted, today=datetime.date.today().isoformat()), encoding="utf-8")
    screen.line(f"Wrote  {file}")
    screen.next(f"counterscore claim check {file}")


def _save(found: Found, file: Path) -> None:
    import csv

    paths = sorted({path for point in found.points for path in point.values})
    with file.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow([*paths, "estimate", "low", "high", "holds"])
        for point in found.points:
            held = {True: "yes", False: "no", None: "unclear"}[point.holds]
            writer.writerow(
                [*(point.values.get(path, "") for path in paths), point.estimate, point.low, point.high, held]
            )


def _plain(found: Found) -> dict[str, Any]:
    return {
        "id": found.claim.id,
        "text": found.claim.text,
        "speaker": found.claim.speaker,
        "side": found.claim.side,
        "answer": found.answer,
        "sentence": found.sentence,
        "measure": found.claim.measure,
        "supported_if": str(found.claim.supported_if) if found.claim.supported_if else None,
        "share_of_clear_settings": found.share,
        "clear_settings": found.clear,
        "settings": len(found.points),
        "replays": found.replays,
        "condition": found.condition,
        "cannot_show": found.claim.cannot_show,
        "movers": [
            {
                "assumption": mover.path,
                "rank_correlation": mover.rank_correlation,
                "low_third": mover.low,
                "high_third": mover.high,
                "elasticity": mover.elasticity,
                "echo": mover.echo,
            }
            for mover in found.movers
        ],
        "at_the_assumptions_as_they_are": _as_they_are(found),
    }


def _as_they_are(found: Found) -> dict[str, Any] | None:
    if not found.points:
        return None
    first = found.points[0]
    return {"estimate": first.estimate, "low": first.low, "high": first.high, "range_kind": "replays"}
