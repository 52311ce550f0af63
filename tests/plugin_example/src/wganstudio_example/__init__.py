"""A plugin of WGAN Studio with a solver, a pair and a figure.

Every process imports this package, the window's among them: what it imports must import neither torch nor
POT. Implementations are named as "module:Class" and imported by the process that needs them.
"""

from pathlib import Path

from wganstudio import resources
from wganstudio_example import declarations, options
from wganstudio_example.figures.critic_values import figure

__all__ = ["declarations", "figure", "options"]

resources.register_files(Path(__file__).parent / "resources")
