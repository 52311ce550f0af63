"""The session: everything a run said, kept, and the .wgs document it is kept in."""

from wganstudio.session.document import Document, SessionError
from wganstudio.session.record import RunRecord, State

__all__ = ["Document", "RunRecord", "SessionError", "State"]
