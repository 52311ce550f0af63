"""Options of the solver and of the pair: what form, TOML, terminal and help show. No torch here."""

from typing import ClassVar, Literal

from wganstudio.experiment import PairOptions, option, register
from wganstudio.experiment.sizes import Workload
from wganstudio.experiment.solvers import AdamSolverOptions

WGAN_DIV = "Wu, Huang, Thoma, Acharya & Van Gool, arXiv 1712.01026"


@register
class DivergenceOptions(AdamSolverOptions):
    """max E_P u - E_Q u - k E_sigma |grad u|^p."""

    title: ClassVar[str] = "DIV: Wasserstein divergence"
    summary: ClassVar[str] = (
        "WGAN-div: penalizes a power of the gradient's norm, and bounds it by no constant. Its optimum is "
        "another cost than W1: 2-Wasserstein-like flow for p = 2."
    )
    source: ClassVar[str] = WGAN_DIV
    implementation: ClassVar[str] = "wganstudio_example.divergence:DivergencePenalty"
    published_steps: ClassVar[int] = 10_000

    kind: Literal["div"] = "div"
    coefficient: float = option(
        2.0, "Coefficient k", "Weight of the penalty.", symbol="k", gt=0, le=1e6, source=WGAN_DIV
    )
    power: float = option(
        6.0, "Power p", "Power of the gradient's norm.", symbol="p", gt=1, le=16, source=WGAN_DIV
    )

    @property
    def samples_sigma(self) -> bool:
        """True: the penalty acts at points of sigma."""
        return True

    @property
    def gap_bounded_by_w1(self) -> bool:
        """False: nothing bounds the gradient's norm by 1."""
        return False

    def step_size(self, load: Workload) -> int:
        """Return the size of a step up the gap with the penalty."""
        return load.critic.passes(load.batch, 8)


@register
class HeavyTailsOptions(PairOptions):
    """P = shift e_1 + scale_p T and Q = scale_q T, where T has the spherical Student distribution on R^D."""

    title: ClassVar[str] = "Heavy tails (Student)"
    summary: ClassVar[str] = (
        "Two Student distributions, whose tails fall like a power; W1 is known for a common center, and for "
        "equal scales."
    )
    source: ClassVar[str] = "Kotz & Nadarajah, Multivariate t Distributions and Their Applications, 2004"
    implementation: ClassVar[str] = "wganstudio_example.heavy_tails:HeavyTailsPair"

    kind: Literal["heavy-tails"] = "heavy-tails"
    dim: int = option(2, "Dimension D", "Dimension of the space.", symbol="D", ge=1, le=1024)
    degrees: int = option(
        3,
        "Degrees of freedom",
        "Tails fall like |x| to the power of minus this number; with 2 the variance is infinite.",
        ge=2,
        le=100,
    )
    scale_p: float = option(1.0, "Scale of P", "Scale of every coordinate.", gt=0, le=1e6)
    scale_q: float = option(2.0, "Scale of Q", "Scale of every coordinate.", gt=0, le=1e6)
    shift: float = option(0.0, "Shift", "Distance of the centers along the first axis.", ge=0, le=1e6)
