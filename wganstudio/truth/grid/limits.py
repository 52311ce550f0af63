"""Own sigma: speed limits from a formula, an image or an array: general congested transport in the plane."""

import ast
import math
import operator
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from wganstudio.experiment import BadExperiment, Problem
from wganstudio.pairs.base import Law
from wganstudio.pairs.hats import hats, reach
from wganstudio.pairs.segments import Passage
from wganstudio.truth.grid.blend import Basis
from wganstudio.truth.grid.ground import Ground, Outside, gauss_points
from wganstudio.truth.grid.triangles import Integers, Laplacian

Floats = NDArray[np.float64]

TAIL = 4.0
"""Standard deviations of a normal law that the box of own limits holds; what is beyond lies on its border."""
MOST_BYTES = 16 << 20
SIDES = (8, 1024)
"""Pixels that a side of an image may have."""
_FORMULA = 200
_OPERATORS: dict[type, Callable[..., Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Pow: operator.pow, ast.USub: operator.neg, ast.UAdd: operator.pos,
    ast.Lt: np.less, ast.LtE: np.less_equal, ast.Gt: np.greater, ast.GtE: np.greater_equal,
}  # fmt: skip
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "exp": np.exp, "log": np.log, "sqrt": np.sqrt, "abs": np.abs, "sin": np.sin, "cos": np.cos,
    "tanh": np.tanh, "min": np.minimum, "max": np.maximum, "hypot": np.hypot, "where": np.where,
}  # fmt: skip


def bad(message: str, field: str = "sigma") -> BadExperiment:
    """The one sentence about speed limits that will not do."""
    return BadExperiment(Problem(f"truth.{field}", message))


def from_image(path: str) -> Floats:
    """Grey values 0 to 1, [n, m] along x and y, of a PNG file: black is closed, white is fastest.

    BadExperiment where it is not a PNG of 8 to 1,024 pixels a side; its size is read before it is unpacked.
    """
    try:
        with Path(path).open("rb") as file:
            head = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise bad(f"{path} cannot be read: {error.strerror or error}", "image") from error
    if head[:8] != b"\x89PNG\r\n\x1a\n" or head[12:16] != b"IHDR" or len(head) > MOST_BYTES:
        raise bad(f"{path} is not a PNG image of at most 16 MiB; save the speed limits as one", "image")
    width, height = (int.from_bytes(head[k : k + 4], "big") for k in (16, 20))
    if not all(SIDES[0] <= side <= SIDES[1] for side in (width, height)):
        raise bad(f"{path} has {width} x {height} pixels; a side may have 8 to 1024", "image")
    from io import BytesIO

    from matplotlib.image import imread

    try:
        pixels = np.asarray(imread(BytesIO(head), format="png"), dtype=float)
    except Exception as error:  # a broken file: whatever its decoder makes of it
        raise bad(f"{path} is a broken PNG image; save it again", "image") from error
    grey = pixels if pixels.ndim == 2 else pixels[..., : min(3, pixels.shape[2])].mean(axis=2)
    if pixels.ndim == 3 and pixels.shape[2] == 2:
        grey = pixels[..., 0]
    return np.ascontiguousarray(grey[::-1].T)


