"""WGAN Studio: a laboratory in which one sees what the critic of a Wasserstein GAN really computes."""

__version__ = "0.1.0"
