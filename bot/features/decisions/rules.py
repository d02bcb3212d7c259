"""What may be put into the decision log, and what may be said of it later?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.core import ids, rights, typed
from bot.core.facts import Fact, Words
from bot.core.facts.decisions import (
    DecisionAmended,
    DecisionDetails,
    DecisionRecorded,
    DecisionReversed,
    DecisionUpheld,
    DecisionWithdrawn,
    SourceDeleted,
    SourceEdited,
)
from bot.core.incident import Incident
from bot.core.messages import Call, Message
from bot.core.outcome import Context, Outcome, Refused
from bot.features.decisions.state import SCRIBE, Decision, Decisions, Source

TEXT_CHARS = 3000
_PEOPLE = ("decider", "decider_role")
_CORRECT = "To say it otherwise: `{command} decisions`, Open, Amend."
TEXTS = tuple(name for name in DecisionDetails.model_fields if name not in {*_PEOPLE, "review_at"})


@dataclass(frozen=True)
class Record:
    """What was decided; without a source it was typed. `is_here`: the source is in the room."""

    text: str
    details: DecisionDetails = DecisionDetails()
    source: Source | None = None
    is_here: bool = True


@dataclass(frozen=True)
class Amend:
    """What a decision says now; what was left empty stays as it was."""

    number: int
    text: str
    details: DecisionDetails


@dataclass(frozen=True)
class Reverse:
    """A decision that holds no longer, and why."""

    number: int
    why: str


@typed.masks("a decision", _CORRECT, "text", "details", *TEXTS)
def record(incident: Incident, request: Record, context: Context) -> Outcome:
    """Put a decision into the log, with the severity of the moment."""
    rights.require_at_work(incident, context)
    source = request.source
    if source and (first := _captured(source, context)):
        raise Refused(
            f"This message is decision {first.number} already. Close this form and choose Record "
            "decision on the message again to amend it.",
            field="text",
        )
    text = _text(request.text)
    details = _checked(incident, request.details, None, context)
    recorded = _recorded(incident, (text, details, source), context, is_by_reaction=False)
    return recorded if request.is_here else Outcome(recorded.facts)


@typed.masks("a decision", _CORRECT, "text")
def capture(incident: Incident, request: Record, context: Context) -> Outcome:
    """A reaction captures at once; a message that is a decision already stays that one."""
    rights.require_at_work(incident, context)
    if request.source is None or _captured(request.source, context):
        return Outcome()
    text = _text(request.text[:TEXT_CHARS])
    return _recorded(incident, (text, {}, request.source), context, is_by_reaction=True)


def withdraw(incident: Incident, source: Source, context: Context) -> Outcome:
    """A reaction taken away in time withdraws what it captured, unless more was said of it."""
    one = _captured(source, context)
    if one is None or not one.record.is_by_reaction or one.by != context.actor:
        return Outcome()
    is_late = context.now - one.at > context.policy.habits.withdraw_within
    if incident.is_over or is_late or one.amended_at or not one.holds:
        return Outcome()
    unmark = _mark(incident, one.number, source, context)
    facts: tuple[Fact, ...] = (DecisionWithdrawn(number=one.number),)
    unmarked = replace(unmark, name=f"{unmark.name}/off", effect="unreact")
    return Outcome(facts, (unmarked,))


@typed.masks("a decision", _CORRECT, "text", "details", *TEXTS)
def amend(incident: Incident, request: Amend, context: Context) -> Outcome:
    """Say more of a decision; the first record stays as it was."""
    one = _found(incident, request.number, context)
    _may_amend(incident, one, context)
    text = _text(request.text)
    changed = _checked(incident, request.details, one, context)
    if text == one.text and not changed:
        raise Refused("Nothing differs from the record. Change something, or cancel.", field="text")
    said = text if text != one.text else None
    return Outcome((DecisionAmended(number=one.number, text=said, **changed),))


@typed.masks("why a decision was reversed", _CORRECT, "why")
def reverse(incident: Incident, request: Reverse, context: Context) -> Outcome:
    """A decision holds no longer; why is what the review reads."""
    one = _found(incident, request.number, context)
    _may_amend(incident, one, context)
    if one.reversed_at:
        raise Refused(f"Decision {one.number} is reversed already. Nothing was changed.")
    why = ids.clean(request.why)
    if not why:
        raise Refused("Say why it holds no longer: it is what the review reads.", field="because")
    _fits(why, "because")
    return Outcome((DecisionReversed(number=one.number, why=Words(why)),))


def uphold(incident: Incident, number: int, context: Context) -> Outcome:
    """A decision was looked at again and still holds."""
    one = _found(incident, number, context)
    if one.reversed_at:
        raise Refused(f"Decision {number} is reversed. Record a new one if it holds again.")
    if one.details.review_at is None or one.is_reviewed:
        raise Refused(f"No review of decision {number} is owed. Nothing was changed.")
    return Outcome((DecisionUpheld(number=number),))


def source_edited(_incident: Incident, source: Source, context: Context) -> Outcome:
    """The captured words stay when the message they came from is edited; that is noted once."""
    one = _captured(source, context)
    if one is None or one.is_source_edited or one.is_source_deleted:
        return Outcome()
    return Outcome((SourceEdited(channel=source.channel, ts=source.ts),))


def source_deleted(_incident: Incident, source: Source, context: Context) -> Outcome:
    """The captured words stay when the message they came from is deleted; that is noted once."""
    one = _captured(source, context)
    if one is None or one.is_source_deleted:
        return Outcome()
    return Outcome((SourceDeleted(channel=source.channel, ts=source.ts),))


def _recorded(
    incident: Incident,
    what: tuple[Words, dict[str, Any], Source | None],
    context: Context,
    *,
    is_by_reaction: bool,
) -> Outcome:
    text, details, source = what
    number = len(context.states.of(Decisions).all) + 1
    fact = DecisionRecorded(
        number=number,
        text=text,
        severity=incident.severity,
        rank=incident.rank,
        channel=source.channel if source else None,
        ts=source.ts if source else None,
        permalink=source.permalink if source else None,
        is_by_reaction=is_by_reaction,
        **details,
    )
    marks: tuple[Message, ...] = (_mark(incident, number, source, context),) if source else ()
    return Outcome((fact,), marks)


def _mark(incident: Incident, number: int, source: Source, context: Context) -> Call:
    emoji = context.policy.habits.decision_reaction
    arguments = {"channel": source.channel, "ts": source.ts, "emoji": emoji}
    name, lane = f"decision/{incident.number}/{number}/mark", ids.marks(source.channel, source.ts)
    return Call(name, "react", arguments, lane=lane)


def _captured(source: Source, context: Context) -> Decision | None:
    return context.states.of(Decisions).captured_from(source)


def _found(incident: Incident, number: int, context: Context) -> Decision:
    rights.require_at_work(incident, context)
    one = context.states.of(Decisions).find(number)
    if one is None:
        raise Refused(
            f"{incident.reference} has no decision {number}. `{context.command} decisions` lists "
            "them."
        )
    return one


def _may_amend(incident: Incident, one: Decision, context: Context) -> None:
    if context.actor not in {one.by, one.details.decider, incident.holder(SCRIBE)}:
        rights.require(incident, context, "amend")


def _checked(
    incident: Incident, details: DecisionDetails, known: Decision | None, context: Context
) -> dict[str, Any]:
    """What is said anew of a decision; None in it was not said."""
    said: dict[str, Any] = {}
    for name, value in details:
        typed = ids.clean(value) or None if name in TEXTS and value else value
        before = getattr(known.details, name) if known else None
        if typed is not None and _in_seconds(typed) != _in_seconds(before):
            said[name] = Words(typed) if name in TEXTS else typed
            if name in TEXTS:
                _fits(typed, name)
    if "review_at" in said and said["review_at"] <= context.now:
        raise Refused("That time has passed. Give a time to come.", field="review_at")
    if decider := said.get("decider"):
        _may_decide(decider, context)
        if roles := incident.roles_of(decider):
            said.setdefault("decider_role", roles[0])
    return said


def _may_decide(decider: str, context: Context) -> None:
    person = context.people.get(decider)
    if person and person.is_bot:
        raise Refused("An app decides nothing. Choose a person.", field="decider")
    if person and person.has_left:
        raise Refused("This person has left the workspace. Choose another.", field="decider")


def _text(typed: str) -> Words:
    text = ids.clean(typed)
    if not text:
        raise Refused("Say what was decided, in one sentence.", field="text")
    _fits(text, "text")
    return Words(text)


def _fits(text: str, field: str) -> None:
    if len(text) > TEXT_CHARS:
        raise Refused(
            f"That is {len(text):,} characters; keep it to {TEXT_CHARS:,} and put the rest into "
            "the room.",
            field=field,
        )


def _in_seconds(value: object) -> object:
    """The value as a form shows it: Slack's picker of moments knows whole seconds."""
    return value.replace(microsecond=0) if isinstance(value, datetime) else value