def from_formula(text: str, x: Floats, y: Floats) -> Floats:
    """Values [n, m] of a formula in x and y, such as "where(hypot(x - 1, y) < 0.5, 0.1, 1)".

    It may add, multiply, divide, raise to a power, compare, and call exp, log, sqrt, abs, sin, cos, tanh,
    min, max, hypot and where; nothing else. BadExperiment for anything else.
    """
    try:
        tree = ast.parse(text, mode="eval") if len(text) <= _FORMULA else None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        tree = None
    if tree is None:
        raise bad(f"{text[:60]!r} is no formula in x and y of at most {_FORMULA} characters", "formula")
    names = {"x": x[:, None], "y": y[None, :], "pi": math.pi}

    def value(node: ast.AST) -> Any:
        match node:
            case ast.Expression(body=body):
                return value(body)
            case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
                return float(number)
            case ast.Name(id=name) if name in names:
                return names[name]
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
                return _OPERATORS[type(op)](value(left), value(right))
            case ast.UnaryOp(op=op, operand=operand) if type(op) in _OPERATORS:
                return _OPERATORS[type(op)](value(operand))
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _OPERATORS:
                return _OPERATORS[type(op)](value(left), value(right))
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in _FUNCTIONS:
                return _FUNCTIONS[name](*map(value, arguments))
        raise bad(f"{ast.unparse(node)[:40]!r} is nothing that a formula may hold", "formula")

    try:
        with np.errstate(all="ignore"):
            found = np.broadcast_to(np.asarray(value(tree), dtype=float), (len(x), len(y)))
    except BadExperiment:
        raise
    except (TypeError, ValueError, ArithmeticError) as error:
        raise bad(f"{text!r} cannot be computed: {error}", "formula") from error
    return np.array(found)


def box(p: Law, q: Law, half_width: float | None) -> tuple[Floats, Floats]:
    """Corners of the box that own limits cover: about both laws, or of the half-width given about them."""
    corners = [reach(law, TAIL) for law in (p, q)]
    low, high = np.minimum(*(c[0] for c in corners)), np.maximum(*(c[1] for c in corners))
    if half_width is not None:
        middle = (low + high) / 2
        low, high = middle - half_width, middle + half_width
    return low, high


def cells_over(low: Floats, high: Floats, longest: int = 128) -> tuple[Floats, Floats]:
    """Middles of square cells over a box, `longest` along its longer side."""
    step = float((high - low).max()) / longest
    counts = np.maximum(np.ceil((high - low) / step - 1e-9).astype(int), 2)
    x, y = (
        (a + b) / 2 + step * (np.arange(n) + 0.5 - n / 2) for a, b, n in zip(low, high, counts, strict=True)
    )
    return x, y


class Streets:
    """P - Q and sigma, each constant on every cell [n, m] of a base grid, which finer grids divide.

    `sigma` is scaled to integrate to 1, like the sampling density, so that lambda means the same. The masses
    of each connected part of the open cells must balance, or the cost is infinite: BadExperiment.
    """

    def __init__(self, x: Floats, y: Floats, sigma: Floats, mass: Floats) -> None:
        from scipy.ndimage import label

        self.x, self.y, self.step = x, y, float(x[1] - x[0])
        self.sigma = sigma / (sigma.sum() * self.step**2)
        self.mass = mass.copy()
        self.parts, count = label(sigma > 0)
        for part in range(1, count + 1):
            here = self.parts == part
            net = float(self.mass[here].sum())
            if abs(net) > 1e-6:
                raise bad("sigma is 0 all the way between P and Q: the cost is infinite; open a way through")
            self.mass[here] -= net / here.sum()

    @classmethod
    def between(cls, p: Law, q: Law, sigma: Floats, low: Floats, high: Floats) -> Self:
        """Two known laws under a table of speed limits [n, m] over (at least) the box [low, high].

        Mass that a closed cell would take lies in the open ones beside it. BadExperiment where sigma is
        negative, not finite or zero throughout, or where mass has no open cell.
        """
        if sigma.ndim != 2 or min(sigma.shape) < 2 or not np.isfinite(sigma).all() or sigma.min() < 0:
            raise bad("speed limits are a table of numbers from 0 up, at least 2 x 2; give finite ones")
        if sigma.max() <= 0:
            raise bad("sigma is 0 everywhere, so that nothing can flow; open some of it")
        step = float(((high - low) / sigma.shape).max())
        middle = (low + high) / 2
        x, y = (c + step * (np.arange(k + 1) - k / 2) for c, k in zip(middle, sigma.shape, strict=True))
        masses = (_to_cells(hats(law, x, y), sigma > 0) for law in (p, q))
        return cls(x, y, sigma, next(masses) - next(masses))

    def lay(self, cells: int) -> Ground:
        """The ground with about `cells` cells along the longer side: each base cell is divided evenly."""
        k = max(1, round(cells / max(self.sigma.shape)))
        sigma, mass, parts = (
            np.kron(a, np.ones((k, k), a.dtype)) for a in (self.sigma, self.mass, self.parts)
        )
        mass = mass / k**2
        x, y = (np.linspace(a[0], a[-1], k * (len(a) - 1) + 1) for a in (self.x, self.y))
        step = self.step / k
        along_x, along_y = _fluxes(sigma, mass, parts)

        def look(at_x: Floats, at_y: Floats) -> Passage:
            rows, columns = (_cells_of(a, b) for a, b in ((x, at_x), (y, at_y)))
            across, up = Basis(x, at_x).line[0], Basis(y, at_y).line[0]
            drift = (across @ along_x[:, columns] / step, (up @ along_y.T[:, rows]).T / step)
            return Passage(sigma[np.ix_(rows, columns)], drift)

        def excess(at_x: Floats, at_y: Floats) -> Floats:
            return mass[np.ix_(_cells_of(x, at_x), _cells_of(y, at_y))] / step**2

        passage = look(gauss_points(x), gauss_points(y))
        nodal = np.zeros((len(x), len(y)))
        for i in (0, 1):
            for j in (0, 1):
                nodal[i : i + len(x) - 1, j : j + len(y) - 1] += mass / 4
        return Ground(
            x=x,
            y=y,
            mass=nodal,
            sigma=passage.density,
            drift=(passage.drift[0], passage.drift[1]),
            live=sigma > 0,
            look=look,
            outside=Outside(),
            excess=excess,
            smooth=False,
        )


