"""Lipschitz bounds of networks that are a chain of linear layers and 1-Lipschitz activations."""

import itertools
import math

import torch
from torch import fx, nn

_ONE = (
    *(nn.ReLU, nn.ReLU6, nn.CELU, nn.Softplus, nn.Softsign, nn.Tanh, nn.Tanhshrink, nn.Sigmoid, nn.Hardtanh),
    *(nn.LogSigmoid, nn.Identity, nn.Dropout, nn.Flatten),
)
"""Layers that are 1-Lipschitz in evaluation mode, whatever their settings."""
_FUNCTIONS = {"relu", "tanh", "sigmoid", "squeeze", "flatten", "neg", "identity"}
"""Names of 1-Lipschitz functions of torch, and methods of tensors."""


def chain_of(network: nn.Module) -> list[nn.Linear] | None:
    """Return the linear layers of a chain; None for other networks, and where the program is not known.

    The forward method is traced symbolically. Each step must use the step before it alone.
    """
    modules = list(network.modules())
    if isinstance(network, torch.jit.ScriptModule) or any(map(_has_hooks, modules)):
        return None
    try:
        traced = fx.symbolic_trace(network)
    except Exception:  # a program may depend on its points in ways that cannot be traced
        return None
    layers: list[nn.Linear] = []
    *steps, output = traced.graph.nodes
    if not steps or steps[0].op != "placeholder" or output.args != (steps[-1],):
        return None
    for before, step in itertools.pairwise(steps):
        if step.all_input_nodes != [before]:
            return None
        layer = traced.get_submodule(step.target) if step.op == "call_module" else None
        if type(layer) is nn.Linear:
            layers.append(layer)
        elif not (_is_one_lipschitz(layer) if layer is not None else _is_function(step)):
            return None
    return layers


@torch.no_grad()
def chain_bound(layers: list[nn.Linear]) -> float:
    """Return the product of the layers' operator norms."""
    return math.prod(float(torch.linalg.matrix_norm(one.weight.cpu().double(), 2)) for one in layers)


def _has_hooks(module: nn.Module) -> bool:
    return bool(module._forward_hooks or module._forward_pre_hooks)


def _is_one_lipschitz(layer: nn.Module) -> bool:
    if type(layer) is nn.LeakyReLU:
        return abs(layer.negative_slope) <= 1
    if type(layer) is nn.ELU:
        return 0 <= layer.alpha <= 1
    return type(layer) in _ONE


def _is_function(step: fx.Node) -> bool:
    """Tell if a step is a 1-Lipschitz function of torch or method of a tensor."""
    if step.op == "call_method":
        return step.target in _FUNCTIONS
    module = getattr(step.target, "__module__", "") or ""
    from_torch = module.startswith(("torch", "_operator"))
    return step.op == "call_function" and from_torch and getattr(step.target, "__name__", "") in _FUNCTIONS
