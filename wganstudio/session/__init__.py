"""The session: everything a run said, kept, and the .wgs document it is kept in."""

from wganstudio.session.record import RunRecord, State

__all__ = ["RunRecord", "State"]
