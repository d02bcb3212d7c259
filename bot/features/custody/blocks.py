"""What is asked of whoever hands on, seals, labels, holds or erases evidence?"""

from __future__ import annotations

import json

from slack_sdk.models.blocks import (
    Block,
    InputBlock,
    PlainTextInputElement,
    StaticSelectElement,
    UserSelectElement,
)
from slack_sdk.models.views import View

from bot.core import blockkit, custody, disclosure
from bot.core.blockkit import escape, plain
from bot.core.evidence import Item
from bot.core.incident import Incident
from runbooks.model import Policy


def act_modal(incident: Incident, one: Item, act: str, policy: Policy) -> View:
    """The form that asks for a reason, and for what else the act needs."""
    about = {"number": incident.number, "evidence": one.number, "act": act}
    blocks: list[Block] = [
        blockkit.section(f"*{one.reference}* {escape(disclosure.title(one, policy))}")
    ]
    if act == "transfer":
        who = UserSelectElement(action_id="to")
        blocks.append(InputBlock(block_id="to", label="To whom?", element=who))
    if act == "label":
        blocks.append(_labels(one, policy))
    if act == "erase":
        told = "Its key is destroyed: nobody can read it again. Hash, reason and your name stay."
        blocks.append(blockkit.section(told))
    element = PlainTextInputElement(action_id="reason", multiline=True, max_length=3000)
    hint = "It stays in the chain of custody."
    blocks.append(InputBlock(block_id="reason", label="Why?", hint=hint, element=element))
    return View(
        type="modal",
        callback_id="evidence_act",
        private_metadata=json.dumps(about),
        title=plain(f"{custody.ACTS[act]} {one.reference}"),
        submit=plain(custody.ACTS[act]),
        close=plain("Cancel"),
        blocks=blocks,
    )


def done(one: Item, act: str) -> str:
    """What somebody reads who did something with an item."""
    said = {
        "transfer": f"<@{one.custodian}> answers for {one.reference} now.",
        "label": f"{one.reference} is labelled anew.",
        "seal": f"{one.reference} is sealed: only the policy's few may open the original.",
        "hold": f"{one.reference} is on hold: it is not erased.",
        "lift": f"The hold on {one.reference} is lifted.",
        "erase": f"{one.reference} is erased. Its hash, the reason and your name stay.",
    }
    return said[act]


def held(incident: Incident, *, is_held: bool) -> str:
    """What somebody reads who put an incident on hold, or lifted it."""
    if is_held:
        return f"{incident.reference} is on legal hold. Nothing is erased; the summary says so."
    return f"The legal hold on {incident.reference} is lifted. Retention counts again."


def _labels(one: Item, policy: Policy) -> InputBlock:
    options = blockkit.options({each.id: each.label for each in policy.evidence.labels})
    chosen = next((each for each in options if each.value == one.label), None)
    element = StaticSelectElement(action_id="label", options=options, initial_option=chosen)
    return InputBlock(block_id="label", label="How far may it go?", element=element)
