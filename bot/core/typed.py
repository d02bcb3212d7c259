"""What becomes of personal data and secrets that somebody types into the record?"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import is_dataclass, replace
from typing import Any, TypeVar

from pydantic import BaseModel

from bot.core import preserving, redaction, telling
from bot.core.blockkit import cut
from bot.core.evidence import Evidence as Vault
from bot.core.facts import Words
from bot.core.facts.evidence import EvidencePreserved, Preserving
from bot.core.incident import Incident
from bot.core.messages import Post
from bot.core.outcome import Context, Outcome
from bot.core.preserving import Bytes, Preserve
from runbooks.model import Evidence, Policy

R = TypeVar("R")
Decide = Callable[[Incident, R, Context], Outcome]
AGAIN = "Say it again without where it is needed."
_SHOWN_CHARS = 300
_TYPED = Words("It was typed into the record.")


class _Found:
    """What was found in a request: its kinds, and the texts it stood in."""

    def __init__(self) -> None:
        self.kinds: set[str] = set()
        self.texts: list[str] = []


def masks(what: str, correct: str, *names: str) -> Callable[[Decide[R]], Decide[R]]:
    """Have a rule decide about words without what the policy's detectors find in them.

    `names` are the fields of the request that hold words, in it and in what it holds; none of
    them: the request is the words. Whoever typed them reads privately what was found in `what`,
    and how to `correct` it. What they typed is sealed, where the engine put it into the vault.
    """

    def around(rule: Decide[R]) -> Decide[R]:
        @functools.wraps(rule)
        def masked(incident: Incident, request: R, context: Context) -> Outcome:
            policy, found = context.policy.evidence, _Found()
            if not policy.masks_typed:
                return rule(incident, request, context)
            outcome = rule(incident, _cleaned(request, names, policy, found), context)
            if not found.kinds or not outcome.facts:
                return outcome
            sealed = _sealed(incident, found, outcome, context)
            how = correct.format(command=context.command, seq=incident.last_seq + 1)
            said = f"{what} held {redaction.named(found.kinds)}. {how} {_kept(sealed, context)}"
            on_record = _on_record(found, outcome)
            note = _told(incident, f"{said}{on_record}", context)
            return outcome + sealed + Outcome(messages=(note,))

        masked.words_in = names  # type: ignore[attr-defined]
        return masked

    return around


def cleared(text: str, context: Context) -> str:
    """The text without what is found in it, where nobody can be told and nothing be sealed."""
    policy = context.policy.evidence
    return redaction.clear(text, policy) if policy.masks_typed else text


def original(rule: Callable[..., Outcome], request: object, policy: Evidence) -> str:
    """The words of a request in full, where this rule masks some of them; else empty."""
    names: tuple[str, ...] | None = getattr(rule, "words_in", None)
    if names is None or not policy.masks_typed:
        return ""
    found = _Found()
    _cleaned(request, names, policy, found)
    return "\n\n".join(dict.fromkeys(found.texts))


def _cleaned(value: Any, names: tuple[str, ...], policy: Evidence, found: _Found) -> Any:  # noqa: ANN401
    """The value without what is found in it."""
    match value:
        case str():
            return _clear(value, policy, found)
        case Mapping():
            return {key: _cleaned(each, names, policy, found) for key, each in value.items()}
        case tuple():
            return tuple(_cleaned(each, names, policy, found) for each in value)
        case BaseModel():
            said = {name: one for name, one in value if name in names and isinstance(one, str)}
            return value.model_copy(
                update={name: type(one)(_clear(one, policy, found)) for name, one in said.items()}
            )
    if not names or not is_dataclass(value):
        return value
    said = {name: getattr(value, name) for name in names if hasattr(value, name)}
    return replace(
        value,  # type: ignore[type-var]
        **{name: _cleaned(one, names, policy, found) for name, one in said.items()},
    )


def _clear(text: str, policy: Evidence, found: _Found) -> str:
    findings = redaction.found(text, policy)
    if not findings:
        return text
    found.kinds |= {one.kind for one in findings}
    found.texts.append(text)
    return redaction.masked(text, findings)


def _sealed(incident: Incident, found: _Found, outcome: Outcome, context: Context) -> Outcome:
    """What was typed, for the policy's few alone; nothing where it could not be kept."""
    kept = context.original
    if kept is None:
        return Outcome()
    text = "\n\n".join(dict.fromkeys(found.texts))
    fresh = sum(isinstance(one, Preserving) for one in outcome.facts)
    number = len(context.states.of(Vault).all) + fresh + 1
    held = Bytes(kept.item, kept.sha256, kept.size_bytes)
    wanted = Preserve("typed", text=text, bytes=held)
    return Outcome(preserving.set_aside(incident, wanted, number, _TYPED, context))


def _kept(sealed: Outcome, context: Context) -> str:
    """What became of the words as they were typed."""
    kept = next((one for one in sealed.facts if isinstance(one, EvidencePreserved)), None)
    if kept and kept.is_raw_kept:
        return f"What you typed is sealed as E-{kept.number}, for {few(context.policy)} alone."
    seal = f"if it is evidence, `{context.command} evidence add` seals it."
    return f"The record keeps nothing else of it; {seal}"


def few(policy: Policy) -> str:
    """Those who open what is sealed, as people call them."""
    return " and ".join(policy.roles.get(role).label for role in policy.evidence.sealed)


def _on_record(found: _Found, outcome: Outcome) -> str:
    """The words as they stand on record now; empty where none of them were masked."""
    marks = tuple(f"[{redaction.LABELS[kind]} " for kind in found.kinds)
    every = [text for fact in outcome.facts for text in fact.words().values()]
    kept = [cut(text, _SHOWN_CHARS) for text in every if any(mark in text for mark in marks)]
    return "\n".join([" On record is:", *kept]) if kept else ""


def _told(incident: Incident, said: str, context: Context) -> Post:
    return telling.note(incident, "masked", context.actor, f"{incident.reference}: {said}")
