"""Where does a view appear that a button asked for?"""

from __future__ import annotations

from collections.abc import Awaitable, Sequence, Set

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.core.blockkit import notice
from bot.core.failures import Permanent, Retryable
from bot.core.messages import Content
from bot.core.outcome import Refused
from bot.slack.listen import Desk, Reply
from bot.slack.payloads import Json, Press

_OF_A_VIEW = ("type", "callback_id", "private_metadata", "title", "submit", "close")


async def show(desk: Desk, press: Press, view: View, what: str = "form") -> Reply:
    """Show a view: in place of the one the button stands in, or as a new one."""
    if not press.view_id:
        return await desk.open_modal(press.trigger_id, view)
    try:
        await desk.calls("views.update", view_id=press.view_id, view=view.to_dict())
    except (Permanent, Retryable):
        return Content(f"Slack did not show the {what}. Please try again.")
    return None


async def exchange(desk: Desk, press: Press, ids: Set[str], blocks: Sequence[Block]) -> Reply:
    """Put blocks in the place of those with these ids; all else that was typed stays."""
    shown: list[Json] = press.view.get("blocks") or []
    places = [at for at, one in enumerate(shown) if one.get("block_id") in ids]
    if not places:
        return Content("This form has changed. Open it again.")
    left = [_unfocused(one) for one in shown if one.get("block_id") not in ids]
    fresh = [one.to_dict() for one in blocks]
    view = {name: press.view[name] for name in _OF_A_VIEW if press.view.get(name)}
    view["blocks"] = [*left[: places[0]], *fresh, *left[places[0] :]]
    try:
        await desk.calls("views.update", view_id=press.view_id, view=view)
    except (Permanent, Retryable):
        return Content("Slack did not show the form. Please try again.")
    return None


def _unfocused(block: Json) -> Json:
    """Slack lets one element of a view ask for the focus, which is the one that came last."""
    element = block.get("element")
    if not isinstance(element, dict):
        return block
    kept = {name: value for name, value in element.items() if name != "focus_on_load"}
    return {**block, "element": kept}


async def drawn(
    desk: Desk, press: Press, drawing: Awaitable[View], title: str, what: str = "form"
) -> Reply:
    """Show what is drawn for a person; in a view, a refusal stands there under this title.

    Raises:
        Refused: the button stands in a message, where it is told privately.
    """
    try:
        view = await drawing
    except Refused as refused:
        if not press.view_id:
            raise
        view = notice(title, str(refused))
    return await show(desk, press, view, what)


async def said(desk: Desk, press: Press, sentence: str) -> Reply:
    """Say something where the button stands: as a page in a view, else privately."""
    if not press.view_id:
        return Content(sentence)
    return await show(desk, press, desk.notice(sentence))
