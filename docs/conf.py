"""Sphinx settings; reference pages are generated from the code before each build."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from generate import write_reference

project = "counterscore"
author = "The counterscore authors"
extensions = ["myst_parser"]
myst_enable_extensions = ["deflist", "colon_fence"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = "counterscore"
exclude_patterns = ["_build", "conf.py", "generate.py"]
suppress_warnings = ["myst.header"]

write_reference(Path(__file__).parent / "reference")
