"""Which notes stand on the timeline, and is the talk kept?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.core.facts import Recorded
from bot.core.facts.timeline import (
    MessageDeleted,
    MessageEdited,
    MessageSaid,
    NoteAdded,
    TalkSwitched,
)
from bot.core.record import Column, Part, Told

_TALK = (
    Column("at", "When", "moment"),
    Column("who", "Who", "person"),
    Column("what", "What"),
    Column("ts", "Message"),
    Column("thread_ts", "In the thread of"),
    Column("words", "Words", "quote"),
)
_WHAT = {MessageSaid: "said", MessageEdited: "edited", MessageDeleted: "deleted"}


@dataclass(frozen=True)
class Notes:
    """Notes by their place in the log, with the time they speak of.

    `sources` are the messages noted so far, as channel and ts. `is_talk_kept` None means that
    nobody switched it and the policy's habit holds.
    """

    happened_at: Mapping[int, datetime] = field(default_factory=dict)
    sources: frozenset[tuple[str, str]] = frozenset()
    is_talk_kept: bool | None = None


def record_parts(told: Told) -> list[Part]:
    """What people said in the room, as far as it was kept."""
    rows = tuple(
        (
            one.at, one.actor, _WHAT[type(one.fact)], one.fact.ts,
            getattr(one.fact, "thread_ts", None), getattr(one.fact, "text", None),
        )
        for one in told.talk
        if isinstance(one.fact, MessageSaid | MessageEdited | MessageDeleted)
    )  # fmt: skip
    return [Part("talk", "Talk in the room", _TALK, rows)]


def fold(notes: Notes, recorded: Recorded) -> Notes:
    """The notes after one more fact."""
    match recorded.fact:
        case NoteAdded(happened_at=at, channel=channel, ts=ts):
            added = {(channel, ts)} if channel and ts else set()
            return replace(
                notes,
                happened_at={**notes.happened_at, recorded.seq: at},
                sources=notes.sources | added,
            )
        case TalkSwitched(is_kept=is_kept):
            return replace(notes, is_talk_kept=is_kept)
    return notes
