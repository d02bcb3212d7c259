"""What follows from a change of the record, though nobody says so?"""

from __future__ import annotations

from bot.core import calling
from bot.core.deadlines import Alarm
from bot.core.facts import Fact, Words
from bot.core.facts import runbooks as f
from bot.core.facts.people import PersonCalled, RoleSought
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome
from bot.core.runs import beginning, lapsing, ruling
from bot.core.runs.model import Fired, Run, Runs
from bot.features.consequences import blocks


def lapse(incident: Incident, _alarm: Alarm, context: Context) -> Outcome:
    """What was decided on other grounds than there are now has to be decided again."""
    return lapsing.lapsed(incident, context.states.of(Runs))


def rule(incident: Incident, _alarm: Alarm, context: Context) -> Outcome:
    """Note which rules apply by the severity, and which of them are met or apply no longer."""
    facts: list[Fact] = []
    for run in context.states.of(Runs).open:
        applying = ruling.applying(incident, run)
        facts += [f.RuleFired(run=run.number, rule=one.id) for one in applying]
        for one in run.fired.values():
            if end := ruling.ended(incident, run, one):
                facts.append(_ended(incident, run, one, end, context))
    return beginning.concluded(tuple(facts), context)


def escalate(incident: Incident, alarm: Alarm, context: Context) -> Outcome:
    """Call whom a rule that applies names, each person once whichever run has the rule."""
    number, _, id_ = alarm.about.partition("/")
    run = context.states.of(Runs).find(int(number))
    one = run.fired.get(id_) if run else None
    if run is None or one is None or not ruling.calls(one):
        return Outcome()
    outcome, called, nobody = Outcome(), list[str](), list[str]()
    for role in ruling.roles(run, one.rule):
        after = calling.advanced(incident, outcome, context)
        more = _called(after, one, role, context)
        if more.facts:
            (called if _reaches(more) else nobody).append(role)
        outcome += more
    noted = f.RuleEscalated(run=run.number, rule=id_, roles=tuple(called), nobody=tuple(nobody))
    is_news = bool(called or nobody) or one.rule.from_rank is None
    told = (blocks.applies(incident, run, noted, context),) if is_news else ()
    return Outcome((noted,)) + outcome + Outcome(messages=told)


def _reaches(outcome: Outcome) -> bool:
    """Whether it calls somebody, or looks up whom to call."""
    return any(
        isinstance(one, RoleSought) or (isinstance(one, PersonCalled) and one.via != "nobody")
        for one in outcome.facts
    )


def _called(incident: Incident, one: Fired, role: str, context: Context) -> Outcome:
    """The call of one role: of whoever holds it, or stands for it where nobody is in hand."""
    about, holder = blocks.about(one.rule), incident.holder(role)
    if holder is None:
        is_in_hand = calling.is_in_hand(incident, role)
        return Outcome() if is_in_hand else calling.call_roles(incident, [role], about, context)
    is_told = holder == one.by or incident.was_called(about, f"person {holder}")
    if is_told or one.rule.from_rank is not None:
        return Outcome()
    return calling.call_person(incident, holder, about, context, one.rule.then)


def _ended(
    incident: Incident, run: Run, one: Fired, end: ruling.Settled, context: Context
) -> f.RuleMet:
    now = context.policy.severities.show(incident.severity)
    note = Words(f"The severity is {now} now.") if end == "gone" else None
    return f.RuleMet(run=run.number, rule=one.rule.id, is_met=end == "met", note=note)
