"""Kinds of arrays that a city is made of."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Lots = npt.NDArray[np.uint32]
Columns = dict[str, npt.NDArray[Any]]
Bands = tuple[tuple[int, int], ...]
