"""Convex potentials f, whose critics are u = |x|^2 - 2 f, and their conjugates (arXiv 1902.07197)."""
