"""Certified congested transport on a grid of the plane: a potential from below, a flow from above."""
