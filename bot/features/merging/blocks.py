"""How do links between incidents look and read?"""

from __future__ import annotations

from bot.core import blockkit, ids
from bot.core.messages import Content
from bot.core.outcome import Shown, SummaryPart
from bot.features.merging.state import Link, Links


def linked(link: Link) -> str:
    """The other incident and the way to its room."""
    where = f" <#{link.channel}>" if link.channel else ""
    return f"{ids.reference(link.number)}{where}"


def summary_parts(shown: Shown) -> list[SummaryPart]:
    """Where it goes on, and which duplicates it took."""
    links = shown.states.of(Links)
    lines = []
    if links.into:
        lines.append(f"It goes on in {linked(links.into)}")
    if links.duplicates:
        lines.append(f"Duplicates: {', '.join(map(linked, links.duplicates))}")
    if not lines:
        return []
    line = " · ".join(lines)
    return [SummaryPart(11, Content(f"{line}.", (blockkit.context(line),)))]
