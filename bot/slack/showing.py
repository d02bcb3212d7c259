"""Where does a view appear that a button asked for?"""

from __future__ import annotations

from collections.abc import Awaitable

from slack_sdk.models.views import View

from bot.core.blockkit import notice
from bot.core.failures import Permanent, Retryable
from bot.core.messages import Content
from bot.core.outcome import Refused
from bot.slack.listen import Desk, Reply
from bot.slack.payloads import Press


async def show(desk: Desk, press: Press, view: View, what: str = "form") -> Reply:
    """Show a view: in place of the one the button stands in, or as a new one."""
    if not press.view_id:
        return await desk.open_modal(press.trigger_id, view)
    try:
        await desk.calls("views.update", view_id=press.view_id, view=view.to_dict())
    except (Permanent, Retryable):
        return Content(f"Slack did not show the {what}. Please try again.")
    return None


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
