"""What does blocks.validate do?"""

from __future__ import annotations

from typing import Any

from bot.sandbox import blockkit
from bot.sandbox.arguments import Arguments
from bot.sandbox.errors import SlackError
from bot.sandbox.kinds import Mistake, Mistakes
from bot.sandbox.methods.registry import method
from bot.sandbox.model import Json
from bot.sandbox.workspace import Workspace

_GIVEN = ("blocks", "view", "message")


@method("blocks.validate")
def validate(workspace: Workspace, args: Arguments) -> Json:
    """Tell what is wrong with blocks, a message or a view, without showing them."""
    given = [name for name in _GIVEN if args.has(name)]
    if len(given) != 1:
        told = "must provide exactly one of `blocks`, `view`, or `message`"
        raise SlackError("invalid_arguments", response_metadata={"messages": [told]})
    name = given[0]
    mistakes = list(_mistakes(name, args.json(name, f"invalid_{name}")))
    if mistakes:
        raise SlackError(f"invalid_{name}", errors=[_error(mistake) for mistake in mistakes])
    return {}


def _mistakes(name: str, given: Any) -> Mistakes:
    if name == "view":
        yield from blockkit.in_view(given, "", "modal", "home")
        return
    blocks, pointer = given, ""
    if name == "message":
        blocks, pointer = given.get("blocks") if isinstance(given, dict) else None, "/blocks"
    if not isinstance(blocks, list):
        yield Mistake("must provide an array", pointer, ("type", "array"))
    elif name == "message":
        yield from blockkit.in_message(blocks, pointer)
    else:
        yield from blockkit.in_list(blocks, "anywhere", pointer)


def _error(mistake: Mistake) -> Json:
    constraint: Json = {}
    if mistake.constraint is not None:
        kind, expected = mistake.constraint
        constraint = {"type": kind, "expected": expected}
    return {
        "pointer": mistake.pointer,
        "code": _CODES.get(constraint.get("type", ""), "failed_constraint"),
        "message": mistake.sentence,
        "constraint": constraint,
    }


# slackhq/hack-json-schema, src/Exceptions.php
_CODES = {"required": "missing_field", "type": "invalid_type"}
