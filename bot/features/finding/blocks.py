"""How do the menu, the help and the list look and read?"""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, SectionBlock

from bot.core import blockkit
from bot.core.blockkit import escape, plain
from bot.core.messages import Content

_PER_SECTION = 20  # lines of the help; more may not fit one section under a long command's name
Verbs = Sequence[tuple[str, str]]  # usage, what the help says of it


def menu(command: str) -> Content:
    """What the command alone answers."""
    return Content(
        f"warroom. Declare an incident with `{command} declare what happened`, see the open ones "
        f"with `{command} list`, or read `{command} help`.",
        (
            blockkit.section("What do you need?"),
            blockkit.actions(
                [
                    blockkit.button("menu_declare", "Declare an incident", style="danger"),
                    blockkit.button("menu_list", "Open incidents"),
                    blockkit.button("menu_help", "Help"),
                ]
            ),
        ),
    )


def help_page(command: str, verbs: Verbs) -> Content:
    """All verbs, one line each."""
    lines = [f"`{command} {usage}`  {says}" for usage, says in verbs]
    parts = ["\n".join(lines[at : at + _PER_SECTION]) for at in range(0, len(lines), _PER_SECTION)]
    return Content("\n".join(lines), tuple(map(blockkit.section, parts)))


def incident_list(
    lines: Sequence[tuple[str, str | None]], hidden: int, nothing: str = "No incident is open."
) -> Content:
    """Incidents, the newest first: what we say of each, and its title if the reader may."""
    if not lines:
        return Content(escape(nothing), (SectionBlock(text=plain(nothing)),))
    blocks: list[Block] = []
    said = []
    for line, title in lines:
        name = title or "The title is kept in the room."
        blocks += [SectionBlock(text=plain(name)), blockkit.context(line)]
        said.append(f"{line}: {escape(name)}")
    if hidden:
        more = f"and {hidden} more"
        blocks.append(blockkit.context(more))
        said.append(more)
    return Content("\n".join(said), tuple(blocks))
