"""How does what is said at a terminal go down on record, and reach the room?"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import typer
from sqlalchemy import Connection

from bot.core import ids
from bot.core.blockkit import escape, when
from bot.core.facts import Fact, Recorded
from bot.core.facts.decisions import DecisionRecorded
from bot.core.facts.people import CameByTerminal
from bot.core.facts.timeline import NoteAdded
from bot.core.facts.updates import UpdatePosted
from bot.core.incident import Incident
from bot.core.messages import Content, Post
from bot.core.outcome import Context, Outcome, Rule
from bot.engine import Asked, Done, Engine, NotWritten, Target
from bot.features.timeline import blocks
from storage import inbox
from storage.db import PATIENCE_SECONDS, Unanswered

T = TypeVar("T")
_AGAIN_SECONDS = 1.0
_SILENT = "The log did not answer."
_WAITING = (
    "The log does not answer yet; waiting for up to a minute. "
    "Ctrl-C ends the waiting, not what is under way."
)


class Unsure(Exception):
    """The log did not say what became of it: it may be on disk, or come to be."""


class Spoken(Engine):
    """The one write path; what goes through it here is marked, and told to the room.

    The room sees who presses what in Slack; of a terminal it would see nothing.
    """

    came = CameByTerminal(login="", vouched_by="nobody")
    patience_seconds = 60.0  # nobody waits but the person: the 3 s are Slack's
    is_on_record = False

    async def carry_out(self, rule: Rule, request: object, target: Target, asked: Asked) -> Done:
        """As the engine does, with the mark behind the facts and a line for the room.

        Raises:
            Unsure: patience is over, or the person's, and it may be on disk or come to be.
        """
        try:
            done = await super().carry_out(_marked(rule, self.came), request, target, asked)
        except NotWritten as error:
            if error.is_unknown:
                raise Unsure from error
            raise
        self.is_on_record = True
        return done

    async def was_asked(self, key: str) -> bool:
        """Whether the request of this key is on record.

        Raises:
            NotWritten: the log could not be read.
        """
        return await self._read(lambda conn: inbox.seen(conn, key)) is not None

    async def _read(
        self, query: Callable[[Connection], T], patience: float | None = PATIENCE_SECONDS
    ) -> T:
        """A read that is not answered leaves nobody in doubt: it changed nothing."""
        try:
            return await super()._read(query, patience)
        except NotWritten as error:
            error.is_unknown = False
            raise

    async def _write(
        self,
        work: Callable[[Connection], T],
        patience: float | None = None,
        *,
        then: Callable[[T], None] | None = None,
    ) -> T:
        """Wait on for the outcome where a request of Slack's has to be answered."""
        if patience is None:
            return await super()._write(work, then=then)
        writing = asyncio.ensure_future(self._until_known(work, then))
        try:
            done, _ = await asyncio.wait({writing}, timeout=patience)
            if not done:
                typer.echo(_WAITING, err=True)
                done, _ = await asyncio.wait({writing}, timeout=self.patience_seconds)
        except asyncio.CancelledError:  # Ctrl-C, while it is under way
            done = set()
        if not done:
            writing.cancel()
            raise NotWritten(Unanswered(_SILENT))
        return writing.result()

    async def _until_known(
        self, work: Callable[[Connection], T], then: Callable[[T], None] | None
    ) -> T:
        """Ask again under the same key where the connection broke in the commit."""
        is_unknown = False
        while True:
            try:
                return await super()._write(work, then=then)
            except NotWritten as error:
                is_unknown = is_unknown or error.is_unknown
                if not is_unknown:
                    raise
            await asyncio.sleep(_AGAIN_SECONDS)


def _marked(rule: Rule, came: CameByTerminal) -> Rule:
    @functools.wraps(rule)
    def said(incident: Incident, request: Any, context: Context, /) -> Outcome:  # noqa: ANN401
        outcome = rule(incident, request, context)
        if not outcome.facts:
            return outcome
        return outcome + Outcome((came,), _line(incident, outcome.facts, context))

    return said


def _line(incident: Incident, facts: Sequence[Fact], context: Context) -> tuple[Post, ...]:
    """What was said, in the order in which it was; with its time, for it may arrive late.

    Nothing for what the room does not hear of, such as a look at a list.
    """
    recorded = [
        Recorded(incident.last_seq + place, context.now, context.actor, fact)
        for place, fact in enumerate(facts, start=1)
    ]
    lines = [line for one in recorded if (line := _words(one) or _as_listed(one, context))]
    if not lines:
        return ()
    who = blocks.who(context.actor)
    text = f"From a terminal, {when(context.now)}: {who} {'; '.join(lines)}"
    name = f"{ids.chain(incident.number)} terminal {incident.last_seq + 1}"
    return (Post(name, incident.room, Content(text)),)


def _words(one: Recorded) -> str:
    """The words in full where the room has them from nowhere else; empty for the rest."""
    match one.fact:
        case NoteAdded(text=text, happened_at=at, corrects=corrects):
            said = f"corrected note {corrects}" if corrects is not None else "noted"
            told = "" if at == one.at else f", at {when(at)}"
            return f"{said}{told}: {escape(text)}"
        case DecisionRecorded(number=number, text=text):
            return f"recorded decision {number}: {escape(text)}"
        case UpdatePosted(number=number, happened=str(happened), is_no_change=False):
            return f"posted update {number}: {escape(happened)}"
    return ""


def _as_listed(one: Recorded, context: Context) -> str:
    """The line of the timeline; empty for what does not stand there."""
    return "; ".join(entry.line for entry in blocks.entries([one], context.policy))
