"""What happens when a deadline comes near, passes, or is put off?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core import calling, ids, rights, typed
from bot.core.deadlines import Alarm, Deadline
from bot.core.facts import Fact, Words
from bot.core.facts.tasks import DeadlineReminded, DeadlineSnoozed, DeadlineWaived, Stage
from bot.core.incident import Incident
from bot.core.messages import Message
from bot.core.outcome import Context, Outcome, Refused
from bot.features.sla import blocks, due
from bot.features.sla.state import Reminder, Sla
from runbooks.model import Rung

REASON_CHARS = 1000
POSTS = 8  # of reminders in the room within the policy's window
_LATE = timedelta(minutes=2)  # a reminder later than this says so


@dataclass(frozen=True)
class PutOff:
    """A deadline by its name, how much later, and why; `by` None waives it."""

    name: str
    by: timedelta | None
    reason: str


@dataclass(frozen=True)
class Told:
    """Whom a reminder mentions, whether the room gets a message for it, and how late it comes."""

    mentioned: tuple[str, ...] = ()
    is_posted: bool = False
    late: timedelta = timedelta(0)


NOBODY = Told()


def remind(incident: Incident, alarm: Alarm, context: Context) -> Outcome:
    """Take a deadline to the stage it has reached; of stages that were slept through, the last."""
    deadline = next((one for one in context.deadlines if one.name == alarm.about), None)
    if deadline is None:
        return Outcome()
    sla = context.states.of(Sla)
    last = sla.reminders.get((deadline.name, deadline.due_at))
    at = due.rings_at(incident, deadline, last, context.policy)
    if at is None or at > context.now:
        return Outcome()
    if last and due.is_at_end(incident, deadline, last, context.policy):
        return _again(incident, deadline, context)
    stage = _stage(deadline, last, context.now)
    # Something that came to be owed late, or rang late beside other work, is no outage.
    since = max(deadline.due_at, sla.heard_at or deadline.due_at)
    late = context.now - deadline.due_at if context.now - since > _LATE else timedelta(0)
    if stage == "soon":
        return Outcome((_fact(deadline, stage),))
    if stage == "climbed" and last:
        return _climb(incident, deadline, last, context)
    if deadline.is_personal:
        return _ask_privately(incident, deadline, stage, context)
    return _ask_room(incident, _Reached(deadline, stage, late), context)


def may_put_off(incident: Incident, context: Context) -> None:
    """Let whoever commands put things off while the incident goes on.

    Raises:
        Refused: somebody else decides, or it is over.
    """
    rights.require_going(incident)
    rights.require(incident, context, "waive")


@typed.masks("your reason", typed.AGAIN, "reason")
def put_off(incident: Incident, request: PutOff, context: Context) -> Outcome:
    """Owe something later, or not at all; the Incident Commander decides and says why."""
    may_put_off(incident, context)
    deadline = next((one for one in context.deadlines if one.name == request.name), None)
    if deadline is None:
        raise Refused("It is not owed any more.")
    reason = ids.clean(request.reason)
    if not reason:
        raise Refused("Say why: it is what the review reads.", field="reason")
    if len(reason) > REASON_CHARS:
        raise Refused(
            f"That is {len(reason):,} characters; keep it to {REASON_CHARS:,}.", field="reason"
        )
    if request.by is None:
        waived = DeadlineWaived(name=deadline.name, due_at=deadline.due_at, reason=Words(reason))
        return Outcome((waived,))
    if request.by > deadline.snooze_at_most:
        longest = blocks.spell(deadline.snooze_at_most)
        raise Refused(f"Snooze it by {longest} at most, or waive it.", field="by")
    until = max(deadline.due_at, context.now) + request.by
    snoozed = DeadlineSnoozed(
        name=deadline.name, until=until, reason=Words(reason), due_at=deadline.due_at
    )
    return Outcome((snoozed,))


def _stage(deadline: Deadline, last: Reminder | None, now: datetime) -> Stage:
    if last and last.stage in {"overdue", "climbed"}:
        return "climbed"
    if now >= due.overdue_at(deadline):
        return "overdue"
    return "due" if now >= deadline.due_at else "soon"


@dataclass(frozen=True)
class _Reached:
    deadline: Deadline
    stage: Stage
    late: timedelta


def _ask_room(incident: Incident, reached: _Reached, context: Context) -> Outcome:
    """One message in the room: the first is the thread's beginning, later ones stand in it."""
    sla, deadline = context.states.of(Sla), reached.deadline
    person = deadline.owed_by(incident)
    is_root = (deadline.name, deadline.due_at) not in _rooted(sla)
    # A nudge leaves one mention for what comes due later.
    spare = 1 if reached.stage == "overdue" and not is_root else 0
    is_named = _can_post(sla, context) and _can_mention(sla, person, context, spare)
    told = Told(
        mentioned=(person,) if is_named else (),
        is_posted=is_root or is_named,
        late=reached.late if is_root else timedelta(0),
    )
    fact = _fact(deadline, reached.stage, told)
    if is_root or not is_named:
        return Outcome((fact,))
    return Outcome((fact,), (blocks.nudge(incident, deadline, person, context),))


