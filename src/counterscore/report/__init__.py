"""A report one can hand over: one self-contained HTML file, rendered from saved results, limits first.

Adding a section is adding two files to ``report/sections``: see ``report/_section.py``.
"""

from counterscore.report._section import TEMPLATES, Report, Reported, Section
from counterscore.report.build import all_sections, build, check_place, check_template, write

__all__ = [
    "TEMPLATES",
    "Report",
    "Reported",
    "Section",
    "all_sections",
    "build",
    "check_place",
    "check_template",
    "write",
]
