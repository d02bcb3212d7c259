"""How do the steps from the first mitigation to the end look and read?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from slack_sdk.models.blocks import Block, InputBlock, PlainTextInputElement
from slack_sdk.models.views import View

from bot.core import blockkit
from bot.core.blockkit import plain
from bot.core.facts.status import Mitigated
from bot.core.incident import STATUS, Incident, Status
from bot.core.messages import Content
from bot.core.outcome import Shown, SummaryPart
from bot.features.status.state import Course

Step = Literal["mitigated", "monitoring", "resolve", "close", "reopen", "cancel"]


@dataclass(frozen=True)
class Form:
    """What a step is called, and what it asks for by the name of the input."""

    title: str
    submit: str
    asks: Mapping[str, str]
    hint: str | None = None


FORMS: Mapping[Step, Form] = {
    "mitigated": Form(
        "Harm is held off",
        "Mitigated",
        {
            "done": "What was done?",
            "exposed": "Who is still exposed?",
            "measure": "Which measure shows that it works?",
        },
    ),
    "monitoring": Form(
        "Start monitoring", "Monitoring", {"reason": "What is being watched, and until when?"}
    ),
    "resolve": Form(
        "Resolve the incident", "Resolve", {"reason": "How did it end, and how do you know?"}
    ),
    "close": Form("Close the incident", "Close", {"reason": "Why is nothing left to do?"}),
    "reopen": Form("Reopen the incident", "Reopen", {"reason": "Why is it not over?"}),
    "cancel": Form(
        "Call it a false alarm",
        "False alarm",
        {
            "reason": "How do you know that it was a false alarm?",
            "detector_fix": "What is changed in the detector, and by whom?",
        },
    ),
}
# At most two buttons stand on the summary, what usually comes next first.
_NEXT: Mapping[Status, tuple[Step, ...]] = {
    "investigating": ("mitigated", "resolve"),
    "mitigated": ("resolve",),
    "monitoring": ("resolve",),
    "resolved": ("close", "reopen"),
    "closed": ("reopen",),
    "cancelled": ("reopen",),
    "merged": ("reopen",),
}
_LINES = 12  # of a list in a form
_LINE_CHARS = 120  # of a text on the summary


def step_modal(
    number: int, step: Step, known: Mapping[str, str] | None = None, left: Sequence[str] = ()
) -> View:
    """Ask for what a step needs. `left` is what is still open; what ends it asks why it may be."""
    form, known = FORMS[step], known or {}
    blocks: list[Block] = []
    asks = dict(form.asks)
    if left:
        blocks.append(_list(left))
    if left and step != "resolve":
        asks["despite"] = "Why can this stay open?"
    blocks += [_ask(name, label, known.get(name), step) for name, label in asks.items()]
    return View(
        type="modal",
        callback_id=step,
        private_metadata=json.dumps({"number": number}),
        title=plain(form.title),
        submit=plain(form.submit),
        close=plain("Cancel"),
        blocks=blocks,
    )


def still_open(incident: Incident, step: Step, count: int) -> str:
    """Why it was not ended."""
    things = "1 thing is" if count == 1 else f"{count} things are"
    way = "Press Close on the summary" if step == "close" else f"Type `{step}`"
    return (
        f"{things} still open in {incident.reference}. {way}: the form lists "
        f"{'it' if count == 1 else 'them'}, and asks why {'it' if count == 1 else 'they'} can "
        "stay open."
    )


def phrase(status: Status) -> str:
    """A status as the end of a sentence: `INC-12 is ...`."""
    return {"cancelled": "a false alarm", "monitoring": "being monitored"}.get(
        status, STATUS[status].lower()
    )


def done(incident: Incident, owed: Sequence[str] = ()) -> Content:
    """What the person who did it reads, with what is `owed` before the close."""
    now = "open again" if incident.status == "investigating" else phrase(incident.status)
    said = f"{incident.reference} is {now}. Summary, topic and announcement follow."
    lines = [f"Still owed before it is closed: {one}." for one in owed]
    return Content("\n".join([said, *lines]))


def summary_parts(shown: Shown) -> list[SummaryPart]:
    """The buttons for what can come next, and how harm is held off."""
    incident = shown.incident
    buttons = tuple(
        blockkit.button(f"{step}_asked", FORMS[step].submit, str(incident.number))
        for step in _NEXT.get(incident.status, ())
    )
    parts = [SummaryPart(90, buttons=buttons)]
    held = shown.states.of(Course).mitigation
    if held and incident.status in {"mitigated", "monitoring"}:
        parts.append(SummaryPart(16, _held_off(held)))
    return parts


def _held_off(held: Mitigated) -> Content:
    said = " · ".join(
        (
            f"Held off by: {_line(held.done)}",
            f"still exposed: {_line(held.exposed)}",
            f"shown by: {_line(held.measure)}",
        )
    )
    return Content(f"{said}.", (blockkit.section(said),))


def _line(text: str) -> str:
    return blockkit.escape(blockkit.shorten(" ".join(text.split()), _LINE_CHARS))


def _list(left: Sequence[str]) -> Block:
    lines = [f"• {line}" for line in left[:_LINES]]
    if len(left) > _LINES:
        lines.append(f"• and {len(left) - _LINES} more")
    text = "\n".join(("*Still open:*", *lines))
    return blockkit.section(blockkit.shorten(text, blockkit.SECTION_CHARS))


def _ask(name: str, label: str, known: str | None, step: Step) -> InputBlock:
    return InputBlock(
        block_id=name,
        label=label,
        optional=step == "reopen",
        element=PlainTextInputElement(
            action_id=name,
            multiline=True,
            initial_value=known[: blockkit.INPUT_CHARS] if known else None,
            max_length=blockkit.INPUT_CHARS,
        ),
    )
