"""How a critic is trained; one file a family of solvers."""
