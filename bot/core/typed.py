"""What becomes of personal data and secrets that somebody types into the record?"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import BaseModel

from bot.core import redaction, telling
from bot.core.blockkit import cut
from bot.core.incident import Incident
from bot.core.messages import Post
from bot.core.outcome import Context, Outcome
from runbooks.model import Evidence

R = TypeVar("R")
Decide = Callable[[Incident, R, Context], Outcome]
_SHOWN_CHARS = 300


def masks(what: str, correct: str, *names: str) -> Callable[[Decide[R]], Decide[R]]:
    """Have a rule decide about words without what the policy's detectors find in them.

    `names` are the fields of the request that hold words; none of them: the request is the words.
    Whoever typed them reads privately what was found in `what`, and how to `correct` it. What they
    typed is kept nowhere.
    """

    def around(rule: Decide[R]) -> Decide[R]:
        @functools.wraps(rule)
        def masked(incident: Incident, request: R, context: Context) -> Outcome:
            policy = context.policy.evidence
            if not policy.masks_typed:
                return rule(incident, request, context)
            found: dict[str, str] = {}
            clean = _cleaned(request, names, policy, found)
            outcome = rule(incident, clean, context)
            if not found or not outcome.facts:
                return outcome
            said = correct.format(command=context.command, seq=incident.last_seq + 1)
            return outcome + Outcome((), (_told(incident, (what, said), found, context),))

        return masked

    return around


def _cleaned(value: Any, names: tuple[str, ...], policy: Evidence, found: dict[str, str]) -> Any:  # noqa: ANN401
    """The value without what is found; `found` takes kinds, and the words as they are kept."""
    if isinstance(value, str):
        return _clear(value, policy, found)
    if isinstance(value, Mapping):
        return {key: _cleaned(each, names, policy, found) for key, each in value.items()}
    if isinstance(value, BaseModel):
        said = {name: one for name, one in value if name in names and isinstance(one, str)}
        return value.model_copy(
            update={name: type(one)(_clear(one, policy, found)) for name, one in said.items()}
        )
    if value is None or not names:
        return value
    changed = {name: getattr(value, name) for name in names if hasattr(value, name)}
    return replace(
        value, **{name: _cleaned(one, names, policy, found) for name, one in changed.items()}
    )


def _clear(text: str, policy: Evidence, found: dict[str, str]) -> str:
    findings = redaction.found(text, policy)
    if not findings:
        return text
    masked = redaction.masked(text, findings)
    found.update(dict.fromkeys((one.kind for one in findings), masked))
    return masked


def _told(
    incident: Incident, words: tuple[str, str], found: Mapping[str, str], context: Context
) -> Post:
    """What whoever typed it reads: what was found, how it is kept, what to do."""
    what, correct = words
    kept = "\n".join(f">{cut(text, _SHOWN_CHARS)}" for text in dict.fromkeys(found.values()))
    said = (
        f"{incident.reference}: {what} held {redaction.named(found)}. {correct} The original is "
        f"kept nowhere; if it is evidence, `{context.command} evidence add` seals it. On record "
        f"is:\n{kept}"
    )
    return telling.note(incident, "masked", context.actor, said)
