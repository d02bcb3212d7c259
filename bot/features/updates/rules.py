"""What may be told, asked, put off or left out?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bot.core import ids, rights, telling, typed
from bot.core.facts import Fact, Words
from bot.core.facts.incidents import DetailsFilled
from bot.core.facts.updates import (
    QuestionAnswered,
    QuestionAsked,
    UpdatePosted,
    UpdateSnoozed,
    UpdatesPaused,
    UpdatesTakenUp,
)
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome, Refused
from bot.features.updates import blocks
from bot.features.updates.state import Updates

LONGEST_CHARS = 3000
_CORRECT = "To say it otherwise, post the next one: `{command} update`."
TEXTS = (
    "happened", "impact", "containment", "next_steps", "asks", "hypotheses", "decision_needed",
    "customers", "ticket_tags", "reproductions", "rollback",
)  # fmt: skip


@dataclass(frozen=True)
class PostUpdate:
    """A whole update as the form gives it; `answers` are by the question's number.

    `harm` None: nobody changed it in the form.
    """

    harm: str | None
    texts: Mapping[str, str | None]
    is_impact_known: bool = False
    confidence: str | None = None
    answers: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Snooze:
    """The next update later, and why."""

    by: timedelta
    reason: str


@dataclass(frozen=True)
class Pause:
    """No updates, why, and for how long; `by` None: until somebody takes them up again."""

    reason: str
    by: timedelta | None = None


@typed.masks("an update", _CORRECT, "texts", "answers")
def post(incident: Incident, request: PostUpdate, context: Context) -> Outcome:
    """Record a whole update, the answers in it, and the harm as it says it is now."""
    rights.require_at_work(incident, context)
    updates = context.states.of(Updates)
    texts = {name: _checked(request.texts.get(name), name) for name in TEXTS}
    harm = request.harm or incident.harm
    fields: dict[str, Any] = {
        **{name: Words(text) for name, text in texts.items() if text},
        "harm": harm,
        "is_impact_known": request.is_impact_known and bool(texts["impact"]),
        "confidence": request.confidence,
    }
    harmed = _harm(incident, harm, context)
    answers, told = _answers(incident, request.answers, len(updates.posted) + 1, updates)
    if not any(texts.values()) and not answers and not (harmed and updates.last):
        raise Refused(
            "Say what happened: it is what everybody reads first."
            if updates.last is None
            else "There is nothing in this update. Say what happened, or use No change.",
            field="happened",
        )
    if not texts["happened"] and updates.last is None:
        raise Refused("Say what happened: it is what everybody reads first.", field="happened")
    update = UpdatePosted(number=len(updates.posted) + 1, **fields)
    if not answers and harm == incident.harm and _same(update, updates.last):
        raise Refused(
            "Nothing is different from the last update. Change what is new, or use No change.",
            field="happened",
        )
    return Outcome((*harmed, update, *answers), told)


@typed.masks("an update", _CORRECT)
def quick(incident: Incident, words: str, context: Context) -> Outcome:
    """Record what happened in a line; the rest is taken over from the last update."""
    rights.require_at_work(incident, context)
    said = _checked(words, None)
    if said is None or not ids.has_words(said):
        raise Refused(
            f"Say what is new: `{context.command} update fallback model is live`, "
            f"or `{context.command} update` for the form."
        )
    updates = context.states.of(Updates)
    update = _again(updates, incident).model_copy(
        update={"happened": Words(said), "is_quick": True, "is_no_change": False}
    )
    if updates.last and updates.last.harm == incident.harm and _same(update, updates.last):
        raise Refused("The last update says this already. Say what is new, or press No change.")
    return Outcome((update,))


def no_change(incident: Incident, _request: None, context: Context) -> Outcome:
    """Record that everything stands as the last update said."""
    rights.require_at_work(incident, context)
    last = context.states.of(Updates).last
    if last is None:
        raise Refused("There is no update yet that could still hold. Post the first one.")
    if last.harm != incident.harm:
        raise Refused(
            f"Harm was {last.harm} in the last update and is {incident.harm} now. "
            "Say so in an update."
        )
    update = _again(context.states.of(Updates), incident)
    return Outcome((update.model_copy(update={"is_no_change": True, "is_quick": False}),))


@typed.masks("your reason", typed.AGAIN, "reason")
def snooze(incident: Incident, request: Snooze, context: Context) -> Outcome:
    """Owe the next update later, by at most four hours."""
    rights.require_going(incident)
    rights.require(incident, context, "pause_updates")
    reason = _checked(request.reason, "reason")
    if not reason:
        raise Refused(
            f"Say why the update may wait: `{context.command} snooze 15m because ...`.",
            field="reason",
        )
    owed = next((one for one in context.deadlines if one.name == telling.UPDATE), None)
    if owed is None:
        raise Refused("No update is owed at the moment.")
    if request.by > owed.snooze_at_most:
        raise Refused("An update can wait four hours at most; pause the updates instead.")
    until = max(owed.due_at, context.now) + request.by
    return Outcome((UpdateSnoozed(until=until, reason=Words(reason)),))


@typed.masks("your reason", typed.AGAIN, "reason")
def pause(incident: Incident, request: Pause, context: Context) -> Outcome:
    """Owe no update for a while, or until somebody takes them up again."""
    rights.require_going(incident)
    rights.require(incident, context, "pause_updates")
    paused = context.states.of(Updates).pause
    if paused and (paused.until is None or paused.until > context.now):
        raise Refused("The updates are paused already.")
    said = _checked(request.reason, "reason")
    if not said:
        raise Refused(
            f"Say why nobody needs to hear anything: `{context.command} pause because ...`."
        )
    until = context.now + request.by if request.by else None
    return Outcome((UpdatesPaused(reason=Words(said), until=until),))


def take_up(incident: Incident, _request: None, context: Context) -> Outcome:
    """Owe updates again."""
    rights.require_at_work(incident, context)
    rights.require(incident, context, "pause_updates")
    if not context.states.of(Updates).pause:
        raise Refused("The updates are not paused.")
    return Outcome((UpdatesTakenUp(),))


@typed.masks("a question", "To say it otherwise: `{command} ask words`.")
def ask(incident: Incident, words: str, context: Context) -> Outcome:
    """Queue a question; whoever writes the next update answers it."""
    rights.require_going(incident)
    question = _checked(words, "question")
    if not question:
        raise Refused("Say what you want to know.", field="question")
    updates = context.states.of(Updates)
    if any(one.words == question for one in updates.open_questions):
        raise Refused("This question is waiting for an answer already.", field="question")
    return Outcome((QuestionAsked(number=len(updates.questions) + 1, question=Words(question)),))


def _checked(typed: str | None, name: str | None) -> str | None:
    said = ids.clean(typed or "") or None
    if said and not ids.has_words(said):
        return None
    if said and len(said) > LONGEST_CHARS:
        raise Refused(
            f"That is {len(said):,} characters; keep it to {LONGEST_CHARS:,} and link the rest.",
            field=name,
        )
    return said


def _again(updates: Updates, incident: Incident) -> UpdatePosted:
    """The last update once more, with the harm as it is now."""
    number = len(updates.posted) + 1
    if updates.last is None:
        return UpdatePosted(number=number, harm=incident.harm)
    # A decision that was asked for is asked for once; it is not news each time.
    return updates.last.model_copy(update={"number": number, "harm": incident.harm})


def _same(update: UpdatePosted, last: UpdatePosted | None) -> bool:
    ignored = {"number", "is_no_change", "is_quick"}
    return last is not None and update.model_dump(exclude=ignored) == last.model_dump(
        exclude=ignored
    )


def _harm(incident: Incident, harm: str, context: Context) -> tuple[Fact, ...]:
    if harm == incident.harm:
        return ()
    stopped_at = context.now if harm == "stopped" else None
    return (DetailsFilled.model_validate({"harm": harm, "harm_stopped_at": stopped_at}),)


def _answers(
    incident: Incident, answers: Mapping[int, str], update: int, updates: Updates
) -> tuple[tuple[Fact, ...], tuple[Any, ...]]:
    facts: list[Fact] = []
    told = []
    open_by_number = {one.number: one for one in updates.open_questions}
    for number, words in answers.items():
        answer = _checked(words, f"answer_{number}")
        question = open_by_number.get(number)
        if answer and question:
            facts.append(QuestionAnswered(number=number, answer=Words(answer), update=update))
            told.append(blocks.answer(incident, question, answer))
    return tuple(facts), tuple(told)
