"""Who works at the terminal, on which database, and is Slack there to be asked?"""

from __future__ import annotations

import contextlib
import logging
import os
import pwd
import socket
import sys
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import NoReturn

import structlog
import typer

from bot import app, registry, serve
from bot.clock import Clock
from bot.core import ids
from bot.core.facts.people import CameByTerminal
from bot.core.outcome import Person, Refused
from bot.core.plain import people_in, plain, safe, typed_here
from bot.directory import Directory
from bot.engine import Asked
from bot.settings import Misconfigured, Settings
from bot.slack.answers import NoTrigger
from bot.slack.listen import Desk
from bot.slack.payloads import Command
from bot.slack.silent import NOBODY
from bot.terminal import naming
from bot.terminal.spoken import Spoken, Unsure

UNSURE = 3  # the exit code where nobody knows what became of it
_WHO = (
    "Say who you are: --as with your Slack id, e-mail address or name, "
    "or once for this shell: export WARROOM_AS=U123."
)
_LIST = "`warroom list` shows them."
_UNKNOWN = "Nobody could vouch for the id {}; the record says so."
_LATER = "Slack does not answer. It is on record; the room reads it when Slack is back."
_NOBODY_KNOWS = (
    "Nobody knows yet whether it is on record: the log did not answer. "
    "When it does, look with `warroom timeline {}`"
)
_REPEAT = "{}; or type the same with --again {}: it is not done twice."
_NO_TOKEN = "Slack was not asked: SLACK_BOT_TOKEN is not set here"
_NOT_ASKED = f"{_NO_TOKEN}. The running bot tells the room."
_DOWN = "Slack does not answer"


@dataclass(frozen=True)
class Session:
    """A person at work: the same desk as in Slack, to which only they speak.

    `request` names the one thing that is said in it; it is empty where several may be done.
    """

    desk: Desk
    person: Person
    directory: Directory
    engine: Spoken
    number: int
    request: str
    why_silent: str
    said_after: tuple[str, ...] = ()

    async def ask(self, verb: str, words: str) -> str:
        """Say what one would type behind the command in Slack; the answer, as text.

        Raises:
            Refused: it was not done, or takes a form.
        """
        line = f"{ids.reference(self.number)} {words}".strip()
        command = Command(self.person.id, "", verb, line, "", self.key())
        try:
            answer = await self.desk.verbs[verb].run(command)
        except NoTrigger:
            raise Refused("That takes a form, which only Slack has. Say it in words.") from None
        return await self.text(getattr(answer, "text", ""))

    def key(self) -> str:
        """A key of its own: who types the same line twice means it twice, unless they say so."""
        if self.request:
            return f"terminal {self.person.id} {self.number} {self.request}"
        return f"terminal {uuid.uuid4()}"

    async def asked(self, *others: str) -> Asked:
        """Who asks, with those looked up whom it is about."""
        known = await self.desk.people.look_up({self.person.id, *others})
        return Asked(self.key(), self.person.id, known)

    async def meant(self, word: str) -> str:
        """The id of whoever is named.

        Raises:
            Refused: nobody is, or more than one.
        """
        found = await naming.find(word, self.desk, self.directory, self.why_silent)
        return found.person.id

    async def text(self, mrkdwn: str) -> str:
        """Slack's words as a terminal shows them, with names and the person's own clock."""
        here = typed_here(mrkdwn, self.desk.command, self.number)
        return plain(here, await self.names(people_in(here)), self.person.tz)

    async def names(self, people: frozenset[str]) -> dict[str, str]:
        """What people are called; those of whom nothing is known are left out."""
        known = await self.desk.people.look_up(people) if people else {}
        return {one.id: one.name for one in known.values() if one.name}

    def answer(self, said: str) -> None:
        """Say what came of it, and what else the person should know once it is on record."""
        typer.echo(said)
        for sentence in self.said_after:
            typer.echo(sentence, err=True)

    def leave_unsure(self) -> NoReturn:
        """Say that nobody knows what became of it, and be gone."""
        said = _NOBODY_KNOWS.format(ids.reference(self.number))
        again = _REPEAT.format(said, self.request) if self.request else f"{said} before you repeat."
        typer.echo(again, err=True)
        sys.stdout.flush()
        sys.stderr.flush()
        # The thread that waits for the log would keep the process until it answers.
        os._exit(UNSURE)


@contextlib.asynccontextmanager
async def at_work(
    word: str | None,
    what: str | None = None,
    request: str = "",
    people: type[Directory] = Directory,
) -> AsyncIterator[Session]:
    """A session of the person that is named, or whom WARROOM_AS names, about one incident or none.

    Where nobody knows what became of what was said, it ends the process. `people` keeps what Slack
    says of them, or leaves the database as it is.

    Raises:
        Misconfigured: nobody is named, or there is no database.
        Refused: it cannot be told who is meant, or they asked for what is not theirs; sentences
            read as in a terminal.
    """
    _quiet()
    settings, clock = Settings.from_environment(), Clock()
    if not (word := word or settings.warroom_as):
        raise Misconfigured(_WHO)
    number = 0 if what is None else _number(what)
    house = app.house(app.policy(settings), settings)
    with serve.ready(settings) as database:
        engine = Spoken(database, clock, house, registry.RINGS)
        directory = people(database)
        async with app.beside(settings, clock, directory, engine) as desk:
            why_silent = _DOWN if settings.slack_bot_token else _NO_TOKEN
            named = await naming.find(word, desk, directory, why_silent)
            engine.came = CameByTerminal(login=login(), vouched_by=named.vouched_by)
            after = _after(named, settings) if desk.me is NOBODY else ()
            session = Session(
                desk, named.person, directory, engine, number, request, why_silent, after
            )
            try:
                yield session
            except Unsure:
                session.leave_unsure()
            except Refused as refused:
                raise Refused(await session.text(str(refused))) from refused


def _number(what: str) -> int:
    number = ids.parse_reference(what)
    if number is None:
        raise Refused(f"Say which incident, such as INC-12, not {safe(what)}. {_LIST}")
    return number


def login() -> str:
    """The account and the machine, as `mara@ops-1`; not what the environment says of them.

    Who works as somebody else, by sudo, is named first: `mara as root@ops-1`.
    """
    number = os.geteuid()
    try:
        account = pwd.getpwuid(number).pw_name
    except KeyError:
        account = f"uid {number}"
    with contextlib.suppress(OSError):  # no terminal, as in a job
        if (person := os.getlogin()) != account:
            account = f"{person} as {account}"
    return f"{account}@{socket.gethostname()}"


def _after(named: naming.Named, settings: Settings) -> tuple[str, ...]:
    late = _LATER if settings.slack_bot_token else _NOT_ASKED
    return (_UNKNOWN.format(named.person.id), late) if named.vouched_by == "nobody" else (late,)


def _quiet() -> None:
    """What only the log of a bot needs does not stand between a person and the answer."""
    logging.disable(logging.WARNING)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
