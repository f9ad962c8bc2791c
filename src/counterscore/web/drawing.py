"""Drawings as parts of a page: in its colours, light or dark, and without anything the page's policy refuses."""

from __future__ import annotations

import math
import re

from counterscore.charts import palette

_SIZE = re.compile(r'<svg([^>]*?) width="([0-9.]+)" height="([0-9.]+)"')
_STYLE = re.compile(r'\sstyle="[^"]*"')
_SILENT = re.compile(r'\s(?:role|aria-roledescription|aria-hidden|aria-labelledby)="[^"]*"')
_TOLD = re.compile(r'\saria-label="([^"]*)"(?= data-row=)')
_OTHER_LABEL = re.compile(r'\saria-label="[^"]*"')
_COLOUR = re.compile(r'\b(fill|stroke)="(#[0-9a-fA-F]{3,6}|[a-z]+|rgb\([^)"]*\))"')
_ID = re.compile(r'\b(id="|url\(#|href="#)')
_WORDS = {"white": "#ffffff", "black": "#000000", "#fff": "#ffffff", "#000": "#000000"}


def themed(svg: str, id_: str) -> str:
    """An SVG that scales within the page, in the page's colours and without style of its own.

    The figure gives the drawing its words, so that its marks are silent; each keeps its row of the table as ``data-…``
    and in words as ``data-told``, for the walk through the chart. Names of its parts get ``id_`` before them.
    """
    wide = _SIZE.search(svg)
    natural = min(10, max(4, math.ceil(float(wide[2]) / 100))) if wide else 4
    svg = _SIZE.sub(r'<svg\1 viewBox="0 0 \2 \3"' if "viewBox=" not in svg[:400] else r"<svg\1", svg, count=1)
    svg = _TOLD.sub(r' data-told="\1"', svg)
    svg = _OTHER_LABEL.sub("", _SILENT.sub("", _STYLE.sub("", svg)))
    svg = _ID.sub(rf"\g<1>{id_}-", svg)
    svg = svg.replace("<svg ", f'<svg aria-hidden="true" focusable="false" data-natural="{natural}" ', 1)
    dark = {light.lower(): (light, other) for light, other in palette().items()}
    return _COLOUR.sub(lambda found: f'{found[1]}="{_both(found[2], dark)}"', svg)


def _both(colour: str, dark: dict[str, tuple[str, str]]) -> str:
    """A colour of the palette as what it is on a light and on a dark ground; any other as it is."""
    name = _WORDS.get(colour.lower(), colour.lower())
    if name.startswith("rgb("):
        name = "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", name)[:3])
    if name == "#000000":
        return "currentColor"
    found = dark.get(name)
    return f"light-dark({found[0]}, {found[1]})" if found else colour
