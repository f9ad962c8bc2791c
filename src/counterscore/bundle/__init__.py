"""A run as evidence one can hand over: a bundle that verifies itself, citations, and an export for auditors."""

from counterscore.bundle.audit import audit
from counterscore.bundle.cite import bibtex, cff, citation
from counterscore.bundle.pack import is_bundle, pack
from counterscore.bundle.verify import Verdict, verify

__all__ = ["Verdict", "audit", "bibtex", "cff", "citation", "is_bundle", "pack", "verify"]
