"""How do tasks look and read?"""

from __future__ import annotations

import json

from slack_sdk.models.blocks import (
    Block,
    DateTimePickerElement,
    InputBlock,
    PlainTextInputElement,
    SectionBlock,
    UserSelectElement,
)
from slack_sdk.models.views import View

from bot.core import blockkit, ids, messages, times
from bot.core.blockkit import escape, plain, when
from bot.core.messages import Content, Keep, Message
from bot.core.outcome import Shown, SummaryPart
from bot.features.tasks.state import Task, Tasks

_SHOWN_CHARS = 100


def task_modal(number: int, text: str, permalink: str | None) -> View:
    """The form, from a message or with nothing known yet."""
    about = {"number": number, "permalink": permalink}
    return View(
        type="modal",
        callback_id="task",
        private_metadata=json.dumps(about),
        title=plain("Make a task"),
        submit=plain("Give it"),
        close=plain("Cancel"),
        blocks=[
            InputBlock(
                block_id="text",
                label="What is to be done?",
                element=PlainTextInputElement(
                    action_id="text",
                    multiline=True,
                    initial_value=text[:1000] or None,
                    max_length=1000,
                ),
            ),
            InputBlock(
                block_id="owner",
                label="Who does it?",
                element=UserSelectElement(action_id="owner"),
            ),
            InputBlock(
                block_id="due_at",
                label="By when?",
                optional=True,
                element=DateTimePickerElement(action_id="due_at"),
            ),
        ],
    )


def given(task: Task, zone: str) -> Content:
    """What whoever gave it reads; the time in their own zone, as it was understood."""
    until = f" by {times.local(task.due_at, zone)}" if task.due_at else ", with no time to it"
    return Content(f"Task {task.number} is <@{task.owner}>'s{until}.")


def slots(shown: Shown) -> list[Message]:
    """A private message for whoever does a task, edited when it is done or passed on."""
    incident = shown.incident
    kept: list[Message] = []
    for one in shown.states.of(Tasks).all:
        turns = (*one.before, one.owner)
        for place, person in enumerate(turns):
            # Whoever gets it back is told anew, because an edit notifies nobody.
            turn = turns[:place].count(person)
            end = f"/{turn + 1}" if turn else ""
            slot = f"task/{incident.number}/{one.number}/{person}{end}"
            is_again = person in turns[place + 1 :]
            content = again(shown, one) if is_again else told(shown, one, person)
            kept.append(Keep(slot, ids.person(person), content, needs=incident.room))
    return kept


def again(shown: Shown, task: Task) -> Content:
    """What somebody who had a task and got it back later reads in the older message."""
    room = f"{shown.incident.reference} · {messages.channel(shown.incident.room)}"
    said = f"Task {task.number} in {room} came back to you. See the newer message."
    return Content(said, (blockkit.context(said),))


def told(shown: Shown, task: Task, person: str) -> Content:
    """What one of those who had or have a task reads."""
    room = f"{shown.incident.reference} · {messages.channel(shown.incident.room)}"
    head = f"Task {task.number} in {room}"
    if task.done_at:
        said = f"{head} is done."
        return Content(said, (blockkit.context(said),))
    if task.moved_to:
        said = f"{head} goes on in {ids.reference(task.moved_to)}. Nothing is left to do here."
        return Content(said, (blockkit.context(said),))
    if person != task.owner:
        said = f"{head} is <@{task.owner}>'s now. Nothing is left for you to do."
        return Content(said, (blockkit.context(said),))
    until = f", by {when(task.due_at)}" if task.due_at else ""
    came = f", which was {ids.reference(task.origin)}" if task.origin else ""
    line = f"*{head}*{came}{until}, from <@{task.giver}>"
    button = blockkit.button("task_done", "Done", f"{shown.incident.number}/{task.number}")
    blocks: tuple[Block, ...] = (
        blockkit.section(line),
        SectionBlock(text=plain(task.text)),
        blockkit.actions([button]),
    )
    return Content(f"{line.replace('*', '')}: {escape(task.text)}. Press Done.", blocks)


def task_list(shown: Shown) -> Content:
    """Open tasks first, then what is done."""
    tasks = shown.states.of(Tasks)
    if not tasks.all:
        said = f"There is no task. `{shown.command} task @someone words by 04:30` gives one."
        return Content(said, (blockkit.section(said),))
    done = [one for one in tasks.all if not one.is_open]
    blocks: list[Block] = []
    said_lines = []
    for one in [*tasks.open, *done[-10:]][:20]:
        about = _line(one)
        text = escape(blockkit.shorten(one.text, 300))
        blocks.append(blockkit.section(f"{about}\n{text}"))
        if one.is_open:
            value = f"{shown.incident.number}/{one.number}"
            button = blockkit.button("task_done", "Done", value)
            blocks.append(blockkit.actions([button]))
        said_lines.append(f"{about.replace('*', '')}: {text}")
    return Content("\n".join(said_lines), tuple(blocks))


def _line(task: Task) -> str:
    start = f"*Task {task.number}* · <@{task.owner}>"
    if task.origin:
        start += f" · from {ids.reference(task.origin)}"
    if task.moved_to:
        return f"{start} · goes on in {ids.reference(task.moved_to)}"
    if task.done_at:
        return f"{start} · done {when(task.done_at)}"
    return f"{start} · by {when(task.due_at)}" if task.due_at else f"{start} · no time"


def summary_parts(shown: Shown) -> list[SummaryPart]:
    """How many are open, and which is next."""
    waiting = shown.states.of(Tasks).open
    if not waiting:
        return []
    timed = [(one.due_at, one.number, one) for one in waiting if one.due_at]
    first = min(timed)[2] if timed else waiting[0]
    text = escape(blockkit.shorten(first.text, _SHOWN_CHARS))
    until = f" by {when(first.due_at)}" if first.due_at else ""
    line = f"Tasks: {len(waiting)} open, next <@{first.owner}>{until}: {text}"
    return [SummaryPart(60, Content(f"{line}.", (blockkit.context(line),)))]
