"""Whose is a step, who may do something about it, and what follows from it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.core import ids, rights
from bot.core.facts import Words
from bot.core.facts import runbooks as f
from bot.core.incident import IC, Incident
from bot.core.outcome import Ask, Context, Outcome, Person, Refused
from bot.core.runs.beginning import concluded
from bot.core.runs.model import Fired, Run, Runs, Step
from runbooks.model import Policy

TEXT_CHARS = 1000


def roles_of(step: Step, policy: Policy) -> tuple[str, ...]:
    """The roles that own a step, in order; the first that somebody holds acts."""
    return policy.titles.roles_of(step.what.owner)


def owner(incident: Incident, step: Step, policy: Policy) -> str | None:
    """The one person who owns a step now; None where nobody holds a role of its owner."""
    if step.owner:
        return step.owner
    held = (incident.holder(role) for role in roles_of(step, policy))
    return next(filter(None, held), None)


def titled(names: Sequence[str], policy: Policy) -> str:
    """Names of a step as people call them: titles, or roles."""
    found = [(policy.titles.find(name), name) for name in names]
    return " or ".join(title.label if title else policy.roles.get(name).label
                       for title, name in found)  # fmt: skip


def run(number: int, context: Context) -> Run:
    """The run of that number.

    Raises:
        Refused: there is none.
    """
    found = context.states.of(Runs).find(number)
    if found is None:
        raise Refused(f"There is no such runbook here. `{context.command} runbook` starts one.")
    return found


def meant(incident: Incident, at: tuple[int, int], context: Context) -> tuple[Run, Step]:
    """The run and the step of these numbers, of an incident that goes on, for somebody in it.

    What two runs share is done where it began.

    Raises:
        Refused: there is none, or it is over, or they are not in the room.
    """
    rights.require_at_work(incident, context)
    runs = context.states.of(Runs)
    run = runs.find(at[0])
    step = run.find(at[1]) if run else None
    if run is None or step is None:
        raise Refused(
            f"There is no such step in {incident.reference}. `{context.command} runbook` shows "
            "the checklists."
        )
    return meant(incident, step.same_as, context) if step.same_as else (run, step)


def active(incident: Incident, at: tuple[int, int], context: Context) -> tuple[Run, Step]:
    """The same, of a step that can be worked on.

    Raises:
        Refused: it is done or left already, or still waits for other steps.
    """
    run, step = meant(incident, at, context)
    if step.is_closed:
        raise Refused(f"{named(run, step)} is {said_closed(step)} already. Nothing was changed.")
    if step.status == "waiting":
        raise Refused(f"{named(run, step)} is locked until {waits_for(run, step)} is done.")
    return run, step


def waits_for(run: Run, step: Step) -> str:
    """The steps that are in the way, as `step 3 and step 4`."""
    ways = [one for one in map(run.find, step.what.gate.after) if one and not one.is_closed]
    return " and ".join(f"step {one.n}" for one in ways)


def named(run: Run, step: Step) -> str:
    """How a step is called: `Step 2 of runbook 1`."""
    return f"Step {step.n} of runbook {run.number}"


def thread(incident: Incident, run: Run, step: Step) -> str:
    """The slot of the message under which a step's talk and proof stand."""
    end = "/private" if incident.is_moved else ""
    return f"step/{incident.number}/{run.number}/{step.n}{end}"


def numbers(steps: Sequence[int]) -> str:
    """Several steps by their numbers, as `steps 2, 4`."""
    return f"step{'s' if len(steps) > 1 else ''} {', '.join(map(str, steps))}"


def said_closed(step: Step) -> str:
    """How a step ended."""
    told = {"skipped": "skipped", "waived": "waived", "not_applicable": "said not to apply"}
    return told[step.left] if step.left else "done"


def said_by(step: Step) -> str:
    """By whom a step ended, and who looked at it, as ` by <@U1>, looked at by <@U2>`."""
    by = f" by <@{step.closed_by}>" if step.closed_by else ""
    return by + (f", looked at by <@{step.checked_by}>" if step.checked_by else "")


