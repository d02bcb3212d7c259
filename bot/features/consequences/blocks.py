"""What do people read of a rule that applies?"""

from __future__ import annotations

from collections.abc import Sequence

from bot.core import blockkit
from bot.core.facts.runbooks import RuleEscalated
from bot.core.incident import Incident
from bot.core.messages import Content, Post
from bot.core.outcome import Context
from bot.core.runs.model import Run
from runbooks.model import Policy
from runbooks.parts import Rule


def about(rule: Rule) -> str:
    """What somebody is called for."""
    return f"rule {rule.id.replace('_', ' ')}"


def applies(incident: Incident, run: Run, noted: RuleEscalated, context: Context) -> Post:
    """What the room reads when a rule applies that calls somebody."""
    rule = run.fired[noted.rule].rule
    who = "" if incident.has_no_ic else f"<@{incident.ic}> "
    said = f"{who}{rule.then}\nBecause: {rule.when} (runbook {run.number})"
    if noted.roles:
        said += f"\nCalled: {_labels(noted.roles, context.policy)}"
    if noted.nobody:
        said += f"\n{_uncalled(incident, noted.nobody, context)}"
    name = f"rule/{incident.number}/{run.number}/{rule.id}/{incident.last_seq + 1}"
    return Post(name, incident.room, Content(said, (blockkit.section(said),)))


def _uncalled(incident: Incident, roles: Sequence[str], context: Context) -> str:
    labels = _labels(roles, context.policy)
    if incident.is_test:
        return f"This is a test, so nobody was called for: {labels}"
    return f"Nobody to call for: {labels}. Give somebody the role: `{context.command} role`."


def _labels(roles: Sequence[str], policy: Policy) -> str:
    return ", ".join(policy.roles.get(role).label for role in roles)
