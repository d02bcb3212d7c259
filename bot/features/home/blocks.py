"""How do the Home and the daily roll-up look and read?"""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, DividerBlock, SectionBlock
from slack_sdk.models.views import View

from bot.core import blockkit, ids, telling
from bot.core.blockkit import escape, plain, when
from bot.core.deadlines import Deadline
from bot.core.incident import STATUS, Incident
from bot.core.messages import Content, Post
from bot.core.outcome import Shown

_MINE, _OWED, _OPEN = 12, 12, 15  # of each in a Home, which holds 100 blocks
_LINES = 40  # of a roll-up; a message holds 50 blocks


def home(shown: Sequence[tuple[Shown, str | None]], person: str, command: str) -> View:
    """What a person owes, their incidents and roles, and what else is open to them.

    `shown` are the open incidents this person may see, each with the channel of its room.
    """
    mine = [one for one in shown if person in one[0].incident.people]
    others = [one for one in shown if person not in one[0].incident.people]
    owed = sorted(
        (
            (deadline, one.incident)
            for one, _ in shown
            for deadline in one.deadlines
            if deadline.owed_by(one.incident) == person
        ),
        key=lambda pair: pair[0].due_at,
    )
    blocks: list[Block] = [
        blockkit.actions(
            [
                blockkit.button("menu_declare", "Declare an incident", style="danger"),
                blockkit.button("menu_help", "Help"),
            ]
        ),
        blockkit.header("What you owe"),
        *_owed(owed),
        blockkit.header("Your incidents"),
        *_incidents(mine[:_MINE], person, "You are in no open incident."),
        blockkit.header("Other open incidents"),
        *_incidents(others[:_OPEN], person, "No other incident is open."),
        DividerBlock(),
        blockkit.context(f"`{command} list` shows the newest, `{command} find words` finds any."),
    ]
    return View(type="home", blocks=blocks)


def _owed(owed: Sequence[tuple[Deadline, Incident]]) -> list[Block]:
    if not owed:
        return [blockkit.section("Nothing.")]
    return [
        blockkit.section(
            f"*{escape(deadline.label)}* · {incident.reference} · by {when(deadline.due_at)}\n"
            f"{deadline.remedy}"
        )
        for deadline, incident in owed[:_OWED]
    ]


def _incidents(shown: Sequence[tuple[Shown, str | None]], person: str, nothing: str) -> list[Block]:
    if not shown:
        return [blockkit.section(nothing)]
    return [block for one, channel in shown for block in _incident(one, channel, person)]


def _incident(shown: Shown, channel: str | None, person: str) -> list[Block]:
    incident = shown.incident
    is_in = person in incident.people
    title = incident.title if is_in else incident.public_title
    mark = "TEST · " if incident.is_test else ""
    parts = [
        ids.reference(incident.number),
        shown.policy.severities.show(incident.severity),
        STATUS[incident.status],
        f"<#{channel}>" if channel else "the room is being opened",
    ]
    if held := incident.roles_of(person):
        parts.append("you: " + ", ".join(shown.policy.roles.get(role).label for role in held))
    return [
        SectionBlock(text=plain(mark + (title or "The title is kept in the room."))),
        blockkit.context(" · ".join(parts)),
    ]


def roll_up(shown: Sequence[tuple[Shown, str | None]], to: str, day: str) -> Post:
    """One line for each open incident, the worst first; nothing of private ones, not a count.

    `day` is what makes it the one of that day, as 2026-11-21.
    """
    head = f"Open incidents this morning: {len(shown)}" if shown else "No incident is open."
    blocks: list[Block] = [blockkit.section(f"*{head}*")]
    said = [head]
    for one, channel in sorted(shown, key=lambda pair: pair[0].incident.rank)[:_LINES]:
        line = _line(one, channel)
        blocks.append(blockkit.section(line))
        said.append(line)
    if len(shown) > _LINES:
        find = f"{shown[0][0].command} find words"
        rest = f"{len(shown) - _LINES} more: `{find}` finds them."
        blocks.append(blockkit.context(rest))
        said.append(rest)
    content = Content("\n".join(said), tuple(blocks))
    return Post(f"roll-up {day} {to}", to, content, family=f"roll-up {to}")


def _line(shown: Shown, channel: str | None) -> str:
    incident = shown.incident
    title = incident.public_title or "the title is kept in the room"
    parts = [
        f"*{incident.reference}* {escape(title)}",
        shown.policy.severities.show(incident.severity),
        STATUS[incident.status],
        f"harm: {incident.harm}",
        telling.commander(incident),
    ]
    if incident.last_update_at:
        parts.append(f"last update {when(incident.last_update_at)}")
    if channel:
        parts.append(f"<#{channel}>")
    return " · ".join(parts)
