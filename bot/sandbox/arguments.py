"""What did the app pass to this method, and is it of the right type?"""

from __future__ import annotations

import json
from typing import Any

from bot.sandbox.errors import SlackError, invalid_arguments
from bot.sandbox.kinds import at
from bot.sandbox.model import Json


class Arguments:
    """Arguments from a form, a query or JSON; reading one checks its type."""

    def __init__(self, given: Json) -> None:
        self._given = given

    @property
    def given(self) -> Json:
        """All of them, as they came, but for the token."""
        return {name: value for name, value in self._given.items() if name != "token"}

    def require(self, *names: str) -> None:
        """Refuse the call unless all of these were given.

        Raises:
            SlackError: invalid_arguments.
        """
        missing = [name for name in names if self._given.get(name) in (None, "")]
        if missing:
            raise invalid_arguments(*(f"missing required field: {name}" for name in missing))

    def has(self, name: str) -> bool:
        """It was given at all, empty or not."""
        return self._given.get(name) is not None

    def text(self, name: str, default: str = "", error: str = "") -> str:
        """A string.

        Raises:
            SlackError: `error`, or invalid_arguments when the method has no code of its own.
        """
        value = self._given.get(name)
        if value is None:
            return default
        if isinstance(value, (bool, dict, list)):
            if error:
                raise SlackError(error)
            raise invalid_arguments(at("must provide a string", f"/{name}"))
        return str(value)

    def flag(self, name: str, default: bool = False) -> bool:
        """true or false; forms write 1, 0, true, false."""
        value = self._given.get(name)
        if value is None:
            return default
        return value is True or str(value).lower() in ("1", "true")

    def number(self, name: str, default: int, error: str = "invalid_arguments") -> int:
        """A whole number.

        Raises:
            SlackError: `error`.
        """
        value = self._given.get(name)
        if value in (None, ""):
            return default
        try:
            return int(str(value))
        except ValueError:
            raise SlackError(error) from None

    def json(self, name: str, error: str) -> Any:
        """An object or a list, as JSON or already parsed; None when not given.

        Raises:
            SlackError: `error`, when it is no JSON.
        """
        value = self._given.get(name)
        if not isinstance(value, str):
            return value
        if value == "":
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError(error) from None

    def words(self, name: str) -> list[str]:
        """A list, or the comma-separated form of one; empty when not given."""
        value = self._given.get(name)
        if isinstance(value, list):
            return [str(word) for word in value]
        return [word.strip() for word in str(value or "").split(",") if word.strip()]
