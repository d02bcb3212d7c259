"""How does the question read, for whoever holds the role and whoever asks for it?"""

from __future__ import annotations

from bot.core import blockkit, ids, messages, telling
from bot.core.blockkit import escape, when
from bot.core.incident import Incident, Takeover
from bot.core.messages import Content, Keep, Message, Post
from bot.core.outcome import Context, Shown
from bot.features.takeover.state import Asked, Takeovers


def slots(shown: Shown) -> list[Message]:
    """A private question to whoever holds the role, edited when it is answered."""
    incident = shown.incident
    return [
        Keep(
            f"takeover/{incident.number}/{one.seq}",
            ids.person(one.holder),
            question(shown, one),
            urgency=messages.PEOPLE,
            needs=incident.room,
        )
        for one in shown.states.of(Takeovers).asked
    ]


def question(shown: Shown, asked: Asked) -> Content:
    """What whoever holds the role reads."""
    incident, label = shown.incident, shown.policy.roles.get(asked.role).label
    head = f"<@{asked.by}> asks to be {label} in {incident.reference} in your place"
    waiting = incident.takeovers.get(asked.role)
    if asked.end != "open" or waiting is None or incident.is_over:
        end = "You kept the role." if asked.end == "kept" else "It is settled."
        return Content(f"{head}. {end}", (blockkit.section(f"{head}.\n{end}"),))
    if waiting.reason:
        head += f": {escape(blockkit.shorten(waiting.reason, 500))}"
    rest = f"Answer by {when(waiting.applies_at)}; without an answer the role goes to them."
    value = f"{incident.number}/{asked.role}"
    buttons = [
        blockkit.button("takeover_agreed", "Hand over", value, "primary"),
        blockkit.button("takeover_kept", "Keep it", value),
    ]
    said = f"{head}. {rest} Press Hand over or Keep it."
    return Content(said, (blockkit.section(f"{head}.\n{rest}"), blockkit.actions(buttons)))


def kept(incident: Incident, waiting: Takeover, context: Context) -> Post:
    """What whoever asked reads when the answer was no."""
    label = context.policy.roles.get(waiting.role).label
    said = f"<@{context.actor}> stays {label} in {incident.reference}. Speak to them in the room."
    return telling.note(incident, "kept", waiting.by, said)
