"""What came of the systems that a step called?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.core.facts import Recorded
from bot.core.facts import runbooks as f
from bot.core.facts.webhooks import WebhookAnswered, WebhookCalledBack, WebhookFailed
from bot.core.runs.model import Call, Step

ABOUT = "step"
Came = WebhookAnswered | WebhookFailed | WebhookCalledBack


def about(run: int, step: int, target: str) -> str:
    """What a call is about, as those who bring it carry it along."""
    return f"{ABOUT}/{run}/{step}/{target}"


def place(about: str) -> tuple[int, int, str] | None:
    """Run, step and target of what a call is about; None where it is about no step."""
    match about.split("/"):
        case [first, run, step, target] if first == ABOUT and run.isdigit() and step.isdigit():
            return int(run), int(step), target
    return None


def called(step: Step, fact: f.TargetCalled, recorded: Recorded) -> Mapping[str, Call]:
    """All calls of a step, with one that goes out."""
    return {**step.calls, fact.target: Call(fact.send, recorded.actor, recorded.at)}


def settled(step: Step, fact: f.TargetSettled, recorded: Recorded) -> Mapping[str, Call]:
    """All calls of a step, with one that was done by hand."""
    by_hand = Call("", recorded.actor, recorded.at, "by_hand", note=fact.note)
    return {**step.calls, fact.target: by_hand}


def came(step: Step, fact: Came) -> Mapping[str, Call]:
    """All calls of a step, after what came of one; an earlier try's answer changes nothing."""
    found = place(fact.about)
    known = step.calls.get(found[2]) if found else None
    if found is None or known is None or known.send != fact.send:
        return step.calls
    return {**step.calls, found[2]: _came(known, fact)}


def _came(known: Call, fact: Came) -> Call:
    match fact:
        case WebhookAnswered():
            link = fact.link if fact.link is None else str(fact.link)
            return replace(known, status="answered", reference=fact.reference, link=link)
        case WebhookFailed():
            return replace(known, status="failed", note=fact.reason)
        case WebhookCalledBack():
            if fact.is_done:
                return replace(known, status="called_back", note=fact.note)
            return replace(known, status="failed", note=fact.note)
