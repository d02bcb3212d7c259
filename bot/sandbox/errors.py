"""How does Slack say no?"""

from __future__ import annotations

from bot.sandbox.model import Json


class SlackError(Exception):
    """A refusal; `answer` is the body Slack sends, with HTTP status 200."""

    def __init__(self, code: str, **more: object) -> None:
        super().__init__(code)
        self.code = code
        self.answer: Json = {"ok": False, "error": code, **more}


class NotAcked(Exception):
    """The app did not answer as it should; `code` is what the person is shown."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def invalid_arguments(*messages: str) -> SlackError:
    """The error most methods give for wrong arguments, with a sentence per mistake."""
    told = [f"[ERROR] {message}" for message in messages]
    return SlackError("invalid_arguments", response_metadata={"messages": told})


def invalid_blocks(messages: list[str]) -> SlackError:
    """The error chat.* gives for Block Kit it refuses (several public repositories)."""
    told = [f"[ERROR] {message}" for message in messages]
    return SlackError("invalid_blocks", errors=messages, response_metadata={"messages": told})
