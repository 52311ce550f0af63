"""Topics of `training.frames`: the plane, and the critic, generated samples, plan and atoms on it."""

from typing import Any

from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer

from wganstudio.training.topics import Arrays, ArraySpec, Dims, Topic, register_topic

PRODUCER = "wganstudio.training.frames:FrameSampler"


class PlaneAttributes(BaseModel):
    """The texts that belong to the plane, and the offsets of its coordinates, which float32 cannot hold."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    labels: tuple[str, ...]
    """Names of the plane's axes."""
    offsets: tuple[float, ...] = ()
    """Numbers to add to the coordinates along the axes to get those of the experiment; empty if all are 0."""
    origin: tuple[float, ...] = ()
    """The point [D] that was subtracted from all coordinates before training; empty if it is 0."""
    sigma_method: str
    """How sigma was computed."""

    @model_serializer(mode="wrap")
    def _without_zero_offsets(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in handler(self).items() if value not in ((), [])}


def _check_plane(arrays: Arrays, dims: Dims, attributes: Any) -> str:
    axes = dims["K"][0]
    shape = (*dims.get("m", ()), *dims["n"]) if axes == 2 else dims["n"]
    if axes not in (1, 2) or len(attributes.labels) != axes or dims["plane"] != shape or min(shape) < 2:
        return "the axes, labels and coordinates do not match"
    if len(attributes.offsets) not in (0, axes) or len(attributes.origin) not in (0, dims["D"][0]):
        return "the offsets do not match the axes"
    return ""


def _check_generated(arrays: Arrays, dims: Dims, attributes: Any) -> str:
    lonely = "nearest" in arrays and "generated" not in arrays
    return "nearest points are given without generated points" if lonely else ""


_FIELD = ArraySpec(("*plane",))
_OPTIONAL_FIELD = ArraySpec(("*plane",), optional=True)

PLANE = register_topic(
    Topic(
        "plane",
        {
            "origin": ArraySpec(("D",)),
            "axes": ArraySpec(("K", "D")),
            "x": ArraySpec(("n",)),
            "y": ArraySpec(("m",), optional=True),
            "sigma": _FIELD,
            "samples_p": ArraySpec(("p", "K")),
            "samples_q": ArraySpec(("q", "K")),
            "potential": _OPTIONAL_FIELD,
            "potential_norm": _OPTIONAL_FIELD,
            "image": ArraySpec((3,), optional=True),
        },
        attributes=PlaneAttributes,
        check=_check_plane,
        producer=PRODUCER,
    )
)
"""The plane that is shown and the pair on it, sent once.

`origin` [D] and `axes` [K, D] of the plane (K = 2, or 1 for D = 1); `x` [n] and, for K = 2, `y` [m], the
coordinates of its points; `samples_p`, `samples_q` [., K], samples in plane coordinates; `sigma` [m, n] ([n]
for K = 1), the density of sigma (D > 2: its marginal on the plane); where the true critic is known,
`potential` and the norm of its gradient, `potential_norm`; where points are images, `image`: channels,
height and width.
"""

GENERATED = register_topic(
    Topic(
        "generated",
        {
            "samples_q": ArraySpec(("q", "K")),
            "sigma": _OPTIONAL_FIELD,
            "generated": ArraySpec(("k", "D"), optional=True),
            "nearest": ArraySpec(("k", "D"), optional=True),
        },
        live=True,
        frame=True,
        check=_check_generated,
        producer=PRODUCER,
    )
)
"""Current samples of a generator: `samples_q` and `sigma` take the place of the plane's; for D > 2 also
`generated` [k, D], generated points, and `nearest` [k, D], the atom of P nearest to each."""

PLAN = register_topic(
    Topic(
        "plan",
        {
            "sources": ArraySpec(("k", "D")),
            "partners": ArraySpec(("k", "s", "D")),
            "shares": ArraySpec(("k", "s")),
            "effective_count": ArraySpec(("k",)),
        },
        live=True,
        frame=True,
        producer=PRODUCER,
    )
)
"""Rows of the transport plan: `sources` [k, D], points of Q; `partners` [k, s, D], the atoms that receive
most of the mass of each, with their `shares`; `effective_count`, 1 / sum p^2 over all atoms."""

ATOMS = register_topic(
    Topic(
        "atoms",
        {
            "atoms": ArraySpec(("n", "K")),
            "weights": ArraySpec(("n",)),
            "psi": ArraySpec(("n",)),
            "scale": ArraySpec((1,), optional=True),
        },
        live=True,
        frame=True,
        producer=PRODUCER,
    )
)
"""A dual over atoms on the line or the plane: `atoms`, their `weights`, the potential `psi`, and `scale`, by
which the cost is divided (absent in the oldest sessions)."""

SIGMA_SAMPLES = register_topic(
    Topic(
        "sigma-samples",
        {"sigma_points": ArraySpec(("k", "K")), "sigma_norms": ArraySpec(("k",))},
        live=True,
        frame=True,
        producer=PRODUCER,
    )
)
"""For D > 2, the critic at samples of sigma, those of the topic gradient-norms: `sigma_points` [k, K], their
projections onto the plane, and `sigma_norms` [k], |grad u| in all of space (absent in older sessions and
for a custom sigma, whose values on the plane are shown)."""

CRITIC = register_topic(
    Topic(
        "critic",
        {"u": _FIELD, "gradient_norm": _FIELD, "gradient": ArraySpec(("K", "*plane"), optional=True)},
        live=True,
        frame=True,
        producer=PRODUCER,
    )
)
"""The critic on the plane: `u`, `gradient_norm` = |grad u| in all of space, and `gradient`, grad u in the
plane's axes (absent in the oldest sessions). It is the last snapshot of a frame and completes it."""
