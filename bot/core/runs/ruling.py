"""Which rules does the record itself make apply, or settle, and whom do they call?"""

from __future__ import annotations

from typing import Literal

from bot.core.incident import Incident
from bot.core.runs.model import Fired, Run
from runbooks.parts import Rule

Settled = Literal["met", "gone"]


def applying(incident: Incident, run: Run) -> list[Rule]:
    """The rules that apply by the severity, and are not noted yet."""
    return [rule for rule in run.book.rules if _applies(incident, run, rule)]


def ended(incident: Incident, run: Run, one: Fired) -> Settled | None:
    """What became of a rule that applies by the severity; None while it is to be acted on.

    It is met once everybody is there whom it calls, and gone when the severity is less bad.
    """
    if one.rule.from_rank is None or one.acted_at is not None:
        return None
    if incident.rank > one.rule.from_rank:
        return "gone"
    is_there = all(incident.holder(role) for role in roles(run, one.rule))
    return "met" if is_there and one.has_called else None


def calls(one: Fired) -> bool:
    """Whether a rule applies and those whom it names were not called yet."""
    return bool(one.rule.calls) and not one.has_called and one.acted_at is None


def roles(run: Run, rule: Rule) -> tuple[str, ...]:
    """Whom a rule calls; some of them only where people outside can see it, or nobody knows."""
    is_inside = run.contexts == ("internal",)
    return rule.calls if is_inside else (*rule.calls, *rule.calls_if_visible)


def _applies(incident: Incident, run: Run, rule: Rule) -> bool:
    if rule.from_rank is None or incident.rank > rule.from_rank:
        return False
    known = run.fired.get(rule.id)
    if known is None:
        return True
    # Gone when it became less bad, and bad again since.
    is_gone = known.acted_at is not None and not known.is_met
    since = incident.severity_at
    return bool(is_gone and since and known.acted_at and since > known.acted_at)
