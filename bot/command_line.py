"""Which commands does a terminal have?"""

from __future__ import annotations

import asyncio
import importlib
import logging
import re
import shutil
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from filelock import FileLock, Timeout
from rich.console import Console
from rich.markup import escape

from bot import app, doctor, doors, lint, live, logs, owed, serve, upkeep
from bot.clock import Clock
from bot.core import ids
from bot.core.facts import Words
from bot.core.outcome import Refused
from bot.engine import Existing, NearMiss, NotWritten, Talk
from bot.settings import COMMAND, Misconfigured, Settings
from bot.slack import manifest as slack_manifest
from bot.terminal import commands as of_people
from bot.terminal.session import UNSURE
from runbooks import load
from storage.db import StorageError, Unanswered

DEMO = Path("var/demo")

cli = typer.Typer(
    name="warroom",
    help="War rooms in Slack for the day an AI model does harm.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
cli.add_typer(lint.commands, name="policy")
cli.add_typer(of_people.commands)
cli.add_typer(owed.commands, name="outbox")
cli.add_typer(upkeep.commands)
out = Console(highlight=False, soft_wrap=True)  # a wrapped line cannot be copied


def main() -> None:
    """Run the command line; what a person can mend is told in a sentence, not in a traceback."""
    try:
        cli()
    except (Misconfigured, Refused) as error:
        _stop(str(error))
    except NotWritten as error:
        _stop(str(error), is_unknown=error.is_unknown)
    except StorageError as error:
        _stop(error.sentence, is_unknown=isinstance(error, Unanswered))


def _stop(sentence: str, *, is_unknown: bool = False) -> None:
    more = " It may be done all the same: look before you repeat it." if is_unknown else ""
    Console(stderr=True, highlight=False, soft_wrap=True).print(escape(sentence + more))
    sys.exit(UNSURE if is_unknown else 2)


@cli.command()
def run(
    http: Annotated[bool, typer.Option(help="Take requests by HTTP on PORT.")] = False,
) -> None:
    """Everything in one process; migrates the database first."""
    serve.stoppable(serve.everything(_begun(), out.print, http=http))


@cli.command()
def web() -> None:
    """Slack's HTTP requests and /healthz alone; any number of these, on Postgres."""
    serve.stoppable(serve.part(_begun(), out.print, is_web=True))


@cli.command()
def worker() -> None:
    """Deliveries alone; any number of these, on Postgres."""
    serve.stoppable(serve.part(_begun(), out.print, is_web=False))


@cli.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    add_help_option=False,
)
def sandbox(context: typer.Context) -> None:
    """A workspace that stands in for Slack, on 127.0.0.1, for this app or another's manifest."""
    command = _of_sandbox("command")
    command.main(context.args, slack_manifest.PATH, name="warroom sandbox")


@cli.command()
def demo(port: Annotated[int, typer.Option(help="0 takes a free one.")] = 0) -> None:
    """The sandbox workspace with the bot in it; each start begins afresh under var/demo."""
    logs.configure(logging.WARNING, is_json=False)
    serve.stoppable(_demo(port))


async def _demo(port: int) -> None:
    clock = Clock()
    lock = FileLock(DEMO.with_suffix(".lock"))
    DEMO.parent.mkdir(exist_ok=True)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise Misconfigured(
            "A demo is running in this folder already. Stop it, or start this one elsewhere."
        ) from error
    shutil.rmtree(DEMO, ignore_errors=True)
    workspace = _of_sandbox("sandbox").Sandbox(slack_manifest.PATH, now=clock.now, move=clock.move)
    async with workspace.running(port, page=True) as base_url:
        settings = Settings(
            slack_bot_token="xoxb-sandbox",
            slack_app_token="xapp-sandbox",
            slack_api_url=f"{base_url}/api/",
            database_url=f"sqlite:///{DEMO}/warroom.db",
            warroom_announce_channel="incidents",
            warroom_content=load.SHIPPED / "sandbox",
        )
        with serve.opened(settings) as database:
            database.own()
            serve.upgrade(database)
            async with app.assembled(settings, clock, database) as bot:
                workspace.next_at = bot.engine.next_due_at
                async with doors.on_socket(bot, settings), app.delivering(bot):
                    out.print(
                        f"Open {base_url} and type [bold]/incident declare[/bold] in any channel. "
                        "Ctrl-C stops it."
                    )
                    await serve.until_told_to_stop()
    out.print("Stopped.")


