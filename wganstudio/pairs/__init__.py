"""What is transported: pairs (P, Q), their samplers, densities and known potentials."""
