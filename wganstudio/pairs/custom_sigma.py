"""Custom sigma: a speed-limit field over a box, given by a formula or an image."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import NoReturn

import numpy as np
import torch
from numpy.typing import NDArray
from PIL.Image import Image
from PIL.PngImagePlugin import PngImageFile
from torch import Tensor

from wganstudio.experiment import BadExperiment, Problem
from wganstudio.experiment.formula import Formula
from wganstudio.experiment.pairs import broadcast
from wganstudio.experiment.sigmas import FormulaSigmaOptions, ImageSigmaOptions, SpeedLimitsOptions
from wganstudio.pairs.base import CellwiseDensity, Distribution, Pair, Sigma, make_rng

Floats = NDArray[np.float64]
Field = Callable[[Floats], Floats]
"""Returns values [n] at points [n, D]."""

TAIL = 4.0
"""Standard deviations of a Gaussian that the default box holds."""
CELLS = 128
"""Cells along the longer side of the box, in each of which a formula is constant (D <= 2)."""
MAX_BYTES = 16 << 20
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
SIDES = (8, 1024)
"""Pixels that a side of an image may have."""
POOL = 1 << 18
"""Points from which the integral of a formula is estimated."""
MIN_SHARE = 1e-3
"""Share of the box that sigma must fill at least where D > 2: with less, hardly a sample meets it."""
MAX_BLOCKED_MASS = 1e-3
"""Share of P or Q that may lie where sigma is 0."""


def refuse_sigma(message: str, field: str = "") -> NoReturn:
    """Raise BadExperiment with one sentence about sigma, or about one of its settings."""
    raise BadExperiment(Problem(f"sigma.{field}" if field else "sigma", message))


class ClampedDistribution(Distribution):
    """A distribution whose mass beyond the box [low, high] lies on its border."""

    def __init__(self, free: Distribution, low: Floats, high: Floats) -> None:
        self.free, self.dim = free, free.dim
        self._corners = low, high

    def sample(self, count: int, rng: torch.Generator) -> Tensor:
        """Return `count` samples, float32 [count, D], all in the box."""
        corners = (torch.as_tensor(c, dtype=torch.float32, device=rng.device) for c in self._corners)
        return self.free.sample(count, rng).clamp(*corners)

    def support_box(self, tail: float) -> tuple[Floats, Floats] | None:
        """Return the box of the free distribution, clamped."""
        corners = self.free.support_box(tail)
        if corners is None:
            return None
        return np.clip(corners[0], *self._corners), np.clip(corners[1], *self._corners)

    def hat_masses(self, x: Floats, y: Floats) -> Floats | None:
        """Return the masses if the grid lies in the box: hat functions are constant beyond it."""
        low, high = self._corners
        within = low[0] <= x[0] and x[-1] <= high[0] and low[1] <= y[0] and y[-1] <= high[1]
        return self.free.hat_masses(x, y) if within else None

    def corner_masses(self, x: Floats, y: Floats) -> Floats | None:
        """Return the corner masses of the free distribution: those on the border of the box are left out."""
        return self.free.corner_masses(x, y)

    def density_bounds(self, x: Floats, y: Floats) -> tuple[Floats, Floats] | None:
        """Return bounds of the density, that of the free distribution within the box."""
        return self.free.density_bounds(x, y)


class CustomSigma(Sigma):
    """A density over the box [low, high] that the user gives; `name` describes it."""

    is_custom = True

    low: Floats
    high: Floats
    name: str

    def clamped(self, distribution: Distribution) -> Distribution:
        """Return the distribution with its mass beyond the box moved to the border, where sigma is not 0."""
        return ClampedDistribution(distribution, self.low, self.high)

    def density(self, points: Floats) -> Floats:
        """Return sigma [n] at points [n, D]: it integrates to 1 and is 0 beyond the box."""
        raise NotImplementedError

    @property
    def error(self) -> float:
        """Relative standard error of the density's scale."""
        return 0.0


