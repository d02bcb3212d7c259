"""How does somebody hear back who pressed a button in a view, where nothing can be whispered?"""

from __future__ import annotations

import structlog
from slack_sdk.models.views import View

from bot.core.failures import Permanent, Retryable
from bot.core.messages import Content
from bot.slack.calls import Calls
from bot.slack.payloads import Press

_log = structlog.get_logger()


async def show(calls: Calls, press: Press, page: View, answer: Content) -> None:
    """Lay the answer over the modal, which stays as it was filled in; best effort.

    `page` is a page with the sentence alone; buttons that the answer has stand on it.
    """
    view = page.to_dict()
    if answer.blocks:
        view["blocks"] = [block.to_dict() for block in answer.blocks]
    lay = calls.push_view if press.view.get("type") == "modal" else calls.open_view
    try:
        await lay(press.trigger_id, view)
    except (Permanent, Retryable, TimeoutError) as error:
        _log.warning("answer.not_shown", reason=str(error) or type(error).__name__)
