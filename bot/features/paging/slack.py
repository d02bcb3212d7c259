"""Which commands, buttons and call-backs call people and take their answers?"""

from __future__ import annotations

from bot.core import calling, ids, mentions
from bot.core.facts.people import PersonCalled
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
        request = _request(words)
        known = await desk.people.look_up([request.person] if request.person else [])
        asked = Asked(command.key, command.person, known)
        done = await desk.engine.carry_out(rules.page, request, Existing(number), asked)
        return _told(done)

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


async def take_answer(
    engine: Engine, key: str, dedup_key: str, by: str | None, *, is_resolved: bool = False
) -> int | None:
    """Record what a pager says of a call; the incident's number, None when it is no call of ours.

    Said twice, or of a call that is answered already, it changes nothing.
    """
    found = calling.parse_call_key(dedup_key)
    if found is None:
        return None
    number, call = found
    request = rules.Answer(call, by, is_resolved)
    try:
        await engine.carry_out(rules.answer, request, Existing(number), Asked(key, ids.BOT))
    except Refused:
        return None
    return number


def _request(words: str) -> rules.Page:
    people, rest = mentions.people(words)
    if people:
        return rules.Page(people[0], None, rest)
    role, _, rest = words.partition(" ")
    return rules.Page(None, role or None, rest.strip())


def _told(done: Done) -> Content:
    called = [fact for fact in done.facts if isinstance(fact, PersonCalled)]
    if not called:
        return Content("They are called already.")
    if done.case.incident.is_test:
        return Content("This is a test: nobody is called, and it is recorded who would have been.")
    one = called[-1]
    who = f"<@{one.person}>" if one.person else "The pager"
    return Content(f"{who} is being called. The summary shows when they answer.")
