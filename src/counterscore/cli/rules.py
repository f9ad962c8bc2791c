"""Commands about rule books without a city: check, diff and case."""

from __future__ import annotations
