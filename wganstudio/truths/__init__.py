"""Reference costs and flows, each with its certificate. Importing it imports neither torch nor POT."""

from wganstudio.truths.certificate import QUANTITIES, Quantity, Truth

__all__ = ["QUANTITIES", "Quantity", "Truth"]
