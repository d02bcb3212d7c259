"""How does reporting a near miss look and read?"""

from __future__ import annotations

from slack_sdk.models.blocks import InputBlock, PlainTextInputElement
from slack_sdk.models.views import View

from bot.core import blockkit
from bot.core.blockkit import plain


def near_miss_modal(words: str = "") -> View:
    """Two fields: what nearly happened, and what caught it."""
    return View(
        type="modal",
        callback_id="near_miss",
        title=plain("Report a near miss"),
        submit=plain("Report"),
        close=plain("Cancel"),
        blocks=[
            _text("what", "What nearly happened?", words),
            _text("caught_by", "What caught it?", "", "A guardrail, a person, or luck"),
        ],
    )


def _text(name: str, label: str, initial: str, placeholder: str | None = None) -> InputBlock:
    return InputBlock(
        block_id=name,
        label=label,
        element=PlainTextInputElement(
            action_id=name,
            multiline=True,
            initial_value=initial[: blockkit.INPUT_CHARS] or None,
            max_length=blockkit.INPUT_CHARS,
            placeholder=placeholder,
        ),
    )


def near_miss_page(number: int) -> View:
    """What the reporter reads afterwards."""
    return blockkit.notice(
        "Near miss recorded",
        f"Recorded as near miss NM-{number}. No room was opened and nobody was called. "
        "Thank you: the next one may not be caught.",
    )
