"""Which commands say something from a terminal, in a person's name?"""

from __future__ import annotations

import asyncio
import contextlib
import re
import secrets
from collections.abc import AsyncIterator, Mapping
from typing import Annotated, TypeAlias

import typer

from bot.core import ids, telling
from bot.core.facts.decisions import DecisionDetails
from bot.core.outcome import Refused, Rule
from bot.engine import Existing, NotWritten
from bot.features.decisions import rules as decisions
from bot.features.roles import blocks as roles_blocks
from bot.features.roles import rules as roles
from bot.features.updates import blocks as updates_blocks
from bot.features.updates import rules as updates
from bot.features.updates.state import Updates
from bot.terminal.session import Session, at_work

As = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="WHO",
        help="In whose name: Slack id, e-mail address or name. WARROOM_AS names you once.",
    ),
]
Incident = Annotated[str, typer.Argument(metavar="INC-12", help="`warroom list` shows them.")]
Words = Annotated[list[str] | None, typer.Argument(metavar="WORDS")]
Again = Annotated[
    str,
    typer.Option(
        metavar="KEY",
        help="Say it once more where nobody knew what became of it, with the key that was told "
        "then: it is not done twice, for three days.",
    ),
]
_ENDS = (
    "Exit 0: it is on disk. Exit 2: nothing was changed, and why. Exit 3: the log did not answer "
    "within a minute, so nobody knows yet; how to look, and the key for --again, are told."
)
_KEY = re.compile(r"[0-9a-f]{12}")
_PERSON = re.compile(r"@.+|[^@\s]+@[^@\s]+\.[^@\s]+|[UW][A-Z0-9]{6,}")

_ANSWERS: Mapping[str, Rule] = {"accept": roles.accept, "decline": roles.decline}

Speaking: TypeAlias = contextlib.AbstractAsyncContextManager[Session]

commands = typer.Typer()


@commands.command(epilog=_ENDS)
def note(incident: Incident, words: Words = None, again: Again = "", as_: As = None) -> None:
    """Put something on the timeline, at a time if it begins with one.

    warroom note INC-12 --as U123 10 min ago the fallback model went live
    """
    said = _spoken(words, "`warroom note INC-12 it began at 03:40`")
    asyncio.run(_said("note", said, _speaking(as_, incident, again)))


@commands.command(epilog=_ENDS)
def update(
    incident: Incident,
    words: Words = None,
    no_change: Annotated[
        bool, typer.Option("--no-change", help="All stands as the last one said.")
    ] = False,
    again: Again = "",
    as_: As = None,
) -> None:
    """Post a status update: what is new, in a line.

    warroom update INC-12 --as U123 fallback model is live, no new reports
    """
    if bool(words) == no_change:
        raise Refused("Say what is new behind the incident, or --no-change if nothing is.")
    speaking = _speaking(as_, incident, again)
    if no_change:
        asyncio.run(_no_change(speaking))
    else:
        asyncio.run(_said("update", " ".join(words or ()), speaking))


@commands.command(epilog=_ENDS)
def decide(  # noqa: PLR0913 (an option each)
    incident: Incident,
    words: Words = None,
    why: Annotated[str | None, typer.Option(help="Why so; the review reads it.")] = None,
    by: Annotated[str | None, typer.Option(metavar="WHO", help="Who decided, if not you.")] = None,
    again: Again = "",
    as_: As = None,
) -> None:
    """Record a decision, in one sentence.

    warroom decide INC-12 --as U123 --why "two confirmed reports" roll back to v41
    """
    said = _spoken(words, "`warroom decide INC-12 roll back to v41`")
    asyncio.run(_decided(said, why, by, _speaking(as_, incident, again)))


@commands.command(epilog=_ENDS)
def role(incident: Incident, words: Words = None, again: Again = "", as_: As = None) -> None:
    """Offer a role, answer an offer, take one, or lay one down.

    warroom role INC-12 --as U123 scribe @jun; role INC-12 accept (or decline) scribe;
    role INC-12 take ic; role INC-12 drop scribe
    """
    _spoken(words, "`warroom role INC-12 scribe @jun`")
    asyncio.run(_role(words or [], _speaking(as_, incident, again)))


