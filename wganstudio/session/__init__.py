"""The session: the records of runs, and the .wgs document that stores them."""

from wganstudio.session.database import FileStamp, file_stamp
from wganstudio.session.document import Document
from wganstudio.session.errors import SessionError
from wganstudio.session.labels import RunLabels
from wganstudio.session.lock import Owner, SessionLock, SessionLocked, owner_of
from wganstudio.session.record import RunRecord, State
from wganstudio.session.resuming import Resumption

__all__ = [
    "Document",
    "FileStamp",
    "Owner",
    "Resumption",
    "RunLabels",
    "RunRecord",
    "SessionError",
    "SessionLock",
    "SessionLocked",
    "State",
    "file_stamp",
    "owner_of",
]
