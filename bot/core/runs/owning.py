"""Which steps became somebody's after they were first told of any?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from bot.core.incident import IC
from bot.core.outcome import Shown
from bot.core.runs import acts
from bot.core.runs.model import Run, Runs, Step

_EVER = datetime.min.replace(tzinfo=UTC)


def further(
    shown: Shown, person: str, steps: Sequence[tuple[Run, Step]]
) -> Mapping[datetime, Sequence[tuple[Run, Step]]]:
    """The active steps of this person by when they became theirs; not those of the first time."""
    since = [(_since(shown, run, step), (run, step)) for run, step in steps]
    first = min((*_firsts(shown, person), *(at for at, _ in since)), default=None)
    found: dict[datetime, list[tuple[Run, Step]]] = {}
    for at, one in since:
        if first and at > first:
            found.setdefault(at, []).append(one)
    return found


def _since(shown: Shown, run: Run, step: Step) -> datetime:
    """When an active step became its owner's: it began, or they were given it, or its role was."""
    began = step.active_at or run.started_at
    if step.owner:
        return max(began, step.given_at or began)
    roles = acts.roles_of(step, shown.policy)
    return max(began, min(_came(shown, roles), default=began))


def _came(shown: Shown, roles: Sequence[str]) -> Iterator[datetime]:
    """Since when each role makes its holder the owner, as those in front of it were empty.

    Who takes such a role on top of theirs has what they had, so the earliest counts.
    """
    incident, runs = shown.incident, shown.states.of(Runs)
    owner = next(filter(None, map(incident.holder, roles)), None)
    emptied: list[datetime] = []
    for role in roles:
        person, holding = incident.holder(role), incident.holders.get(role)
        if person not in {None, owner}:
            return
        if person:
            # Whoever declared commanded before they said so.
            is_said_late = role == IC and person == incident.declarer
            since = holding.since if holding and not is_said_late else _EVER
            yield max([*emptied, since])
            others = {one for one, held in runs.held.items() if role in held} - {owner}
            if others and role not in runs.vacated:
                return
        by, at = runs.vacated.get(role, (owner, _EVER))
        emptied += [at] if by != owner else []  # who laid one of two down still owns it


def _firsts(shown: Shown, person: str) -> Iterator[datetime]:
    """When the steps that are or were this person's began to be theirs."""
    runs = shown.states.of(Runs)
    held = runs.held.get(person, {})
    for step in (one for run in runs.all for one in run.steps if one.same_as is None):
        began = step.begun_at or step.active_at
        if began is None:
            continue
        [role] = acts.roles_of(step, shown.policy)[:1] or [""]
        if step.owner == person:
            yield max(began, step.given_at or began)
        elif step.owner is None and role in held:
            yield max(began, held[role])
        elif step.closed_by == person:
            yield began
