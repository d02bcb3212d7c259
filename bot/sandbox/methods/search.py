"""What does search.* say to a bot?"""

from __future__ import annotations

from bot.sandbox.arguments import Arguments
from bot.sandbox.errors import SlackError
from bot.sandbox.methods.registry import method
from bot.sandbox.model import Json
from bot.sandbox.workspace import Workspace


@method("search.messages")
@method("search.files")
@method("search.all")
def search(workspace: Workspace, args: Arguments) -> Json:
    """Searching is for tokens of people only.

    Raises:
        SlackError: not_allowed_token_type.
    """
    raise SlackError("not_allowed_token_type")
