"""Which fields do requests have?"""

from __future__ import annotations

import json
from typing import Any

from bot.sandbox import modals
from bot.sandbox.model import View
from bot.sandbox.sandbox import Sandbox
from tests.sandbox.foreign import Json, modal, plain
from tests.sandbox.requests.listener import Listener

MARA = "U0ONCALL"
COMMAND = set(
    "token team_id team_domain channel_id channel_name user_id user_name command text api_app_id "
    "is_enterprise_install response_url trigger_id".split()
)
INTERACTION = set("type user token team enterprise is_enterprise_install".split())
VIEW = set(
    "id team_id type blocks private_metadata callback_id external_id state hash title submit close "
    "clear_on_close notify_on_close root_view_id previous_view_id app_id app_installed_team_id "
    "bot_id submit_disabled".split()
)


def last(listener: Listener) -> Json:
    """The interaction that came last."""
    forms = [got.form for got in listener.requests if got.body.startswith(b"payload=")]
    return dict(json.loads(forms[-1]["payload"]))


def opened(sandbox: Sandbox, **more: Any) -> View:
    """A modal on Mara's screen."""
    return modals.open_first(sandbox.workspace, MARA, modal(**more))


def a_select(kind: str, **more: Any) -> Json:
    element = {"type": kind, "action_id": "pick", **more}
    return {"type": "input", "block_id": "where", "label": plain("Where?"), "element": element}
