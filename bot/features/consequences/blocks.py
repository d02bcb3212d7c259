"""What do people read of a rule that applies?"""

from __future__ import annotations

from collections.abc import Sequence

from bot.core import blockkit
from bot.core.incident import Incident
from bot.core.messages import Content, Post
from bot.core.runs.model import Run
from runbooks.model import Policy
from runbooks.parts import Rule


def about(rule: Rule) -> str:
    """What somebody is called for."""
    return f"rule {rule.id.replace('_', ' ')}"


def applies(
    incident: Incident, run: Run, rule: Rule, called: Sequence[str], policy: Policy
) -> Post:
    """What the room reads when a rule applies that calls somebody."""
    who = "" if incident.has_no_ic else f"<@{incident.ic}> "
    said = f"{who}{rule.then}\nBecause: {rule.when} (runbook {run.number})"
    if called:
        said += f"\nCalled: {', '.join(policy.roles.get(role).label for role in called)}"
    name = f"rule/{incident.number}/{run.number}/{rule.id}/{incident.last_seq + 1}"
    return Post(name, incident.room, Content(said, (blockkit.section(said),)))
