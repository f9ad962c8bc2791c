"""Reforms."""
from __future__ import annotations
from typing import Any
class Reform: title=""; id=""; changes: Any=()
def read_reform(file, name=None): raise NotImplementedError
def apply(regime, reform): raise NotImplementedError
