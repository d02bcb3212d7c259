"""Which addresses are good for one file, while the process lives?"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from bot.sandbox.model import File


@dataclass
class Upload:
    """A file on its way; `length` is what the app said, `is_sent` that its bytes came."""

    file: File
    length: int
    is_sent: bool = False


class Tickets:
    """Addresses for uploads, and for what a person looks at in the page."""

    def __init__(self) -> None:
        """None is given out yet."""
        self._uploads: dict[str, Upload] = {}
        self._shown: dict[str, tuple[str, str]] = {}

    def give(self, upload: Upload) -> str:
        """A ticket under which the bytes can be sent."""
        ticket = secrets.token_urlsafe(24)
        self._uploads[ticket] = upload
        return ticket

    def upload(self, ticket: str) -> Upload | None:
        """The upload of this ticket, None when there is none (any more)."""
        return self._uploads.get(ticket)

    def pending(self, file_id: str) -> Upload | None:
        """The upload of this file, None when there is none (any more)."""
        found = (each for each in self._uploads.values() if each.file.id == file_id)
        return next(found, None)

    def end(self, file_id: str) -> None:
        """Let no more bytes come for this file."""
        self._uploads = {
            ticket: each for ticket, each in self._uploads.items() if each.file.id != file_id
        }

    def pending_bytes(self) -> int:
        """What all uploads under way are to hold."""
        return sum(each.length for each in self._uploads.values())

    def show(self, person_id: str, file_id: str) -> str:
        """A ticket under which this person's browser gets the file."""
        for ticket, shown in self._shown.items():
            if shown == (person_id, file_id):
                return ticket
        ticket = secrets.token_urlsafe(24)
        self._shown[ticket] = (person_id, file_id)
        return ticket

    def shown(self, ticket: str) -> tuple[str, str] | None:
        """The ids of the person and the file of this ticket, None when nobody has it."""
        return self._shown.get(ticket)
