"""How claims and their answers are printed: a card for one, a table for many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from counterscore.cli.screen import Screen

if TYPE_CHECKING:
    from counterscore.claims import Claim, Found

_MOVERS = 6
_NEARLY_SURE = 0.001


def print_answers(found: Sequence[Found], screen: Screen, *, cards: bool) -> None:
    """Answers to several claims as a table, and each as a card if asked for."""
    if len(found) > 1:
        _table(found, screen)
    if cards or len(found) == 1:
        for one in found:
            print_card(one, screen)


def print_claim(one: Claim, screen: Screen) -> None:
    """A claim as it was written, before any run."""
    screen.heading(f'"{one.text}"   ({one.id})')
    screen.line(f"said by     {one.speaker} ({one.side})")
    screen.line(f"source      {one.source.title} ({one.source.kind})")
    if one.testable:
        screen.line(f"measure     {one.measure}, {one.what}, supported {one.supported_if}   written {one.written}")
        screen.line(f"worlds      {one.world}" + (f" against {one.against}" if one.against else ""))
        screen.line(f"setting     {one.setting.residents:,} residents of {one.where}, {one.setting.months} months")
        screen.line(f"varied      {', '.join(one.vary) or 'nothing'}")
        _words(one, screen)
    screen.paragraph(f"Cannot show: {_flat(one.cannot_show)}")
    screen.line()


def print_card(found: Found, screen: Screen) -> None:
    """One answer with all it rests on."""
    one = found.claim
    screen.heading(f'"{one.text}"   ({one.speaker})')
    screen.paragraph(found.sentence)
    if one.testable:
        screen.paragraph(f"Design: {found.planned} settings, {found.replays} replicates each; {found.design}")
        reached = f"{one.world}" + (f", compared with {one.against}" if one.against else "")
        screen.paragraph(
            f"Measure fixed before the run ({one.written}): {one.measure}, {one.what}, supported {one.supported_if}, in {reached}."
        )
        _words(one, screen)
        screen.paragraph(f"Cannot show: {_flat(one.cannot_show)}")
        _as_they_are(found, screen)
        _flips(found, screen)
        _movers(found, screen)
        screen.paragraph(f"Made by: {made_by(found)}")
    screen.line()


def made_by(found: Found) -> str:
    """The command that gives this answer again; a claim of one's own is named by its file."""
    from counterscore.claims import claim_ids

    name = found.claim.id if found.claim.id in claim_ids() else found.claim.document.file or f"{found.claim.id}.yaml"
    return f"counterscore claim check {name} --points {found.planned} --replicates {found.replays} --seed {found.seed}"


def _words(one: Claim, screen: Screen) -> None:
    screen.paragraph(f"Reading: {_flat(one.reading)}")
    screen.paragraph(f"It would hold: {_flat(one.would_hold)}")
    screen.paragraph(f"It would not: {_flat(one.would_not_hold)}")
    repeats = one.measured.echo_of if one.measured else ""
    if one.echo or repeats:
        screen.paragraph(f"Echo: {_flat(one.echo) or 'the measure repeats ' + repeats}")


def _as_they_are(found: Found, screen: Screen) -> None:
    point = found.as_they_are
    if point is None:
        return
    if point.estimate is None:
        screen.paragraph("At the assumptions as they are there is nothing to measure.")
        return
    missing = len(point.results) - len(point.told)
    hidden = f"not defined in {missing} of {len(point.results)} replicates" if missing else "chance hides it"
    told = {True: "it holds", False: "it does not hold", None: hidden}[point.holds]
    interval = (
        ""
        if point.low is None
        else f" ({point.low:.4g} to {point.high:.4g}: mean of {len(point.told)} replicates, chance only, these residents)"
    )
    screen.paragraph(f"At the assumptions as they are: {point.estimate:.4g}{interval}; {told}.")


def _flips(found: Found, screen: Screen) -> None:
    if found.flips:
        screen.table(
            ("what flips it", "median where it holds", "where it does not", "distance", "by chance"),
            [
                (
                    flip.path,
                    f"{flip.where_it_holds:.3g}",
                    f"{flip.where_not:.3g}",
                    f"{flip.distance:.2f}",
                    _chance(flip.chance),
                )
                for flip in found.flips[:_MOVERS]
            ],
            right=(1, 2, 3, 4),
        )
    if found.box is not None:
        box = found.box
        screen.paragraph(
            f"These borders hold {100 * box.coverage:.0f} % of the settings in which it holds, and sort settings they were not "
            f"drawn from rightly in {100 * box.right:.0f} of 100 cases; a guess does in {100 * box.guess:.0f}."
        )


def _movers(found: Found, screen: Screen) -> None:
    told = [mover for mover in found.movers if mover.told][:_MOVERS]
    if not told:
        if found.points:
            screen.paragraph(f"No assumption is seen to move the result in {len(found.points)} settings.")
        return
    screen.table(
        ("what moves it", "low third", "high third", "rank correlation", "by chance", "elasticity", ""),
        [
            (
                mover.path,
                f"{mover.low:.4g}",
                f"{mover.high:.4g}",
                f"{mover.rank_correlation:+.2f}",
                _chance(mover.chance),
                "" if mover.elasticity is None else f"{mover.elasticity:+.2f}",
                "echo" if mover.echo else "",
            )
            for mover in told
        ],
        right=(1, 2, 3, 4, 5),
    )


def _table(found: Sequence[Found], screen: Screen) -> None:
    screen.table(
        (
            "claim",
            "side",
            "answer",
            "holds in",
            "settings clear",
            "as they are",
            "supported",
            "moved or flipped most by",
        ),
        [
            (
                one.claim.id,
                one.claim.side,
                one.answer.removesuffix(" in this model") + (" (partial)" if one.partial else ""),
                _share(one),
                f"{one.share.clear}/{len(one.points)}" if one.claim.testable else "",
                f"{one.as_they_are.estimate:.3g}" if one.as_they_are and one.as_they_are.estimate is not None else "",
                str(one.claim.supported_if or ""),
                _most(one),
            )
            for one in found
        ],
        right=(4, 5),
    )
    tested = next((one for one in found if one.claim.testable), None)
    if tested is not None:
        screen.line()
        screen.paragraph(
            "Holds in: share of the clear settings, with its 90 % interval over the assumptions; echo: the result repeats that "
            "input. As they are: the measure at the assumptions as their files have them. Each with reasons and limits: "
            + made_by(tested).replace(tested.claim.id, "ID", 1)
        )


def _share(one: Found) -> str:
    share = one.share
    if share.value is None or share.low is None or share.high is None:
        return ""
    return f"{100 * share.value:.0f} % ({100 * share.low:.0f} to {100 * share.high:.0f})"


def _most(one: Found) -> str:
    if one.flips:
        return ", ".join(flip.path for flip in one.flips[:2])
    if one.flat:
        return "the rule book (echo)"
    told = [f"{mover.path}{' (echo)' if mover.echo else ''}" for mover in one.movers if mover.told]
    return ", ".join(told[:2])


def _chance(value: float) -> str:
    return f"< {_NEARLY_SURE}" if value < _NEARLY_SURE else f"{value:.3f}"


def _flat(text: str) -> str:
    return " ".join(text.split())
