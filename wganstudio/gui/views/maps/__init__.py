"""The tools of all map views: color scales, a cursor, a cut, probes and the surface."""
