"""What is recorded when another system answers, fails or calls back?"""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.facts import Fact, Words
from bot.core.facts.webhooks import WebhookAnswered, WebhookCalledBack, WebhookFailed
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome, Refused, Rule
from bot.core.webhooks import Answered, CalledBack, Came, NotSent, Sent
from bot.features.webhooks.state import Webhooks


def recording(follows: Mapping[str, Rule]) -> Rule:
    """Record what came, and then what follows from it, by the first word of what it is about.

    What follows is asked once for each thing that is recorded, with the same request.
    """

    def came(incident: Incident, request: Came, context: Context, /) -> Outcome:
        outcome = record(incident, request, context)
        follow = follows.get(request.sent.about.partition("/")[0])
        if outcome.facts and follow:
            outcome += follow(incident, request, context)
        return outcome

    return came


def record(_incident: Incident, came: Came, context: Context) -> Outcome:
    """Record it, once: an answer that was heard before changes nothing.

    Raises:
        Refused: it was called back before.
    """
    webhooks = context.states.of(Webhooks)
    if isinstance(came, CalledBack):
        if came.sent.name in webhooks.called_back:
            raise Refused("This address was used already.")
    elif came.sent.name in webhooks.answered:
        return Outcome()
    return Outcome((fact(came),))


def fact(came: Came) -> Fact:
    """What came of it, as it is remembered."""
    match came:
        case Answered(sent=sent, status=status):
            return WebhookAnswered(
                **_of(sent),
                status=status,
                reference=_words(came.reference),
                link=_words(came.link),
            )
        case NotSent(sent=sent, reason=reason):
            return WebhookFailed(**_of(sent), reason=reason)
    return WebhookCalledBack(**_of(came.sent), is_done=came.is_done, note=_words(came.note))


def _of(sent: Sent) -> dict[str, str]:
    return {"send": sent.name, "about": sent.about, "target": sent.target}


def _words(text: str | None) -> Words | None:
    return Words(text) if text else None
