"""What is remembered of what happened when, and of what people said in the room?"""

from __future__ import annotations

from typing import ClassVar

from pydantic import AwareDatetime

from bot.core.facts import Fact, Words


class NoteAdded(Fact):
    """Somebody put something on the timeline; `happened_at` may lie before it was written."""

    is_drawn_later: ClassVar[bool] = True
    happened_at: AwareDatetime
    text: Words
    channel: str | None = None
    ts: str | None = None
    permalink: str | None = None
    corrects: int | None = None


class TalkSwitched(Fact):
    """Whether what people say in the room is kept from now on."""

    is_drawn_later: ClassVar[bool] = True
    is_kept: bool
    reason: Words | None = None


class RecordExported(Fact):
    """Somebody took the record along, as it stood at fact `seq` with the hash `head`.

    `manifest` and `archive` are the SHA-256 of the export's manifest and of its ZIP.
    """

    seq: int
    head: str
    manifest: str
    archive: str
    is_to_slack: bool = False


class MessageSaid(Fact):
    """Somebody said something in the room; stands on the chain of the talk."""

    ts: str
    thread_ts: str | None = None
    text: Words


class MessageEdited(Fact):
    """Somebody changed what they had said."""

    ts: str
    text: Words


class MessageDeleted(Fact):
    """Somebody took back what they had said; what was kept stays."""

    ts: str


KINDS: tuple[type[Fact], ...] = (
    NoteAdded,
    TalkSwitched,
    RecordExported,
    MessageSaid,
    MessageEdited,
    MessageDeleted,
)
