"""What does one read of a file that came, or could not be had?"""

from __future__ import annotations

from bot.core import redaction, telling
from bot.core.blockkit import escape
from bot.core.evidence import Item
from bot.core.incident import Incident
from bot.core.messages import Post
from runbooks.model import Policy


def missed(incident: Incident, one: Item, reason: str) -> Post:
    """What whoever asked for a file reads when it could not be had."""
    said = f"{incident.reference}: {one.reference} ({escape(one.name)}) is not kept. {reason}"
    return telling.note(incident, f"missed {one.number}", one.by, said)


def found(
    incident: Incident, one: Item, kinds: tuple[str, ...], policy: Policy, *, is_held: bool
) -> Post:
    """What whoever preserved a file reads that should not be read by everybody."""
    said = f"{incident.reference}: {one.reference} ({escape(one.name)})"
    if kinds:
        said += f" holds {redaction.named(kinds)}. What is listed is a masked copy"
        said += (
            ", and nothing else of it is kept: this is a test."
            if incident.is_test
            else f"; the original is for {_few(policy)} and its custodian."
        )
    else:
        said += " is kept for a named group alone."
    return telling.note(incident, f"found {one.number}", one.by, f"{said}{_leave(one, is_held)}")


def _leave(one: Item, is_held: bool) -> str:
    """What to do about the message it stands in; empty where it stands in none of theirs."""
    if one.record.source != "dropped":
        return ""
    link = f" (<{one.record.permalink}|the message>)" if one.record.permalink else ""
    if is_held:
        return f" A legal hold is on, so please leave it in Slack{link}, and tell Legal."
    return f" Please delete it in Slack{link}: only you can."


def _few(policy: Policy) -> str:
    return ", ".join(policy.roles.get(role).label for role in policy.evidence.originals)
