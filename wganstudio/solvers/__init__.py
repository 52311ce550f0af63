"""Solvers: train a critic; each module holds one family."""
