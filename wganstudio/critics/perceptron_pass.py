"""A pass through a perceptron with every gradient written out, in buffers that are used again.

Autograd takes longer for the same products: it makes a node for each operation, and new tensors at each step.
"""

import torch
from torch import Tensor

from wganstudio.critics.activations import Activation, Pointwise, Sorting
from wganstudio.critics.perceptron import MLP


class PerceptronPass:
    """Values u at points, grad u at the last of them, and the gradients of an objective of both.

    Call `values`, then `slopes`, then `backward`; each uses what the former ones have left in the buffers.

    Parameters
    ----------
    critic : MLP
        The perceptron; its parameters may change between passes.
    rows : int
        Number of points.
    sloped : int
        Number of points, the last ones, at which grad u is taken.
    """

    def __init__(self, critic: MLP, rows: int, sloped: int) -> None:
        layers, last, activation = critic.layers, critic.last, critic.activation
        self._layers, self._last = layers, last
        self.shape = rows, sloped
        self._flat, self._sloped = slice(rows - sloped), slice(rows - sloped, rows)
        widths = [layer.out_features for layer in layers]
        like = last.weight.detach()
        make = _PointwiseUnits if isinstance(activation, Pointwise) else _SortedUnits
        self._units = [make(activation, like.new_empty(rows, width)) for width in widths]
        self.points = like.new_empty(rows, layers[0].in_features)
        """Points [rows, D], which the caller writes before `values`."""
        self._pulled = [like.new_empty(sloped, width) for width in widths]
        self._slopes = [like.new_empty(sloped, width) for width in widths]
        self._pushed = tuple(like.new_empty(sloped, max(widths)) for _ in range(2))
        self._errors = tuple(like.new_empty(rows, max(widths)) for _ in range(2))
        self.gradients: dict[Tensor, Tensor] = {
            parameter: torch.zeros_like(parameter, requires_grad=False) for parameter in critic.parameters()
        }
        """The gradient of each parameter, which `backward` writes."""

    @torch.no_grad()
    def values(self) -> Tensor:
        """Return u [rows] at the points."""
        inputs = self.points
        for layer, units in zip(self._layers, self._units, strict=True):
            inputs = units.activate(torch.addmm(layer.bias, inputs, layer.weight.T, out=units.buffer))
        return torch.addmv(self._last.bias, inputs, self._last.weight[0])

    @torch.no_grad()
    def slopes(self) -> Tensor:
        """Return grad u [sloped, D] at the last points."""
        self._units[-1].pull(self._last.weight, self._sloped, self._slopes[-1])
        for k in reversed(range(len(self._layers) - 1)):
            torch.mm(self._slopes[k + 1], self._layers[k + 1].weight, out=self._pulled[k])
            self._units[k].pull(self._pulled[k], self._sloped, self._slopes[k])
        return torch.mm(self._slopes[0], self._layers[0].weight)

    @torch.no_grad()
    def backward(self, of_values: Tensor, of_slopes: Tensor | None = None) -> None:
        """Write the gradients of an objective in the parameters.

        Parameters
        ----------
        of_values : Tensor
            Its gradient in u [rows - sloped] at the first points; at the others it does not depend on u.
        of_slopes : Tensor, optional
            Its gradient in grad u [sloped, D] at the last points.
        """
        bends = of_slopes is not None and self._units[0].bends
        rows = slice(None) if bends else self._flat
        errors, spare = (buffer[rows] for buffer in self._errors)
        column = of_values[:, None]
        self._units[-1].pull(column * self._last.weight, self._flat, errors[self._flat])
        self.gradients[self._last.bias].copy_(of_values.sum())
        torch.mm(column.T, self._units[-1].activated[self._flat], out=self.gradients[self._last.weight])
        if of_slopes is not None:
            bend = self._backward_slopes(of_slopes)
            if bend is not None:
                errors[self._sloped] = bend
        for k in reversed(range(len(self._layers))):
            layer = self._layers[k]
            inputs = self._units[k - 1].activated if k else self.points
            gradient = self.gradients[layer.weight]
            torch.addmm(gradient, errors.T, inputs[rows], beta=int(of_slopes is not None), out=gradient)
            torch.sum(errors, 0, out=self.gradients[layer.bias])
            if k:
                torch.mm(errors, layer.weight, out=spare)
                self._units[k - 1].pull(spare, rows, spare)
                if bends:
                    spare[self._sloped].add_(self._pulled[k - 1])
                errors, spare = spare, errors

    def _backward_slopes(self, of_slopes: Tensor) -> Tensor | None:
        """Write the gradients by grad u alone, and return the part in the last units' bends.

        The parts in those of the other layers are left in `_pulled`; None where all units are piecewise
        linear.
        """
        pushed, spare = self._pushed
        torch.mm(self._slopes[0].T, of_slopes, out=self.gradients[self._layers[0].weight])
        torch.mm(of_slopes, self._layers[0].weight.T, out=pushed)
        for k, layer in enumerate(self._layers[1:]):
            self._units[k].bend(self._pulled[k].mul_(pushed), self._sloped, spare)
            pushed = self._units[k].push(pushed, self._sloped)
            torch.mm(self._slopes[k + 1].T, pushed, out=self.gradients[layer.weight])
            torch.mm(pushed, layer.weight.T, out=spare)
            pushed, spare = spare, pushed
        bend = None
        if self._units[-1].bends:
            bend = torch.mul(pushed, self._last.weight, out=spare)
            self._units[-1].bend(bend, self._sloped, self._pulled[-1])
        pushed = self._units[-1].push(pushed, self._sloped)
        self.gradients[self._last.weight].add_(pushed.sum(0))
        return bend