def _of_sandbox(name: str) -> Any:  # noqa: ANN401 (an optional extra, imported when asked for)
    try:
        return importlib.import_module(f"bot.sandbox.{name}")
    except ModuleNotFoundError as error:
        raise Misconfigured(
            f"The sandbox needs its extra ({error.name} is missing): "
            "pip install 'warroom[sandbox]'."
        ) from error


@cli.command(name="doctor")
def doctor_(
    is_live: Annotated[bool, typer.Option("--live", help="Ask the running bot, too.")] = False,
    post: Annotated[str | None, typer.Option(help="Post and delete a message here.")] = None,
) -> None:
    """Check tokens, scopes, channels, database and policy; exit 1 when something is wrong."""
    settings = Settings.from_environment()
    findings = asyncio.run(_examined(settings, post, is_live=is_live or post is not None))
    marks = {"well": "[green]well   [/green]", "careful": "[yellow]careful[/yellow]"}
    for finding in findings:
        mark = marks.get(finding.state, "[red]wrong  [/red]")
        out.print(f"{mark}  {escape(finding.what)}")
        if finding.remedy:
            out.print(f"         {escape(finding.remedy)}")
    if any(finding.state == "wrong" for finding in findings):
        raise typer.Exit(1)


async def _examined(
    settings: Settings, post_to: str | None, *, is_live: bool
) -> list[doctor.Finding]:
    findings = [finding async for finding in doctor.examine(settings)]
    if is_live:
        findings += [finding async for finding in live.examine(settings, post_to)]
    return findings


@cli.command()
def erase(
    what: Annotated[str, typer.Argument(metavar="INC-12", help="Or near-misses.")],
    place: Annotated[list[str] | None, typer.Option(help="seq.field, as listed; repeat.")] = None,
    by: Annotated[str, typer.Option(help="Who authorises it.")] = "",
    why: Annotated[str, typer.Option(help="The reason, without the words themselves.")] = "",
    talk: Annotated[bool, typer.Option("--talk", help="What was said in its room.")] = False,
) -> None:
    """List the words that can be erased, or erase them for good and record who and why."""
    number = ids.parse_reference(what)
    if number is None and what != ids.NEAR_MISSES:
        raise Misconfigured(f"Say INC-12 or {ids.NEAR_MISSES}, not {what}.")
    if place and not (by.strip() and why.strip()):
        raise Misconfigured("Erasing needs --by and --why; both are kept in the log.")
    if number is None and talk:
        raise Misconfigured("Near misses have no room; --talk goes with INC-12.")
    target = NearMiss() if number is None else Talk(number) if talk else Existing(number)
    settings = Settings.from_environment()
    with serve.ready(settings) as database:
        engine = app.engine(database, Clock(), app.policy(settings), settings)
        if not place:
            _list_words(engine.words_of(target))
            return
        count = engine.erase(target, place, why.strip(), by.strip())
    out.print(
        f"Erased {count} {'text' if count == 1 else 'texts'} and recorded it. While the bot runs "
        "it edits summary, topic, announcement and the room's name. Older backups, what people "
        "wrote in Slack themselves, and Slack's own notices of topics and names still hold the "
        "words."
    )


def _list_words(words_of: dict[str, tuple[str, Words]]) -> None:
    for where, (kind, words) in words_of.items():
        shown = " ".join(words.split())
        out.print(f"{where}  {kind}: {escape(shown[:60])}{'…' if len(shown) > 60 else ''}")
    if not words_of:
        out.print("No words are left to erase.")


@cli.command()
def manifest(
    http: Annotated[str | None, typer.Option(help="The public URL, for HTTP.")] = None,
    command: Annotated[str | None, typer.Option(help="Another name than /incident.")] = None,
) -> None:
    """Print the Slack app manifest."""
    if http is not None and not http.startswith("https://"):
        raise Misconfigured(f"Slack sends requests only to https://..., not to {http}.")
    if command is not None and not re.fullmatch(COMMAND, command):
        raise Misconfigured(
            "A command is a slash and then up to 31 small letters, digits, - or _, "
            f"such as /incident, not {command}."
        )
    out.print(slack_manifest.rendered(http, command), markup=False, end="")


def _begun() -> Settings:
    settings = Settings.from_environment()
    logs.configured(settings)
    return settings