def _spoken(words: list[str] | None, example: str) -> str:
    said = " ".join(words or ())
    if not said.strip():
        raise Refused(f"Say it behind the incident: {example}.")
    return said


@contextlib.asynccontextmanager
async def _speaking(as_: str | None, incident: str, again: str) -> AsyncIterator[Session]:
    """A session in which one thing is said, unless it is on record by the key of `again`."""
    if again and not _KEY.fullmatch(again):
        raise Refused("--again takes the key that was told when nobody knew what became of it.")
    async with at_work(as_, incident, again or secrets.token_hex(6)) as session:
        look = f"`warroom timeline {ids.reference(session.number)}` shows it."
        if again and await session.engine.was_asked(session.key()):
            session.answer(f"It was on record already, so nothing was done again. {look}")
            raise typer.Exit
        try:
            yield session
        except NotWritten as error:
            if not session.engine.is_on_record:
                raise
            session.answer(f"It is on record. What followed could not be read: {error} {look}")


async def _said(verb: str, words: str, speaking: Speaking) -> None:
    async with speaking as session:
        session.answer(await session.ask(verb, words))


async def _role(words: list[str], speaking: Speaking) -> None:
    async with speaking as session:
        first, *rest = _tokens(words)
        if first in _ANSWERS:
            session.answer(await _offer_answered(session, first, " ".join(rest)))
            return
        spoken = [await _mention(session, token) for token in _tokens(words)]
        session.answer(await session.ask("role", " ".join(spoken)))


async def _offer_answered(session: Session, answer: str, word: str) -> str:
    """Accept or decline what was offered; by button it can only be done in Slack."""
    desk, person = session.desk, session.person.id
    case = await desk.case(session.number, person)
    offers = {role: one for role, one in case.incident.offers.items() if one.person == person}
    found = desk.engine.policy.roles.find(word)
    only = next(iter(offers)) if len(offers) == 1 and not word else ""
    role = found.id if found else only
    if role not in offers:
        labels = [desk.engine.policy.roles.get(one).short for one in offers]
        known = f"Say which of these: {', '.join(labels)}." if labels else "You were offered none."
        raise Refused(f"That role is not offered to you. {known}")
    request = roles.Answer(role, offers[role].seq)
    target = Existing(session.number)
    done = await desk.engine.carry_out(_ANSWERS[answer], request, target, await session.asked())
    if answer == "decline":
        return "It is declined. Thank you for saying so."
    return await session.text(roles_blocks.accepted(desk.engine.shown(done.case), role).text)


async def _mention(session: Session, token: str) -> str:
    """The word, or the person it names as Slack writes a mention."""
    return f"<@{await session.meant(token)}>" if _PERSON.fullmatch(token) else token


def _tokens(words: list[str]) -> list[str]:
    """The words one by one; a quoted "@Jun Park" stays one."""
    return [token for word in words for token in ([word] if word[:1] == "@" else word.split())]


async def _decided(words: str, why: str | None, by: str | None, speaking: Speaking) -> None:
    async with speaking as session:
        decider = await session.meant(by) if by else None
        details = DecisionDetails.model_validate({"why": why, "decider": decider})
        request = decisions.Record(words, details, None, is_here=True)
        done = await session.desk.engine.carry_out(
            decisions.record,
            request,
            Existing(session.number),
            await session.asked(decider or session.person.id),
        )
        number = getattr(done.facts[0], "number", 0)
        session.answer(f"Decision {number} of {done.case.incident.reference} is recorded.")


async def _no_change(speaking: Speaking) -> None:
    async with speaking as session:
        engine = session.desk.engine
        done = await engine.carry_out(
            updates.no_change, None, Existing(session.number), await session.asked()
        )
        state = done.case.states.of(Updates)
        due = telling.next_update(engine.shown(done.case))
        said = updates_blocks.posted_note(
            state.posted[-1].update, due, len(state.open_questions)
        ).text
        session.answer(await session.text(said))
