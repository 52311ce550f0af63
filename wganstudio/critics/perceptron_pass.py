"""A pass through a perceptron with every gradient in closed form, in buffers that are used again.

Autograd takes longer for the same products: it makes a node for each operation, and new tensors at each step.
"""

import torch
from torch import Tensor

from wganstudio.critics.activations import Activation, Pointwise, Sorting
from wganstudio.critics.perceptron import MLP


class PerceptronPass:
    """Values u at points, grad u at the last of them, and the gradients of an objective of both.

    Call `values`, then `input_gradients` if there are any, then `backward`: each uses what the former ones
    have left in the buffers.

    Parameters
    ----------
    critic : MLP
        The perceptron; its parameters may change between passes.
    rows : int
        Number of points.
    gradient_rows : int
        Number of points, the last ones, at which grad u is taken.
    """

    def __init__(self, critic: MLP, rows: int, gradient_rows: int) -> None:
        layers, last, activation = critic.layers, critic.last, critic.activation
        self._layers, self._last = layers, last
        self.shape = rows, gradient_rows
        self._value_rows, self._gradient_rows = slice(rows - gradient_rows), slice(rows - gradient_rows, rows)
        widths = [layer.out_features for layer in layers]
        like = last.weight.detach()
        make = _PointwiseUnits if isinstance(activation, Pointwise) else _SortedUnits
        self._units = [make(activation, like.new_empty(rows, width)) for width in widths]
        self.points = like.new_empty(rows, layers[0].in_features)
        """Points [rows, D], which the caller writes before `values`."""
        # The last of these is scratch: the top layer's gradient is that of the output.
        self._pulled = [like.new_empty(gradient_rows, width) for width in widths]
        self._input_gradients = [like.new_empty(gradient_rows, width) for width in widths]
        self._pushed = tuple(like.new_empty(gradient_rows, max(widths)) for _ in range(2))
        self._errors = tuple(like.new_empty(rows, max(widths)) for _ in range(2))
        self.parameter_gradients: dict[Tensor, Tensor] = {
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
    def input_gradients(self) -> Tensor:
        """Return grad u [gradient_rows, D] at the last points."""
        self._units[-1].vjp(self._last.weight, self._gradient_rows, self._input_gradients[-1])
        for k in reversed(range(len(self._layers) - 1)):
            torch.mm(self._input_gradients[k + 1], self._layers[k + 1].weight, out=self._pulled[k])
            self._units[k].vjp(self._pulled[k], self._gradient_rows, self._input_gradients[k])
        return torch.mm(self._input_gradients[0], self._layers[0].weight)

    @torch.no_grad()
    def backward(self, of_values: Tensor, of_gradients: Tensor | None = None) -> None:
        """Write the gradients of an objective in the parameters.

        Parameters
        ----------
        of_values : Tensor
            Its gradient in u [rows - gradient_rows] at the first points; u at the others does not count.
        of_gradients : Tensor, optional
            Its gradient in grad u [gradient_rows, D] at the last points.
        """
        is_curved = of_gradients is not None and self._units[0].is_curved
        rows = slice(None) if is_curved else self._value_rows
        errors, spare = (buffer[rows] for buffer in self._errors)
        column = of_values[:, None]
        self._units[-1].vjp(column * self._last.weight, self._value_rows, errors[self._value_rows])
        self.parameter_gradients[self._last.bias].copy_(of_values.sum())
        torch.mm(
            column.T,
            self._units[-1].activated[self._value_rows],
            out=self.parameter_gradients[self._last.weight],
        )
        if of_gradients is not None:
            in_units = self._backward_input_gradients(of_gradients)
            if in_units is not None:
                errors[self._gradient_rows] = in_units
        for k in reversed(range(len(self._layers))):
            layer = self._layers[k]
            inputs = self._units[k - 1].activated if k else self.points
            gradient = self.parameter_gradients[layer.weight]
            torch.addmm(gradient, errors.T, inputs[rows], beta=int(of_gradients is not None), out=gradient)
            torch.sum(errors, 0, out=self.parameter_gradients[layer.bias])
            if k:
                torch.mm(errors, layer.weight, out=spare)
                self._units[k - 1].vjp(spare, rows, spare)
                if is_curved:
                    spare[self._gradient_rows].add_(self._pulled[k - 1])
                errors, spare = spare, errors

    def _backward_input_gradients(self, of_gradients: Tensor) -> Tensor | None:
        """Write the gradients in the weights that come through grad u, at constant derivatives a'(h).

        Return the gradient in the units of the last layer, which comes through a''(h); those of the other
        layers are left in `_pulled`. None where a is piecewise linear.
        """
        pushed, spare = self._pushed
        torch.mm(
            self._input_gradients[0].T, of_gradients, out=self.parameter_gradients[self._layers[0].weight]
        )
        torch.mm(of_gradients, self._layers[0].weight.T, out=pushed)
        for k, layer in enumerate(self._layers[1:]):
            self._units[k].multiply_by_second(self._pulled[k].mul_(pushed), self._gradient_rows, spare)
            pushed = self._units[k].jvp(pushed, self._gradient_rows)
            torch.mm(self._input_gradients[k + 1].T, pushed, out=self.parameter_gradients[layer.weight])
            torch.mm(pushed, layer.weight.T, out=spare)
            pushed, spare = spare, pushed
        in_units = None
        if self._units[-1].is_curved:
            in_units = torch.mul(pushed, self._last.weight, out=spare)
            self._units[-1].multiply_by_second(in_units, self._gradient_rows, self._pulled[-1])
        pushed = self._units[-1].jvp(pushed, self._gradient_rows)
        self.parameter_gradients[self._last.weight].add_(pushed.sum(0))
        return in_units


class _Units:
    """The units of one layer in a pass: a(h), and products with the Jacobian of a."""

    is_curved = False
    """True if a is not piecewise linear."""

    def __init__(self, activation: Activation, buffer: Tensor) -> None:
        self._activation, self.buffer = activation, buffer
        self.activated = buffer

    def activate(self, units: Tensor) -> Tensor:
        """Return a(h) [n, w] and keep the Jacobian."""
        raise NotImplementedError

    def vjp(self, gradient: Tensor, rows: slice, out: Tensor) -> None:
        """Write the transposed Jacobian of some rows times a gradient in a(h); `out` may be `gradient`."""
        raise NotImplementedError

    def jvp(self, direction: Tensor, rows: slice) -> Tensor:
        """Return the Jacobian of some rows times a direction, which may be overwritten."""
        raise NotImplementedError

    def multiply_by_second(self, product: Tensor, rows: slice, spare: Tensor) -> None:
        """Multiply by the second derivatives of some rows, in place; `spare` is overwritten."""


class _PointwiseUnits(_Units):
    """Units whose Jacobian is diagonal."""

    _activation: Pointwise

    def __init__(self, activation: Activation, buffer: Tensor) -> None:
        super().__init__(activation, buffer)
        self.is_curved = self._activation.second is not None
        self._derivative = torch.empty_like(buffer)

    def activate(self, units: Tensor) -> Tensor:
        """Return a(h) and keep a'(h)."""
        self.activated = self._activation.evaluate(units, self._derivative)
        return self.activated

    def vjp(self, gradient: Tensor, rows: slice, out: Tensor) -> None:
        """Multiply by a'(h)."""
        torch.mul(gradient, self._derivative[rows], out=out)

    def jvp(self, direction: Tensor, rows: slice) -> Tensor:
        """Multiply by a'(h)."""
        return direction.mul_(self._derivative[rows])

    def multiply_by_second(self, product: Tensor, rows: slice, spare: Tensor) -> None:
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

    def vjp(self, gradient: Tensor, rows: slice, out: Tensor) -> None:
        """Put each entry back in its place."""
        order = self._order[rows]
        out.scatter_(1, order, gradient.expand_as(order).clone())

    def jvp(self, direction: Tensor, rows: slice) -> Tensor:
        """Exchange the entries like the units."""
        return direction.gather(1, self._order[rows])
