"""How does one read what became of evidence, without a word of what it holds?"""

from __future__ import annotations

from bot.core import redaction
from bot.core.facts import Fact
from bot.core.facts import evidence as e
from runbooks.model import Policy

# What can be done with an item, and what the button says.
ACTS = {
    "transfer": "Hand on",
    "label": "Label anew",
    "seal": "Seal",
    "hold": "Hold",
    "lift": "Lift hold",
    "erase": "Erase",
}
_LOOKS = {
    "list": "looked at the list with",
    "working": "looked at",
    "original": "opened the original of",
}


def told(fact: Fact, policy: Policy) -> str:
    """What was done, behind the name of who did it; empty for any other fact.

    Everybody in the room reads this, so that names, notes and reasons are not in it.
    """
    return _taken(fact, policy) or _fetched(fact) or _handled(fact) or _judged(fact, policy)


def _taken(fact: Fact, policy: Policy) -> str:
    match fact:
        case e.EvidencePreserved() | e.FileAwaited() as taken:
            what = policy.evidence.kind(taken.kind).label
            how = "began to fetch" if isinstance(taken, e.FileAwaited) else "preserved"
            label = policy.evidence.label(taken.label).label
            return f"{how} E-{taken.number} ({what}, {label})"
        case e.FileTaken(number=number):
            return f"has E-{number} in the vault"
        case e.FileMissed(number=number):
            return f"could not get E-{number}"
        case e.FileScanned(number=number, found=()):
            return f"looked through E-{number} and found nothing to mask"
        case e.FileScanned(number=number, found=found):
            return f"found {redaction.named(found)} in E-{number}, and made a masked copy of it"
    return ""


def _fetched(fact: Fact) -> str:
    match fact:
        case e.SnapshotAwaited(number=number):
            return f"began to fetch what E-{number} links to"
        case e.SnapshotTaken(number=number):
            return f"has a snapshot of what E-{number} links to in the vault"
        case e.SnapshotDelayed(number=number):
            return f"asked in vain for what E-{number} links to, and asks again"
        case e.SnapshotMissed(number=number):
            return f"could not fetch what E-{number} links to, and keeps the link"
    return ""


def _handled(fact: Fact) -> str:
    match fact:
        case e.EvidenceLooked(numbers=numbers, at=at):
            return f"{_LOOKS[at]} {', '.join(f'E-{number}' for number in numbers)}"
        case e.EvidenceCopied(number=number):
            return f"took a copy of E-{number} out of the vault"
        case e.CustodyTransferred(number=number, to=to):
            return f"handed E-{number} to <@{to}>"
        case e.EvidenceErased(number=number, by_policy=by_policy):
            when = " at the end of its retention" if by_policy else ""
            return f"erased E-{number}{when}; its hash stays"
        case e.SourceCleared(number=number, how=how):
            return f"saw that what is sealed as E-{number} was {how} in Slack"
    return ""


def _judged(fact: Fact, policy: Policy) -> str:
    match fact:
        case e.HoldPlaced(number=number):
            return f"put {_what(number)} on legal hold"
        case e.HoldLifted(number=number):
            return f"lifted the legal hold on {_what(number)}"
        case e.EvidenceSealed(number=number):
            return f"sealed E-{number}"
        case e.EvidenceLabelled(number=number, label=label):
            return f"labelled E-{number} {policy.evidence.label(label).label}"
        case e.TraceLinked() as trace:
            return f"linked as one trace: {traced(trace)}"
        case e.EvidenceSorted(number=number, kind=kind):
            return f"called E-{number} {policy.evidence.kind(kind).label}"
        case e.RedactionSaid(number=number):
            return f"says that nothing in E-{number} has to be masked"
    return ""


def traced(trace: e.TraceLinked) -> str:
    """What belongs together, as `prompt E-1, retrieval context E-2, output E-3`."""
    named = ("prompt", trace.prompt), ("retrieval context", trace.context), ("output", trace.output)
    return ", ".join(f"{what} E-{number}" for what, number in named if number is not None)


def _what(number: int | None) -> str:
    return "the whole incident" if number is None else f"E-{number}"
