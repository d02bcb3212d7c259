"""How do offers, the list of roles, and their gaps look and read?"""

from __future__ import annotations

import json

from slack_sdk.models.blocks import (
    Block,
    ExternalDataSelectElement,
    InputBlock,
    Option,
    PlainTextInputElement,
    RadioButtonsElement,
    SectionBlock,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot.core import blockkit, ids, lacking, messages, telling
from bot.core.blockkit import escape, plain, when
from bot.core.deadlines import Deadline
from bot.core.incident import IC, Incident
from bot.core.messages import Content, Keep, Message, Post
from bot.core.outcome import Context, Shown, SummaryPart
from bot.features.roles.state import Asked, Roles

WHAT = {
    "give": "Offer it to the person below",
    "take": "Take it myself",
    "drop": "Lay it down",
}


def roles_modal(shown: Shown, role: str = IC) -> View:
    """Give, take or lay down a role."""
    known = shown.policy.roles.roles
    options = [Option(value=one.id, text=plain(one.label)) for one in known]
    chosen = next(option for option in options if option.value == role)
    what = blockkit.options(WHAT)
    return View(
        type="modal",
        callback_id="roles",
        private_metadata=json.dumps({"number": shown.incident.number}),
        title=plain("Roles"),
        submit=plain("Do it"),
        close=plain("Cancel"),
        blocks=[
            InputBlock(
                block_id="role",
                label="Which role?",
                element=StaticSelectElement(
                    action_id="role", options=options, initial_option=chosen
                ),
            ),
            InputBlock(
                block_id="what",
                label="What about it?",
                element=RadioButtonsElement(action_id="what", options=what, initial_option=what[0]),
            ),
            InputBlock(
                block_id="person",
                label="Who?",
                hint="Their time of day and do-not-disturb stand behind the name.",
                optional=True,
                element=_picker(),
            ),
            blockkit.context(_line(shown) or "Nobody holds a role yet."),
        ],
    )


def _picker() -> ExternalDataSelectElement:
    return ExternalDataSelectElement(
        action_id="person", min_query_length=0, placeholder="Name of the person"
    )


def handoff_modal(shown: Shown, role: str) -> View:
    """Hand a role over, with what is open already written down."""
    label = shown.policy.roles.get(role).label
    items, line = open_items(shown, role), _owed_line(shown, role)
    owed = f" Owed: {line}." if line else ""
    return View(
        type="modal",
        callback_id="handoff",
        private_metadata=json.dumps({"number": shown.incident.number, "role": role}),
        title=plain("Hand over"),
        submit=plain("Offer it"),
        close=plain("Cancel"),
        blocks=[
            blockkit.context(f"You stay {escape(label)} until they accept.{owed}"),
            InputBlock(
                block_id="person",
                label=f"Who is to be {label}?",
                element=_picker(),
            ),
            InputBlock(
                block_id="items",
                label="What is open?",
                optional=True,
                element=PlainTextInputElement(
                    action_id="items",
                    multiline=True,
                    initial_value=items[: blockkit.INPUT_CHARS] or None,
                    max_length=blockkit.INPUT_CHARS,
                ),
            ),
        ],
    )


def open_items(shown: Shown, role: str) -> str:
    """What whoever holds the role owes, a line each; whoever reads it sees by when beside it."""
    return "\n".join(one.label for one in _owed(shown, role))


def _items(shown: Shown, asked: Asked, chars: int = 1500) -> str:
    """The open items as typed; behind one that is owed stands by when, in the reader's time."""
    due = {one.label: f" by {when(one.due_at)}" for one in _owed(shown, asked.role)}
    lines = blockkit.shorten(asked.open_items or "", chars).split("\n")
    said = "\n".join(escape(line) + due.get(line.strip(), "") for line in lines)
    return said if len(said) < blockkit.SECTION_CHARS - 100 else _items(shown, asked, chars // 2)


def _owed(shown: Shown, role: str) -> list[Deadline]:
    owed = [one for one in shown.deadlines if one.owner is None and role in one.owner_roles]
    return sorted(owed, key=lambda one: one.due_at)


def _owed_line(shown: Shown, role: str) -> str:
    """The same in each reader's own time; empty where nothing is owed."""
    return " · ".join(f"{escape(one.label)} by {when(one.due_at)}" for one in _owed(shown, role))


def slots(shown: Shown) -> list[Message]:
    """A private message for each offer, edited as it is answered or overtaken."""
    incident = shown.incident
    return [
        Keep(
            f"offer/{incident.number}/{one.seq}",
            ids.person(one.person),
            offer(shown, one),
            urgency=messages.PEOPLE,
            needs=incident.room,
        )
        for one in shown.states.of(Roles).asked
    ]


def offer(shown: Shown, asked: Asked) -> Content:
    """What the person who is asked reads."""
    incident, role = shown.incident, shown.policy.roles.get(asked.role)
    severity = shown.policy.severities.show(incident.severity)
    where = f"{incident.reference} ({severity}) · {messages.channel(incident.room)}"
    if asked.end != "open" or incident.is_over:
        said = f"{_outcome(asked.end, role.label)} {where}"
        return Content(said, (blockkit.section(said),))
    by = "You are called as" if asked.by == ids.BOT else f"<@{asked.by}> asks you to be"
    head = f"*{by} {role.label}* in {where}"
    blocks: list[Block] = [blockkit.section(head), SectionBlock(text=plain(role.charter))]
    words = [f"{head.replace('*', '')}.", escape(role.charter)]
    if asked.open_items:
        items = _items(shown, asked)
        blocks.append(blockkit.section(f"Open: {items}"))
        words.append(f"Open: {items}.")
    elif owed := _owed_line(shown, asked.role):
        blocks.append(blockkit.section(f"Open: {owed}"))
        words.append(f"Open: {owed}.")
    value = f"{incident.number}/{asked.role}/{asked.seq}"
    blocks.append(
        blockkit.actions(
            [
                blockkit.button("accept_role", "Accept", value, "primary"),
                blockkit.button("decline_role", "Decline", value),
            ]
        )
    )
    words.append("Press Accept or Decline.")
    return Content(" ".join(words), tuple(blocks))


def _outcome(outcome: str, label: str) -> str:
    return {
        "accepted": f"You are {label}.",
        "declined": f"You declined to be {label}.",
        "overtaken": f"Somebody else is {label}; nothing is left to do.",
        "over": f"You are no longer {label}.",
    }.get(outcome, f"It is over; nobody needs a {label} any more.")


def declined(incident: Incident, role: str, to: str, context: Context) -> Post:
    """What whoever offered a role reads when it was declined."""
    label = context.policy.roles.get(role).label
    said = (
        f"<@{context.actor}> declined to be {label} in {incident.reference}. "
        f"Ask somebody else: `{context.command} role {role} @someone` in the room."
    )
    return telling.note(incident, "declined", to, said)


def acting_again(incident: Incident, context: Context) -> Post:
    """What the declarer reads when the command falls back to them."""
    said = (
        f"<@{context.actor}> laid down the command of {incident.reference}. You are acting "
        "Incident Commander until somebody accepts."
    )
    return telling.note(incident, "acting", incident.declarer, said)


def rest(incident: Incident, role: str, person: str, context: Context) -> Post:
    """Offer somebody who has held a role for long to hand it over."""
    label = context.policy.roles.get(role).label
    said = f"You have been {label} in {incident.reference} for hours. Who takes over?"
    value = f"{incident.number}/{role}"
    button = blockkit.button("handoff_asked", "Hand over", value, "primary")
    return telling.note(incident, f"rest {role}", person, said, blockkit.actions([button]))


def summary_parts(shown: Shown) -> list[SummaryPart]:
    """Who does what, what is lacking, and the ways to change it."""
    incident = shown.incident
    if incident.is_over:
        return []
    number = str(incident.number)
    buttons = [blockkit.button("roles_asked", "Roles", number)]
    if incident.is_ic_acting and incident.is_open:
        buttons.insert(0, blockkit.button("take_command", "Take command", number, "primary"))
    line = _line(shown)
    content = Content(f"{line}.", (blockkit.context(line),)) if line else Content("")
    return [SummaryPart(12, content, tuple(buttons), tuple(lacking.gaps(shown)))]


def _line(shown: Shown) -> str:
    """Who holds which role, on one line."""
    incident, roles = shown.incident, shown.policy.roles
    said = []
    for role in dict.fromkeys([*(one.id for one in roles.roles), *incident.holders]):
        if role in incident.holders or role in incident.offers:
            said.append(f"{roles.get(role).short}: {telling.holder(shown, role)}")
    return " · ".join(said)


def accepted(shown: Shown, role: str) -> Content:
    """What the person reads who accepted or took a role."""
    label = shown.policy.roles.get(role).label
    owed = _owed_line(shown, role)
    text = f"You are {label} of {shown.incident.reference}."
    return Content(f"{text} Open: {owed}." if owed else text)


def given(shown: Shown, role: str) -> Content:
    """What the person reads who offered a role."""
    asked = shown.incident.offers.get(role)
    label = shown.policy.roles.get(role).label
    if asked is None:
        return Content(f"Done. {label}: {telling.holder(shown, role)}.")
    return Content(
        f"<@{asked.person}> was asked to be {label}; the summary shows when they accept."
    )
