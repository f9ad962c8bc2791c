"""A report one can hand over: one self-contained HTML file, rendered from saved results, limits first."""

from counterscore.report.build import TEMPLATES, build, write

__all__ = ["TEMPLATES", "build", "write"]
