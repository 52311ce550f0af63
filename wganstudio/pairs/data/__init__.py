"""Distributions from files: images, tables, and previews of them."""
