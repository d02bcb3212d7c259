"""What does a pager hear of a call, and how does it name it to us?"""

from __future__ import annotations

import re
from typing import Any

from bot.core import ids
from bot.core.facts.people import PersonCalled
from bot.core.incident import IC, Called, Incident
from bot.core.messages import Message, Send
from bot.core.outcome import Context
from runbooks.model import Policy, Route

_SEVERITY_WORDS = ("critical", "error", "warning", "info")  # PagerDuty's, by rank


def sent(incident: Incident, called: PersonCalled, route: Route, context: Context) -> Send:
    """What another system is told. A title that must stay in the room is not in it."""
    label = context.policy.roles.get(called.role or IC).label
    title = incident.public_title or "the title is kept in the room"
    summary = f"{incident.reference}: {label} is needed ({called.about}). {title}"
    key = call_key(incident.number, called.call)
    body: dict[str, Any]
    if route.adapter == "pagerduty":
        body = {
            "via": "pagerduty",
            "routing_key_env": route.routing_key_env,
            "action": "trigger",
            "dedup_key": key,
            "summary": summary,
            "severity": _SEVERITY_WORDS[min(incident.rank, 3)],
            "source": "warroom",
        }
    else:
        payload = {
            "incident": incident.reference,
            "call": key,
            "role": called.role,
            "person": called.person,
            "about": called.about,
            "summary": summary,
        }
        body = {
            "via": "webhook",
            "url_env": route.url_env,
            "secret_env": route.secret_env,
            "event": "person.called",
            "payload": payload,
        }
    return Send(f"{ids.chain(incident.number)} call {called.call}", body)


def call_key(number: int, call: int) -> str:
    """How other systems know a call: `INC-12/call/3`."""
    return f"{ids.reference(number)}/call/{call}"


def parse_call_key(key: str) -> tuple[int, int] | None:
    """The incident's number and the call in a key; None when it is none of ours."""
    found = re.fullmatch(r"INC-(\d{1,9})/call/(\d{1,9})", key)
    return (int(found[1]), int(found[2])) if found else None


def hushed(incident: Incident, called: Called, action: str, policy: Policy) -> tuple[Message, ...]:
    """Tell a pager that rings that it may stop; other ways have nothing to stop."""
    route = policy.paging.route(called.role or "")
    if called.via != "pagerduty" or route is None:
        return ()
    key = call_key(incident.number, called.call)
    body = {
        "via": "pagerduty",
        "routing_key_env": route.routing_key_env,
        "action": action,
        "dedup_key": key,
    }
    return (Send(f"{ids.chain(incident.number)} call {called.call} {action}", body),)


def hushed_for(incident: Incident, role: str, policy: Policy) -> tuple[Message, ...]:
    """The same for all calls for a role that was accepted."""
    ringing = (one for one in incident.calls if one.role == role and one.answered_at is None)
    return tuple(
        message for one in ringing for message in hushed(incident, one, "acknowledge", policy)
    )
