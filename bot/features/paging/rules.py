"""Who may call whom, and what does an answer change?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.core import calling, ids, pagers, rights, typed
from bot.core.deadlines import Alarm
from bot.core.facts.people import CallAnswered
from bot.core.incident import Called, Incident
from bot.core.messages import Message
from bot.core.outcome import Context, Outcome, Person, Refused

WORDS_CHARS = 1000
_AGAIN_AFTER = timedelta(minutes=5)


@dataclass(frozen=True)
class Page:
    """Call a person, or whoever stands for a role; with words, or without."""

    person: str | None
    role: str | None
    words: str


@dataclass(frozen=True)
class Answer:
    """Somebody answered a call; `by` None when the pager does not say who."""

    call: int
    by: str | None
    is_resolved: bool = False


@typed.masks("your words to a page", typed.AGAIN, "words")
def page(incident: Incident, request: Page, context: Context) -> Outcome:
    """Call somebody at once."""
    rights.require_at_work(incident, context)
    words = ids.clean(request.words)
    if len(words) > WORDS_CHARS:
        raise Refused(f"That is {len(words):,} characters; keep a call to {WORDS_CHARS:,}.")
    if request.role:
        return _page_role(incident, request.role, words, context)
    if request.person is None:
        raise Refused(
            f"Say whom: `{context.command} page @someone`, or a role such as "
            f"`{context.command} page legal`."
        )
    _require_person(context.people.get(request.person, Person(request.person)))
    if request.person == context.actor:
        raise Refused("You are here already. Call somebody else.")
    _require_not_just_called(incident, f"person {request.person}", context)
    text = words or "You are needed in the room."
    return calling.call_person(incident, request.person, "a call", context, text)


def found(incident: Incident, alarm: Alarm, context: Context) -> Outcome:
    """Call or inform whoever was found to stand for a role."""
    sought = incident.sought.get(alarm.about)
    if sought is None:
        return Outcome()
    person = next(iter(context.found.get(alarm.about, ())), None)
    return calling.call_found(incident, sought, person, context)


def answer(incident: Incident, request: Answer, context: Context) -> Outcome:
    """Record that a call was answered; answered twice, it stays as it was."""
    called = _called(incident, request.call)
    if called is None:
        raise Refused("There is no such call.")
    if called.answered_at:
        raise Refused("This call is answered already.")
    if called.person and context.actor not in {called.person, ids.BOT}:
        raise Refused(f"This call is for <@{called.person}>.")
    # Whoever holds the pager is not always whom we called: what nobody says is not recorded.
    by = request.by or (context.actor if context.actor != ids.BOT else None)
    fact = CallAnswered(call=request.call, by=by, is_resolved=request.is_resolved)
    owed: tuple[Message, ...] = ()
    if context.actor != ids.BOT:
        owed = pagers.hushed(incident, called, "acknowledge", context.policy)
    return Outcome((fact,), owed)


def _page_role(incident: Incident, role: str, words: str, context: Context) -> Outcome:
    found = context.policy.roles.find(role)
    if found is None:
        known = ", ".join(one.short for one in context.policy.roles.roles)
        raise Refused(f"There is no role {role[:40]}. Use one of: {known}.")
    _require_not_just_called(incident, f"role {found.id}", context)
    about = f"a call at {context.now:%H:%M:%S} UTC"
    outcome = calling.call_roles(incident, [found.id], about, context, words or None)
    if not incident.is_test and outcome.facts and _is_to_nobody(outcome):
        raise Refused(
            f"The policy names nobody for {found.label}. Name a person: "
            f"`{context.command} page @someone`."
        )
    return outcome


def _is_to_nobody(outcome: Outcome) -> bool:
    return any(getattr(fact, "via", None) == "nobody" for fact in outcome.facts)


def _require_not_just_called(incident: Incident, target: str, context: Context) -> None:
    for one in reversed(incident.calls):
        if one.target != target or one.via == "nobody" or _was_declined(incident, one):
            continue
        if context.now - one.at < _AGAIN_AFTER:
            minutes = int((context.now - one.at) / timedelta(minutes=1))
            ago = f"{minutes} min ago" if minutes else "just now"
            said = "and have answered" if one.answered_at else "and have not answered yet"
            raise Refused(f"They were called {ago} {said}. Wait a little, or call somebody else.")


def _was_declined(incident: Incident, called: Called) -> bool:
    """The role was offered with the call, and is offered to nobody any more."""
    return called.is_offer and not called.answered_at and called.role not in incident.offers


def _called(incident: Incident, call: int) -> Called | None:
    return next((one for one in incident.calls if one.call == call), None)


def _require_person(person: Person) -> None:
    if not person.is_known:
        raise Refused("Slack knows no such person. Name somebody else.")
    if person.is_bot:
        raise Refused("An app cannot be called; name a person.")
    if person.has_left:
        raise Refused(f"<@{person.id}> has left the workspace. Name somebody else.")
