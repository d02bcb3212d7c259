"""How does what is said at a terminal go down on record, and reach the room?"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

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
from bot.engine import Asked, Done, Engine, Target
from bot.features.timeline import blocks


class Spoken(Engine):
    """The one write path; what goes through it here is marked, and told to the room.

    The room sees who presses what in Slack; of a terminal it would see nothing.
    """

    came = CameByTerminal(login="", vouched_by="nobody")

    async def carry_out(self, rule: Rule, request: object, target: Target, asked: Asked) -> Done:
        """As the engine does, with the mark behind the facts and a line for the room."""
        return await super().carry_out(_marked(rule, self.came), request, target, asked)


def _marked(rule: Rule, came: CameByTerminal) -> Rule:
    @functools.wraps(rule)
    def said(incident: Incident, request: Any, context: Context, /) -> Outcome:  # noqa: ANN401
        outcome = rule(incident, request, context)
        if not outcome.facts:
            return outcome
        return outcome + Outcome((came,), (_line(incident, outcome.facts, context),))

    return said


def _line(incident: Incident, facts: Sequence[Fact], context: Context) -> Post:
    """What was said, in the order in which it was; with its time, for it may arrive late."""
    recorded = [
        Recorded(incident.last_seq + place, context.now, context.actor, fact)
        for place, fact in enumerate(facts, start=1)
    ]
    lines = [_words(one) or _as_listed(one, context) for one in recorded]
    who = blocks.who(context.actor)
    text = f"From a terminal, {when(context.now)}: {who} {'; '.join(filter(None, lines))}"
    name = f"{ids.chain(incident.number)} terminal {incident.last_seq + 1}"
    return Post(name, incident.room, Content(text))


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
