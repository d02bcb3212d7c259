"""How does a call look and read, for whoever is called and for the room?"""

from __future__ import annotations

from slack_sdk.models.blocks import Block, SectionBlock

from bot.core import blockkit, ids, messages
from bot.core.blockkit import escape, plain, when
from bot.core.incident import Called, Incident
from bot.core.messages import Content, Keep, Message, Send
from bot.core.outcome import Shown, SummaryPart

_SHOWN = 4  # calls on the summary, the newest


def slots(shown: Shown) -> list[Message]:
    """A private message for each call by direct message, edited when it is answered."""
    incident = shown.incident
    owed: list[Message] = [
        Keep(
            f"call/{incident.number}/{one.call}",
            ids.person(one.person),
            call(shown, one),
            urgency=messages.PEOPLE,
            needs=incident.room,
        )
        for one in incident.calls
        if one.via == "direct message" and one.person and not one.is_offer
    ]
    return [*owed, *_informed(shown), *_hushed(shown)]


def _informed(shown: Shown) -> list[Message]:
    incident = shown.incident
    return [
        Keep(
            f"informed/{incident.number}/{role}",
            ids.person(person),
            informed(shown, role),
            urgency=messages.PEOPLE,
            needs=incident.room,
        )
        for role, person in incident.informed.items()
    ]


def informed(shown: Shown, role: str) -> Content:
    """What somebody reads who is told because of their role and asked for nothing."""
    incident = shown.incident
    severity = shown.policy.severities.show(incident.severity)
    title = f" {escape(incident.public_title)}." if incident.public_title else ""
    said = (
        f"{incident.reference} ({severity}) was declared.{title} You are told as "
        f"{shown.policy.roles.get(role).label}; nothing is asked of you. "
        f"The room is {messages.channel(incident.room)}."
    )
    return Content(said, (blockkit.section(said),))


def call(shown: Shown, called: Called) -> Content:
    """What the person who is called reads."""
    incident = shown.incident
    severity = shown.policy.severities.show(incident.severity)
    head = f"You are needed in {incident.reference} ({severity}): {_for(shown, called)}"
    where = f"Go to {messages.channel(incident.room)}."
    blocks: list[Block] = [blockkit.section(f"*{head}*\n{where}")]
    said = [f"{head}. {where}"]
    if called.text:
        blocks.append(SectionBlock(text=plain(blockkit.shorten(called.text, 1000))))
        said.append(f"{escape(called.text.rstrip('.'))}.")
    if called.answered_at:
        is_theirs = called.answered_by == called.person
        done = f"{'You answered' if is_theirs else 'It was answered'} {when(called.answered_at)}"
        blocks.append(blockkit.context(done))
        said.append(f"{done}.")
    elif incident.is_open:
        value = f"{incident.number}/{called.call}"
        blocks.append(
            blockkit.actions([blockkit.button("answer_call", "I am on it", value, "primary")])
        )
        said.append("Press I am on it.")
    return Content(" ".join(said), tuple(blocks))


def _for(shown: Shown, called: Called) -> str:
    if called.role:
        return f"{shown.policy.roles.get(called.role).label}, {called.about}"
    return called.about


def _hushed(shown: Shown) -> list[Send]:
    """When it is over, pagers that still ring are told to stop."""
    incident, paging = shown.incident, shown.policy.paging
    if incident.is_open or incident.status == "new":
        return []
    sent = []
    for one in incident.calls:
        route = paging.route(one.role or "")
        if one.via == "pagerduty" and route:
            body = {
                "via": "pagerduty",
                "routing_key_env": route.routing_key_env,
                "action": "resolve",
                "dedup_key": f"{ids.reference(incident.number)}/call/{one.call}",
            }
            name = f"{ids.chain(incident.number)} call {one.call} resolve"
            sent.append(Send(name, body, messages.REST))
    return sent


def summary_parts(shown: Shown) -> list[SummaryPart]:
    """Who was called and has answered, or not yet; whom nobody could be found for is a gap."""
    incident = shown.incident
    calls = [one for one in incident.calls if _stands_here(incident, one)]
    missing = [
        shown.policy.roles.get(one.role).label
        for one in incident.calls
        if one.via == "nobody"
        and one.role
        and not incident.is_test
        and not incident.holder(one.role)
        and one.role not in incident.offers
    ]
    gaps = (f"nobody to call for {', '.join(dict.fromkeys(missing))}",) if missing else ()
    if incident.is_test and incident.calls:
        would = ", ".join(dict.fromkeys(_who(shown, one) for one in incident.calls))
        line = f"A test calls nobody. It would have called {would}"
        return [SummaryPart(13, Content(f"{line}.", (blockkit.context(line),)))]
    open_gaps = gaps if incident.is_open else ()
    if not calls and incident.informed:
        line = f"Informed: {_people(incident)}"
        return [SummaryPart(13, Content(f"{line}.", (blockkit.context(line),)), gaps=open_gaps)]
    if not calls:
        return [SummaryPart(13, gaps=gaps)] if open_gaps else []
    said = [_line(shown, one) for one in calls[-_SHOWN:]]
    if len(calls) > _SHOWN:
        said.insert(0, f"{len(calls) - _SHOWN} earlier")
    line = f"Called: {' · '.join(said)}"
    if incident.informed:
        line += f" · Informed: {_people(incident)}"
    return [SummaryPart(13, Content(f"{line}.", (blockkit.context(line),)), gaps=open_gaps)]


def _people(incident: Incident) -> str:
    return ", ".join(f"<@{person}>" for person in dict.fromkeys(incident.informed.values()))


def _stands_here(incident: Incident, called: Called) -> bool:
    """Whoever was offered the role with the call stands among the roles, until a pager answers."""
    if called.is_offer:
        return called.answered_at is not None and called.role in incident.offers
    return called.via != "nobody"


def _line(shown: Shown, called: Called) -> str:
    if called.answered_at:
        if called.answered_by:
            return f"<@{called.answered_by}> answered {when(called.answered_at)}"
        return f"{_who(shown, called)}: answered {when(called.answered_at)}, not said by whom"
    return f"{_who(shown, called)} since {when(called.at)}, no answer yet"


def _who(shown: Shown, called: Called) -> str:
    if called.person:
        return f"<@{called.person}>"
    if called.group:
        return f"<!subteam^{called.group}>"
    return shown.policy.roles.get(called.role or "").label
