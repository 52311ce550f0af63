"""Reference costs and flows, each with its certificate. Importing this room imports no torch and no POT."""

from wganstudio.truths.certificate import QUANTITIES, Quantity, Truth

__all__ = ["QUANTITIES", "Quantity", "Truth"]
