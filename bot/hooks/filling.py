"""How do values and secrets get into what is sent, and out of what is answered?"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from bot.core.failures import Permanent
from bot.core.webhooks import Scalar
from runbooks.webhooks import PLACE

Values = Mapping[str, Scalar]
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Lacking(Exception):
    """A template names what is not there."""


def filled(value: Any, values: Values) -> Any:  # noqa: ANN401 (any JSON)
    """JSON with every template in it filled; what was filled in is not looked at again.

    Raises:
        Lacking: a template names what is not there.
    """
    match value:
        case str():
            whole = PLACE.fullmatch(value)
            if whole and whole["name"]:
                return _one(whole["name"], values)
            return text(value, values)
        case dict():
            return {key: filled(one, values) for key, one in value.items()}
        case list():
            return [filled(one, values) for one in value]
    return value


def text(template: str, values: Values, as_written: Callable[[str], str] = str) -> str:
    """A template filled; `as_written` puts each value in the form that belongs there.

    Raises:
        Lacking: it names what is not there.
    """

    def put(found: re.Match[str]) -> str:
        return "$" if found["dollar"] else as_written(_written(_one(found["name"], values)))

    return PLACE.sub(put, template)


def address(template: str, values: Values) -> str:
    """An address, in which no value can become another host or path.

    Raises:
        Lacking: it names what is not there.
    """
    return text(template, values, lambda value: quote(value, safe=""))


def header(template: str, values: Values) -> str:
    """A header; a value with a line break would become two.

    Raises:
        Lacking: it names what is not there.
        Permanent: a value has a control character.
    """
    found = text(template, values)
    if _CONTROL.search(found) or not found.isascii():
        raise Permanent("webhook", "a header would have what no header may have")
    return found


def answered(content: bytes) -> dict[str, Scalar]:
    """What an answer says, flat: `answer.key`, `answer.0.id`; empty where it is no JSON."""
    try:
        given = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    flat: dict[str, Scalar] = {}
    _flatten(given, "answer", flat, depth=6)
    return flat


def _flatten(given: Any, name: str, flat: dict[str, Scalar], depth: int) -> None:  # noqa: ANN401
    pairs: Any = ()
    if isinstance(given, dict):
        pairs = given.items()
    elif isinstance(given, list):
        pairs = enumerate(given[:20])
    elif given is not None:
        flat[name] = given
    if depth:
        for key, value in pairs:
            _flatten(value, f"{name}.{key}", flat, depth - 1)


def _one(name: str, values: Values) -> Scalar:
    if name not in values:
        raise Lacking(name)
    return values[name]


def _written(value: Scalar) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
