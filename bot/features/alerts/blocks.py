"""How do alerts look and read?"""

from __future__ import annotations

import json

from slack_sdk.models.blocks import Block, SectionBlock

from bot.core import alerts as core
from bot.core import blockkit, messages
from bot.core.alerts import Alert
from bot.core.blockkit import escape, plain, when
from bot.core.messages import Content, Keep, Message
from bot.core.outcome import Context, Shown, SummaryPart
from bot.features.alerts.state import Alerts
from runbooks.model import Severity

_SHOWN = 3
_LINK_CHARS = 500  # of a link on the summary; all that are shown must fit one line of Slack's
_ALONE_CHARS = 2900  # of a link that is a line of its own


def slot(fingerprint: str, number: int) -> str:
    """The message of a proposal; the same trouble told again stands in the same one."""
    return f"alert/{fingerprint}/{number}"


def proposal(alert: Alert, place: str, count: int, context: Context) -> Keep:
    """Ask those who read announcements whether it is an incident; `count` alerts told of it."""
    severity = core.severity(alert, context.policy)
    label = f", which would be {severity.label}" if severity else ""
    head = f"Alert from {escape(alert.source)}{label}"
    if count > 1:
        head += f", told {count} times, last {when(context.now)}"
    blocks: list[Block] = [
        blockkit.context(f"*{head}*"),
        SectionBlock(text=plain(alert.title)),
    ]
    if link := _linked(alert.link, "Where it comes from", _ALONE_CHARS):
        blocks.append(blockkit.context(link))
    named = json.dumps({"fingerprint": alert.fingerprint, "proposal": alert.proposal})
    blocks.append(
        blockkit.actions(
            [
                blockkit.button(
                    "declare_from_alert", "Declare", _carried(alert, severity), "danger"
                ),
                blockkit.button("dismiss_alert", "Dismiss", named),
            ]
        )
    )
    said = f"{head}: {escape(alert.title)}. Declare an incident, or dismiss it."
    name = slot(alert.fingerprint, alert.proposal)
    return Keep(name, place, Content(said, tuple(blocks)), urgency=messages.SOON)


def _carried(alert: Alert, severity: Severity | None) -> str:
    """What the button that declares knows; a link for which there is no room is left out."""
    known = {
        "fingerprint": alert.fingerprint,
        "source": alert.source,
        "title": alert.title,
        "severity": severity.label if severity else None,
        "link": alert.link,
        "word": alert.severity_word,
        "proposal": alert.proposal,
    }
    whole = json.dumps(known)
    if len(whole) <= blockkit.FIELD_CHARS:
        return whole
    return json.dumps({**known, "link": None}, ensure_ascii=False)


def _linked(link: str | None, words: str, chars: int) -> str | None:
    """The words as a link; None where there is none, or one too long for Slack to take."""
    address = escape(link or "")
    return f"<{address}|{words}>" if 0 < len(address) <= chars else None


def dismissed(name: str, place: str, person: str) -> Keep:
    """What is left of a proposal that was no incident."""
    said = f"An alert was dismissed by <@{person}>."
    return Keep(name, place, Content(said, (blockkit.context(said),)))


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
            kept.append(Keep(slot(fingerprint, seen.proposal), "announce", content))
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
        name = _linked(one.link, title, _LINK_CHARS) or title
        lines.append(f"{name} ({escape(one.source)}) {times}, last {when(one.last_at)}")
    line = f"Alerts: {' · '.join(lines)}"
    return [SummaryPart(32, Content(f"{line}.", (blockkit.context(line),)))]
