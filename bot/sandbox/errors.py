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
    """The app did not answer as it should; `code` is what the person is shown.

    `reason` is what Slack calls it when it sends an event again; with `is_final` it does not.
    """

    def __init__(self, code: str, reason: str = "unknown_error", *, is_final: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.reason = reason
        self.is_final = is_final


def invalid_arguments(*messages: str) -> SlackError:
    """The error most methods give for wrong arguments, with a sentence per mistake."""
    told = [f"[ERROR] {message}" for message in messages]
    return SlackError("invalid_arguments", response_metadata={"messages": told})


def invalid_blocks(messages: list[str], code: str = "invalid_blocks") -> SlackError:
    """The error chat.* gives for Block Kit it refuses (several public repositories)."""
    told = [f"[ERROR] {message}" for message in messages]
    return SlackError(code, errors=messages, response_metadata={"messages": told})
