"""What came of what other systems were sent?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from bot.core.facts import Recorded
from bot.core.facts.webhooks import WebhookAnswered, WebhookCalledBack, WebhookFailed
from bot.core.record import Cell, Column, Part, Told

_COLUMNS = (
    Column("at", "When", "moment"),
    Column("target", "System"),
    Column("about", "About"),
    Column("what", "What came of it"),
    Column("status", "HTTP status", "number"),
    Column("reference", "Reference"),
    Column("link", "Link"),
    Column("words", "Words"),
)


@dataclass(frozen=True)
class Webhooks:
    """By the name of what was sent: who answered, and who called back since."""

    answered: Mapping[str, WebhookAnswered] = field(default_factory=lambda: MappingProxyType({}))
    failed: Mapping[str, WebhookFailed] = field(default_factory=lambda: MappingProxyType({}))
    called_back: Mapping[str, WebhookCalledBack] = field(
        default_factory=lambda: MappingProxyType({})
    )


def fold(webhooks: Webhooks, recorded: Recorded) -> Webhooks:
    """The answers after one more fact."""
    match recorded.fact:
        case WebhookAnswered(send=send) as fact:
            return replace(webhooks, answered={**webhooks.answered, send: fact})
        case WebhookFailed(send=send) as fact:
            return replace(webhooks, failed={**webhooks.failed, send: fact})
        case WebhookCalledBack(send=send) as fact:
            return replace(webhooks, called_back={**webhooks.called_back, send: fact})
    return webhooks


def record_parts(told: Told) -> list[Part]:
    """What other systems were asked and what they answered, as it is handed on."""
    rows: list[tuple[Cell, ...]] = []
    for one in told.recorded:
        match one.fact:
            case WebhookAnswered() as fact:
                rows.append((one.at, fact.target, fact.about, "answered", fact.status,
                             fact.reference, fact.link, None))  # fmt: skip
            case WebhookFailed() as fact:
                rows.append((one.at, fact.target, fact.about, "failed", None, None, None,
                             fact.reason))  # fmt: skip
            case WebhookCalledBack() as fact:
                what = "called back: done" if fact.is_done else "called back: failed"
                rows.append((one.at, fact.target, fact.about, what, None, None, None, fact.note))
    return [Part("webhooks", "Other systems", _COLUMNS, tuple(rows))]
