"""Snapshots from arrays of any floating-point type."""

from wganstudio.training.events import Snapshot, as_float32


def snapshot(topic, arrays, step=0, recorded=True, attributes=None):
    """Return a snapshot with the arrays as float32."""
    arrays = {name: as_float32(array) for name, array in arrays.items()}
    return Snapshot(topic=topic, step=step, recorded=recorded, arrays=arrays, attributes=attributes)