def _to_cells(nodes: Floats, is_open: NDArray[np.bool_]) -> Floats:
    """Masses of the nodes, each divided evenly among the open cells about it."""
    n, m = is_open.shape
    corners = [(i, j) for i in (0, 1) for j in (0, 1)]
    count = np.zeros(nodes.shape)
    for i, j in corners:
        count[i : i + n, j : j + m] += is_open
    stuck = float(nodes[count == 0].sum())
    if stuck > 1e-4:
        raise bad(f"{stuck:.1%} of a law's mass lies where sigma is 0: the cost is infinite; open it there")
    share = np.divide(nodes, count, out=np.zeros_like(nodes), where=count > 0)
    found = np.zeros((n, m))
    for i, j in corners:
        found += share[i : i + n, j : j + m] * is_open
    return found / found.sum()


def _fluxes(sigma: Floats, mass: Floats, parts: Integers) -> tuple[Floats, Floats]:
    """Through the faces along x [n + 1, m] and y [n, m + 1]: a flow out of every cell of just its mass."""
    ways = []
    for one, other in ((sigma[:-1], sigma[1:]), (sigma[:, :-1], sigma[:, 1:])):
        both = one + other
        ways.append(np.divide(2 * one * other, both, out=np.zeros_like(both), where=both > 0))
    place = np.full(sigma.shape, -1, dtype=np.int64)
    free = parts > 0
    _, first = np.unique(parts, return_index=True)
    free.flat[first] = False  # each part's potential is free up to a constant
    place[free] = np.arange(np.count_nonzero(free))
    height = Laplacian(ways[0], ways[1], place).solve(mass) if free.any() else np.zeros(sigma.shape)
    along_x = np.pad(-ways[0] * np.diff(height, axis=0), ((1, 1), (0, 0)))
    along_y = np.pad(-ways[1] * np.diff(height, axis=1), ((0, 0), (1, 1)))
    return along_x, along_y


def _cells_of(nodes: Floats, points: Floats) -> NDArray[np.int64]:
    return np.clip(np.searchsorted(nodes, points, side="right") - 1, 0, len(nodes) - 2)
