"""Optimal transport between weighted points: ground costs, exact, regularized, semi-discrete, Gaussian."""
