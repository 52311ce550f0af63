"""Set-up of WGAN Studio in a checkout, with the standard library alone."""
