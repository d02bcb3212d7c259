"""Who may hand on, seal, label, hold and erase evidence?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast, get_args

from bot.core import disclosure, ids, preserving, redaction, rights, typed
from bot.core.deadlines import Alarm
from bot.core.evidence import Evidence, Item
from bot.core.facts import Fact, Words
from bot.core.facts import evidence as e
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome, Refused
from bot.core.runs import keeping
from runbooks.model import Evidence as EvidencePolicy

Doing = Literal["transfer", "seal", "label", "hold", "lift", "erase"]


@dataclass(frozen=True)
class Act:
    """Do something with an item; `to` is the new custodian, `label` the new label."""

    doing: Doing
    number: int
    reason: str
    to: str | None = None
    label: str | None = None


@dataclass(frozen=True)
class Hold:
    """A legal hold on the whole incident, or its end."""

    is_held: bool
    reason: str


@dataclass(frozen=True)
class Copy:
    """Take the original of an item out of the vault; `to` says where to."""

    number: int
    to: str
    reason: str


@typed.masks("your reason", typed.AGAIN, "reason")
def copy(incident: Incident, request: Copy, context: Context) -> Outcome:
    """Let an original leave the vault; that is on record before the first byte does.

    Raises:
        Refused: it is not theirs to open, there is none, or no reason was given.
    """
    one = disclosure.found(incident, request.number, context)
    disclosure.require_open(incident, one, context)
    reason = _reason(request.reason, context.policy.evidence)
    fact = e.EvidenceCopied(number=one.number, to=Words(ids.clean(request.to)), reason=reason)
    return Outcome((fact,))


@typed.masks("your reason", typed.AGAIN, "reason")
def act(incident: Incident, request: Act, context: Context) -> Outcome:
    """Hand on, seal, label, hold or erase an item; each asks for a reason.

    Raises:
        Refused: it is not up to this person, a hold or a seal stands against it, or no reason.
    """
    one = disclosure.found(incident, request.number, context)
    require_right(incident, one, request.doing, context)
    if one.erased_at:
        raise Refused(f"{one.reference} was erased. Nothing was changed.")
    reason = _reason(request.reason, context.policy.evidence)
    match request.doing:
        case "transfer":
            return Outcome((_transferred(incident, one, request.to, reason, context),))
        case "seal":
            return Outcome((_sealed(one, reason),))
        case "label":
            return Outcome((_labelled(one, request.label, reason, context),))
        case "erase":
            return Outcome((_erased(one, reason, context),))
    return Outcome((_held(one, reason, is_held=request.doing == "hold"),))


@typed.masks("your reason", typed.AGAIN, "reason")
def hold(incident: Incident, request: Hold, context: Context) -> Outcome:
    """Put the whole incident on legal hold, or lift it.

    Raises:
        Refused: it is not up to this person, it is so already, or no reason was given.
    """
    rights.require_inside(incident, context)
    rights.require(incident, context, "hold")
    if context.states.of(Evidence).is_held == request.is_held:
        raise Refused(
            f"{incident.reference} is {'on' if request.is_held else 'under no'} legal hold already."
        )
    reason = _reason(request.reason, context.policy.evidence)
    kind = e.HoldPlaced if request.is_held else e.HoldLifted
    return Outcome((kind(reason=reason),))


def expire(_incident: Incident, alarm: Alarm, context: Context) -> Outcome:
    """What was kept for as long as the policy says is erased, unless it is on hold."""
    evidence = context.states.of(Evidence)
    one = evidence.find(int(alarm.about))
    if one is None or one.erased_at or evidence.holds(one):
        return Outcome()
    kind = context.policy.evidence.kind(one.kind)
    reason = Words(f"kept {kind.keep_days} days after the end, as evidence.yaml says")
    return Outcome((e.EvidenceErased(number=one.number, reason=reason, by_policy=True),))


def doing(act: str) -> Doing:
    """The act a button names.

    Raises:
        Refused: there is no such act.
    """
    for known in get_args(Doing):
        if act == known:
            return cast(Doing, known)
    raise Refused("That cannot be done with evidence.")


def require_right(incident: Incident, one: Item, doing: Doing, context: Context) -> None:
    """Let only those go on who have the right; a custodian may hand on and label.

    Raises:
        Refused: it is up to somebody else.
    """
    if doing in {"transfer", "label"} and context.actor == one.custodian:
        return
    needed = {"seal": "seal", "hold": "hold", "lift": "hold", "erase": "erase_evidence"}
    rights.require(incident, context, needed.get(doing, "transfer"))


def _transferred(
    incident: Incident, one: Item, to: str | None, reason: Words, context: Context
) -> Fact:
    if to is None or to == one.custodian:
        raise Refused("Choose somebody else as custodian.", field="to")
    try:
        preserving.require_custodian(incident, to, context)
    except Refused as refused:
        raise Refused(str(refused), field="to") from refused
    return e.CustodyTransferred(number=one.number, to=to, reason=reason)


def _sealed(one: Item, reason: Words) -> Fact:
    if one.is_sealed:
        raise Refused(f"{one.reference} is sealed already. Nothing was changed.")
    if one.is_awaited:
        raise Refused(f"{one.reference} is still being fetched. Seal it once it is there.")
    return e.EvidenceSealed(number=one.number, reason=reason)


def _labelled(one: Item, label: str | None, reason: Words, context: Context) -> Fact:
    if one.is_sealed:
        raise Refused(f"{one.reference} is sealed: its label stays as it is.")
    if label == one.label or label not in {each.id for each in context.policy.evidence.labels}:
        raise Refused("Choose another label.", field="label")
    if not context.policy.evidence.label(label).roles and keeping.is_restricted(one, context):
        raise Refused(
            f"A runbook keeps {one.reference} in the restricted store, so only a label for a named "
            "group fits.",
            field="label",
        )
    return e.EvidenceLabelled(number=one.number, label=label, reason=reason)


def _held(one: Item, reason: Words, *, is_held: bool) -> Fact:
    if one.is_held == is_held:
        raise Refused(
            f"{one.reference} is {'on' if is_held else 'under no'} hold of its own already. "
            "Nothing was changed."
        )
    kind = e.HoldPlaced if is_held else e.HoldLifted
    return kind(number=one.number, reason=reason)


def _erased(one: Item, reason: Words, context: Context) -> Fact:
    if context.states.of(Evidence).holds(one):
        raise Refused(
            f"{one.reference} is on legal hold and cannot be erased. Whoever may lift the hold "
            "decides that first. Nothing was changed."
        )
    return e.EvidenceErased(number=one.number, reason=reason)


def _reason(typed: str, policy: EvidencePolicy) -> Words:
    text = ids.clean(typed)
    if not ids.has_words(text):
        raise Refused("Say why: it stays in the chain of custody.", field="reason")
    if len(text) > preserving.TEXT_CHARS:
        raise Refused("Keep the reason to 3,000 characters.", field="reason")
    return Words(redaction.clear(text, policy))
