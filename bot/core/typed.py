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
    typed stands nowhere else in the record.
    """

    def around(rule: Decide[R]) -> Decide[R]:
        @functools.wraps(rule)
        def masked(incident: Incident, request: R, context: Context) -> Outcome:
            policy = context.policy.evidence
            if not policy.masks_typed:
                return rule(incident, request, context)
            found: set[str] = set()
            clean = _cleaned(request, names, policy, found)
            outcome = rule(incident, clean, context)
            if not found or not outcome.facts:
                return outcome
            how = correct.format(command=context.command, seq=incident.last_seq + 1)
            told = _told(incident, (what, how), (found, outcome), context)
            return outcome + Outcome(messages=(told,))

        return masked

    return around


def _cleaned(value: Any, names: tuple[str, ...], policy: Evidence, found: set[str]) -> Any:  # noqa: ANN401
    """The value without what is found; `found` takes the kinds."""
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


def _clear(text: str, policy: Evidence, found: set[str]) -> str:
    findings = redaction.found(text, policy)
    if not findings:
        return text
    found |= {one.kind for one in findings}
    return redaction.masked(text, findings)


def _told(
    incident: Incident,
    words: tuple[str, str],
    masked: tuple[set[str], Outcome],
    context: Context,
) -> Post:
    """What whoever typed it reads: what was found, what to do, and what is on record now."""
    what, correct = words
    found, outcome = masked
    marks = tuple(f"[{redaction.LABELS[kind]} " for kind in found)
    every = [text for fact in outcome.facts for text in fact.words().values()]
    kept = [cut(text, _SHOWN_CHARS) for text in every if any(mark in text for mark in marks)]
    seal = f"if it is evidence, `{context.command} evidence add` seals it."
    said = (
        f"{incident.reference}: {what} held {redaction.named(found)}. {correct} The record "
        f"keeps nothing else of it; {seal}"
    )
    on_record = "\n".join(["On record is:", *kept]) if kept else ""
    return telling.note(incident, "masked", context.actor, f"{said} {on_record}".strip())
