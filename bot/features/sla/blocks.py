"""How do reminders, and what is owed, look and read?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from slack_sdk.models.blocks import Block, ButtonElement, InputBlock, PlainTextInputElement
from slack_sdk.models.views import View

from bot.core import blockkit, ids, telling
from bot.core.blockkit import escape, plain, when
from bot.core.deadlines import Deadline
from bot.core.incident import Incident
from bot.core.messages import Content, Keep, Message, Post
from bot.core.outcome import Context, Shown, SummaryPart
from bot.features.sla.state import Reminder, Sla

_KEPT = 20  # of the threads in a room, the newest; older ones stay as they were
_NEXT = 2  # things owed on the summary


def root(incident: Incident, name: str, due_at: datetime) -> str:
    """The slot of the message under which a deadline's thread stands."""
    end = "/private" if incident.is_moved else ""
    return f"deadline/{incident.number}/{name}/{due_at:%Y%m%dT%H%M%S}{end}"


def slots(shown: Shown) -> list[Message]:
    """The beginning of each deadline's thread, edited as it goes on and when it is met."""
    owed = {(one.name, one.due_at): one for one in shown.deadlines}
    sla = shown.states.of(Sla)
    reminders = [one for one in sla.reminders.values() if one.stage != "soon"]
    kept: list[Message] = []
    for one in reminders[-_KEPT:]:
        key = (one.name, one.due_at)
        if _is_personal(one.name):
            continue
        slot = root(shown.incident, one.name, one.due_at)
        later = _put_off(shown.deadlines, one)
        content = (
            _asked(shown, owed[key], one) if key in owed else _met(one, sla.waived.get(key), later)
        )
        kept.append(Keep(slot, shown.incident.room, content))
    return kept


def _is_personal(name: str) -> bool:
    return name.startswith(("role/", "call/"))


def _asked(shown: Shown, deadline: Deadline, reminder: Reminder) -> Content:
    incident = shown.incident
    person = deadline.owed_by(incident)
    # Only whom the reminder named is mentioned; an edit that names another would tell nobody.
    who = f"<@{person}>" if person in reminder.mentioned else _unnamed(shown, deadline)
    head = f"*{escape(deadline.label)}* is owed by {who}, due {when(deadline.due_at)}"
    if reminder.late:
        head += f" · this comes {spell(reminder.late)} late: the bot was away"
    if reminder.stage in {"overdue", "climbed"} and (reminder.rung or not reminder.late):
        head += f" · overdue by {spell(reminder.at - deadline.due_at)} at the last reminder"
    if reminder.rung:
        head += f" · step {reminder.rung} of the ladder"
    number = str(incident.number)
    value = json.dumps({"number": incident.number, "name": deadline.name})
    buttons: list[ButtonElement] = [
        *(blockkit.button(action, label, number) for action, label in deadline.actions),
        blockkit.button("snooze_asked", "Snooze", value),
        blockkit.button("waive_asked", "Waive", value),
    ]
    blocks: tuple[Block, ...] = (
        blockkit.section(f"{head}\n{deadline.remedy}"),
        blockkit.actions(buttons),
    )
    return Content(f"{head.replace('*', '')}. {deadline.remedy}", blocks)


def _unnamed(shown: Shown, deadline: Deadline) -> str:
    """Whose it is, without a mention."""
    incident = shown.incident
    if deadline.owed_by(incident) == incident.ic:
        return "whoever commands"
    if deadline.owner:
        return f"its owner (see `{shown.command} deadlines`)"
    role = next(role for role in deadline.owner_roles if incident.holder(role))
    return f"the {escape(shown.policy.roles.get(role).label)}"


def _put_off(deadlines: Sequence[Deadline], reminder: Reminder) -> datetime | None:
    """Until when the same thing is owed now, where it was not met but moved."""
    for one in deadlines:
        if one.name == reminder.name and one.starts_at < reminder.due_at < one.due_at:
            return one.due_at
    return None


def _met(reminder: Reminder, waived: str | None, later: datetime | None) -> Content:
    end = f"put off to {when(later)}" if later else "done"
    if waived:
        end = f"waived: {escape(blockkit.shorten(waived, 200))}"
    said = f"{escape(reminder.label)}: {end}. It was due {when(reminder.due_at)}."
    return Content(said, (blockkit.context(said),))


def nudge(incident: Incident, deadline: Deadline, person: str, context: Context) -> Post:
    """The one mention of a stage, in the deadline's thread."""
    slot = root(incident, deadline.name, deadline.due_at)
    age = spell(context.now - deadline.due_at)
    said = f"<@{person}> {escape(deadline.label)} is overdue by {age}. {deadline.remedy}"
    content = Content(said, (blockkit.section(said),))
    return Post(f"{slot} overdue", incident.room, content, thread=slot)


