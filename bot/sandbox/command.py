"""How is the workspace started from a terminal?"""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot.sandbox.chosen import Chosen
from bot.sandbox.over_http import SIGNING_SECRET
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.web import APP_TOKEN, BOT_TOKEN

_ROUNDS_BEFORE_A_FULL_ONE = 1000


class Wall:
    """The wall's clock, moved by what people put it forward."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)

    def now(self) -> datetime:
        """The moment it is, in UTC."""
        return datetime.fromtimestamp(time.time_ns() / 1e9, UTC) + self._ahead

    def move(self, by: timedelta) -> None:
        """Put the clock forward."""
        self._ahead += by


@dataclass(frozen=True)
class _Start:
    """What was asked for, in the order of the options."""

    manifest: Path | None
    app_url: str
    port: int
    is_headless: bool
    state: Path | None
    faults: tuple[str, ...]
    has_rates: bool
    has_unverified: bool


def main(arguments: list[str], manifest: Path | None = None, name: str = "sandbox") -> None:
    """Run `arguments`; `manifest` is the app's when none is named, `name` what help calls this.

    Raises:
        SystemExit: always; 0 after SIGINT or SIGTERM, 2 with a sentence for what can be mended.
    """

    def serve(  # noqa: PLR0913 (an option each)
        manifest: Annotated[
            Path | None, typer.Option(help="The app's manifest, YAML or JSON.")
        ] = manifest,
        app_url: Annotated[
            str, typer.Option(help="Where the app takes requests; without it, by Socket Mode.")
        ] = "",
        port: Annotated[int, typer.Option(help="0 takes a free one.", min=0, max=65_535)] = 0,
        headless: Annotated[bool, typer.Option("--headless", help="Without the page.")] = False,
        state: Annotated[
            Path | None, typer.Option(help="The file that keeps the workspace over restarts.")
        ] = None,
        fault: Annotated[
            list[str] | None, typer.Option(help="What goes wrong: chat.postMessage:429:3; repeat.")
        ] = None,
        rates: Annotated[bool, typer.Option("--rates/--no-rates", help="Slack's rates.")] = True,
        unverified: Annotated[
            bool, typer.Option("--unverified/--no-unverified", help="Rules Slack does not publish.")
        ] = True,
    ) -> None:
        """A workspace that stands in for Slack, on 127.0.0.1."""
        faults = tuple(fault or ())
        _run(_Start(manifest, app_url, port, headless, state, faults, rates, unverified))

    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(serve)
    app(arguments, prog_name=name)


def _run(start: _Start) -> None:
    if start.manifest is None:
        _stop("Name the app's manifest: --manifest app.yaml.")
    if start.app_url and not start.app_url.startswith(("http://", "https://")):
        _stop(f"--app-url is such as http://127.0.0.1:3000/slack/events, not {start.app_url}.")
    if start.state is not None and not start.state.parent.is_dir():
        _stop(f"There is no folder {start.state.parent}.")
    clock = Wall()
    try:
        sandbox = Sandbox(
            start.manifest,
            now=clock.now,
            move=clock.move,
            app_url=start.app_url or None,
            rates=start.has_rates,
            chosen=Chosen() if start.has_unverified else Chosen.none(),
            state=start.state,
        )
        for each in start.faults:
            sandbox.faults.add(each)
        asyncio.run(_serve(sandbox, start.port, page=not start.is_headless))
    except (ValueError, OSError, ModuleNotFoundError) as error:
        _stop(_sentence(error, start.port))


async def _serve(sandbox: Sandbox, port: int, *, page: bool) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with sandbox.running(port, page=page) as base_url:
        _settle_memory()
        typer.echo(
            f"The workspace is at {base_url}\n"
            f"SLACK_API_URL={base_url}/api/ SLACK_BOT_TOKEN={BOT_TOKEN} "
            f"SLACK_APP_TOKEN={APP_TOKEN} SLACK_SIGNING_SECRET={SIGNING_SECRET}"
        )
        sys.stdout.flush()
        await stopped.wait()


def _settle_memory() -> None:
    """Leave what the start made out of the garbage collector's rounds, and make full ones rare."""
    # A full round over everything that was imported, or over a long journal, takes 40 ms and more,
    # in which nobody is answered.
    gc.collect()
    gc.freeze()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, _ROUNDS_BEFORE_A_FULL_ONE)


def _sentence(error: ValueError | OSError | ModuleNotFoundError, port: int) -> str:
    if isinstance(error, ModuleNotFoundError):
        return (
            f"The page needs its extra ({error.name} is missing): pip install 'warroom[sandbox]', "
            "or start with --headless."
        )
    if isinstance(error, FileNotFoundError):
        return f"There is no file {error.filename}."
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}."
    if isinstance(error, OSError):
        return f"Port {port} is taken. Name another with --port, or 0 for a free one."
    return str(error)


def _stop(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(2)
