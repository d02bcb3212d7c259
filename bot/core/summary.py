"""How do the parts of the features become one pinned summary?"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.core import blockkit
from bot.core.messages import SOON, SUMMARY, Content, Keep, Message
from bot.core.outcome import Shown, SummaryPart

_GAPS = 80
Parts = Callable[[Shown], Sequence[SummaryPart]]


def gathered(parts_of: Sequence[Parts], shown: Shown) -> list[SummaryPart]:
    """The parts in their order, and a line of all their gaps."""
    parts = sorted((part for parts in parts_of for part in parts(shown)), key=lambda one: one.place)
    if gaps := [gap for part in parts for gap in part.gaps]:
        line = " · ".join(gaps)
        shows = (blockkit.context(f"*Gaps:* {line}"),)
        parts.append(SummaryPart(_GAPS, Content(f"Gaps: {line.replace('*', '')}.", shows)))
        parts.sort(key=lambda one: one.place)
    return parts


def render(parts_of: Sequence[Parts], shown: Shown) -> list[Message]:
    """The slot of the summary: parts in order, all buttons in one row, when it last changed."""
    incident = shown.incident
    parts = gathered(parts_of, shown)
    blocks = [block for part in parts for block in part.content.blocks]
    buttons = [button for part in parts for button in part.buttons]
    if buttons:
        blocks.append(blockkit.actions(buttons))
    said = [part.content.text for part in parts if part.content.text]
    if incident.changed_at:
        as_of = f"As of {blockkit.when(incident.changed_at)}"
        blocks.append(blockkit.context(as_of))
        said.append(f"{as_of}.")
    return [
        Keep(
            slot=incident.summary,
            to=incident.room,
            content=Content(" ".join(said), tuple(blocks)),
            # Where Slack takes only so many edits, the worst rooms come first.
            urgency=SUMMARY if incident.rank <= 1 else SOON,
        )
    ]