def again(
    incident: Incident, owed: Sequence[tuple[Deadline, str | None]], context: Context
) -> Post:
    """What is still owed, said again in the first one's thread; None names nobody."""
    deadline = owed[0][0]
    slot = root(incident, deadline.name, deadline.due_at)
    said = "\n".join(
        f"{f'<@{person}> ' if person else ''}{escape(one.label)} is still owed, overdue by "
        f"{spell(context.now - one.due_at)}. {one.remedy}"
        for one, person in owed[:_KEPT]
    )
    content = Content(said, (blockkit.section(said),))
    name = f"{slot} again {incident.last_seq + 1}"
    family = f"{ids.chain(incident.number)} again"
    return Post(name, incident.room, content, thread=slot, family=family)


def climbed(incident: Incident, deadline: Deadline, mentioned: tuple[str, ...], step: int) -> Post:
    """Whom the next step of the ladder calls, in the deadline's thread."""
    slot = root(incident, deadline.name, deadline.due_at)
    whom = " ".join(
        f"<!subteam^{one.removeprefix('group ')}>" if one.startswith("group ") else f"<@{one}>"
        for one in mentioned
    )
    said = f"{whom} {escape(deadline.label)} is still open. {deadline.remedy}"
    content = Content(said, (blockkit.section(said),))
    return Post(f"{slot} step {step}", incident.room, content, thread=slot)


def private(incident: Incident, deadline: Deadline, to: str, context: Context) -> Post:
    """Ask one person for an answer, or tell whoever commands that none came."""
    age = spell(context.now - deadline.starts_at)
    is_theirs = deadline.owner == to
    who = "" if is_theirs else f" by <@{deadline.owner}>"
    # Only who is asked has the buttons that the remedy speaks of.
    remedy = deadline.remedy if is_theirs else "Ask them, or somebody else."
    said = f"{incident.reference}: {escape(deadline.label)}{who} is missing for {age}. {remedy}"
    kind = f"private {deadline.name} {to}"
    return telling.note(incident, kind, to, said, overtakes=True)


def spell(span: timedelta) -> str:
    """A span as people say it: `3 min`, `1 h 30 min`, `2 days`."""
    minutes = max(int(span.total_seconds() // 60), 1)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours >= 48:
        return f"{hours // 24} days"
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def put_off_modal(deadline: Deadline, number: int, *, is_waiver: bool) -> View:
    """Ask how long and why, or only why."""
    about = {"number": number, "name": deadline.name}
    blocks: list[Block] = [
        blockkit.context(f"{escape(deadline.label)}, due {when(deadline.due_at)}")
    ]
    if not is_waiver:
        blocks.append(
            InputBlock(
                block_id="by",
                label="How much later?",
                hint="15 min, 1 h, 2 h 30 min",
                element=PlainTextInputElement(
                    action_id="by", initial_value="15 min", max_length=40
                ),
            )
        )
    blocks.append(
        InputBlock(
            block_id="reason",
            label="Why?",
            element=PlainTextInputElement(action_id="reason", multiline=True, max_length=1000),
        )
    )
    name = "Waive" if is_waiver else "Snooze"
    return View(
        type="modal",
        callback_id="waive" if is_waiver else "snooze",
        private_metadata=json.dumps(about),
        title=plain(f"{name} a deadline"),
        submit=plain(name),
        close=plain("Cancel"),
        blocks=blocks,
    )


def owed_list(shown: Shown) -> Content:
    """What is owed, by whom and by when, and how that was reckoned."""
    incident = shown.incident
    owed = sorted(shown.deadlines, key=lambda one: one.due_at)
    if not owed:
        return Content("Nothing is owed.", (blockkit.section("Nothing is owed."),))
    blocks: list[Block] = []
    said = []
    for one in owed[:20]:
        rule = f" ({escape(one.rule)})" if one.rule else ""
        line = (
            f"*{escape(one.label)}* · <@{one.owed_by(incident)}> · "
            f"by {when(one.due_at)}{rule}\n{one.remedy}"
        )
        value = json.dumps({"number": incident.number, "name": one.name})
        blocks += [
            blockkit.section(line),
            blockkit.actions(
                [
                    blockkit.button("snooze_asked", "Snooze", value),
                    blockkit.button("waive_asked", "Waive", value),
                ]
            ),
        ]
        said.append(line.replace("*", ""))
    return Content("\n".join(said), tuple(blocks))


def summary_parts(shown: Shown) -> list[SummaryPart]:
    """What is owed next; how far each is."""
    sla, incident = shown.states.of(Sla), shown.incident
    owed = [one for one in shown.deadlines if not one.is_personal]
    owed.sort(key=lambda one: one.due_at)
    if not owed:
        return []
    said = []
    for one in owed[:_NEXT]:
        reminder = sla.reminders.get((one.name, one.due_at))
        stage = reminder.stage if reminder else ""
        word = {"soon": "due soon,", "due": "due since", "overdue": "overdue since"}
        mark = word.get(stage, "overdue since" if stage == "climbed" else "due")
        said.append(f"{escape(one.label)} by <@{one.owed_by(incident)}> {mark} {when(one.due_at)}")
    line = f"Owed next: {' · '.join(said)}"
    return [SummaryPart(50, Content(f"{line}.", (blockkit.context(line),)))]