class _Units:
    """The units of one layer in a pass: a(h), and products with the Jacobian of a."""

    bends = False
    """True if the Jacobian depends on h."""

    def __init__(self, activation: Activation, buffer: Tensor) -> None:
        self._activation, self.buffer = activation, buffer
        self.activated = buffer

    def activate(self, units: Tensor) -> Tensor:
        """Return a(h) [n, w] and keep the Jacobian."""
        raise NotImplementedError

    def pull(self, slope: Tensor, rows: slice, out: Tensor) -> None:
        """Multiply a gradient in a(h) by the transposed Jacobian of some rows; `out` may be `slope`."""
        raise NotImplementedError

    def push(self, direction: Tensor, rows: slice) -> Tensor:
        """Return the Jacobian of some rows times a direction, which may be overwritten."""
        raise NotImplementedError

    def bend(self, product: Tensor, rows: slice, spare: Tensor) -> None:
        """Multiply by the second derivative of some rows, in place; `spare` is overwritten."""


class _PointwiseUnits(_Units):
    """Units whose Jacobian is diagonal."""

    _activation: Pointwise

    def __init__(self, activation: Activation, buffer: Tensor) -> None:
        super().__init__(activation, buffer)
        self.bends = self._activation.second is not None
        self._derivative = torch.empty_like(buffer)

    def activate(self, units: Tensor) -> Tensor:
        """Return a(h) and keep a'(h)."""
        self.activated = self._activation.evaluate(units, self._derivative)
        return self.activated

    def pull(self, slope: Tensor, rows: slice, out: Tensor) -> None:
        """Multiply by a'(h)."""
        torch.mul(slope, self._derivative[rows], out=out)

    def push(self, direction: Tensor, rows: slice) -> Tensor:
        """Multiply by a'(h)."""
        return direction.mul_(self._derivative[rows])

    def bend(self, product: Tensor, rows: slice, spare: Tensor) -> None:
        """Multiply by a''(h)."""
        if (second := self._activation.second) is not None:
            units, activated, derivative = self.buffer[rows], self.activated[rows], self._derivative[rows]
            product.mul_(second(units, activated, derivative, spare))


class _SortedUnits(_Units):
    """Units that are exchanged, so that the Jacobian is a permutation of each row."""

    _activation: Sorting

    def activate(self, units: Tensor) -> Tensor:
        """Return the exchanged units and keep their order."""
        self._order = self._activation.order(units)
        self.activated = units.gather(1, self._order)
        return self.activated

    def pull(self, slope: Tensor, rows: slice, out: Tensor) -> None:
        """Put each entry back in its place."""
        order = self._order[rows]
        out.scatter_(1, order, slope.expand_as(order).clone())

    def push(self, direction: Tensor, rows: slice) -> Tensor:
        """Exchange the entries like the units."""
        return direction.gather(1, self._order[rows])
