"""Reforms: files of differences, applied to a regime. What differs between two regimes: ``difference``.

A reform changes the plain data of a regime, which is then read and checked again like any file. What a
reform changed keeps its place in the reform's file, so that traces and messages cite the right line.
"""

from __future__ import annotations

from counterscore.regime.reform.applying import apply
from counterscore.regime.reform.edits import Edit, Reform
from counterscore.regime.reform.reading import read_reform
from counterscore.regime.reform.whom import levels_in_words, unbound_in_words

__all__ = ["Edit", "Reform", "apply", "levels_in_words", "read_reform", "unbound_in_words"]
