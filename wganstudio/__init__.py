"""WGAN Studio: the critic of a Wasserstein GAN next to certified reference values."""

__version__ = "0.1.0"
