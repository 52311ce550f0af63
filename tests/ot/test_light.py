"""The window's process uses these modules, so that they import neither torch nor POT."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.process

MODULES = (
    "regularized",
    "regularizers",
    "costs",
    "distances",
    "discrete",
    "semi_discrete",
    "gaussian",
    "exact",
)
USE = """
import sys
import numpy as np
from wganstudio.ot.discrete import solve
from wganstudio.ot.gaussian import entropic_bures
from wganstudio.ot.semi_discrete import Dual
one = np.full(3, 1 / 3)
costs = np.arange(9.0).reshape(3, 3)
solve(costs, one, one, 0.1), solve(costs, one, one, 0.0)
Dual(np.eye(2), one[:2] * 1.5, one[:2], "squared", 0.1, 1.0).gradient(np.eye(2))
entropic_bures((one, np.eye(3)), (one, np.eye(3)), 0.1)
"""
HEAVY = "print(sorted({'torch', 'ot'} & set(sys.modules)))"


@pytest.mark.parametrize("code", ["", USE])
def test_neither_torch_nor_pot_is_imported(code: str) -> None:
    imports = "\n".join(f"import wganstudio.ot.{name}\n{HEAVY}" for name in MODULES)
    command = [sys.executable, "-c", f"import sys\n{imports}\n{code}\n{HEAVY}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert set(done.stdout.splitlines()) == {"[]"}
