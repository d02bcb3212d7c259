"""What may be put on the timeline, and who may stop the record of the talk?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.core import ids, rights, times, typed
from bot.core.facts import Words
from bot.core.facts.timeline import NoteAdded, TalkSwitched
from bot.core.incident import Incident
from bot.core.messages import Call
from bot.core.outcome import Context, Outcome, Refused
from bot.features.timeline.state import Notes

NOTE_CHARS = 3000
_CORRECT = "To say it otherwise: `{command} note correct {seq} words`."
_EXAMPLE = "note 03:40 Fallback model is live"


@dataclass(frozen=True)
class Note:
    """What a person typed, with or without a time; `corrects` is the place of an earlier note."""

    words: str
    corrects: int | None = None


@dataclass(frozen=True)
class Captured:
    """A message of the room that belongs on the timeline; `is_marked` puts the emoji on it."""

    channel: str
    ts: str
    text: str
    sent_at: datetime
    permalink: str
    is_marked: bool = False


@dataclass(frozen=True)
class Switch:
    """Whether what people say is kept from now on, and why not."""

    is_kept: bool
    reason: str = ""


@typed.masks("a note", _CORRECT, "words")
def note(incident: Incident, request: Note, context: Context) -> Outcome:
    """Put something on the timeline, at the time that was typed or now.

    A correction stands at the time of what it corrects, unless another is typed.

    Raises:
        Refused: there are no words or too many, the time is still to come, or no such note.
    """
    rights.require_at_work(incident, context)
    try:
        spoken = times.spoken(ids.clean(request.words), context.now, context.zone())
    except ValueError as error:
        raise Refused(str(error)) from error
    if not ids.has_words(spoken.words):
        raise Refused(f"Say what happened, for example `{context.command} {_EXAMPLE}`.")
    if len(spoken.words) > NOTE_CHARS:
        raise Refused(
            f"That is {len(spoken.words):,} characters; keep it to {NOTE_CHARS:,} and link the "
            "rest. Nothing was noted."
        )
    at = spoken.at or _corrected_at(request, context) or context.now
    text = Words(spoken.words)
    return Outcome((NoteAdded(happened_at=at, text=text, corrects=request.corrects),))


@typed.masks("a message you put on the timeline", _CORRECT, "text")
def capture(incident: Incident, request: Captured, context: Context) -> Outcome:
    """Put a message on the timeline, at the time it was sent; once.

    Raises:
        Refused: it stands there already, or has no words.
    """
    rights.require_at_work(incident, context)
    if (request.channel, request.ts) in context.states.of(Notes).sources:
        raise Refused(
            f"This message is on the timeline already. `{context.command} timeline notes` shows it."
        )
    text = ids.clean(request.text)
    if not ids.has_words(text):
        raise Refused(
            "This message has no words to put on the timeline. Say what it shows: "
            f"`{context.command} note 03:40 what happened`."
        )
    fact = NoteAdded(
        happened_at=min(request.sent_at, context.now),
        text=Words(text),
        channel=request.channel,
        ts=request.ts,
        permalink=request.permalink,
    )
    return Outcome((fact,), (_mark(request, context),) if request.is_marked else ())


@typed.masks("your reason", typed.AGAIN, "reason")
def switch_talk(incident: Incident, request: Switch, context: Context) -> Outcome:
    """Keep what people say from now on, or stop keeping it.

    Raises:
        Refused: it is up to somebody else, it is so already, or no reason was given.
    """
    rights.require_going(incident)
    rights.require(incident, context, "talk")
    if is_kept(context.states.of(Notes), habit=context.policy.habits.keep_talk) == request.is_kept:
        raise Refused(f"What is said here is {'kept' if request.is_kept else 'not kept'} already.")
    reason = ids.clean(request.reason)
    if len(reason) > NOTE_CHARS:
        raise Refused(f"Keep the reason to {NOTE_CHARS:,} characters. Nothing was changed.")
    if not request.is_kept and not ids.has_words(reason):
        raise Refused(
            f"Say why, for example `{context.command} talk off because counsel joins the call`."
        )
    why = Words(reason) if ids.has_words(reason) else None
    return Outcome((TalkSwitched(is_kept=request.is_kept, reason=why),))


def is_kept(notes: Notes, *, habit: bool) -> bool:
    """Whether what people say is kept: as somebody switched it, else by the policy's habit."""
    return habit if notes.is_talk_kept is None else notes.is_talk_kept


def _corrected_at(request: Note, context: Context) -> datetime | None:
    if request.corrects is None:
        return None
    at = context.states.of(Notes).happened_at.get(request.corrects)
    if at is None:
        raise Refused(
            f"There is no note {request.corrects}. `{context.command} timeline notes` shows them "
            "with their numbers."
        )
    return at


def _mark(request: Captured, context: Context) -> Call:
    emoji = context.policy.habits.timeline_reaction
    return Call(
        f"timeline mark {request.channel} {request.ts}",
        "react",
        {"channel": request.channel, "ts": request.ts, "emoji": emoji},
        lane=ids.marks(request.channel, request.ts),
    )
