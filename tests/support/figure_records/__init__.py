"""Records of runs as tests of figures, exports and views need them, from formulas instead of training."""
