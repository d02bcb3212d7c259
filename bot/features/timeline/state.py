"""Which notes stand on the timeline, and is the talk kept?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.core.facts import Recorded
from bot.core.facts.timeline import NoteAdded, TalkSwitched


@dataclass(frozen=True)
class Notes:
    """Notes by their place in the log, with the time they speak of.

    `sources` are the messages noted so far, as channel and ts. `is_talk_kept` None means that
    nobody switched it and the policy's habit holds.
    """

    happened_at: Mapping[int, datetime] = field(default_factory=dict)
    sources: frozenset[tuple[str, str]] = frozenset()
    is_talk_kept: bool | None = None


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
