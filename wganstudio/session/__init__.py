"""The session: the records of runs, and the .wgs document that stores them."""

from wganstudio.session.document import Document, SessionError
from wganstudio.session.record import RunRecord, State
from wganstudio.session.resuming import Resumption

__all__ = ["Document", "Resumption", "RunRecord", "SessionError", "State"]
