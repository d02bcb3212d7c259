"""What do executives, support, engineering, followers and mail read?"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

from slack_sdk.models.blocks import Block

from bot.core import blockkit, ids, messages, telling
from bot.core.blockkit import escape, when
from bot.core.facts.updates import UpdatePosted
from bot.core.incident import STATUS, Incident
from bot.core.messages import Content, Keep, Message, Send
from bot.core.outcome import Shown
from bot.features.stakeholders.state import News, Told
from runbooks.stakeholders import Audience

Rows = list[tuple[str, str | None]]
HARM = {"ongoing": "ongoing", "stopped": "stopped", "unknown": "not known yet"}


def executives(update: UpdatePosted) -> Rows:
    """Blast radius, confidence and the decision that is needed."""
    return [
        ("Decision needed", update.decision_needed),
        ("What happened", update.happened),
        ("Blast radius", telling.impact(update)),
        ("Containment", update.containment),
        ("Next steps", update.next_steps),
        ("Confidence", update.confidence),
    ]


def support(update: UpdatePosted) -> Rows:
    """What customers may be told, and how their tickets are marked."""
    return [
        ("Tell customers", update.customers or "We are looking into it. Promise nothing more yet."),
        ("Tag tickets", update.ticket_tags),
        ("What happened", update.happened),
        ("Who is affected", telling.impact(update)),
    ]


def engineering(update: UpdatePosted) -> Rows:
    """Logs and reproductions, when to roll back, and hypotheses that are named as such."""
    return [
        ("What happened", update.happened),
        ("Containment", update.containment),
        ("Logs and reproductions", update.reproductions),
        ("Roll back when", update.rollback),
        ("Next steps", update.next_steps),
        ("Asks and risks", update.asks),
        ("Hypotheses, not facts", update.hypotheses),
    ]


RENDERINGS: dict[Audience, Callable[[UpdatePosted], Rows]] = {
    "executives": executives,
    "support": support,
    "engineering": engineering,
}


def slots(shown: Shown) -> list[Message]:
    """One message for each channel and follower, its history in the thread, and mail."""
    incident, told = shown.incident, shown.states.of(Told)
    if incident.status == "new":
        return []
    if incident.is_private:
        return list(_redacted(shown, told)) if incident.is_moved else []
    owed: list[Message] = []
    for key, to, audience in _places(shown, told):
        marks = told.seen_by(audience)
        slot = f"update/{incident.number}/{key}/{len(marks)}"
        owed.append(Keep(slot, to, rendering(shown, told, audience)))
        owed += _continued(shown, (key, to), marks)
        if told.news and told.seen_by(audience, told.news[-1].marks) == marks:
            owed.append(_history(slot, to, audience, told.news[-1]))
    return [*owed, *_mail(shown, told)]


def _continued(shown: Shown, place: tuple[str, str], marks: tuple[str, ...]) -> Iterator[Keep]:
    """Older messages lead on to the newer one, and quote nothing any more.

    A place that is reached late has none of them.
    """
    key, to = place
    number = shown.incident.number
    for edition, mark in enumerate(marks):
        said = f"{shown.incident.reference}: {mark[0].lower()}{mark[1:]}, see the newer message."
        content = Content(said, (blockkit.context(said),))
        yield Keep(f"update/{number}/{key}/{edition}", to, content, only_edits=True)


def _places(shown: Shown, told: Told) -> Iterator[tuple[str, str, Audience]]:
    """Where it goes: a key that stays, the place, and whose words. Followers read what
    executives read.
    """
    for one in shown.policy.stakeholders.channels:
        if _reaches(shown, told, one.from_severity):
            name = one.channel.removeprefix("#")
            yield name, f"channel/{name}", one.audience
    for person in sorted(shown.incident.followers):
        yield person, ids.person(person), "executives"


def _reaches(shown: Shown, told: Told, from_severity: str) -> bool:
    severity = shown.policy.severities.find(from_severity)
    return severity is not None and told.worst_rank <= severity.rank


def rendering(shown: Shown, told: Told, audience: Audience) -> Content:
    """The whole message for an audience, as things stand."""
    incident = shown.incident
    harm = f"Harm now: {HARM[incident.harm]}"
    status = f"{STATUS[incident.status]} · {harm}"
    title, which = _public_title(incident), _which(shown)
    said = [f"{which} · {escape(title)}.", f"{status}."]
    blocks: list[Block] = [
        blockkit.header(title),
        blockkit.section(f"*{which}* · {status}"),
    ]
    if marks := told.seen_by(audience):
        said.insert(0, f"{marks[-1]}.")
        blocks.insert(0, blockkit.context(f"*{marks[-1]}*"))
    if told.last is None:
        first = "We are investigating. There is no update yet."
        said.append(first)
        blocks.append(blockkit.section(first))
    else:
        words, rows = telling.lines(RENDERINGS[audience](told.last))
        said.append(words)
        blocks += rows
    foot = _foot(shown, told)
    said.append(f"{foot}.")
    blocks.append(blockkit.context(foot))
    if audience == "executives" and not incident.is_over:
        button = blockkit.button("ask_asked", "Ask", str(incident.number))
        blocks.append(blockkit.actions([button]))
    return Content("\n".join(said), tuple(blocks))


def _which(shown: Shown) -> str:
    incident = shown.incident
    severity = shown.policy.severities.show(incident.severity)
    major = " · MAJOR" if incident.is_major else ""
    return f"{incident.reference} · {severity}{major}"


def _public_title(incident: Incident) -> str:
    return incident.public_title or "the title is kept in the room: a person may be at risk"


def _foot(shown: Shown, told: Told) -> str:
    """Who said it when, when the next word comes, and who alone speaks outside."""
    parts = []
    if told.news:
        last = told.news[-1]
        parts.append(f"Update {last.update.number} by <@{last.by}> {when(last.at)}")
    if due := telling.next_update(shown):
        parts.append(due[0].upper() + due[1:])
    speaker = shown.incident.holder(shown.policy.roles.spokesperson)
    if speaker:
        parts.append(f"Only <@{speaker}> speaks outside")
    else:
        parts.append("Nobody speaks outside yet")
    return " · ".join(parts)


def _history(slot: str, to: str, audience: Audience, news: News) -> Keep:
    """What the update said at the time, under the message that is edited."""
    update = news.update
    head = f"Update {update.number} {when(news.at)}"
    if update.is_no_change:
        no_change = Content(f"{head}: no change.", (blockkit.context(f"{head}: no change"),))
        return _reply(slot, to, update.number, no_change)
    said, blocks = telling.lines(RENDERINGS[audience](update))
    content = Content(f"{head}.\n{said}", (blockkit.context(head), *blocks))
    return _reply(slot, to, update.number, content)


def _reply(slot: str, to: str, number: int, content: Content) -> Keep:
    """Kept rather than posted, because what became private is taken out of threads too."""
    name = f"{slot} history {number}"
    return Keep(name, to, content, urgency=messages.REST, thread=slot)


def _redacted(shown: Shown, told: Told) -> Iterator[Message]:
    """What the messages read once the incident went on in private."""
    words = f"{shown.incident.reference} was made private. There is nothing more to read here."
    content = Content(words, (blockkit.context(words),))
    for key, to, audience in _public_places(shown, told):
        for edition in range(len(told.seen_by(audience)) + 1):
            slot = f"update/{shown.incident.number}/{key}/{edition}"
            yield Keep(slot, to, content)
            for news in told.news[: told.public]:
                if len(told.seen_by(audience, news.marks)) == edition:
                    yield _reply(slot, to, news.update.number, content)


def _public_places(shown: Shown, told: Told) -> Iterator[tuple[str, str, Audience]]:
    """Where it went while it was public, those included who followed it then."""
    yield from _places(shown, told)
    for person in sorted(told.followers):
        yield person, ids.person(person), "executives"


def _mail(shown: Shown, told: Told) -> Iterator[Send]:
    """A mail for each update with news in it, and for each edition; a test writes to nobody."""
    incident = shown.incident
    if told.last is None or incident.is_test:
        return
    for one in shown.policy.stakeholders.mail:
        if _reaches(shown, told, one.from_severity):
            rows = [(label, text) for label, text in RENDERINGS[one.audience](told.last) if text]
            text = "\n\n".join(f"{label}:\n{words}" for label, words in rows)
            marks = told.seen_by(one.audience)
            subject = " · ".join([_which(shown), _public_title(incident), *marks[-1:]])
            yield Send(
                f"mail/{incident.number}/{_unnamed(one.address)}/{len(marks)}/{told.changes}",
                {
                    "via": "mail",
                    "to": one.address,
                    "subject": subject,
                    "text": f"{_status(incident)}\n\n{text}\n",
                },
                messages.REST,
            )


def _unnamed(address: str) -> str:
    """An address as names and logs may show it: always the same, and nobody's."""
    return hashlib.sha256(address.encode()).hexdigest()[:16]


def _status(incident: Incident) -> str:
    return f"{STATUS[incident.status]}. Harm now: {HARM[incident.harm]}."
