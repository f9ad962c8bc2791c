"""Drawings as parts of a page: in its colours, light or dark, and without anything the page's policy refuses."""

from __future__ import annotations

import re

#: Colours the charts are drawn with (``charts._style``) → the token of the page's style that takes their place.
_TOKENS = {
    "#2a2f36": "ink",
    "#2b62e0": "blue",
    "#d25600": "orange",
    "#17a093": "teal",
    "#6b7280": "grey",
    "#e3e6ea": "grid",
    "#9aa1ab": "axis",
    "#d5d9df": "line",
    "#f4f5f7": "ramp-none",
    "#99a1ac": "ramp-most",
    "white": "paper",
    "#fff": "paper",
    "#ffffff": "paper",
    "black": "ink",
    "#000": "ink",
    "#000000": "ink",
}
_NONE, _MOST = (0xF4, 0xF5, 0xF7), (0x99, 0xA1, 0xAC)  #: the ends of the ramp of greys
_COLOUR = re.compile(r'\b(fill|stroke)="(#[0-9a-fA-F]{3,6}|[a-z]+|rgb\([^)"]*\))"')
_STYLE = re.compile(r'\sstyle="[^"]*"')
_ROLE = re.compile(r'\s(?:role|aria-roledescription|aria-hidden|pointer-events)="[^"]*"')
_LABEL = re.compile(r'(<[a-z]+[^>]*?role="graphics-symbol"[^>]*?)\saria-label="([^"]*)"')
_OTHER_LABEL = re.compile(r'\saria-label="[^"]*"')


def themed(svg: str) -> str:
    """An SVG that scales within the page, is drawn in the page's colours, and has no style of its own."""
    svg = re.sub(r'(<svg[^>]*?) width="[^"]*" height="[^"]*"', r"\1", svg, count=1)
    svg = _LABEL.sub(
        r'\1 data-row="\2"', svg
    )  # the picture has its words around it; each mark keeps its row of the table
    svg = _OTHER_LABEL.sub("", _ROLE.sub("", _STYLE.sub("", svg)))
    svg = svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
    return _COLOUR.sub(lambda found: f'{found[1]}="{_token(found[2])}"', svg)


def _token(colour: str) -> str:
    known = _TOKENS.get(colour.lower())
    if known:
        return f"var(--{known})"
    parts = re.findall(r"\d+", colour) if colour.startswith("rgb(") else []
    if len(parts) == 3:
        share = (_NONE[0] - int(parts[0])) / (_NONE[0] - _MOST[0])
        if -0.02 <= share <= 1.02 and all(
            abs(int(part) - (a + share * (b - a))) < 4 for part, a, b in zip(parts, _NONE, _MOST, strict=True)
        ):
            return f"color-mix(in srgb, var(--ramp-most) {100 * min(1, max(0, share)):.0f}%, var(--ramp-none))"
    return colour
