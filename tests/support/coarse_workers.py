"""Imported once by the server that forks the workers of the tests."""

import coarse

coarse.apply()
