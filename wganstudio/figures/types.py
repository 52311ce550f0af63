"""Types that all figures share."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.floating[Any]]
Range = tuple[float, float]
Table = dict[str, NDArray[Any]]
"""Columns of equal length by name."""
