"""How do several announcements look and read in one message?"""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, SectionBlock

from bot.core import blockkit, ids, telling
from bot.core.messages import Content
from bot.core.outcome import Shown

_TITLE_CHARS = 150  # 25 of them stay below the sum of characters that Slack takes in a message


def roll(standing: Sequence[tuple[Shown, str]]) -> Content:
    """Announcements in one message, each incident with the channel of its room.

    Who has the message read aloud hears each incident too, its title cut where they are many.
    """
    start = f"Incidents announced together, {len(standing)} so far"
    most = (blockkit.CHANGED_CHARS - len(start) - 1) // max(1, len(standing)) - 1
    lines = [_line(shown, channel, most) for shown, channel in standing]
    blocks: list[Block] = [blockkit.context(start)]
    blocks += [_entry(shown, channel) for shown, channel in standing]
    return Content("\n".join((f"{start}:", *lines)), tuple(blocks))


def _entry(shown: Shown, channel: str) -> SectionBlock:
    incident = shown.incident
    said = blockkit.mrkdwn(_line(shown, channel, blockkit.SECTION_CHARS))
    if incident.is_over or incident.is_moved:
        return SectionBlock(text=said)
    join = blockkit.button("join", "Join", str(incident.number))
    return SectionBlock(text=said, accessory=join)


def _line(shown: Shown, channel: str, most: int) -> str:
    """An incident as everybody may read of it, in at most so many characters."""
    incident = shown.incident
    if incident.is_private:
        return telling.made_private(incident)
    mark = "TEST. " if incident.is_test else ""
    state = " · ".join((ids.reference(incident.number), *telling.state(shown), f"<#{channel}>"))
    title = incident.public_title or telling.HIDDEN_TITLE
    room = min(_TITLE_CHARS, most - len(mark) - len(state) - 4)
    return f"{mark}{state}: {blockkit.isolate(blockkit.cut(title, room))}"