def require_owner(incident: Incident, run: Run, step: Step, context: Context) -> None:
    """Let those do a step who own or support it, or command; anybody where nobody owns it.

    Raises:
        Refused: it is somebody else's; a button asks them.
    """
    holder = owner(incident, step, context.policy)
    roles = {*roles_of(step, context.policy)}
    roles |= {*context.policy.titles.roles_of(step.what.supported_by)}
    mine = {holder, incident.holder(IC), *map(incident.holder, () if step.owner else roles)}
    if holder is None or context.actor in mine or context.actor == ids.BOT:
        return
    raise Refused(
        f"{named(run, step)} is <@{holder}>'s: ask them, or whoever commands. Nothing was changed.",
        ask=Ask(incident.number, holder, f"do step {step.n} of runbook {run.number}"),
    )


def is_guest(context: Context) -> bool:
    """Whether whoever acts is here as a guest: they work along, and sign nothing off."""
    return context.people.get(context.actor, Person(context.actor)).is_guest


def words(typed: str, field: str, most: int = TEXT_CHARS) -> Words | None:
    """What was typed, cleaned; None when it was nothing.

    Raises:
        Refused: it is too long.
    """
    said = ids.clean(typed)
    if len(said) > most:
        raise Refused(
            f"That is {len(said):,} characters; keep it to {most:,} and put the rest into the "
            "step's thread.",
            field=field,
        )
    return Words(said) if said else None


def rule_field(id_: str) -> str:
    """The input of a form at which a rule stands."""
    return f"rule.{id_}"


def reason(typed: str, field: str = "reason") -> Words:
    """Why, which has to be said.

    Raises:
        Refused: nothing was said, or it is too long.
    """
    said = words(typed, field)
    if said is None:
        raise Refused("Say why: it is what the review reads.", field=field)
    return said


def fit(incident: Incident, person_id: str | None, context: Context, field: str = "person") -> str:
    """Somebody who can be given something to do; a guest only where they are in the room.

    Raises:
        Refused: nobody is named, or an app, somebody who left, whom Slack does not know, or a
            guest from outside.
    """
    if person_id is None:
        raise Refused("Name a person.", field=field)
    person = context.people.get(person_id, Person(person_id))
    if not person.is_known:
        raise Refused("Slack knows no such person. Name somebody else.", field=field)
    if person.is_bot:
        raise Refused("An app cannot do it; name a person.", field=field)
    if person.has_left:
        raise Refused(f"<@{person.id}> has left the workspace. Name somebody else.", field=field)
    if person.is_guest and person.id not in incident.people:
        raise Refused(
            f"<@{person.id}> is a guest and not in the room. Let them in first: "
            f"`{context.command} add @someone`.",
            field=field,
        )
    return person.id


def done(run: Run, step: Step, context: Context, note: Words | None = None) -> Outcome:
    """The step is done, with everything that follows from it.

    Raises:
        Refused: a rule holds it, or the review is not linked that it waits for.
    """
    if held := _held(run, step, context):
        first = held[0]
        raise Refused(
            f"First: {first.rule.then} Say under Rules that it is done, or why it does not apply."
        )
    if step.what.gate.completes_when == "review_linked":
        require_review(context)
    return concluded((f.StepDone(run=run.number, step=step.n, note=note),), context)


def _held(run: Run, step: Step, context: Context) -> list[Fired]:
    """The rules that hold a step, those of runs that share it too."""
    shared = (
        (other, one.n)
        for other in context.states.of(Runs).all
        for one in other.steps
        if one.same_as == (run.number, step.n)
    )
    return [one for other, n in ((run, step.n), *shared) for one in other.held(n)]


def require_ticked(checks: Mapping[str, str], ticked: frozenset[str]) -> None:
    """Let only go on where everything is ticked off.

    Raises:
        Refused: something is not.
    """
    missing = [label for id_, label in checks.items() if id_ not in ticked]
    if missing:
        raise Refused(f"Not ticked off yet: {missing[0]}. Tick it when it holds.", field="checks")


def require_review(context: Context) -> None:
    """Let go on only where the review is linked.

    Raises:
        Refused: it is not.
    """
    if context.states.of(Runs).review is None:
        raise Refused(
            "The post-incident review is not linked yet. Press Link the review on the checklist, "
            "and say when it is."
        )
