"""How do links between incidents look and read?"""

from __future__ import annotations

from collections.abc import Sequence

from bot.core import blockkit, ids
from bot.core.messages import Content
from bot.core.outcome import Shown, SummaryPart
from bot.features.merging.state import Link, Links


def linked(link: Link) -> str:
    """The other incident and the way to its room."""
    where = f" <#{link.channel}>" if link.channel else ""
    return f"{ids.reference(link.number)}{where}"


def told(
    reference: str,
    into: Link,
    tasks: int,
    questions: int,
    runs: Sequence[tuple[int, int]] = (),
) -> Content:
    """What whoever merged it reads: where it goes on, and what of the open work goes along."""
    said = [f"{reference} goes on in {linked(into)}."]
    if tasks:
        said.append(f"{_many(tasks, 'open task')} {'goes' if tasks == 1 else 'go'} along.")
    for here, there in runs:
        said.append(f"Runbook {here} goes on there as runbook {there}.")
    if runs:
        said.append("An approval that was asked for has to be asked for again there.")
    if questions:
        are, them = ("is", "it") if questions == 1 else ("are", "them")
        said.append(f"{_many(questions, 'question')} {are} not answered: ask {them} again there.")
    return Content(" ".join(said))


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


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
