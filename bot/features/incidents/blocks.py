"""How do declaring, the room and the announcement look and read?"""

from __future__ import annotations

import json

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    InputBlock,
    Option,
    PlainTextInputElement,
    SectionBlock,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot.core import blockkit, ids, messages, telling, topic
from bot.core.blockkit import escape, plain
from bot.core.facts import ERASED
from bot.core.facts.incidents import IncidentDeclared
from bot.core.incident import STATUS, Incident
from bot.core.messages import Call, Content, Keep, Message, Post
from bot.core.outcome import Shown, SummaryPart
from runbooks.model import Severities

NOT_SURE = "not-sure"


def declare_modal(
    severities: Severities,
    about: dict[str, object],
    title: str = "",
    severity: str | None = None,
    message: str | None = None,
) -> View:
    """The short form. `message` is the text of the message it was declared from, to be redacted."""
    cut = blockkit.shorten(title, blockkit.HEADER_CHARS)
    name = InputBlock(
        block_id="title",
        label="What is wrong?",
        hint="Shortened to what a title can hold." if cut != title else None,
        element=PlainTextInputElement(
            action_id="title",
            initial_value=cut or None,
            max_length=blockkit.HEADER_CHARS,
            focus_on_load=True,
            placeholder="Chatbot gives unsafe dosage advice",
        ),
    )
    blocks: list[Block] = [name, *_severity_inputs(severities, severity)]
    if message is not None:
        blocks.append(_from_message(message))
    blocks.append(_switches())
    return View(
        type="modal",
        callback_id="declare",
        private_metadata=json.dumps(about),
        title=plain("Declare a TEST" if about.get("is_test") else "Declare an incident"),
        submit=plain("Declare"),
        close=plain("Cancel"),
        blocks=blocks,
    )


def _severity_inputs(severities: Severities, chosen: str | None) -> list[Block]:
    not_sure = Option(value=NOT_SURE, text=plain(severities.show(None)))
    choices = [Option(value=one.label, text=plain(one.label)) for one in severities.severities]
    picked = next((one for one in choices if one.value == chosen), not_sure)
    criteria = "\n".join(f"*{one.label}*  {escape(one.criteria)}" for one in severities.severities)
    return [
        InputBlock(
            block_id="severity",
            label="How bad is it?",
            element=StaticSelectElement(
                action_id="severity", options=[not_sure, *choices], initial_option=picked
            ),
        ),
        blockkit.context(criteria),
    ]


def _from_message(text: str) -> InputBlock:
    return InputBlock(
        block_id="source_text",
        label="The message, as it goes into the record",
        hint="Take out names and personal data before you declare.",
        optional=True,
        element=PlainTextInputElement(
            action_id="source_text",
            multiline=True,
            initial_value=text[: blockkit.INPUT_CHARS] or None,
            max_length=blockkit.INPUT_CHARS,
        ),
    )


def _switches() -> InputBlock:
    return InputBlock(
        block_id="switches",
        label="Careful",
        optional=True,
        element=CheckboxesElement(
            action_id="switches",
            options=[
                Option(
                    value="person_at_risk",
                    text=plain("A person or personal data may be at risk"),
                    description=plain("The title stays inside the room"),
                ),
                Option(
                    value="private",
                    text=plain("Private"),
                    description=plain("Only invited people see the room; nothing is announced"),
                ),
            ],
        ),
    )


def declared_page(number: int, title: str, *, is_test: bool, is_open: bool = False) -> View:
    """What the declarer reads at once, and again with the way in when the room is open."""
    name = f"TEST {ids.reference(number)}" if is_test else ids.reference(number)
    way = (
        f"Go to {messages.channel(ids.room(number))}."
        if is_open
        else "The room is being opened and you are invited to it; the link appears here."
    )
    lines = [f"*{name} is declared.* You are acting Incident Commander until someone accepts.", way]
    if not ids.has_words(title):
        lines.append("The title has no words, so the room is named by its number alone.")
    return blockkit.notice("Incident declared", "\n".join(lines))


def opening(declared: IncidentDeclared, declarer: str, view_id: str) -> tuple[Message, ...]:
    """What is owed once: the room, the declarer in it, the pin, the bookmark, the way in.

    `view_id` is empty where nobody looks at a form.
    """
    number = declared.number
    room, summary = ids.room(number), ids.summary(number)
    hides_title = declared.is_private or declared.is_person_at_risk
    name = ids.room_name(number, None if hides_title else declared.title, is_test=declared.is_test)
    return (
        Call(
            f"{room} create",
            "create",
            {"name": name, "is_private": declared.is_private},
            gives=room,
            urgency=messages.ROOM,
        ),
        Call(
            f"{room} invite {declarer}",
            "invite",
            {"person": declarer},
            needs=room,
            # Before others are let into rooms opened earlier: this one is of no use without them.
            urgency=messages.ROOM,
        ),
        *_way_in(declared, view_id),
        Call(f"{summary} pin", "pin", needs=summary),
        Call(f"{summary} bookmark", "bookmark", {"title": "Summary"}, needs=summary),
    )


