"""Speed limits: own sigma over a box, from a formula or an image."""

from pathlib import Path
from typing import NoReturn

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from wganstudio.experiment import BadExperiment, Problem
from wganstudio.experiment.formula import Formula
from wganstudio.experiment.pairs import broadcast
from wganstudio.experiment.sigmas import FormulaSigmaOptions, ImageSigmaOptions, SpeedLimitsOptions
from wganstudio.pairs.base import Distribution, Pair, make_rng
from wganstudio.pairs.hat_functions import reach

Floats = NDArray[np.float64]

TAIL = 4.0
"""Standard deviations of a normal law that the box holds where none is given."""
CELLS = 128
"""Cells along the longer side of the box, in each of which a formula is constant (D <= 2)."""
MOST_BYTES = 16 << 20
SIDES = (8, 1024)
"""Pixels that a side of an image may have."""
POOL = 1 << 18
LEAST_SHARE = 1e-3
"""Share of the box that sigma must fill at least where D > 2: fewer points would see it by luck alone."""
LEAST_MASS = 1e-3


def bad(message: str, field: str = "") -> NoReturn:
    """Refuse speed limits that will not do, in one sentence."""
    raise BadExperiment(Problem(f"sigma.{field}" if field else "sigma", message))


class ClampedDistribution:
    """A law whose mass beyond the box [low, high] lies on its border."""

    def __init__(self, law: Distribution, low: Floats, high: Floats) -> None:
        self.law, self.dim = law, law.dim
        self._corners = low, high

    def sample(self, count: int, make_rng: torch.Generator) -> Tensor:
        """`count` samples, float32 [count, D], all in the box."""
        corners = (torch.as_tensor(c, dtype=torch.float32, device=make_rng.device) for c in self._corners)
        return self.law.sample(count, make_rng).clamp(*corners)


class CustomSigma:
    """Own sigma over the box [low, high]; `name` says what it is."""

    low: Floats
    high: Floats
    name: str

    def confined(self, law: Distribution) -> Distribution:
        """The law with what lies beyond the box on its border, where sigma is not 0."""
        return ClampedDistribution(law, self.low, self.high)

    def points(self, x: Tensor, y: Tensor, make_rng: torch.Generator) -> tuple[Tensor, Tensor | None]:
        """len(x) points of the box, and their weights."""
        raise NotImplementedError

    def density(self, points: Floats) -> Floats:
        """sigma [n] at points [n, D]: it integrates to 1, and is 0 beyond the box."""
        raise NotImplementedError

    @property
    def error(self) -> float:
        """Relative standard error of the density's scale."""
        return 0.0


