"""What has a payload of Slack's to hold, so that it can be read?"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, ParamSpec, TypeVar

Json = dict[str, Any]
P = ParamSpec("P")
T = TypeVar("T")
_LONGEST_ID_CHARS = 255


class Malformed(Exception):
    """Slack sends no such payload."""


def checked(read: Callable[P, T]) -> Callable[P, T]:
    """A payload that has not what Slack's documentation promises is malformed, not a bug."""

    @functools.wraps(read)
    def called(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return read(*args, **kwargs)
        except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
            raise Malformed from error

    return called


def id_of(named: Any) -> str:  # noqa: ANN401 (whatever was sent)
    """Some payloads name a thing, some describe it; empty when it is neither."""
    found = named.get("id") if isinstance(named, dict) else named
    return known(found) if found else ""


def known(name: Any) -> str:  # noqa: ANN401 (whatever was sent)
    """An id of Slack's: letters, digits and signs, as short as ids are."""
    if not isinstance(name, str) or not 0 < len(name) <= _LONGEST_ID_CHARS:
        raise TypeError
    if not (name.isascii() and name.isprintable()):
        raise ValueError
    return name


def moment(ts: Any) -> str:  # noqa: ANN401 (whatever was sent)
    """A message's ts that stands for a moment."""
    datetime.fromtimestamp(float(known(ts)), UTC)
    return str(ts)


def about(view: Json | None) -> Json:
    """What a modal of ours carries."""
    about = json.loads((view or {}).get("private_metadata") or "{}")
    if not isinstance(about, dict):
        raise TypeError
    return about


def inputs(view: Json | None) -> dict[str, Json]:
    """What is entered in a view, by action id; nothing where there is no view."""
    values = ((view or {}).get("state") or {}).get("values") or {}
    return {
        action_id: dict(value) for block in values.values() for action_id, value in block.items()
    }