class GridSigma(CustomSigma):
    """A sigma that is constant on each of the equal square cells, [n] or [n, m], that cover the box.

    The cells reach to the box's corners and, along its shorter side, perhaps beyond. `values` are scaled to
    integrate to 1.
    Raises BadExperiment if they are negative, not finite or zero everywhere.
    """

    def __init__(self, values: Floats, low: Floats, high: Floats, name: str = "custom sigma") -> None:
        if values.ndim != len(low) or min(values.shape) < 2 or not _is_nonnegative(values):
            refuse_sigma("sigma must be a table of finite numbers from 0 up, at least 2 x 2")
        if values.max() <= 0:
            refuse_sigma("sigma is 0 everywhere, so no mass can flow; make it positive somewhere")
        self.name = name
        self.edges = square_cells(values.shape, low, high)
        self.low, self.high = (np.array([edge[end] for edge in self.edges]) for end in (0, -1))
        self.step = float(self.edges[0][1] - self.edges[0][0])
        self.values: Floats = values / (values.sum() * self.step**values.ndim)
        self._below = torch.as_tensor(np.cumsum(values) / values.sum(), dtype=torch.float64)

    def cells(self) -> CellwiseDensity:
        """Return the density itself."""
        return self

    def points(self, x: Tensor, y: Tensor, rng: torch.Generator) -> tuple[Tensor, None]:
        """Return samples of sigma itself: a cell by its mass, and a uniform point in it."""
        device, dim = rng.device, self.values.ndim
        self._below = self._below.to(device)
        unit = torch.rand(len(x), dtype=torch.float64, generator=rng, device=device)
        cell = torch.searchsorted(self._below, unit, right=True).clamp_(max=self.values.size - 1)
        place = torch.rand((len(x), dim), generator=rng, device=device)
        rows = torch.stack((cell // self.values.shape[-1], cell % self.values.shape[-1])[-dim:], dim=1)
        low = torch.as_tensor(self.low, dtype=torch.float32, device=device)
        return low + (rows + place) * self.step, None

    def density(self, points: Floats) -> Floats:
        """Return sigma [n] at points [n, D]."""
        cells = np.floor((points - self.low) / self.step).astype(int)
        inside = np.all((points >= self.low) & (points <= self.high), axis=1)
        index = tuple(np.clip(c, 0, n - 1) for c, n in zip(cells.T, self.values.shape, strict=True))
        return np.where(inside, self.values[index], 0.0)


class FormulaSigma(CustomSigma):
    """A sigma given by a formula over a box of any dimension: uniform points of the box, weighted with sigma.

    Its integral is estimated from 2^18 points.
    """

    def __init__(self, formula: Field, low: Floats, high: Floats, name: str) -> None:
        self.name, self.low, self.high, self._formula = name, low, high, formula
        self._mean = 1.0
        rng = make_rng("cpu", 0, 5)
        parts = [self._uniform_points(1 << 12, rng)[1].double().numpy() for _ in range(POOL >> 12)]
        values = np.concatenate(parts)
        if not _is_nonnegative(values):
            refuse_sigma("sigma must be finite numbers from 0 up; this formula gives others", "formula")
        share = values.mean() ** 2 / max(float(np.square(values).mean()), 1e-300)
        if share < MIN_SHARE:
            refuse_sigma(
                f"sigma fills only {share:.1g} of the box, too little to sample; give a tighter box", "low"
            )
        self._mean = float(values.mean())
        self._error = float(np.sqrt((1 / share - 1) / POOL))

    @property
    def error(self) -> float:
        """Relative standard error of the density's scale."""
        return self._error

    def points(self, x: Tensor, y: Tensor, rng: torch.Generator) -> tuple[Tensor, Tensor]:
        """Return uniform points of the box, weighted with sigma times the volume of the box."""
        return self._uniform_points(len(x), rng)

    def density(self, points: Floats) -> Floats:
        """Return sigma [n] at points [n, D]."""
        inside = np.all((points >= self.low) & (points <= self.high), axis=1)
        scale = np.exp(-np.log(self.high - self.low).sum()) / self._mean
        return np.where(inside, self._formula(points) * scale, 0.0)

    def _uniform_points(self, count: int, rng: torch.Generator) -> tuple[Tensor, Tensor]:
        low, size = (
            torch.as_tensor(part, dtype=torch.float32, device=rng.device)
            for part in (self.low, self.high - self.low)
        )
        points = low + size * torch.rand((count, len(low)), generator=rng, device=rng.device)
        values = self._formula(points.cpu().double().numpy()) / self._mean
        return points, torch.as_tensor(values, dtype=torch.float32, device=rng.device)


def from_formula(options: FormulaSigmaOptions, pair: Pair) -> CustomSigma:
    """Return the sigma of a formula in the coordinates of the options, for a pair of any dimension."""
    low, high = sigma_box(options, pair)
    typed, name = Formula(options.formula), f"sigma = {options.formula}"

    def formula(points: Floats) -> Floats:
        return typed(points + pair.origin)

    try:
        if pair.dim > 2:
            sigma = FormulaSigma(formula, low, high, name)
            _require_open(sigma, pair)
            return sigma
        middles = [(edge[1:] + edge[:-1]) / 2 for edge in square_cells(_shape(low, high), low, high)]
        points = np.stack(np.meshgrid(*middles, indexing="ij"), axis=-1)
        values = formula(points.reshape(-1, pair.dim)).reshape(points.shape[:-1])
    except BadExperiment:
        raise
    except ValueError as error:
        refuse_sigma(str(error), "formula")
    return GridSigma(values, low, high, name)


def from_image(options: ImageSigmaOptions, pair: Pair) -> GridSigma:
    """Return the sigma of an image, for a pair of the plane."""
    if pair.dim != 2:
        refuse_sigma(
            f"an image defines sigma in the plane, but the pair has dimension {pair.dim}; use a formula",
            "kind",
        )
    return GridSigma(
        read_gray_png(options.file), *sigma_box(options, pair), f"the speed limits of {options.file}"
    )


def sigma_box(options: SpeedLimitsOptions, pair: Pair) -> tuple[Floats, Floats]:
    """Return the corners of the box that sigma covers, less the origin of the pair."""
    if options.low is not None and options.high is not None:
        for name, corner in (("low", options.low), ("high", options.high)):
            if isinstance(corner, tuple) and len(corner) != pair.dim:
                refuse_sigma(
                    f"the corner has {len(corner)} entries, but the pair has dimension {pair.dim}", name
                )
        low, high = (np.array(broadcast(corner, pair.dim)) for corner in (options.low, options.high))
        if not np.all(low < high):
            refuse_sigma("the upper corner must exceed the lower one in every coordinate", "high")
        return low - pair.origin, high - pair.origin
    of_p, of_q = pair.p.support_box(TAIL), pair.q.support_box(TAIL)
    if of_p is None or of_q is None:
        refuse_sigma("the support of this pair is unknown; give the corners low and high of a box", "low")
    return np.minimum(of_p[0], of_q[0]), np.maximum(of_p[1], of_q[1])


def square_cells(shape: tuple[int, ...], low: Floats, high: Floats) -> tuple[Floats, ...]:
    """Return the edges, [n + 1] each, of `shape` equal square cells that cover a box and have its middle."""
    step = float(((high - low) / shape).max())
    return tuple(c + step * (np.arange(k + 1) - k / 2) for c, k in zip((low + high) / 2, shape, strict=True))


def _shape(low: Floats, high: Floats) -> tuple[int, ...]:
    step = float((high - low).max()) / CELLS
    return tuple(np.maximum(np.ceil((high - low) / step - 1e-9).astype(int), 2).tolist())


def read_gray_png(path: str) -> Floats:
    """Return the gray values 0 to 1, [n, m] along x and y, of a PNG file: black is closed, white is fastest.

    Colors are averaged and transparency is left out.

    Raises
    ------
    BadExperiment
        If the file is not a PNG image of at most 16 MiB with 8 to 1,024 pixels a side. Its size is checked
        before any pixel is decoded.
    """
    if not path:
        refuse_sigma("no image is given; choose a PNG file, or paint one in the menu Run", "file")
    try:
        with Path(path).open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        refuse_sigma(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}", "file")
    if len(content) > MAX_BYTES or not content.startswith(PNG_SIGNATURE):
        refuse_sigma(f"{path} is not a PNG image of at most 16 MiB; save the speed limits as one", "file")
    pixels = None
    try:
        # this class, unlike Image.open, tells the size of a decompression bomb; pixels are decoded later
        with PngImageFile(BytesIO(content)) as image:
            width, height = image.size
            if all(SIDES[0] <= side <= SIDES[1] for side in (width, height)):
                pixels = _gray_levels(image)
    except Exception:  # the decoder may raise anything on a broken file
        refuse_sigma(f"{path} is a broken PNG image; save it again", "file")
    if pixels is None:
        refuse_sigma(f"{path} has {width} x {height} pixels; a side may have 8 to 1024", "file")
    return np.ascontiguousarray(pixels[::-1].T)


def _gray_levels(image: Image) -> Floats:
    """Return gray values 0 to 1, [height, width], of an image of any mode."""
    if image.mode == "1":
        return np.asarray(image, dtype=np.float64)
    if image.mode == "I;16":
        return np.divide(np.asarray(image), (1 << 16) - 1, dtype=np.float32).astype(np.float64)
    if image.mode == "L":
        return np.divide(np.asarray(image), 255, dtype=np.float32).astype(np.float64)
    colors = np.divide(np.asarray(image.convert("RGB")), 255, dtype=np.float32)
    return np.asarray(colors.astype(np.float64).mean(axis=2))


def _require_open(sigma: CustomSigma, pair: Pair) -> None:
    """Refuse a sigma that is 0 where mass lies. A path between P and Q is not checked for D > 2."""
    for k, distribution in enumerate((pair.p, pair.q)):
        rng = make_rng("cpu", 0, 6 + k)
        samples = np.clip(distribution.sample(1 << 12, rng).double().numpy(), sigma.low, sigma.high)
        closed = float((sigma.density(samples) <= 0).mean())
        if closed > MAX_BLOCKED_MASS:
            refuse_sigma(
                f"{closed:.1%} of the mass of P or Q lies where sigma is 0, so the cost is infinite; "
                "make sigma positive there"
            )


def _is_nonnegative(values: Floats) -> bool:
    return bool(np.isfinite(values).all() and values.min() >= 0)
