"""How do ending and beginning again look and read?"""

from __future__ import annotations

import json
from typing import Literal

from slack_sdk.models.blocks import InputBlock, PlainTextInputElement
from slack_sdk.models.views import View

from bot.core import blockkit
from bot.core.blockkit import plain
from bot.core.incident import Incident
from bot.core.messages import Content
from bot.core.outcome import Shown, SummaryPart

Step = Literal["resolve", "close", "reopen"]
_LABEL = {"resolve": "Resolve", "close": "Close", "reopen": "Reopen"}
_ASKS = {
    "resolve": "How did it end, and how do you know?",
    "close": "Why is nothing left to do?",
    "reopen": "Why is it not over?",
}
_NEXT: dict[str, tuple[Step, ...]] = {
    "investigating": ("resolve",),
    "resolved": ("close", "reopen"),
    "closed": ("reopen",),
}


def reason_modal(number: int, step: Step) -> View:
    """Ask for the one thing that is missing: the reason."""
    return View(
        type="modal",
        callback_id=step,
        private_metadata=json.dumps({"number": number}),
        title=plain(f"{_LABEL[step]} the incident"),
        submit=plain(_LABEL[step]),
        close=plain("Cancel"),
        blocks=[
            InputBlock(
                block_id="reason",
                label=_ASKS[step],
                optional=step == "reopen",
                element=PlainTextInputElement(
                    action_id="reason", multiline=True, max_length=blockkit.INPUT_CHARS
                ),
            )
        ],
    )


def done(incident: Incident) -> Content:
    """What the person who did it reads; the room reads it on the summary."""
    now = "open again" if incident.is_open else incident.status
    return Content(f"{incident.reference} is {now}. Summary, topic and announcement follow.")


def summary_parts(shown: Shown) -> list[SummaryPart]:
    """The button for what can come next."""
    incident = shown.incident
    buttons = tuple(
        blockkit.button(f"{step}_asked", _LABEL[step], str(incident.number))
        for step in _NEXT[incident.status]
    )
    return [SummaryPart(90, Content(""), buttons)]