class GridSigma(CustomSigma):
    """sigma constant on each of the equal square cells, [n] or [n, m], that cover the box.

    The cells reach to the box's corners and, along its shorter side, perhaps beyond. `values` are scaled to
    integrate to 1. BadExperiment where they are negative, not finite or zero throughout.
    """

    def __init__(self, values: Floats, low: Floats, high: Floats, name: str = "own sigma") -> None:
        if values.ndim != len(low) or min(values.shape) < 2 or not _from_0_up(values):
            bad("speed limits are a table of numbers from 0 up, at least 2 x 2; give finite ones")
        if values.max() <= 0:
            bad("sigma is 0 everywhere, so that nothing can flow; open some of it")
        self.name = name
        self.edges = square_cells(values.shape, low, high)
        self.low, self.high = (np.array([edge[end] for edge in self.edges]) for end in (0, -1))
        self.step = float(self.edges[0][1] - self.edges[0][0])
        self.values: Floats = values / (values.sum() * self.step**values.ndim)
        self._below = torch.as_tensor(np.cumsum(values) / values.sum(), dtype=torch.float64)

    def points(self, x: Tensor, y: Tensor, make_rng: torch.Generator) -> tuple[Tensor, None]:
        """Samples of sigma itself: a cell by its mass, and any place in it."""
        device, dim = make_rng.device, self.values.ndim
        self._below = self._below.to(device)
        rng = torch.rand(len(x), dtype=torch.float64, generator=make_rng, device=device)
        cell = torch.searchsorted(self._below, rng, right=True).clamp_(max=self.values.size - 1)
        place = torch.rand((len(x), dim), generator=make_rng, device=device)
        rows = torch.stack((cell // self.values.shape[-1], cell % self.values.shape[-1])[-dim:], dim=1)
        low = torch.as_tensor(self.low, dtype=torch.float32, device=device)
        return low + (rows + place) * self.step, None

    def density(self, points: Floats) -> Floats:
        """sigma [n] at points [n, D]."""
        cells = np.floor((points - self.low) / self.step).astype(int)
        inside = np.all((points >= self.low) & (points <= self.high), axis=1)
        index = tuple(np.clip(c, 0, n - 1) for c, n in zip(cells.T, self.values.shape, strict=True))
        return np.where(inside, self.values[index], 0.0)


class FormulaSigma(CustomSigma):
    """sigma as a formula over a box of any dimension: points anywhere in the box, weighted with sigma.

    Its integral is estimated from 2^18 points.
    """

    def __init__(self, formula: Formula, low: Floats, high: Floats, name: str) -> None:
        self.name, self.low, self.high, self._formula = name, low, high, formula
        self._mean = 1.0
        rng = make_rng("cpu", 0, 5)
        parts = [self._anywhere(1 << 12, rng)[1].double().numpy() for _ in range(POOL >> 12)]
        values = np.concatenate(parts)
        if not _from_0_up(values):
            bad("speed limits are numbers from 0 up; this formula gives others", "formula")
        share = values.mean() ** 2 / max(float(np.square(values).mean()), 1e-300)
        if share < LEAST_SHARE:
            bad(f"sigma fills only {share:.1g} of the box, too little to be seen; give a tighter box", "low")
        self._mean = float(values.mean())
        self._error = float(np.sqrt((1 / share - 1) / POOL))

    @property
    def error(self) -> float:
        """Relative standard error of the density's scale."""
        return self._error

    def points(self, x: Tensor, y: Tensor, make_rng: torch.Generator) -> tuple[Tensor, Tensor]:
        """Points anywhere in the box, weighted with sigma times the box's volume."""
        return self._anywhere(len(x), make_rng)

    def density(self, points: Floats) -> Floats:
        """sigma [n] at points [n, D]."""
        inside = np.all((points >= self.low) & (points <= self.high), axis=1)
        scale = np.exp(-np.log(self.high - self.low).sum()) / self._mean
        return np.where(inside, self._formula(points) * scale, 0.0)

    def _anywhere(self, count: int, rng: torch.Generator) -> tuple[Tensor, Tensor]:
        low, size = (
            torch.as_tensor(part, dtype=torch.float32, device=rng.device)
            for part in (self.low, self.high - self.low)
        )
        points = low + size * torch.rand((count, len(low)), generator=rng, device=rng.device)
        values = self._formula(points.cpu().double().numpy()) / self._mean
        return points, torch.as_tensor(values, dtype=torch.float32, device=rng.device)


def from_formula(options: FormulaSigmaOptions, pair: Pair) -> CustomSigma:
    """The speed limits of a formula, for a pair of any dimension."""
    low, high = box(options, pair)
    formula, name = Formula(options.formula), f"sigma = {options.formula}"
    try:
        if pair.dim > 2:
            limits = FormulaSigma(formula, low, high, name)
            _let_through(limits, pair)
            return limits
        middles = [(edge[1:] + edge[:-1]) / 2 for edge in square_cells(_shape(low, high), low, high)]
        points = np.stack(np.meshgrid(*middles, indexing="ij"), axis=-1)
        values = formula(points.reshape(-1, pair.dim)).reshape(points.shape[:-1])
    except ValueError as error:
        if isinstance(error, BadExperiment):
            raise
        bad(str(error), "formula")
    return GridSigma(values, low, high, name)


def from_image(options: ImageSigmaOptions, pair: Pair) -> GridSigma:
    """The speed limits of an image, for a pair of the plane."""
    if pair.dim != 2:
        bad(f"an image covers the plane, but the pair has dimension {pair.dim}; use a formula", "kind")
    return GridSigma(gray(options.file), *box(options, pair), f"the speed limits of {options.file}")


def box(options: SpeedLimitsOptions, pair: Pair) -> tuple[Floats, Floats]:
    """Corners of the box that the limits cover."""
    if options.low is not None and options.high is not None:
        for name, corner in (("low", options.low), ("high", options.high)):
            if isinstance(corner, tuple) and len(corner) != pair.dim:
                bad(f"the corner has {len(corner)} entries but the pair dimension {pair.dim}", name)
        low, high = (np.array(broadcast(corner, pair.dim)) for corner in (options.low, options.high))
        if not np.all(low < high):
            bad("the upper corner must exceed the lower one in every coordinate", "high")
        return low, high
    try:
        corners = [reach(law, TAIL) for law in (pair.p, pair.q)]
    except TypeError:
        bad("how far this pair's laws reach is not known; give the corners low and high of a box", "low")
    return np.minimum(*(c[0] for c in corners)), np.maximum(*(c[1] for c in corners))


def square_cells(shape: tuple[int, ...], low: Floats, high: Floats) -> tuple[Floats, ...]:
    """Edges, [n + 1] each, of `shape` equal square cells that cover a box and have its middle."""
    step = float(((high - low) / shape).max())
    return tuple(c + step * (np.arange(k + 1) - k / 2) for c, k in zip((low + high) / 2, shape, strict=True))


def _shape(low: Floats, high: Floats) -> tuple[int, ...]:
    step = float((high - low).max()) / CELLS
    return tuple(np.maximum(np.ceil((high - low) / step - 1e-9).astype(int), 2).tolist())


def gray(path: str) -> Floats:
    """Gray values 0 to 1, [n, m] along x and y, of a PNG file: black is closed, white is fastest.

    BadExperiment where it is not a PNG of 8 to 1,024 pixels a side; its size is read before it is unpacked.
    """
    if not path:
        bad("no image is given; choose a PNG file, or paint one in the menu Run", "file")
    try:
        with Path(path).open("rb") as file:
            head = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        bad(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}", "file")
    if head[:8] != b"\x89PNG\r\n\x1a\n" or head[12:16] != b"IHDR" or len(head) > MOST_BYTES:
        bad(f"{path} is not a PNG image of at most 16 MiB; save the speed limits as one", "file")
    width, height = (int.from_bytes(head[k : k + 4], "big") for k in (16, 20))
    if not all(SIDES[0] <= side <= SIDES[1] for side in (width, height)):
        bad(f"{path} has {width} x {height} pixels; a side may have 8 to 1024", "file")
    from io import BytesIO

    from matplotlib.image import imread

    try:
        pixels = np.asarray(imread(BytesIO(head), format="png"), dtype=float)
    except Exception:  # a broken file: whatever its decoder makes of it
        bad(f"{path} is a broken PNG image; save it again", "file")
    if pixels.ndim == 3:
        colors = 1 if pixels.shape[2] == 2 else min(3, pixels.shape[2])  # what follows is transparency
        pixels = pixels[..., :colors].mean(axis=2)
    return np.ascontiguousarray(pixels[::-1].T)


def _let_through(limits: CustomSigma, pair: Pair) -> None:
    """Where mass lies sigma must be open; whether there is a way between is not checked for D > 2."""
    for k, law in enumerate((pair.p, pair.q)):
        rng = make_rng("cpu", 0, 6 + k)
        samples = np.clip(law.sample(1 << 12, rng).double().numpy(), limits.low, limits.high)
        closed = float((limits.density(samples) <= 0).mean())
        if closed > LEAST_MASS:
            bad(f"{closed:.1%} of a law's mass lies where sigma is 0: the cost is infinite; open it there")


def _from_0_up(values: Floats) -> bool:
    return bool(np.isfinite(values).all() and values.min() >= 0)
