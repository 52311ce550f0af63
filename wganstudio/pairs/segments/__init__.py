"""Where the segments from x ~ P to y ~ Q lie, and which way they run there."""

from wganstudio.pairs.segments.base import Passage, Segments, segments

__all__ = ["Passage", "Segments", "segments"]