def _again(incident: Incident, deadline: Deadline, context: Context) -> Outcome:
    """Say once more what is still owed: one message for all that would be said again soon."""
    sla, habits = context.states.of(Sla), context.policy.habits
    facts: list[Fact] = []
    said: list[tuple[Deadline, str | None]] = []
    can_post, named = _can_post(sla, context), set[str]()
    others = [one for one in context.deadlines if one.name != deadline.name]
    for one in (deadline, *others):
        last = sla.reminders.get((one.name, one.due_at))
        if last is None or not due.is_at_end(incident, one, last, context.policy):
            continue
        at = due.again_at(one, last, context.policy)
        if at is None or at - habits.remind_again / 2 > context.now:
            continue
        person = one.owed_by(incident)
        is_new = can_post and person not in named and _can_mention(sla, person, context)
        named |= {person} if is_new else set()
        told = Told((person,) if is_new else (), can_post and not said)
        facts.append(_fact(one, "overdue", told, rung=last.rung))
        said.append((one, person if person in named else None))
    messages = (blocks.again(incident, said, context),) if can_post else ()
    return Outcome(tuple(facts), messages)


def _ask_privately(
    incident: Incident, deadline: Deadline, stage: Stage, context: Context
) -> Outcome:
    """Ask the person once; then tell whoever commands that there is no answer."""
    fact = _fact(deadline, stage)
    person = deadline.owed_by(incident)
    to = person if stage == "due" else incident.ic
    if stage == "overdue" and person == incident.ic:
        return Outcome((fact,))
    return Outcome((fact,), (blocks.private(incident, deadline, to, context),))


def _climb(incident: Incident, deadline: Deadline, last: Reminder, context: Context) -> Outcome:
    """Call the next step of the ladder, and say so in the thread."""
    rung = context.policy.paging.ladder[last.rung]
    called = _called(incident, rung, deadline, context)
    mentioned = () if deadline.is_personal else _named(incident, rung, context)
    told = Told(mentioned, bool(mentioned))
    fact = _fact(deadline, "climbed", told, rung=last.rung + 1)
    messages: tuple[Message, ...] = ()
    if mentioned:
        messages = (blocks.climbed(incident, deadline, mentioned, last.rung + 1),)
    return Outcome((fact,), messages) + called


def _about(incident: Incident, deadline: Deadline) -> str:
    """What a step calls for; an earlier one that was missed has had its own calls."""
    label = deadline.label.lower()
    about = "an answer that is missing" if deadline.is_personal else f"{label} is overdue"
    if any(one.about == about and one.at < deadline.due_at for one in incident.calls):
        return f"{about}, since {deadline.due_at:%Y-%m-%d %H:%M} UTC"
    return about


def _named(incident: Incident, rung: Rung, context: Context) -> tuple[str, ...]:
    """Whom the thread names; a test names nobody who is not in it anyway."""
    sla = context.states.of(Sla)
    if not _can_post(sla, context):
        return ()
    if rung.group:
        can_call = not incident.is_test and _can_call_group(sla, rung.group, context)
        return (f"group {rung.group}",) if can_call else ()
    people = _people(incident, rung, context)
    if incident.is_test:
        people = tuple(one for one in people if one in incident.people)
    return tuple(one for one in people if _can_mention(sla, one, context))


def _called(incident: Incident, rung: Rung, deadline: Deadline, context: Context) -> Outcome:
    outcome = _call(incident, rung, _about(incident, deadline), context)
    return replace(outcome, facts=calling.climbing(outcome.facts, deadline.name))


def _call(incident: Incident, rung: Rung, about: str, context: Context) -> Outcome:
    if rung.role:
        return calling.call_roles(incident, [rung.role], about, context)
    if rung.group:
        return calling.call_group(incident, rung.group, about, context)
    outcome = Outcome()
    for person in _people(incident, rung, context):
        one = calling.call_person(incident, person, about, context)
        incident = calling.advanced(incident, one, context)
        outcome += one
    return outcome


def _people(incident: Incident, rung: Rung, context: Context) -> tuple[str, ...]:
    if rung.role:
        held = incident.holder(rung.role)
        found = held or calling.found_for(rung.role, context.policy, context.now)
        return (found,) if found else ()
    if rung.rota:
        on_call = context.policy.paging.rota(rung.rota).on_call(context.now)
        return (on_call,) if on_call else ()
    return rung.people


def _rooted(sla: Sla) -> set[tuple[str, datetime]]:
    return {key for key, one in sla.reminders.items() if one.stage != "soon"}


def _can_post(sla: Sla, context: Context) -> bool:
    since = context.now - context.policy.habits.mention_window
    return sla.posts_since(since) < POSTS


def _can_mention(sla: Sla, person: str, context: Context, spare: int = 0) -> bool:
    habits = context.policy.habits
    since = context.now - habits.mention_window
    # The summary names whoever commands when it is posted: that is one of their mentions.
    return person != ids.BOT and sla.mentions_of(person, since) < (habits.mentions - 1 - spare)


def _can_call_group(sla: Sla, group: str, context: Context) -> bool:
    """A mention of a group rings many, so one in the window is enough."""
    since = context.now - context.policy.habits.mention_window
    return sla.mentions_of(f"group {group}", since) == 0


def _fact(deadline: Deadline, stage: Stage, told: Told = NOBODY, *, rung: int = 0) -> Fact:
    return DeadlineReminded(
        name=deadline.name,
        label=deadline.label,
        due_at=deadline.due_at,
        stage=stage,
        rung=rung,
        mentioned=told.mentioned,
        is_posted=told.is_posted,
        late_seconds=int(told.late.total_seconds()),
    )
