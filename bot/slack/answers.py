"""What does a person hear back, and in which words when it went wrong?"""

from __future__ import annotations

import json
import secrets
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import structlog
from slack_sdk.models.views import View

from bot import metrics
from bot.core import blockkit
from bot.core.messages import Content
from bot.core.outcome import Refused
from bot.slack.payloads import Command
from bot.slack.reading import Malformed

_log = structlog.get_logger()
Body = dict[str, Any]
_LIKE = 0.65  # a slip of the fingers; a word of another meaning is not suggested
_VALUE_CHARS = 2000  # Slack's limit on what a button carries


class NoTrigger(Exception):
    """A form was asked for by a mention; Slack opens forms for clicks and commands alone."""


@dataclass(frozen=True)
class Page:
    """What a modal shows instead of what was submitted."""

    view: View


Reply = Content | Page | None
Run = Callable[[Any], Awaitable[Reply]]


@dataclass(frozen=True)
class Verb:
    """A word behind the command, with what the help says of it."""

    name: str
    usage: str
    says: str
    run: Run
    aliases: tuple[str, ...] = ()


def told(refused: Refused) -> Content:
    """The sentence, with a button that asks whoever may do it or lets the person in, if any."""
    metrics.verdict("refused")
    sentence = blockkit.section(str(refused))
    if refused.join is not None:
        join = blockkit.button("join", "Join", str(refused.join))
        return Content(str(refused), (sentence, blockkit.actions([join])))
    ask = refused.ask
    if ask is None:
        return Content(str(refused))
    value = json.dumps({"number": ask.number, "holder": ask.holder, "what": ask.what})
    button = blockkit.button("ask_holder", "Ask them", value)
    return Content(str(refused), (sentence, blockkit.actions([button])))


def form_needed(command: Command) -> Content:
    """A mention brings no trigger, so the form waits for a click."""
    said = "This takes a form."
    if len(command.line) > _VALUE_CHARS:
        return Content(f"{said} Please use the slash command in the channel.")
    button = blockkit.button("continue", "Open the form", command.line, "primary")
    return Content(f"{said} Press Open the form.", (blockkit.actions([button]),))


def unknown(command: Command, prefix: str, verbs: Iterable[str]) -> Content:
    """A word that is no verb, with the nearest one that is."""
    near = get_close_matches(command.verb, list(verbs), n=1, cutoff=_LIKE)
    hint = f"Did you mean `{prefix} {near[0]}`? " if near else ""
    word = blockkit.escape(command.verb[:40])
    return Content(f"“{word}” is not a command. {hint}`{prefix} help` lists them all.")


def bug(what: str) -> str:
    """Log what is being handled as a bug, and give the sentence with its id."""
    metrics.verdict("bug")
    fault = secrets.token_hex(4)
    _log.exception("bug", where=what, fault=fault)
    return (
        "Something went wrong on our side and nothing was changed. "
        f"Please try again; if it stays, tell whoever runs warroom this number: {fault}."
    )


def at(body: Body, field_name: str | None, sentence: str) -> dict[str, str]:
    """The sentence at the input it speaks of, or one of its parts; else at the first.

    Raises:
        Malformed: the modal has no input, so it is none of ours.
    """
    try:
        blocks = body["view"]["blocks"]
        inputs = [str(block["block_id"]) for block in blocks if block["type"] == "input"]
    except (LookupError, TypeError) as error:
        raise Malformed from error
    if not inputs:
        raise Malformed
    named = (one for one in inputs if field_name and one.startswith(f"{field_name}."))
    place = field_name if field_name in inputs else next(named, inputs[0])
    return {str(place): sentence}


def all_at(body: Body, refused: Refused) -> dict[str, str]:
    """Every sentence of a refusal at the input it speaks of; two at one input stand together.

    Raises:
        Malformed: the modal has no input, so it is none of ours.
    """
    told: dict[str, str] = {}
    for one in (refused, *refused.also):
        for name, sentence in at(body, one.field, str(one)).items():
            told[name] = f"{told[name]} {sentence}" if name in told else sentence
    return told
