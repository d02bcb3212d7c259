"""How do alerts look and read?"""

from __future__ import annotations

import json

from slack_sdk.models.blocks import Block, SectionBlock

from bot.core import alerts as core
from bot.core import blockkit, messages
from bot.core.alerts import Alert
from bot.core.blockkit import escape, plain, when
from bot.core.messages import Content, Keep, Message
from bot.core.outcome import Shown, SummaryPart
from bot.features.alerts.state import Alerts
from runbooks.model import Policy

_SHOWN = 3


def slot(fingerprint: str) -> str:
    """The message that proposes an incident; the same trouble is proposed in the same one."""
    return f"alert/{fingerprint}"


def proposal(alert: Alert, place: str, policy: Policy) -> Keep:
    """Ask those who read announcements whether it is an incident."""
    severity = core.severity(alert, policy)
    label = f", which would be {severity.label}" if severity else ""
    head = f"Alert from {escape(alert.source)}{label}"
    value = json.dumps(
        {
            "fingerprint": alert.fingerprint,
            "source": alert.source,
            "title": alert.title,
            "severity": severity.label if severity else None,
            "link": alert.link,
            "word": alert.severity_word,
        }
    )
    blocks: list[Block] = [
        blockkit.context(f"*{head}*"),
        SectionBlock(text=plain(alert.title)),
    ]
    if alert.link:
        blocks.append(blockkit.context(f"<{escape(alert.link)}|Where it comes from>"))
    buttons = [blockkit.button("dismiss_alert", "Dismiss", alert.fingerprint)]
    if len(value) <= blockkit.FIELD_CHARS:
        buttons.insert(0, blockkit.button("declare_from_alert", "Declare", value, "danger"))
    blocks.append(blockkit.actions(buttons))
    said = f"{head}: {escape(alert.title)}. Declare an incident, or dismiss it."
    return Keep(slot(alert.fingerprint), place, Content(said, tuple(blocks)), urgency=messages.SOON)


def dismissed(fingerprint: str, place: str, person: str) -> Keep:
    """What is left of a proposal that was no incident."""
    said = f"An alert was dismissed by <@{person}>."
    return Keep(slot(fingerprint), place, Content(said, (blockkit.context(said),)))


def slots(shown: Shown) -> list[Message]:
    """A proposal that became an incident says so, and offers nothing any more."""
    incident = shown.incident
    if not shown.announces or incident.is_private:
        return []
    kept: list[Message] = []
    for fingerprint, seen in shown.states.of(Alerts).by_fingerprint.items():
        if seen.was_proposed:
            said = f"An alert from {escape(seen.source)} was declared as {incident.reference}."
            content = Content(said, (blockkit.context(said),))
            kept.append(Keep(slot(fingerprint), "announce", content))
    return kept


def summary_parts(shown: Shown) -> list[SummaryPart]:
    """What other systems said, how often and when last."""
    seen = list(shown.states.of(Alerts).by_fingerprint.values())
    if not seen:
        return []
    lines = []
    for one in seen[-_SHOWN:]:
        times = "once" if one.count == 1 else f"{one.count} times"
        title = escape(blockkit.shorten(one.title, 80))
        name = f"<{escape(one.link)}|{title}>" if one.link else title
        lines.append(f"{name} ({escape(one.source)}) {times}, last {when(one.last_at)}")
    line = f"Alerts: {' · '.join(lines)}"
    return [SummaryPart(32, Content(f"{line}.", (blockkit.context(line),)))]
