"""What the map views have in common: color scales, a cursor, a cut, probes and the surface."""
