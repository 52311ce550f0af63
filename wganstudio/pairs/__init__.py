"""Pairs of distributions (P, Q): their samplers, densities and known potentials."""