def _way_in(declared: IncidentDeclared, view_id: str) -> tuple[Call, ...]:
    """The form that was submitted leads into the room; an alert submits none."""
    if not view_id:
        return ()
    number, room = declared.number, ids.room(declared.number)
    page = declared_page(number, declared.title, is_test=declared.is_test, is_open=True)
    shown = {"view_id": view_id, "view": page.to_dict()}
    return (Call(f"{room} way in", "view", shown, needs=room, urgency=messages.REST),)


def slots(shown: Shown) -> list[Message]:
    """Topic, purpose and announcement as they should look now."""
    incident = shown.incident
    room = incident.room
    end = "/private" if incident.is_moved else ""
    purpose = f"War room of {incident.reference}. What is decided here is kept in its log."
    kept: list[Message] = [
        Keep(
            incident.topic,
            room,
            Content(topic.ours(incident.reference, telling.state(shown), incident.public_title)),
            shape="topic",
            again=incident.put_back.get("topic", 0),
        ),
        Keep(f"purpose/{incident.number}{end}", room, Content(purpose), shape="purpose"),
    ]
    # The room of one that became private never had the title in its name.
    if incident.title == ERASED and not incident.is_moved:
        name = ids.room_name(incident.number, None, is_test=incident.is_test)
        kept.append(Keep(f"name/{incident.number}", room, Content(name), shape="name"))
    if shown.announces and (incident.is_moved or not incident.is_private):
        slot = ids.announcement(incident.number)
        content = _moved(incident) if incident.is_moved else _announcement(shown)
        kept.append(Keep(slot, "announce", content, needs=ids.room(incident.number)))
    return kept


def _announcement(shown: Shown) -> Content:
    incident = shown.incident
    title = incident.public_title or telling.HIDDEN_TITLE
    mark = "TEST. " if incident.is_test else ""
    room = messages.channel(ids.room(incident.number))
    state = " · ".join(telling.state(shown))
    line = f"{incident.reference} · {state} · {room} · <@{incident.declared_by}> declared it"
    if incident.declared_at:
        line += f" {blockkit.when(incident.declared_at)}"
    body = SectionBlock(text=plain(mark + title))
    if not incident.is_over:
        body = SectionBlock(
            text=plain(mark + title),
            accessory=blockkit.button("join", "Join", str(incident.number)),
        )
    return Content(f"{mark}{escape(title)} {line}", (body, blockkit.context(line)))


def _moved(incident: Incident) -> Content:
    said = telling.made_private(incident)
    return Content(said, (blockkit.context(said),))


def summary_parts(shown: Shown) -> list[SummaryPart]:
    """Title, severity, status, and who is in command while nobody has accepted it."""
    incident = shown.incident
    title = f"TEST · {incident.title}" if incident.is_test else incident.title
    line = " · ".join((incident.reference, *(f"*{word}*" for word in telling.state(shown))))
    if incident.has_no_ic:
        line += " · *Incident Commander: nobody yet*"
    elif incident.is_ic_acting:
        line += f" · <@{incident.ic}> is acting Incident Commander"
    blocks: list[Block] = [blockkit.header(title), blockkit.section(line)]
    said = f"{escape(title)}. {line.replace('*', '')}."
    if incident.ended_because:
        why = f"{STATUS[incident.status]}: {incident.ended_because}"
        blocks.append(SectionBlock(text=plain(blockkit.shorten(why, 500))))
        said += f" {escape(blockkit.shorten(why, 500))}."
    return [SummaryPart(10, Content(said, tuple(blocks)))]


def unsent(incident: Incident, at: tuple[int, int], error: str) -> Post:
    """What the Incident Commander is told when another system refused what a step sends."""
    run, step = at
    text = (
        f"Open step {step} of runbook {run} on {incident.reference}'s checklist: what it sends was "
        f"refused ({escape(error)}). Send it again, or say that it was done by hand."
    )
    return telling.note(incident, "loss", incident.ic, text)


def loss(incident: Incident, what: str, error: str) -> Post:
    """What the Incident Commander is told when Slack refused something for good."""
    text = (
        f"{incident.reference}: Slack refused {what} ({escape(error)}). The record is whole. "
        "Whoever runs warroom can see it with `warroom outbox`, and what to do with "
        "`warroom doctor`."
    )
    return telling.note(incident, "loss", incident.ic, text)
