"""Which commands, buttons and call-backs call people and take their answers?"""

from __future__ import annotations

from bot.core import ids, mentions, pagers
from bot.core.facts.people import PersonCalled, RoleSought
from bot.core.messages import Content
from bot.core.outcome import Refused
from bot.engine import Asked, Done, Engine, Existing
from bot.features.paging import rules
from bot.slack.listen import Desk, Reply, Verb
from bot.slack.payloads import Command, Press


def register(desk: Desk) -> None:
    """Take the verb and the button."""

    async def page(command: Command) -> Reply:
        number, words = await desk.meant(command)
        return Content("\n".join(await _page(desk, number, words, command)))

    async def answer(press: Press) -> Reply:
        number, _, call = press.value.partition("/")
        request = rules.Answer(int(call), None)
        asked = Asked(press.key, press.person)
        await desk.engine.carry_out(rules.answer, request, Existing(int(number)), asked)
        channel = await desk.engine.channel_of(int(number))
        where = f" Go to <#{channel}>." if channel else ""
        return Content(f"Thank you. The room sees that you are on it.{where}")

    desk.verb(Verb("page", "page @someone|role [words]", "calls somebody at once", page, ("call",)))
    desk.button("answer_call", answer)


async def _page(desk: Desk, number: int, words: str, command: Command) -> list[str]:
    """Call each person who is named; what became of each."""
    requests = _requests(words)
    known = await desk.people.look_up([one.person for one in requests if one.person])
    told = []
    for request in requests:
        key = f"{command.key} {request.person}" if len(requests) > 1 else command.key
        asked = Asked(key, command.person, known)
        try:
            done = await desk.engine.carry_out(rules.page, request, Existing(number), asked)
        except Refused as refused:
            if len(requests) == 1:
                raise
            told.append(str(refused))
        else:
            told.append(_told(done))
    return told


async def take_answer(
    engine: Engine, key: str, dedup_key: str, by: str | None, *, is_resolved: bool = False
) -> int | None:
    """Record what a pager says of a call; the incident's number, None when it is no call of ours.

    Said twice, or of a call that is answered already, it changes nothing.
    """
    found = pagers.parse_call_key(dedup_key)
    if found is None:
        return None
    number, call = found
    request = rules.Answer(call, by, is_resolved)
    try:
        await engine.carry_out(rules.answer, request, Existing(number), Asked(key, ids.BOT))
    except Refused:
        return None
    return number


def _requests(words: str) -> list[rules.Page]:
    """One for each person who is named, or one for a role."""
    people, rest = mentions.people(words)
    if people:
        return [rules.Page(person, None, rest) for person in dict.fromkeys(people)]
    role, _, rest = words.partition(" ")
    return [rules.Page(None, role or None, rest.strip())]


def _told(done: Done) -> str:
    if any(isinstance(fact, RoleSought) for fact in done.facts):
        return "It is looked up who stands for that role; they are called at once."
    called = [fact for fact in done.facts if isinstance(fact, PersonCalled)]
    if not called:
        return "They are called already."
    if done.case.incident.is_test:
        return "This is a test: nobody is called, and it is recorded who would have been."
    one = called[-1]
    who = f"<@{one.person}>" if one.person else "The pager"
    return f"{who} is being called. The summary shows when they answer."
