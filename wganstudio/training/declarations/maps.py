"""Topics of `training.maps`: where the solver's maps carry samples and a regular grid."""

from typing import Any

from wganstudio.training.declarations.frames import PRODUCER
from wganstudio.training.topics import Arrays, ArraySpec, Dims, Topic, register_topic


def _check(arrays: Arrays, dims: Dims, attributes: Any) -> str:
    if ("true_ends" in arrays) != ("error" in arrays):
        return "true_ends and error belong together"
    if "line" in arrays and "grid" not in arrays:
        return "a line is given without its grid"
    if "grid" in arrays:
        nodes, axes = dims["grid"], dims["K"][0]
        if len(nodes) != axes or min(nodes) < 2 or (axes == 1 and "line" not in arrays):
            return "the grid does not match the plane"
    return ""


_ARRAYS = {
    "starts": ArraySpec(("k", "K")),
    "ends": ArraySpec(("k", "K")),
    "distance": ArraySpec(("k",)),
    "true_ends": ArraySpec(("k", "K"), optional=True),
    "error": ArraySpec(("k",), optional=True),
    "grid": ArraySpec(("*grid", "K"), optional=True),
    "line": ArraySpec(("*grid", "K"), optional=True),
}

MAP_TO_Q, MAP_TO_P = (
    register_topic(Topic(name, _ARRAYS, live=True, frame=True, check=_check, producer=PRODUCER))
    for name in ("map-to-q", "map-to-p")
)
"""The solver's map from P to Q, and from Q to P, on the plane.

`starts` [k, K] are samples, `ends` their images, `distance` [k] how far they move in all of space; where the
pair's map is known `true_ends` [k, K] and `error` [k], the distance from them; for D = 2 `grid` [m, n, 2],
the image of a regular grid, for D = 1 `grid` [m, 1], the image of the nodes `line` [m, 1].
"""
